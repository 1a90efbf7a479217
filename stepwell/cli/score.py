"""`stepwell score`: the published arithmetic of a self-test over a CSV file, row by row."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import click

from stepwell.domain import instruments, scoring
from stepwell.domain.instrument_schema import (
    NOT_APPLICABLE,
    Answer,
    Instrument,
    Response,
    Scale,
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
        yield {"row": number + 1, "column": "", "reason": reason, "alerts": []}


def _result(test: Instrument, row: Row) -> dict[str, Any]:
    """Return what one row scores and calls for, and the column and reason of a missing score."""
    response, unreadable = _response(test, row)
    found = scoring.score(test, response)
    result: dict[str, Any] = {"alerts": [alert.value for alert in found.alerts]}
    if unreadable:
        item, text = unreadable[0]
        return {**result, "column": item, "reason": _not_an_answer(test, item, repr(text))}
    result["scores"] = {one.scale: _scale(one) for one in found.scales}
    failed = next((one.reason for one in found.scales if one.reason), None)
    if failed:
        item = failed.items[0]
        result |= {"column": item, "reason": _reason(test, failed, response)}
    return result


def _scale(one: scoring.ScaleScore) -> dict[str, Any]:
    """Return one scale's result, its numbers as they are printed."""
    return {
        "points": None if one.points is None else _number(one.points),
        "bands": dict(one.bands),
        "standard_scores": {key: _number(value) for key, value in one.standard_scores.items()},
    }


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _reason(test: Instrument, failed: scoring.NotScorable, response: Response) -> str:
    item = failed.items[0]
    if failed.kind == "impossible":
        return _not_an_answer(test, item, str(response[item]))
    others = f" (and {len(failed.items) - 1} more)" if len(failed.items) > 1 else ""
    return f"{item}: has no answer{others}. The published rule gives no score then."


def _not_an_answer(test: Instrument, item: str, shown: str) -> str:
    allowed = [*map(str, test.values(item)), *(["n/a"] if test.item(item).may_not_apply else [])]
    return f"{item}: {shown} is not one of its answers. Use one of {', '.join(allowed)}."


def _response(test: Instrument, row: Row) -> tuple[dict[str, Answer], list[tuple[str, str]]]:
    """Return the answers of a row, and the cells that hold no number; empty is no answer."""
    response: dict[str, Answer] = {}
    unreadable = []
    for item in test.items:
        text = (row.get(item.id) or "").strip()
        if item.may_not_apply and text == NOT_APPLICABLE:
            response[item.id] = NOT_APPLICABLE
        elif text.isascii() and text.isdigit():
            response[item.id] = int(text)
        elif text:
            unreadable.append((item.id, text))
    return response, unreadable


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
    """Write a row for each row read, name those without a score; return how many those were."""
    table = csv.writer(target)
    table.writerow(["row", *(name for scale in test.scales for name in _columns(scale)), "alerts"])
    scored = unscorable = 0
    for result in results:
        scored += "reason" not in result
        unscorable += "reason" in result
        if "reason" in result:
            click.echo(f"row {result['row']}: {result['reason']}", err=True)
        parts = [part for scale in test.scales for part in _cells(scale, result)]
        table.writerow([result["row"], *parts, " ".join(result["alerts"])])
    click.echo(f"{scored} rows scored, {unscorable} not scorable.", err=True)
    return unscorable


def _columns(scale: Scale) -> list[str]:
    """Return a scale's columns: points, one for each set of bands, one for each standard score."""
    single = len(scale.bands) == 1
    bands = [f"{scale.id}_band" if single else f"{scale.id}_band_{one.id}" for one in scale.bands]
    return [scale.id, *bands, *(f"{scale.id}_{one.id}" for one in scale.standard_scores)]


def _cells(scale: Scale, result: dict[str, Any]) -> list[Any]:
    found = result.get("scores", {}).get(scale.id)
    if found is None:
        return [""] * len(_columns(scale))
    points = "" if found["points"] is None else f"{found['points']:.{scale.digits}f}"
    standard = [found["standard_scores"].get(one.id, "") for one in scale.standard_scores]
    return [points, *(found["bands"].get(one.id, "") for one in scale.bands), *standard]


def _write_json(target: TextIO, test: Instrument, results: Iterable[dict[str, Any]]) -> int:
    """Write one object with every row in it, as they come; return how many lack a score."""
    unscorable = number = 0
    target.write(f'{{"instrument": {json.dumps(test.id)}, "rows": [')
    for number, result in enumerate(results, start=1):
        target.write((",\n" if number > 1 else "\n") + json.dumps(result))
        unscorable += "reason" in result
    target.write(f'\n], "scored": {number - unscorable}, "unscorable": {unscorable}}}\n')
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
