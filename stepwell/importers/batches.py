"""The pipeline for files larger than memory: read twice, stored batch by batch.

The first reading only checks, so that a file that is not what it was taken for
changes nothing. The second compares and stores, each batch in a transaction of
its own: a run that is cut off leaves whole listings behind, the next run finds
them unchanged and goes on, and nothing is withdrawn before all is read.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Self

from django.db import transaction
from django.db.models import Q

from stepwell.apps.directory.models import Fate, Listing
from stepwell.domain.offers import Standing
from stepwell.importers.check import Counts, check_each
from stepwell.importers.load_listings import Outcome, Plan, Stored, active_of, plan_rows
from stepwell.importers.own import without_own
from stepwell.importers.pipeline import Progress, Report, record_run, silent
from stepwell.importers.records import LeftOut, Record, Reject, Row
from stepwell.importers.store import BATCH, store

AT_ONCE = 50  # prefixes in one question


def run_in_batches(
    path: Path,
    source: str,
    read: Callable[[], Iterator[Row]],
    *,
    dry_run: bool,
    clock: Callable[[], datetime],
    progress: Progress = silent,
) -> Report:
    """Import one file and return what became of each row; a dry run changes nothing.

    `read` is called twice. Raises ImportRefused when the file as a whole cannot be used.
    """
    started_at = clock()
    progress("Checking")
    with Seen() as seen:
        keeps_all = look_through(read(), seen, path.name, started_at.date())
        report = Report(path.name, source, dry_run, [])
        for rows in batches(check_each(read(), seen, started_at.date())):
            with transaction.atomic():
                planned = plan_batch(rows, source, seen)
                if not dry_run:
                    store(planned, source)
            report.outcomes.extend(planned.outcomes)
            step = "Comparing" if dry_run else "Storing"
            progress(f"{step}, {len(report.outcomes):,} rows")
        with transaction.atomic():
            gone = Plan([], [], [], [], []) if keeps_all else plan_gone(source, seen)
            report.outcomes.extend(gone.outcomes)
            if not dry_run:
                store(gone, source)
                record_run(report, started_at, clock())
    return report


def look_through(rows: Iterator[Row], seen: "Seen", file: str, today: date) -> bool:
    """Check every row; return whether nothing may go, because a reject may mean any listing.

    Raises ImportRefused when there are no rows at all, or too many rejects.
    """
    counts, keeps_all = Counts(), False
    for row in check_each(rows, seen, today):
        counts.add(row)
        keeps_all |= isinstance(row, Reject) and not row.source_id
    counts.refuse(file)
    return keeps_all


def batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    """Yield rows in lists of at most BATCH."""
    while some := list(islice(rows, BATCH)):
        yield some


def plan_batch(rows: list[Row], source: str, seen: "Seen") -> Plan:
    """Return what becomes of some rows; remember what there is of those without a record."""
    others = [row.source_id for row in rows if isinstance(row, LeftOut | Reject) and row.source_id]
    stored = stored_of(rows, others, source)
    done = Plan([], [], [], [], [])
    rest, own = without_own(rows, source)
    done.outcomes.extend(own)
    plan_rows(rest, stored, done)
    for source_id in active_of(others, stored):
        seen[source_id] = 0
    done.outcomes.sort(key=lambda outcome: outcome.row or len(rows))
    return done


def stored_of(rows: Iterable[Row], others: list[str], source: str) -> dict[str, Stored]:
    """Return what is stored of these rows; a service without a record may have many listings."""
    mine = Listing.objects.filter(source=source)
    ids = [row.source_id for row in rows if isinstance(row, Record)]
    fields = ("source_id", "content_hash", "standing")
    found = list(mine.filter(source_id__in=[*ids, *others]).values_list(*fields))
    for at in range(0, len(others), AT_ONCE):
        begun = Q()
        for one in others[at : at + AT_ONCE]:
            begun |= Q(source_id__startswith=f"{one}@")
        found += mine.filter(begun).values_list(*fields)
    return {source_id: Stored(content, standing) for source_id, content, standing in found}


def plan_gone(source: str, seen: "Seen") -> Plan:
    """Return the withdrawal of the listings that the file no longer has."""
    done = Plan([], [], [], [], [])
    active = Listing.objects.filter(source=source, standing=Standing.ACTIVE)
    for source_id in active.order_by("pk").values_list("source_id", flat=True).iterator():
        if seen.get(source_id) is None:
            done.withdrawn.append(source_id)
            reason = "it is no longer in the file"
            done.outcomes.append(Outcome(0, source_id, Fate.WITHDRAWN, reason=reason))
    return done


class Seen:
    """The row in which each id stood first, kept on disk."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="stepwell-import-")
        self.ids = sqlite3.connect(Path(self.folder.name) / "ids.sqlite3", isolation_level=None)
        self.ids.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        self.ids.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")
        self.ids.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.ids.close()
        self.folder.cleanup()

    def get(self, key: str, /) -> int | None:
        """Return the row, or None."""
        found = self.ids.execute("SELECT row FROM seen WHERE id = ?", (key,)).fetchone()
        return None if found is None else int(found[0])

    def __setitem__(self, key: str, row: int, /) -> None:
        self.ids.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, row))
