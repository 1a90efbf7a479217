"""The index in PostgreSQL: two generated columns of `search_searchtext` with GIN indexes."""

from collections.abc import Sequence

from django.db import connection

from stepwell.apps.search.asks import Ask, Dialect, expression

DIALECT = Dialect(" & ", " | ", "'", ":*")
COLUMNS = ("marks_index", "title_marks_index")


def take(asks: Sequence[Ask]) -> list[list[int]]:
    """Return for each question the highest numbers that meet it, the highest first."""
    if not asks:
        return []
    parts: list[str] = []
    values: list[str | int] = []
    for at, ask in enumerate(asks):
        parts.append(
            f"(SELECT {at}, document_id FROM search_searchtext "  # noqa: S608
            f"WHERE {COLUMNS[ask.titles]} @@ %s::tsquery AND document_id BETWEEN %s AND %s "
            "ORDER BY document_id DESC LIMIT %s)"
        )
        values += [expression(ask, DIALECT), *ask.span, ask.most]
    found: list[list[int]] = [[] for _ in asks]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        for at, number in cursor.fetchall():
            found[at].append(number)
    return [sorted(numbers, reverse=True) for numbers in found]


def forget() -> bool:
    """Nothing to do: rows and their index entries go with the next vacuum, as everywhere."""
    return True
