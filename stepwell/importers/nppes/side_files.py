"""Reads the files beside the main one: places, other names, endpoints, deactivations."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from django.db import transaction

from stepwell.apps.registers.models import MirrorRun, Part, RunState
from stepwell.domain.register_copy import Origin
from stepwell.domain.register_names import fold_organisation
from stepwell.importers.columns import Broken, read_blocks, read_header
from stepwell.importers.mirror import tables
from stepwell.importers.mirror.batches import Refused, Tuples
from stepwell.importers.mirror.runs import (
    Clock,
    Outcome,
    Progress,
    RejectFile,
    check,
    counts_of,
    give_up,
)
from stepwell.importers.mirror.side import Known, done, ids_of, load_rows, strike
from stepwell.importers.nppes.fetch import File
from stepwell.importers.nppes.load import SOURCE, told_notes
from stepwell.importers.nppes.read import country_of, day, postcode_of, state_of, valid_numbers
from stepwell.importers.records import ImportRefused

NOT_HELD = "a row speaks of a number that is not in our copy and was left out"
MAILBOX = "an endpoint looks like somebody's mailbox and was not kept"
NO_ADDRESS = "an endpoint is no web address and was not kept"
NO_NAME = "a row has no name and was left out"
NO_TOWN = "a place has neither town nor state and was left out"
NO_DAY = "the day of deactivation cannot be read"
Cells = dict[str, str]
Build = Callable[[int, Cells, Counter[str]], tuple[object, ...] | None]


def place_row(entry: int, cells: Cells, notes: Counter[str]) -> tuple[object, ...] | None:
    """Return the row of a place, without its street."""
    state = state_of(cells["state"])
    if not (cells["town"] or state):
        notes[NO_TOWN] += 1
        return None
    country = country_of(cells["country"], state)
    postcode = postcode_of(cells["postcode"], country)[:20]
    return entry, cells["town"][:80], state[:40], postcode, country, cells["phone"][:30]


def name_row(entry: int, cells: Cells, notes: Counter[str]) -> tuple[object, ...] | None:
    """Return the row of another name."""
    name = " ".join(cells["name"].split())[:160]
    if not name:
        notes[NO_NAME] += 1
        return None
    return entry, Origin.OTHER_NAMES.value, name, "", fold_organisation(name)[:160], ""


def endpoint_row(entry: int, cells: Cells, notes: Counter[str]) -> tuple[object, ...] | None:
    """Return the row of a web address; whatever can be a person's mailbox is not kept."""
    address = cells["address"].strip()
    if "@" in address:
        notes[MAILBOX] += 1
        return None
    if not address.lower().startswith(("https://", "http://")) or len(address) > 400:
        notes[NO_ADDRESS] += 1
        return None
    return entry, cells["kind"][:20], address


BUILD: dict[Part, tuple[str, Build, Origin | None]] = {
    Part.PLACES: (tables.PLACES, place_row, None),
    Part.NAMES: (tables.NAMES, name_row, Origin.OTHER_NAMES),
    Part.ENDPOINTS: (tables.ENDPOINTS, endpoint_row, None),
}


class SideFile:
    """One reading of a file beside the main one."""

    def __init__(self, file: File, run: MirrorRun, rejects: RejectFile, progress: Progress) -> None:
        self.file, self.run, self.rejects, self.progress = file, run, rejects, progress

    def pages(self) -> Iterator[list[tuple[int, Cells]]]:
        """Yield the rows with a valid number, block by block, each with its line."""
        file = self.file
        with file.member.open() as stream:
            _, rest = read_header(stream)
            for block in read_blocks(stream, rest, file.width, file.wanted):
                page: list[tuple[int, Cells]] = []
                for part in block.parts:
                    if isinstance(part, Broken):
                        self.refuse(part.line, "the whole row", part.reason)
                        self.run.read += 1
                        continue
                    self.run.read += len(part.lines)
                    page += self.fit(part.lines, part.columns)
                self.progress("Reading", self.run.read, block.size, file.member.size)
                yield page

    def fit(
        self, lines: Sequence[int], columns: Sequence[list[str]]
    ) -> Iterator[tuple[int, Cells]]:
        """Yield the rows of a run whose number is an NPI."""
        fit = valid_numbers(columns[self.file.names.index("npi")]).tolist()
        for line, good, *cells in zip(lines, fit, *columns, strict=True):
            if good:
                yield line, dict(zip(self.file.names, cells, strict=True))
            else:
                self.refuse(line, "NPI", "it is no NPI")

    def refuse(self, line: int, column: str, reason: str) -> None:
        """Write down why a row cannot be used."""
        self.run.rejected += 1
        self.rejects.write([Refused(line, "", column, reason, "Get the file again.")])

    def rows(self, build: Build) -> Iterator[tuple[Tuples, Counter[str]]]:
        """Yield the rows for the table, with what is to be told of them."""
        for page in self.pages():
            known: Known = ids_of([cells["npi"] for _, cells in page])
            notes: Counter[str] = Counter()
            rows: Tuples = []
            for _, cells in page:
                entry = known.get(cells["npi"])
                if entry is None:
                    notes[NOT_HELD] += 1
                elif (row := build(entry, cells, notes)) is not None:
                    rows.append(row)
            yield rows, notes
        check(self.run, self.rejects.first)

    def days(self) -> dict[str, str]:
        """Return the day on which each number was deactivated, the last one told."""
        found: dict[str, str] = {}
        for page in self.pages():
            for line, cells in page:
                when = day(cells["on"])
                if when:
                    found[cells["npi"]] = max(when, found.get(cells["npi"], ""))
                else:
                    self.refuse(line, "NPPES Deactivation Date", NO_DAY)
        check(self.run, self.rejects.first)
        return found


def load_side(
    file: File, *, clock: Clock, dry: bool, rejects: Path | None, progress: Progress
) -> Outcome:
    """Load one of the small files and return what became of it; raise ImportRefused."""
    part, name = file.part, file.member.name
    run = MirrorRun(
        source=SOURCE, part=part, file=name[:200], fingerprint=file.member.fingerprint(),
        full=file.full, state=RunState.READING, started_at=clock(),
    )  # fmt: skip
    told = RejectFile(None if dry else rejects, 0)
    reading = SideFile(file, run, told, progress)
    try:
        with transaction.atomic():
            store(reading, clock)
            if dry:
                transaction.set_rollback(True)
    except ImportRefused:
        if not dry:
            give_up(run, RunState.REFUSED, clock())
        raise
    finally:
        told.close()
    fate = "dry run" if dry else "merged"
    written = told.path.name if told.path and told.size else ""
    return Outcome(name, part, file.full, fate, counts_of(run), told_notes(run), written)


def store(reading: SideFile, clock: Clock) -> None:
    """Bring the rows of one file to where they are looked up."""
    run, part = reading.run, reading.file.part
    if part is Part.DEACTIVATED:
        strike(run, reading.days())
        done(run, clock())
        return
    table, build, origin = BUILD[part]
    load_rows(run, table, reading.rows(build), origin=origin, finish=lambda: done(run, clock()))
