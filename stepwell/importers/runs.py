"""The imports there are, by name: each is the pipeline with one reader."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from stepwell.importers.batches import run_in_batches
from stepwell.importers.hsds.attributes import NO_MAP, read_map
from stepwell.importers.hsds.read import read as read_hsds
from stepwell.importers.listings.mapping import read_mapping
from stepwell.importers.listings.read import read as read_listings
from stepwell.importers.pipeline import Progress, Report, run, silent


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
    map_path: Path,
    *,
    clock: Callable[[], datetime],
    dry_run: bool = False,
    progress: Progress = silent,
) -> Report:
    """Import a CSV through its mapping file, which also names the source."""
    mapping = read_mapping(map_path)
    return run(
        path,
        mapping.source[:60],
        partial(read_listings, mapping=mapping),
        clock=clock,
        dry_run=dry_run,
        encoding=mapping.encoding,
        progress=progress,
    )
