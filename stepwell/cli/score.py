"""`stepwell score`: the published arithmetic of a self-test over a CSV file, row by row."""

import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

import click
from rich.console import Console
from rich.progress import Progress

from stepwell.cli.score_columns import Columns, by_name, by_order, read_map
from stepwell.domain import instruments, scoring
from stepwell.domain.instrument_schema import Instrument, Response, Scale

PLAIN_EVERY = 100_000  # rows between two lines of progress where there is no terminal
BAR_EVERY = 1_000
Rows = Iterator[tuple[int, list[str]]]
MAP_HELP = """\b
A map file for --map is TOML:
  missing = ["NA", "-9"]     # cells that stand for no answer
  [columns]
  mood = "PHQ_2"             # item = the file's own name
  [codes]                    # what cells mean, for every item ...
  "Not at all" = 0
  [codes_for.sleep]          # ... or for one item, or one set of answers
  "Never" = 0
Where codes are given, nothing else is an answer.
"""


@click.command("score", epilog=MAP_HELP)
@click.argument("test_id", metavar="ID")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--order", is_flag=True, help="Columns follow the form; their names are ignored.")
@click.option("--no-header", is_flag=True, help="Row 1 holds answers already (with --order).")
@click.option(
    "--map",
    "map_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A TOML file with the file's own names of columns and its codes.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
def score(
    test_id: str,
    file: Path,
    order: bool,
    no_header: bool,
    map_file: Path | None,
    as_json: bool,
    out: Path | None,
) -> None:
    """Score every row of FILE with the self-test ID, for example phq-9.

    FILE is a CSV file with one column for each scored item, named by the item's
    id; other columns are ignored. Rows count from 1, as in a spreadsheet. An
    empty cell is no answer. Every row gives one row of scores; a row without a
    score on every scale is named with its row, column and reason, and the exit
    status is then 1.
    """
    test = instruments.instrument(test_id)
    _check_options(file, order, no_header, out)
    known = read_map(map_file, test)
    with _reading(file) as source, _writing(out) as target:
        rows: Rows = enumerate(csv.reader(source, strict=True), start=1)
        head, rows = _head(file, rows, keep=no_header)
        columns = (
            by_order(test, file, len(head), known) if order else by_name(test, file, head, known)
        )
        write = _write_json if as_json else _write_csv
        unscorable = write(target, test, _watched(_results(columns, rows), source))
    if unscorable:
        raise SystemExit(1)


def _check_options(file: Path, order: bool, no_header: bool, out: Path | None) -> None:
    if no_header and not order:
        raise click.UsageError("--no-header needs --order: names are all that tells columns apart.")
    if out and out.exists() and out.samefile(file):
        raise click.UsageError(f"{out} is the file being read. Choose another name for --out.")


def _head(file: Path, rows: Rows, *, keep: bool) -> tuple[list[str], Rows]:
    """Return the cells of row 1, and the rows to score, with row 1 among them on `keep`."""
    try:
        first = next(rows, (1, []))
    except (csv.Error, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file}: not a CSV file in UTF-8 ({error}).") from error
    return first[1], chain([first], rows) if keep else rows


def _results(columns: Columns, rows: Rows) -> Iterator[dict[str, Any]]:
    """Yield one result a row: its points, bands and alerts, or its column and reason."""
    number = 0
    try:
        for number, row in rows:
            if row:
                yield {"row": number, **_result(columns, row)}
    except (csv.Error, UnicodeDecodeError) as error:
        reason = f"the file cannot be read from here on ({error})"
        yield {"row": number + 1, "column": "", "reason": reason, "alerts": []}


def _watched(results: Iterator[dict[str, Any]], source: TextIO) -> Iterator[dict[str, Any]]:
    """Yield the results and tell how far they are: a bar on a terminal, plain lines elsewhere."""
    if not sys.stderr.isatty():
        for number, result in enumerate(results, start=1):
            yield result
            if number % PLAIN_EVERY == 0:
                click.echo(f"{number:,} rows read", err=True)
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Scoring", total=os.fstat(source.fileno()).st_size)
        for number, result in enumerate(results, start=1):
            yield result
            if number % BAR_EVERY == 0:
                bar.update(task, completed=os.lseek(source.fileno(), 0, os.SEEK_CUR))


def _result(columns: Columns, row: list[str]) -> dict[str, Any]:
    """Return what one row scores and calls for, and the column and reason of a missing score."""
    test = columns.test
    response, unreadable = columns.response(row)
    found = scoring.score(test, response)
    result: dict[str, Any] = {"alerts": [alert.value for alert in found.alerts]}
    if unreadable:
        item, text = unreadable[0]
        return {**result, "column": item, "reason": _not_an_answer(columns, item, repr(text))}
    result["scores"] = {one.scale: _scale(one) for one in found.scales}
    failed = next((one.reason for one in found.scales if one.reason), None)
    if failed:
        item = failed.items[0]
        result |= {"column": item, "reason": _reason(columns, failed, response)}
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


def _reason(columns: Columns, failed: scoring.NotScorable, response: Response) -> str:
    item = failed.items[0]
    if failed.kind == "impossible":
        return _not_an_answer(columns, item, str(response[item]))
    others = f" (and {len(failed.items) - 1} more)" if len(failed.items) > 1 else ""
    return f"{item}: has no answer{others}. The published rule gives no score then."


def _not_an_answer(columns: Columns, item: str, shown: str) -> str:
    allowed = ", ".join(columns.allowed(item))
    return f"{item}: {shown} is not one of its answers. Use one of {allowed}."


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
