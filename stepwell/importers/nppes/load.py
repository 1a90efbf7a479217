"""Loads the main file: block after block with its place in the file, then one merge.

Every few blocks are stored in one transaction together with how far the file has
been read, so a killed run goes on behind the last of them. Blocks are cut at the
same places in every reading. Into an empty SQLite database rows go straight and
the indexes are built at the end; otherwise what is new or changed waits apart,
is checked, and is merged in one transaction.
"""

from collections.abc import Sequence
from itertools import compress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from django.db import connection, transaction

from stepwell.apps.registers.models import MirrorRun, Part, RegisterEntry, RunState
from stepwell.domain.register_copy import Source, Standing
from stepwell.importers.columns import Broken
from stepwell.importers.mirror import tables
from stepwell.importers.mirror.batches import HASH, NUMBER, Batch, Refused
from stepwell.importers.mirror.merge import merge
from stepwell.importers.mirror.runs import (
    Clock,
    Outcome,
    Progress,
    RejectFile,
    add_notes,
    begin,
    check,
    counts_of,
    give_up,
    unfinished,
    wrapped,
)
from stepwell.importers.nppes.child import Found, Job, blocks_of
from stepwell.importers.nppes.fetch import File
from stepwell.importers.nppes.read import Numbers, Told, batch_of
from stepwell.importers.records import ImportRefused

SOURCE = "us_nppes"
TOGETHER = 16  # blocks stored in one transaction: a moment's work, so that others can write too
OTHER_ENCODING = "a row was not UTF-8 and was read as Windows-1252"
UNREADABLE = "rows without a readable number: nothing was taken for missing"


class Gathered(NamedTuple):
    """A block that waits for its transaction."""

    number: int
    other_encoding: int
    batch: Batch


class MainFile:
    """One reading of the main file."""

    def __init__(
        self, file: File, run: MirrorRun, rejects: RejectFile, progress: Progress, *, dry: bool
    ) -> None:
        self.file, self.run, self.rejects = file, run, rejects
        self.progress, self.dry = progress, dry
        self.seen = Numbers.none()
        self.unreadable = 0
        self.first = run.straight or not RegisterEntry.objects.exists()

    def read(self) -> None:
        """Read the whole file; store what is new or changed, unless it is a dry run."""
        done, size = self.run.position, self.file.member.size
        gathered: list[Gathered] = []
        for read in blocks_of(self.job()):
            self.progress("Reading", self.run.read, read.size, size)
            batch = self.batch(read.found)
            if read.number < done:
                self.unreadable += batch.read
                self.seen.add([number for (number,) in batch.entries])
                continue
            self.run.next_id += len(batch.entries)
            gathered.append(Gathered(read.number, read.other_encoding, self.sifted(batch)))
            if len(gathered) == TOGETHER:
                self.store(gathered)
                gathered.clear()
        if gathered:
            self.store(gathered)

    def job(self) -> Job:
        """Return what is to be read, and in which form."""
        file, member, run = self.file, self.file.member, self.run
        return Job(
            path=member.path,
            inner=member.inner,
            size=member.size,
            width=file.width,
            names=list(file.names),
            wanted=list(file.wanted),
            seldom=list(file.seldom),
            skip=run.position,
            shaped=self.first,
            next_id=run.next_id,
        )

    def batch(self, found: Found) -> Batch:
        """Return the rows of a block, without those that our copy has as they are."""
        if isinstance(found, Batch):
            return found
        unchanged: list[int] = []
        batch = batch_of([self.unheld(part, unchanged) for part in found], self.run.next_id)
        batch.unchanged = unchanged
        batch.read += len(unchanged)
        return batch

    def unheld(self, part: Told | Broken, unchanged: list[int]) -> Told | Broken:
        """Return what our copy does not have as it is told, and note the hashes of the rest."""
        if isinstance(part, Broken):
            return part
        numbers = part.columns["npi"]
        held = hashes_held(numbers)
        same = [held.get(number) == told for number, told in zip(numbers, part.hashes, strict=True)]
        if not any(same) or len(set(numbers)) < len(numbers):
            return part
        known = list(compress(numbers, same))
        if self.seen.has(known).any():
            return part
        self.seen.add(known)
        unchanged += compress(part.hashes, same)
        return part.some([not one for one in same])

    def sifted(self, batch: Batch) -> Batch:
        """Return a batch without numbers that stood in the file before."""
        numbers = [entry[NUMBER] for entry in batch.entries]
        self.unreadable += sum(not reject.number for reject in batch.rejects)
        self.seen.add([reject.number for reject in batch.rejects if reject.number])
        twice = self.seen.has(numbers)
        if len(set(numbers)) < len(numbers):
            _, firsts = np.unique(np.array(numbers), return_index=True)
            again = np.ones(len(numbers), bool)
            again[firsts] = False
            twice |= again
        self.seen.add(numbers)
        return without(batch, twice.tolist()) if twice.any() else batch

    def store(self, gathered: Sequence[Gathered]) -> None:
        """Store batches with the place they reach in the file, in one transaction."""
        run = self.run
        with transaction.atomic():
            news: list[Batch] = []
            for one in gathered:
                self.count(one.batch)
                news.append(self.news(one.batch))
                self.rejects.write(one.batch.rejects)
            run.position = gathered[-1].number + 1
            run.rejects_size = self.rejects.size
            run.notes[OTHER_ENCODING] = gathered[-1].other_encoding
            if not self.dry:
                self.write(news)
                run.save()
        check(run, self.rejects.first, finished=False)

    def count(self, batch: Batch) -> None:
        """Add a batch to the counts of the run."""
        run = self.run
        run.read += batch.read
        run.rejected += len(batch.rejects)
        run.unchanged += len(batch.unchanged)
        told = sum(batch.unchanged) + sum(entry[HASH] for entry in batch.entries)
        run.content_hash = wrapped(run.content_hash + told)
        add_notes(run, batch.notes)

    def news(self, batch: Batch) -> Batch:
        """Return only what is new or changed."""
        if self.first:
            self.run.new += len(batch.entries)
            return batch
        held = hashes_held([entry[NUMBER] for entry in batch.entries])
        same = [held.get(entry[NUMBER]) == entry[HASH] for entry in batch.entries]
        there = sum(entry[NUMBER] in held for entry in batch.entries)
        self.run.unchanged += sum(same)
        self.run.changed += there - sum(same)
        self.run.new += len(batch.entries) - there
        return kept(batch, [not one for one in same]) if any(same) else batch

    def write(self, batches: Sequence[Batch]) -> None:
        """Write batches into the tables of this run."""
        for table, rows in (
            (tables.ENTRIES, [row for batch in batches for row in batch.entries]),
            (tables.TAXONOMIES, [row for batch in batches for row in batch.taxonomies]),
            (tables.NAMES, [row for batch in batches for row in batch.names]),
        ):
            tables.insert(table, table if self.run.straight else tables.waiting(table), rows)


def hashes_held(numbers: Sequence[str]) -> dict[str, int | None]:
    """Return the hash of each of these numbers that we hold; None where it is taken for missing."""
    some = "= ANY(%s)" if tables.is_postgresql() else "IN (SELECT value FROM json_each(%s))"
    sql = (
        f"SELECT number, CASE WHEN standing = %s THEN NULL ELSE content_hash END "  # noqa: S608
        f"FROM {tables.ENTRIES} WHERE source = %s AND number {some}"
    )
    listed: Any = list(numbers)
    if not tables.is_postgresql():
        listed = '["' + '","'.join(numbers) + '"]' if numbers else "[]"
    with connection.cursor() as cursor:
        cursor.execute(sql, [Standing.MISSING.value, Source.US_NPPES.value, listed])
        return dict(cursor.fetchall())


def without(batch: Batch, twice: Sequence[bool]) -> Batch:
    """Return a batch without some of its entries, which become rejects."""
    reason = "the same number stands further up in the file"
    repair = "Get the file again; the first of the rows was used."
    batch.rejects.extend(
        Refused(batch.lines[n], entry[NUMBER], "NPI", reason, repair)
        for n, entry in enumerate(batch.entries)
        if twice[n]
    )
    return kept(batch, [not again for again in twice])


def kept(batch: Batch, keep: Sequence[bool]) -> Batch:
    """Return a batch with some of its entries, and what belongs to them."""
    ids = {entry[0] for entry in compress(batch.entries, keep)}
    return Batch(
        read=batch.read,
        lines=list(compress(batch.lines, keep)),
        entries=list(compress(batch.entries, keep)),
        taxonomies=[row for row in batch.taxonomies if row[0] in ids],
        names=[row for row in batch.names if row[0] in ids],
        unchanged=batch.unchanged,
        rejects=batch.rejects,
        notes=batch.notes,
    )


def load_main(
    file: File, *, clock: Clock, dry: bool, rejects: Path | None, progress: Progress
) -> Outcome:
    """Load the main file and return what became of it; raise ImportRefused."""
    fingerprint = file.member.fingerprint()
    name = file.member.name
    if dry:
        run = MirrorRun(source=SOURCE, part=Part.MAIN, file=name, full=file.full, next_id=1)
    else:
        run = unfinished(SOURCE, Part.MAIN, fingerprint, file.full) or begin(
            SOURCE, Part.MAIN, name, fingerprint, full=file.full, at=clock()
        )
    told = RejectFile(None if dry else rejects, run.rejects_size)
    reading = MainFile(file, run, told, progress, dry=dry)
    try:
        with tables.roomy():
            reading.read()
            check(run, told.first)
            if not dry:
                finish(reading, clock)
    except ImportRefused:
        if not dry:
            with transaction.atomic():
                give_up(run, RunState.REFUSED, clock())
        raise
    finally:
        told.close()
    fate = "dry run" if dry else "merged"
    written = told.path.name if told.path and told.size else ""
    return Outcome(name, Part.MAIN, file.full, fate, counts_of(run), told_notes(run), written)


def told_notes(run: MirrorRun) -> dict[str, int]:
    """Return what there is to tell of."""
    return {note: number for note, number in run.notes.items() if number}


def finish(reading: MainFile, clock: Clock) -> None:
    """Bring what was read to where it is looked up."""
    run, size = reading.run, reading.file.member.size
    if run.straight:
        for sql in tables.missing_indexes():
            reading.progress("Building indexes", run.read, size, size)
            tables.execute(sql)
        run.state, run.finished_at = RunState.MERGED, clock()
        run.save()
        return
    if run.full and reading.unreadable:
        run.notes[UNREADABLE] = reading.unreadable
    reading.progress("Merging", run.read, size, size)
    seen = reading.seen if run.full and not reading.unreadable else None
    merge(run, seen.has if seen else None, at=clock())
