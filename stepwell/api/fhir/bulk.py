"""All of the directory as files: one resource a line, in the manner of FHIR's Bulk Data.

Rows come by their keys, a batch at a time, so memory stays flat and two exports of
the same day hold the same lines.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from stepwell.api.fhir.directory_shelf import SHELVES, Shelf
from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.parts import instant
from stepwell.apps.directory.published import one_after_another
from stepwell.lib.fhir import Json

MANIFEST = "manifest.json"


def write(
    folder: Path, publisher: Publisher, *, at: datetime, today: date, told: Callable[[str], None]
) -> dict[str, int]:
    """Write a file for each kind of resource and the manifest; return how many lines each has."""
    counts = {
        kind: write_kind(folder / file_of(kind), shelf, publisher, today, told)
        for kind, shelf in SHELVES.items()
    }
    whole = manifest(counts, publisher, at)
    (folder / MANIFEST).write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    return counts


def file_of(kind: str) -> str:
    """Return the name of a kind's file."""
    return f"{kind}.ndjson.gz"


def write_kind(
    path: Path, shelf: Shelf, publisher: Publisher, today: date, told: Callable[[str], None]
) -> int:
    """Write every resource of one kind; return how many. The file says no time and no name."""
    count = 0
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as out:
        for resource in resources(shelf, publisher, today):
            line = json.dumps(resource, ensure_ascii=False, separators=(",", ":"))
            out.write(line.encode() + b"\n")
            count += 1
            if count % 1000 == 0:
                told(f"{path.name}: {count}")
    return count


def resources(shelf: Shelf, publisher: Publisher, today: date) -> Iterator[Json]:
    """Yield every resource of one kind."""
    rows: Any = shelf.rows(today)
    for row in one_after_another(rows):
        yield shelf.resource(row, publisher, today)


def manifest(counts: dict[str, int], publisher: Publisher, at: datetime) -> Json:
    """Return what the files are; kinds without a line are left out, as the specification asks."""
    return {
        "transactionTime": instant(at),
        "request": f"{publisher.base}/$export",
        "requiresAccessToken": False,
        "output": [
            {"type": kind, "url": file_of(kind), "count": count}
            for kind, count in counts.items()
            if count
        ],
        "error": [],
    }
