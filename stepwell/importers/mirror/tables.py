"""The tables that a register is loaded into, and the ones it waits in until it is checked.

Rows are written in bulk: COPY on PostgreSQL, prepared inserts on SQLite. Both take
the same rows in the same order.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from django.db import connection, models
from django.db.models import Index, UniqueConstraint

from stepwell.apps.registers.models import (
    RegisterEndpoint,
    RegisterEntry,
    RegisterName,
    RegisterPlace,
    RegisterTaxonomy,
)
from stepwell.importers.mirror.batches import ENDPOINT, ENTRY, NAME, PLACE, TAXONOMY

ENTRIES = RegisterEntry._meta.db_table
TAXONOMIES = RegisterTaxonomy._meta.db_table
NAMES = RegisterName._meta.db_table
PLACES = RegisterPlace._meta.db_table
ENDPOINTS = RegisterEndpoint._meta.db_table
COLUMNS = {
    ENTRIES: ENTRY, TAXONOMIES: TAXONOMY, NAMES: NAME, PLACES: PLACE, ENDPOINTS: ENDPOINT,
}  # fmt: skip
# What is built after a first full load rather than kept up with every row.
MAIN_MODELS: Sequence[type[models.Model]] = (RegisterEntry, RegisterTaxonomy, RegisterName)
MISSING = "registers_waiting_missing"
# SQLite's own defaults suit small writes: 2 MB of cache, a checkpoint every 4 MB.
# With `synchronous` 1 a power cut may cost the last transactions, as a whole and with how far they
# had read; a killed process costs none.
ROOMY = {"cache_size": -16_384, "wal_autocheckpoint": 8_000, "threads": 2, "synchronous": 1}
AT_ONCE = 40  # rows in a statement of SQLite: one row a statement takes half as long again


def is_postgresql() -> bool:
    """Say which of the two databases this is."""
    return connection.vendor == "postgresql"


def waiting(table: str) -> str:
    """Return the name of the table in which rows wait."""
    return table.replace("registers_register", "registers_waiting")


def execute(sql: str, values: Sequence[Any] = ()) -> int:
    """Run one statement; return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return int(cursor.rowcount)


def value(sql: str, values: Sequence[Any] = ()) -> Any:
    """Return the first column of the first row."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        row = cursor.fetchone()
    return row[0] if row else None


def make_waiting(tables: Sequence[str]) -> None:
    """Make empty tables to wait in, with an index on the entries' numbers."""
    drop_waiting()
    unlogged = "UNLOGGED " if is_postgresql() else ""
    for table in tables:
        names = ", ".join(COLUMNS[table])
        execute(
            f"CREATE {unlogged}TABLE {waiting(table)} AS SELECT {names} FROM {table} WHERE 1 = 0"  # noqa: S608
        )
    execute(f"CREATE {unlogged}TABLE {MISSING} (id bigint)")


def has_waiting() -> bool:
    """Say whether there are tables in which rows wait."""
    return MISSING in connection.introspection.table_names()


def drop_waiting() -> None:
    """Take the tables to wait in away."""
    for table in (*map(waiting, COLUMNS), MISSING):
        execute(f"DROP TABLE IF EXISTS {table}")


def insert(table: str, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write rows of `table` into it or the table where its rows wait."""
    if not rows:
        return
    names = ", ".join(COLUMNS[table])
    with connection.cursor() as cursor:
        if is_postgresql():
            with cursor.copy(f"COPY {into} ({names}) FROM STDIN") as copy:  # type: ignore[attr-defined]
                for row in rows:
                    copy.write_row(row)
            return
        marks = f"({', '.join(['%s'] * len(COLUMNS[table]))})"
        whole = len(rows) - len(rows) % AT_ONCE
        several = [list(chain(*rows[at : at + AT_ONCE])) for at in range(0, whole, AT_ONCE)]
        head = f"INSERT INTO {into} ({names}) VALUES "  # noqa: S608
        if several:
            cursor.executemany(head + ", ".join([marks] * AT_ONCE), several)
        if whole < len(rows):
            cursor.executemany(head + marks, rows[whole:])


@contextmanager
def roomy() -> Iterator[None]:
    """Give a large load room, and take it back afterwards.

    Python looks for circles in vain among millions of plain rows, so it is kept from it.
    """
    names = {} if is_postgresql() or connection.in_atomic_block else ROOMY
    before = {name: value(f"PRAGMA {name}") for name in names}
    looked = gc.isenabled()
    gc.disable()
    try:
        for name, wanted in names.items():
            execute(f"PRAGMA {name} = {wanted}")
        yield
    finally:
        for name, was in before.items():
            execute(f"PRAGMA {name} = {was}")
        if looked:
            gc.enable()


def parts_to_build() -> Iterator[tuple[type[models.Model], Index | UniqueConstraint]]:
    """Yield every index and every unique constraint of the tables of the main file."""
    for model in MAIN_MODELS:
        yield from ((model, index) for index in model._meta.indexes)
        for constraint in model._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                yield model, constraint


def drop_indexes() -> None:
    """Take the indexes of the main file's tables away."""
    for _, part in parts_to_build():
        execute(f"DROP INDEX IF EXISTS {part.name}")


def learn_size(table: str) -> None:
    """Let PostgreSQL know how large a table is before it plans with it."""
    if is_postgresql():
        execute(f"ANALYZE {table}")


def settle_references() -> None:
    """Check references now: PostgreSQL builds no index while a check is put off."""
    if is_postgresql():
        execute("SET CONSTRAINTS ALL IMMEDIATE")


def missing_indexes() -> list[str]:
    """Return the statements that build the indexes which are not there."""
    editor = connection.schema_editor()
    catalogue = (
        "SELECT indexname FROM pg_indexes"
        if is_postgresql()
        else "SELECT name FROM sqlite_master WHERE type = 'index'"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        there = {name for (name,) in cursor.fetchall()}
    return [
        str(part.create_sql(model, editor))
        for model, part in parts_to_build()
        if part.name not in there
    ]
