"""Fetch, read, check, load, report: the way of every import, and the only one that writes.

Everything in a file is read and checked before anything is stored. One run is
one transaction: it is there as a whole, or not at all.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from stepwell.apps.directory.models import Fate, ImportRow, ImportRun
from stepwell.importers.check import check
from stepwell.importers.fetch import fetch
from stepwell.importers.load_listings import Outcome, Plan, plan
from stepwell.importers.records import Row
from stepwell.importers.store import BATCH, store

Reader = Callable[[str, str], Iterator[Row]]
Progress = Callable[[str], None]
Planner = Callable[[list[Row], str], Plan]


class Report(NamedTuple):
    """What became of a file, row by row."""

    file: str
    source: str
    dry_run: bool
    outcomes: list[Outcome]

    @property
    def counts(self) -> Mapping[Fate, int]:
        """Return how many rows met each fate."""
        met = Counter(outcome.fate for outcome in self.outcomes)
        return {fate: met[fate] for fate in Fate}

    @property
    def told(self) -> list[Outcome]:
        """Return the rows to tell of: all in a dry run, else those with news in them."""
        return [
            outcome
            for outcome in self.outcomes
            if self.dry_run or outcome.notes or outcome.fate is not Fate.UNCHANGED
        ]

    @property
    def rejected(self) -> list[Outcome]:
        """Return the rows that could not be used."""
        return [outcome for outcome in self.outcomes if outcome.fate is Fate.REJECTED]


def silent(step: str) -> None:
    """Tell nobody of the progress."""


def run(
    path: Path,
    source: str,
    read: Reader,
    *,
    dry_run: bool,
    clock: Callable[[], datetime],
    encoding: str = "utf-8",
    progress: Progress = silent,
    planned_by: Planner = plan,
) -> Report:
    """Import one file and return what became of each row; a dry run changes nothing.

    Raises ImportRefused when the file as a whole cannot be used.
    """
    started_at = clock()
    progress("Reading")
    text = fetch(path, encoding)
    progress("Checking")
    rows = check(read(text, path.name), path.name, started_at.date())
    with transaction.atomic():
        progress("Comparing")
        planned = planned_by(rows, source)
        report = Report(path.name, source, dry_run, planned.outcomes)
        if not dry_run:
            progress("Storing")
            store(planned, source)
            record_run(report, started_at, clock())
    return report


def record_run(report: Report, started_at: datetime, finished_at: datetime) -> None:
    """Write down the run and the fate of each row; unchanged ones are only counted."""
    run = ImportRun.objects.create(
        source=report.source,
        file=report.file,
        started_at=started_at,
        finished_at=finished_at,
        unchanged=report.counts[Fate.UNCHANGED],
    )
    rows = [
        ImportRow(
            run=run,
            line=outcome.row,
            source_id=outcome.source_id[:120],
            fate=outcome.fate,
            column=outcome.column[:120],
            reason=(outcome.reason or "; ".join(outcome.notes))[:400],
            repair=outcome.repair[:400],
        )
        for outcome in report.outcomes
        if outcome.fate is not Fate.UNCHANGED
    ]
    ImportRow.objects.bulk_create(rows, batch_size=BATCH)
