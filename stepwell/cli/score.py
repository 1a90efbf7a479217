"""`stepwell score`: the published arithmetic of a self-test over a CSV file, row by row."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import click

from stepwell.domain import instruments
from stepwell.domain.instrument_schema import (
    ImpossibleAnswer,
    IncompleteResponse,
    Instrument,
)

FIRST_ROW = 2  # as a spreadsheet shows it: row 1 holds the names of the columns
Row = Mapping[str, str | None]


@click.command("score")
@click.argument("test_id", metavar="ID")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def score(test_id: str, file: Path, as_json: bool, out: Path | None) -> None:
    """Score every row of FILE with the self-test ID, for example phq-9.

    FILE is a CSV file with one column for each scored item, named by the item's
    id; other columns are ignored. Rows count from 2, as in a spreadsheet. A row
    that cannot be scored is named with its row, column and reason, and the exit
    status is then 1.
    """
    test = instruments.instrument(test_id)
    if out and out.exists() and out.samefile(file):
        raise click.UsageError(f"{out} is the file being read. Choose another name for --out.")
    with _reading(file) as source, _writing(out) as target:
        rows = csv.DictReader(source, strict=True)
        _check_columns(test, file, rows)
        write = _write_json if as_json else _write_csv
        unscorable = write(target, test, _results(test, rows))
    if unscorable:
        raise SystemExit(1)


def _results(test: Instrument, rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """Yield one result a row: its points, bands and alerts, or its column and reason."""
    number = FIRST_ROW - 1
    try:
        for number, row in enumerate(rows, start=FIRST_ROW):
            yield {"row": number, **_result(test, row)}
    except (csv.Error, UnicodeDecodeError) as error:
        reason = f"the file cannot be read from here on ({error})"
        yield {"row": number + 1, "column": "", "reason": reason}


def _result(test: Instrument, row: Row) -> dict[str, Any]:
    """Return what one row scores, or the column and the reason why it does not."""
    try:
        found = instruments.score(test, _response(test, row))
    except (IncompleteResponse, ImpossibleAnswer) as error:
        return {"column": error.item, "reason": str(error)}
    return {
        "scores": {one.scale: {"points": one.points, "band": one.band} for one in found.scales},
        "alerts": [alert.value for alert in found.alerts],
    }


def _response(test: Instrument, row: Row) -> dict[str, int]:
    """Return the answers of a row; an empty cell is no answer."""
    response = {}
    for item in test.items:
        text = (row.get(item.id) or "").strip()
        if text:
            response[item.id] = _points(test, item.id, text)
    return response


def _points(test: Instrument, item_id: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ImpossibleAnswer(item_id, text, test.values(item_id))
    return int(text)


def _check_columns(test: Instrument, file: Path, rows: "csv.DictReader[str]") -> None:
    try:
        found = list(rows.fieldnames or ())
    except (csv.Error, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file}: not a CSV file in UTF-8 ({error}).") from error
    wanted = [item.id for item in test.items if item.scored]
    missing = [name for name in wanted if name not in found]
    double = [item.id for item in test.items if found.count(item.id) > 1]
    if missing:
        raise click.UsageError(
            f"{file}: no column {', '.join(missing)}. Name the columns in row 1 by the items: "
            f"{', '.join(wanted)}."
        )
    if double:
        raise click.UsageError(f"{file}: two columns are called {double[0]}. Keep one.")


def _write_csv(target: TextIO, test: Instrument, results: Iterable[dict[str, Any]]) -> int:
    """Write a row for each scored one, name the others; return how many those were."""
    table = csv.writer(target)
    names = [part for scale in test.scales for part in (scale.id, f"{scale.id}_band")]
    table.writerow(["row", *names, "alerts"])
    scored = unscorable = 0
    for result in results:
        if "reason" in result:
            unscorable += 1
            click.echo(f"row {result['row']}: {result['reason']}", err=True)
            continue
        scored += 1
        parts = [part for one in result["scores"].values() for part in one.values()]
        table.writerow([result["row"], *parts, " ".join(result["alerts"])])
    click.echo(f"{scored} rows scored, {unscorable} not scorable.", err=True)
    return unscorable


def _write_json(target: TextIO, test: Instrument, results: Iterable[dict[str, Any]]) -> int:
    """Write one object with every row in it, as they come; return how many had no score."""
    scored = unscorable = 0
    target.write(f'{{"instrument": {json.dumps(test.id)}, "rows": [')
    for number, result in enumerate(results):
        target.write((",\n" if number else "\n") + json.dumps(result))
        scored += "scores" in result
        unscorable += "reason" in result
    target.write(f'\n], "scored": {scored}, "unscorable": {unscorable}}}\n')
    return unscorable


@contextmanager
def _reading(file: Path) -> Iterator[TextIO]:
    with file.open(encoding="utf-8-sig", newline="") as source:
        yield source


@contextmanager
def _writing(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    with out.open("w", encoding="utf-8", newline="") as target:
        yield target
