"""Merges what waits into the mirror: insert new, update changed, mark missing, all or nothing."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from stepwell.apps.registers.models import MirrorRun, RegisterEntry, RunState
from stepwell.domain.register_copy import Origin, Source, Standing
from stepwell.importers.mirror import tables
from stepwell.importers.mirror.batches import ENTRY, NAME, TAXONOMY

CHUNK = 20_000
Seen = Callable[[Sequence[str]], NDArray[np.bool_]]

E, W = tables.ENTRIES, tables.waiting(tables.ENTRIES)
SAME = "e.source = w.source AND e.number = w.number"
# What the main file says; the list of deactivated numbers says struck_on.
TOLD = [name for name in ENTRY if name not in {"id", "source", "number", "struck_on"}]


def merge(run: MirrorRun, seen: Seen | None, *, at: datetime) -> None:
    """Merge a run and write down that it was merged, in one transaction.

    `seen` says of numbers whether the file had them; with it, what we hold beyond
    them is marked as missing.
    """
    with transaction.atomic():
        tables.execute(f"DELETE FROM {tables.MISSING}")  # noqa: S608
        if seen is not None:
            gather_missing(seen)
    with transaction.atomic():
        first = not RegisterEntry.objects.exists()
        if first:
            tables.drop_indexes()
        else:
            tables.execute(f"CREATE INDEX IF NOT EXISTS {W}_number ON {W} (source, number)")
            tables.execute(f"CREATE INDEX IF NOT EXISTS {W}_id ON {W} (id)")
            tables.learn_size(W)
            if run.changed:
                update_changed()
            run.withdrawn = mark_missing()
        if run.new or run.changed:
            insert_new(first=first)
        if first:
            tables.settle_references()
            for sql in tables.missing_indexes():
                tables.execute(sql)
            for table in (tables.ENTRIES, tables.TAXONOMIES, tables.NAMES):
                tables.learn_size(table)
        tables.drop_waiting()
        run.state, run.finished_at = RunState.MERGED, at
        run.save()


def update_changed() -> None:
    """Bring the entries that are there up to date; what belongs to them is put in anew."""
    # What waits is the smaller of the two; only so does SQLite begin with it.
    join = "JOIN" if tables.is_postgresql() else "CROSS JOIN"
    changed = f"SELECT e.id FROM {W} w {join} {E} e ON {SAME}"  # noqa: S608
    tables.execute(f"DELETE FROM {tables.TAXONOMIES} WHERE entry_id IN ({changed})")  # noqa: S608
    tables.execute(
        f"DELETE FROM {tables.NAMES} WHERE origin = %s AND entry_id IN ({changed})",  # noqa: S608
        [Origin.MAIN.value],
    )
    told = ", ".join(f"{name} = w.{name}" for name in TOLD)
    tables.execute(f"UPDATE {E} AS e SET {told} FROM {W} AS w WHERE {SAME}")  # noqa: S608


def insert_new(*, first: bool) -> None:
    """Put in the entries that were not there, and what belongs to those that were touched."""
    entry = ", ".join(ENTRY)
    beyond = "" if first else f" WHERE NOT EXISTS (SELECT 1 FROM {E} e WHERE {SAME})"  # noqa: S608
    tables.execute(f"INSERT INTO {E} ({entry}) SELECT {entry} FROM {W} w{beyond}")  # noqa: S608
    for table, names in ((tables.TAXONOMIES, TAXONOMY), (tables.NAMES, NAME)):
        told = ", ".join(names[1:])
        owner = "r.entry_id" if first else "e.id"
        join = "" if first else f" JOIN {W} w ON w.id = r.entry_id JOIN {E} e ON {SAME}"
        tables.execute(
            f"INSERT INTO {table} (entry_id, {told}) "  # noqa: S608
            f"SELECT {owner}, {', '.join(f'r.{name}' for name in names[1:])} "
            f"FROM {tables.waiting(table)} r{join}"
        )


def gather_missing(seen: Seen) -> None:
    """Note the entries that a full file no longer has. Those it never had are let be."""
    for ids, numbers in pages():
        missing = np.flatnonzero(~seen(numbers)).tolist()
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {tables.MISSING} (id) VALUES (%s)",  # noqa: S608
                [(ids[n],) for n in missing],
            )


def pages() -> Iterator[tuple[list[int], list[str]]]:
    """Yield the ids and numbers of the entries that came from a main file, page by page."""
    after = 0
    while True:
        # Only the id in the condition: with more, SQLite would sort the table for every page.
        page = list(
            RegisterEntry.objects.filter(pk__gt=after)
            .order_by("pk")
            .values_list("pk", "number", "source", "standing", "content_hash")[:CHUNK]
        )
        if not page:
            return
        after = page[-1][0]
        told = [
            (one, number)
            for one, number, source, standing, content in page
            if source == Source.US_NPPES and standing != Standing.MISSING and content
        ]
        yield [one for one, _ in told], [number for _, number in told]


def mark_missing() -> int:
    """Mark what was gathered; return how many."""
    return tables.execute(
        f"UPDATE {E} SET standing = %s WHERE id IN (SELECT id FROM {tables.MISSING})",  # noqa: S608
        [Standing.MISSING.value],
    )
