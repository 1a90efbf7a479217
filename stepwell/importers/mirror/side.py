"""Loads the small files that add rows to entries: places, other names, endpoints, deactivations.

They are read from the start in one go and merged in one transaction, so a killed
run leaves nothing behind and is simply done again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from stepwell.apps.registers.models import MirrorRun, RegisterEntry, RunState
from stepwell.domain.register_copy import Origin, Source
from stepwell.importers.mirror import tables
from stepwell.importers.mirror.batches import ENTRY, Tuples

E = tables.ENTRIES
Known = dict[str, int]


def ids_of(numbers: Sequence[str]) -> Known:
    """Return the id of each of these numbers that we hold."""
    held = RegisterEntry.objects.filter(source=Source.US_NPPES, number__in=set(numbers))
    return dict(held.values_list("number", "pk"))


def merge_side(run: MirrorRun, table: str, origin: Origin | None = None) -> None:
    """Replace what the numbers in the file have in `table`; a full file speaks for all numbers."""
    waits, names = tables.waiting(table), tables.COLUMNS[table]
    tables.execute(f"CREATE INDEX {waits}_entry ON {waits} (entry_id)")
    same = " AND ".join(f"w.{name} = t.{name}" for name in names)
    own = f"t.origin = {origin.value}" if origin else "1 = 1"
    scope = "1 = 1" if run.full else f"t.entry_id IN (SELECT entry_id FROM {waits})"  # noqa: S608
    run.withdrawn = tables.execute(
        f"DELETE FROM {table} AS t WHERE {own} AND {scope} "  # noqa: S608
        f"AND NOT EXISTS (SELECT 1 FROM {waits} w WHERE {same})"
    )
    told = ", ".join(names)
    run.new = tables.execute(
        f"INSERT INTO {table} ({told}) SELECT DISTINCT {told} FROM {waits} w "  # noqa: S608
        f"WHERE NOT EXISTS (SELECT 1 FROM {table} t WHERE {same})"
    )
    run.unchanged = run.read - run.rejected - run.new


def load_rows(
    run: MirrorRun,
    table: str,
    batches: Iterator[tuple[Tuples, Counter[str]]],
    *,
    origin: Origin | None = None,
    finish: Callable[[], None],
) -> None:
    """Let rows wait, merge them and call `finish`, in one transaction."""
    with transaction.atomic():
        tables.make_waiting([table])
        for rows, notes in batches:
            tables.insert(table, tables.waiting(table), rows)
            for note, number in notes.items():
                run.notes[note] = run.notes.get(note, 0) + number
        merge_side(run, table, origin)
        tables.drop_waiting()
        finish()


def strike(run: MirrorRun, days: dict[str, str]) -> None:
    """Write down on which day numbers were deactivated; numbers we do not hold get a bare entry."""
    held: dict[str, Any] = {}
    listed = sorted(days)
    for at in range(0, len(listed), 10_000):
        page = listed[at : at + 10_000]
        entries = RegisterEntry.objects.filter(source=Source.US_NPPES, number__in=page)
        held |= dict(entries.values_list("number", "struck_on"))
    changed = [
        (days[number], Source.US_NPPES.value, number)
        for number in listed
        if number in held and str(held[number]) != days[number]
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {E} SET struck_on = %s WHERE source = %s AND number = %s",  # noqa: S608
            changed,
        )
    new = [number for number in listed if number not in held]
    last = RegisterEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    tables.insert(E, E, [bare(last + 1 + n, number, days[number]) for n, number in enumerate(new)])
    run.new, run.changed = len(new), len(changed)
    run.unchanged = len(listed) - len(new) - len(changed)


def bare(key: int, number: str, day: str) -> tuple[Any, ...]:
    """Return the row of a number of which only its end is known."""
    told = {
        "id": key, "source": Source.US_NPPES.value, "number": number, "kind": 0, "standing": 2,
        "struck_on": day, "content_hash": 0,
    }  # fmt: skip
    dates = {"enumerated_on", "updated_on", "deactivated_on", "reactivated_on"}
    return tuple(told.get(name, None if name in dates else "") for name in ENTRY)


def done(run: MirrorRun, at: Any) -> None:
    """Write down that a run was merged."""
    run.state, run.finished_at = RunState.MERGED, at
    run.save()
