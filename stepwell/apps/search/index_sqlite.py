"""The index in SQLite: two FTS5 tables beside `search_searchtext`, filled by its triggers."""

import sqlite3
from collections.abc import Sequence

from django.db import connection

from stepwell.apps.search.asks import Ask, Dialect, expression

DIALECT = Dialect(" AND ", " OR ", '"', "*")
TABLES = ("search_marks", "search_title_marks")
CAN_FORGET = (3, 42)  # from this SQLite on, FTS5 takes deleted words out by itself


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


def forget() -> None:
    """Merge the index, so that words of removed documents leave the file (TRUST D4)."""
    if sqlite3.sqlite_version_info >= CAN_FORGET:
        return
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608
