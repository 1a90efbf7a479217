"""The directory as HSDS: full services in one JSON file, or CSV tables with a datapackage."""

import csv
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TextIO

from django.utils import timezone

from stepwell.api.hsds.names import publisher
from stepwell.api.hsds.service import full_service
from stepwell.api.hsds.tabular import TABLES, package, rows_of
from stepwell.api.hsds.uk import uk_service
from stepwell.apps.directory import published
from stepwell.cli.exporting import Told

Json = dict[str, Any]


def whole(*, examples: bool) -> Iterator[Json]:
    """Yield every service that is shown today, by id: the same data give the same bytes."""
    today, here = timezone.localdate(), publisher()
    rows = published.listings(today)
    shown = rows if examples else rows.filter(fictional=False)
    for listing in published.one_after_another(shown):
        yield full_service(listing, here, today)


def write_json(path: Path, told: Told, *, uk: bool, examples: bool) -> int:
    """Write a list of full services, one a line; return how many there are."""
    count = 0
    with written_at_once(path) as out:
        for service in whole(examples=examples):
            said = uk_service(service) if uk else service
            out.write("[\n" if count == 0 else ",\n")
            out.write(json.dumps(said, ensure_ascii=False))
            count += 1
            if count % 500 == 0:
                told(f"{count} services")
        out.write("\n]\n" if count else "[]\n")
    return count


@contextmanager
def written_at_once(path: Path) -> Iterator[TextIO]:
    """Give a file to write into; put it in place once all is written."""
    aside = path.with_name(f".{path.name}-new")
    try:
        with aside.open("w", encoding="utf-8") as out:
            yield out
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def write_tables(folder: Path, told: Told, *, examples: bool) -> int:
    """Write the CSV tables with their datapackage; return how many services there are."""
    count = 0
    with ExitStack() as stack:
        put = {name: table(stack, folder, name) for name in TABLES}
        seen: set[str] = set()
        for service in whole(examples=examples):
            for name, row in rows_of(service, seen):
                put[name](row)
            count += 1
            if count % 500 == 0:
                told(f"{count} services")
    described = json.dumps(package(), indent=1, sort_keys=True)
    (folder / "datapackage.json").write_text(described + "\n", encoding="utf-8")
    return count


def table(stack: ExitStack, folder: Path, name: str) -> Callable[[Mapping[str, Any]], Any]:
    """Open one table and return what writes a row of it."""
    path = folder / TABLES[name].file
    out = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
    writer = csv.DictWriter(out, TABLES[name].fields, lineterminator="\n")
    writer.writeheader()
    return writer.writerow
