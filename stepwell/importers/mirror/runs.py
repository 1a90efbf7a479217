"""Keeps account of a file's run, so that a killed one goes on where it was."""

import csv
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from stepwell.apps.registers.models import MirrorRun, Part, RegisterEntry, RunState
from stepwell.importers.check import FEW_ROWS, MOST_REJECTED
from stepwell.importers.mirror import tables
from stepwell.importers.mirror.batches import Refused
from stepwell.importers.records import ImportRefused

FEWEST_OF_BEFORE = 0.5  # a full file with fewer rows than this share of what we hold is strange
MODULUS = 2**64
RISKY = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula
HEADER = ("line", "number", "column", "reason", "repair")

Progress = Callable[[str, int, int, int], None]  # what, rows, bytes done, bytes in all
Clock = Callable[[], datetime]


@dataclass
class Outcome:
    """What became of one file."""

    file: str
    part: Part
    full: bool
    fate: str  # merged, dry run, unchanged: already loaded
    counts: dict[str, int]
    notes: dict[str, int]
    rejects: str = ""  # the name of the reject file, where there is one


def silent(what: str, rows: int, done: int, size: int) -> None:
    """Tell nobody of the progress."""


def loaded_already(source: str, part: Part, fingerprint: str) -> bool:
    """Say whether this very file is the last one that was merged, and none is half read.

    The other files add to what the main file brought, so a newer main file asks for them again.
    """
    runs = MirrorRun.objects.filter(source=source, part=part)
    if runs.filter(state=RunState.READING).exists():
        return False
    merged = MirrorRun.objects.filter(source=source, state=RunState.MERGED).order_by("-pk")
    last, main = merged.filter(part=part).first(), merged.filter(part=Part.MAIN).first()
    if last is None or last.fingerprint != fingerprint:
        return False
    return part is Part.MAIN or main is None or main.pk < last.pk


def unfinished(source: str, part: Part, fingerprint: str, full: bool) -> MirrorRun | None:
    """Return the run of this file that was killed, or None."""
    run = MirrorRun.objects.filter(source=source, part=part, state=RunState.READING).first()
    same = run is not None and run.fingerprint == fingerprint and run.full == full
    return run if same and run is not None and still_there(run) else None


def still_there(run: MirrorRun) -> bool:
    """Say whether what a run has stored is there: a crashed PostgreSQL empties waiting tables."""
    if run.straight:
        return True
    if not tables.has_waiting():
        return False
    table = tables.waiting(tables.ENTRIES)
    waits = tables.value(f"SELECT count(*) FROM {table}")  # noqa: S608
    return bool(waits == run.new + run.changed)


@transaction.atomic
def begin(
    source: str, part: Part, file: str, fingerprint: str, *, full: bool, at: datetime
) -> MirrorRun:
    """Begin a run; one of another file that was left unfinished is given up."""
    for left in MirrorRun.objects.filter(source=source, part=part, state=RunState.READING):
        give_up(left, RunState.ABANDONED, at)
    empty = not RegisterEntry.objects.exists()
    straight = part is Part.MAIN and empty and not tables.is_postgresql()
    if straight:
        tables.drop_indexes()
    elif part is Part.MAIN:
        tables.make_waiting([tables.ENTRIES, tables.TAXONOMIES, tables.NAMES])
    last = RegisterEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return MirrorRun.objects.create(
        source=source,
        part=part,
        file=file[:200],
        fingerprint=fingerprint,
        full=full,
        state=RunState.READING,
        straight=straight,
        next_id=last + 1,
        started_at=at,
    )


def give_up(run: MirrorRun, state: RunState, at: datetime) -> None:
    """End a run that will not be merged; nothing of it stays."""
    if run.straight:
        for table in (tables.NAMES, tables.TAXONOMIES, tables.ENTRIES):
            tables.execute(f"DELETE FROM {table}")  # noqa: S608
        for sql in tables.missing_indexes():
            tables.execute(sql)
    else:
        tables.drop_waiting()
    run.state, run.finished_at = state, at
    run.save()


def check(run: MirrorRun, first_reject: str, *, finished: bool = True) -> None:
    """Raise ImportRefused when the file is not what it was taken for."""
    if finished and run.read == 0:
        raise ImportRefused(f"{run.file}: it holds no rows. Nothing was changed.")
    if run.read >= FEW_ROWS and run.rejected > MOST_REJECTED * run.read:
        raise ImportRefused(
            f"{run.file}: {run.rejected} of {run.read} rows cannot be used, so nothing was "
            f"changed. {first_reject}".rstrip()
        )
    if not (finished and run.full and not run.straight):
        return
    held = RegisterEntry.objects.exclude(content_hash=0).count()
    if held >= FEW_ROWS and run.read < FEWEST_OF_BEFORE * held:
        raise ImportRefused(
            f"{run.file}: it is called a full file and has {run.read} rows, and we hold {held}, "
            "so nothing was changed. Get the file again, or import it as an increment."
        )


class RejectFile:
    """The rows that could not be used, as CSV that a spreadsheet can open without harm."""

    def __init__(self, path: Path | None, size: int) -> None:
        self.path, self.size, self.first = path, size, ""
        self.file: BinaryIO | None = None

    def write(self, rejects: Sequence[Refused]) -> None:
        """Add rows; the file is made with the first."""
        if not rejects:
            return
        first = rejects[0]
        self.first = self.first or (
            f"The first: line {first.line}, {first.column}: {first.reason}. {first.repair}"
        )
        if self.path is None:
            return
        if self.file is None:
            self.file = self.opened(self.path)
        text = StringIO()
        csv.writer(text).writerows([safe(str(cell)) for cell in one] for one in rejects)
        self.size += self.file.write(text.getvalue().encode())
        self.file.flush()

    def opened(self, path: Path) -> BinaryIO:
        """Open the file where the last stored block left it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            self.size = 0
        file = path.open("r+b" if self.size else "w+b")
        file.truncate(self.size)
        file.seek(0, 2)
        if not self.size:
            self.size = file.write((",".join(HEADER) + "\r\n").encode())
        return file

    def close(self) -> None:
        """Close the file, if there is one."""
        if self.file is not None:
            self.file.close()


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(RISKY) else cell


def counts_of(run: MirrorRun) -> dict[str, int]:
    """Return the counts of a run by name."""
    return {
        name: getattr(run, name)
        for name in ("read", "new", "changed", "unchanged", "withdrawn", "rejected")
    }


def add_notes(run: MirrorRun, notes: Counter[str]) -> None:
    """Add to what was repaired or left out."""
    for note, number in notes.items():
        run.notes[note] = run.notes.get(note, 0) + number


def wrapped(total: int) -> int:
    """Return a sum of hashes as a signed number of 64 bits."""
    total %= MODULUS
    return total - MODULUS if total >= MODULUS // 2 else total
