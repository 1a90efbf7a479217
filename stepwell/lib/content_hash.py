"""One number for all that the tables hold: the same rows give the same one.

The order of rows does not matter, nor which database holds them: values are read
as Python sees them. Each row is hashed by itself, the hashes of a table are added up
(so that equal rows count, unlike with XOR), and the sums are hashed by name of table.
"""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import connections, models

AT_A_TIME = 2_000
WHOLE = 2**256
# Django's own full-text index: other columns on each database, made again from the rest.
DERIVED = frozenset({"wagtailsearch"})


class TableHash(NamedTuple):
    """How many rows a table has, and the sum of their hashes."""

    rows: int
    total: str


def tables() -> Iterator[type[models.Model]]:
    """Yield a model for each table, also for those between two models."""
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.managed and not meta.proxy and meta.app_label not in DERIVED:
            yield model


def of_tables(using: str, told: Callable[[str], None] = lambda name: None) -> dict[str, TableHash]:
    """Return the hash of every table by its name."""
    found = {}
    for model in tables():
        told(model._meta.db_table)
        found[model._meta.db_table] = of_table(model, using)
    return found


def of_table(model: type[models.Model], using: str) -> TableHash:
    """Return the hash of one table."""
    columns = sorted(field.attname for field in model._meta.concrete_fields)
    rows, total = 0, 0
    values = model._base_manager.using(using).order_by().values_list(*columns)
    for row in values.iterator(chunk_size=AT_A_TIME):
        said = json.dumps([plain(value) for value in row], sort_keys=True, ensure_ascii=True)
        total = (total + int.from_bytes(sha256(said.encode()).digest())) % WHOLE
        rows += 1
    return TableHash(rows, f"{total:064x}")


def counts(using: str) -> dict[str, TableHash]:
    """Return how many rows each table has, without a hash: for a database of an older version."""
    there, found = set(connections[using].introspection.table_names()), {}
    for name in {model._meta.db_table for model in tables()} & there:
        with connections[using].cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {connections[using].ops.quote_name(name)}")  # noqa: S608
            found[name] = TableHash(cursor.fetchone()[0], "")
    return found


def whole(found: dict[str, TableHash]) -> str:
    """Return one hash over all tables that have rows; an empty table is like none."""
    lines = [f"{name} {one.rows} {one.total}\n" for name, one in sorted(found.items()) if one.rows]
    return sha256("".join(lines).encode()).hexdigest()


def plain(value: Any) -> Any:
    """Return a value in one form for all databases."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, bytes | bytearray | memoryview):
        return ["bytes", bytes(value).hex()]
    if isinstance(value, date | time | UUID | timedelta):
        return str(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if value is None or isinstance(value, str | int | float | list | tuple | dict):
        return value
    if hasattr(value, "raw_data"):  # a stream of blocks, as it is stored
        return list(value.raw_data)
    return str(value)
