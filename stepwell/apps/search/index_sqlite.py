"""The index in SQLite: two FTS5 tables beside `search_searchtext`, filled by its triggers."""

from collections.abc import Sequence

from django.db import connection, transaction

from stepwell.apps.search.asks import Ask, Dialect, expression

DIALECT = Dialect(" AND ", " OR ", '"', "*")
TABLES = ("search_marks", "search_title_marks")


def take(asks: Sequence[Ask]) -> list[list[int]]:
    """Return for each question the highest numbers that meet it, the highest first."""
    if not asks:
        return []
    parts: list[str] = []
    values: list[str | int] = []
    for at, ask in enumerate(asks):
        table = TABLES[ask.titles]
        parts.append(
            f"SELECT * FROM (SELECT {at}, rowid FROM {table} WHERE {table} MATCH %s "  # noqa: S608
            "AND rowid BETWEEN %s AND %s ORDER BY rowid DESC LIMIT %s)"
        )
        values += [expression(ask, DIALECT), *ask.span, ask.most]
    found: list[list[int]] = [[] for _ in asks]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        for at, number in cursor.fetchall():
            found[at].append(number)
    return found


def forget() -> bool:
    """Merge the index, so that words of removed documents leave the file; say whether they have.

    They leave the write-ahead log too, unless somebody reads from it all the while.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608
    if connection.in_atomic_block:  # whoever began the transaction has not ended it yet
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy = bool(cursor.fetchone()[0])
    return not busy
