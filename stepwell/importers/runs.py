"""The imports there are, by name: each is the pipeline with one reader."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from pathlib import Path

from stepwell.apps.directory import duplicates
from stepwell.importers.batches import run_in_batches
from stepwell.importers.fetch import fetch
from stepwell.importers.hsds.attributes import NO_MAP, read_map
from stepwell.importers.hsds.read import read as read_hsds
from stepwell.importers.listings.mapping import OWN, Mapped, read_mapping
from stepwell.importers.listings.read import header_in, read_source, sources_in
from stepwell.importers.listings.read import read as read_listings
from stepwell.importers.listings.stored import said_already
from stepwell.importers.listings.twice import new_pairs, provider_id, with_notes
from stepwell.importers.load_listings import Plan, plan
from stepwell.importers.pipeline import Planner, Progress, Report, run, silent
from stepwell.importers.records import ImportRefused, Row

SOURCE = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*", re.ASCII)


def import_hsds(
    path: Path,
    *,
    source: str = "",
    map_path: Path | None = None,
    clock: Callable[[], datetime],
    dry_run: bool = False,
    progress: Progress = silent,
) -> Report:
    """Import HSDS; without a name for its source, the file's name is taken."""
    name = f"hsds-{source or path.name.split('.')[0]}"
    reading = partial(read_hsds, path, read_map(map_path) if map_path else NO_MAP)
    return run_in_batches(path, name[:60], reading, clock=clock, dry_run=dry_run, progress=progress)


def import_listings(
    path: Path,
    map_path: Path | None = None,
    *,
    clock: Callable[[], datetime],
    dry_run: bool = False,
    progress: Progress = silent,
) -> Report:
    """Import a CSV through its mapping file, which also names the source.

    Without one the file is what this software wrote for programs.
    """
    if map_path is None and "source" not in header_in(fetch(path)):
        raise ImportRefused(
            f"{path.name}: this is no export of ours. Name the file that says which column is "
            "which field (--map)."
        )
    return import_mapped(
        path,
        read_mapping(map_path or OWN),
        clock=clock,
        dry_run=dry_run,
        progress=progress,
    )


def import_mapped(
    path: Path,
    mapping: Mapped,
    *,
    clock: Callable[[], datetime],
    dry_run: bool = False,
    progress: Progress = silent,
) -> Report:
    """Import a CSV as a mapping says; each source that it holds is a run of its own."""
    new: set[str] = set()
    reading = partial(
        run,
        path,
        clock=clock,
        dry_run=dry_run,
        encoding=mapping.encoding,
        progress=progress,
        planned_by=planner(mapping, clock().date(), new),
    )
    if not mapping.source_column:
        report = reading(mapping.source[:60], partial(read_listings, mapping=mapping))
        put_before_stewards(new, clock, dry_run)
        return report
    text = fetch(path, mapping.encoding)
    sources = sources_in(text, path.name, mapping)
    check_sources(sources, path.name, mapping)
    done = [
        reading(source, partial(read_source, mapping=mapping, source=source, first=not at))
        for at, source in enumerate(sources)
    ]
    put_before_stewards(new, clock, dry_run)
    outcomes = sorted((one for report in done for one in report.outcomes), key=lambda one: one.row)
    return Report(path.name, mapping.source, dry_run, outcomes)


def put_before_stewards(new: set[str], clock: Callable[[], datetime], dry_run: bool) -> None:
    """Open a case for each new provider that may be here already. Nothing is merged."""
    if new and not dry_run:
        duplicates.open_cases(new_pairs(new), at=clock())


def planner(mapping: Mapped, today: date, new: set[str]) -> Planner:
    """Return how the records of a plain CSV are compared with what is stored.

    `new` is filled with the providers of the records that were not there before.
    """

    def planned(rows: list[Row], source: str) -> Plan:
        same = partial(said_already, today=today)
        done = plan(rows, source, withdraw_missing=mapping.withdraw_missing, same=same)
        new.update(provider_id(record, source) for record in done.new)
        return with_notes(done, source)

    return planned


def check_sources(sources: list[str], file: str, mapping: Mapped) -> None:
    """Raise ImportRefused where a file names no source, or one that cannot be."""
    if not sources:
        raise ImportRefused(f"{file}: it holds no rows. Nothing was changed.")
    for source in sources:
        if len(source) > 60 or not SOURCE.fullmatch(source):
            raise ImportRefused(
                f"{file}: column {mapping.source_column}: {source[:60]!r} is no name of a source. "
                "Small letters, digits, - and _ make one."
            )
