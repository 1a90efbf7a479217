"""Loads the exclusion list in one transaction. Nobody who stood on it is forgotten."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.db import transaction

from stepwell.apps.registers.models import Exclusion, MirrorRun, Part, RunState
from stepwell.importers.check import FEW_ROWS
from stepwell.importers.leie.fetch import File, Scope
from stepwell.importers.leie.read import Excluded, read
from stepwell.importers.mirror.batches import Refused
from stepwell.importers.mirror.runs import (
    FEWEST_OF_BEFORE,
    Clock,
    Outcome,
    Progress,
    RejectFile,
    check,
    counts_of,
)
from stepwell.importers.mirror.side import done
from stepwell.importers.records import ImportRefused

SOURCE = "us_leie"
BATCH = 2_000
TWICE = "two rows say the same and are kept as one"
FIELDS = [name for name in Excluded._fields if name != "key"]


def load_exclusions(
    file: File, *, clock: Clock, dry: bool, rejects: Path | None, progress: Progress
) -> Outcome:
    """Load one file and return what became of it; raise ImportRefused."""
    name, full = file.member.name, file.scope is Scope.FULL
    run = MirrorRun(
        source=SOURCE, part=Part.EXCLUSIONS, file=name[:200], full=full,
        fingerprint=file.member.fingerprint(), state=RunState.READING, started_at=clock(),
    )  # fmt: skip
    told = RejectFile(None if dry else rejects, 0)
    try:
        rows = gathered(read(file), run, told)
        progress("Merging", run.read, file.member.size, file.member.size)
        check(run, told.first)
        with transaction.atomic():
            merge(rows, run, file.scope, clock().date())
            done(run, clock())
            if dry:
                transaction.set_rollback(True)
    finally:
        told.close()
    fate = "dry run" if dry else "merged"
    written = told.path.name if told.path and told.size else ""
    return Outcome(name, Part.EXCLUSIONS, full, fate, counts_of(run), run.notes, written)


def gathered(
    rows: Iterable[Excluded | Refused], run: MirrorRun, told: RejectFile
) -> dict[str, Excluded]:
    """Return the rows by key, and count."""
    found: dict[str, Excluded] = {}
    for row in rows:
        run.read += 1
        if isinstance(row, Refused):
            run.rejected += 1
            told.write([row])
        else:
            if row.key in found:
                run.notes[TWICE] = run.notes.get(TWICE, 0) + 1
            found[row.key] = row
    return found


def merge(rows: dict[str, Excluded], run: MirrorRun, scope: Scope, today: date) -> None:
    """Put in new rows, update changed ones, and note which a full list no longer has."""
    held = {one.key: one for one in Exclusion.objects.all()}
    check_size(rows, held, run)
    new = [row for key, row in rows.items() if key not in held]
    Exclusion.objects.bulk_create(
        [Exclusion(**row._asdict(), last_seen_on=today) for row in new], batch_size=BATCH
    )
    changed = []
    for key, row in rows.items():
        there = held.get(key)
        if there is not None and differs(there, row, scope):
            for name in FIELDS:
                setattr(there, name, getattr(row, name))
            there.gone_on = None
            changed.append(there)
    Exclusion.objects.bulk_update(changed, [*FIELDS, "gone_on"], batch_size=BATCH)
    seen(rows, held, today)
    run.new, run.changed = len(new), len(changed)
    run.unchanged = len(rows) - len(new) - len(changed)
    if scope is Scope.FULL and not run.rejected:
        gone = [one.pk for key, one in held.items() if key not in rows and one.gone_on is None]
        for at in range(0, len(gone), BATCH):
            Exclusion.objects.filter(pk__in=gone[at : at + BATCH]).update(gone_on=today)
        run.withdrawn = len(gone)


def seen(rows: dict[str, Excluded], held: dict[str, Exclusion], today: date) -> None:
    """Write down that rows stood on the list today."""
    known = [held[key].pk for key in rows if key in held]
    for at in range(0, len(known), BATCH):
        Exclusion.objects.filter(pk__in=known[at : at + BATCH]).update(last_seen_on=today)


def check_size(rows: dict[str, Excluded], held: dict[str, Exclusion], run: MirrorRun) -> None:
    """Raise ImportRefused when a full list is strangely short."""
    standing = sum(one.gone_on is None for one in held.values())
    if run.full and standing >= FEW_ROWS and len(rows) < FEWEST_OF_BEFORE * standing:
        raise ImportRefused(
            f"{run.file}: it has {len(rows)} rows, and we hold {standing}, so nothing was "
            "changed. Get the file again."
        )


def differs(there: Exclusion, row: Excluded, scope: Scope) -> bool:
    """Say whether a row says something new. Only a full list or an addition brings one back."""
    back = there.gone_on is not None and scope is not Scope.REINSTATED
    return back or any(getattr(there, name) != getattr(row, name) for name in FIELDS)
