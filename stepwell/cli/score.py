"""`stepwell score`: the published arithmetic of a self-test over a CSV file, row by row."""

import csv
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from io import StringIO
from itertools import chain, compress, islice
from pathlib import Path
from typing import Any, NamedTuple, TextIO

import click
from rich.console import Console
from rich.progress import Progress

from stepwell.cli.score_chunks import Chunks
from stepwell.cli.score_columns import Columns, by_name, by_order, read_map
from stepwell.domain import instruments, scoring
from stepwell.domain.instrument_schema import Alert, Instrument, Response, Scale
from stepwell.domain.scoring import ScaleScore

PLAIN_EVERY = 100_000  # rows between two lines of progress where there is no terminal
CHUNK = 1_000  # rows that are held and scored at a time
Rows = Iterator[list[str]]
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


@dataclass(frozen=True)
class Outcome:
    """What one row comes to: for JSON, and as a line of CSV; both without the row's number."""

    result: dict[str, Any]
    line: str
    reason: str  # why a score is missing, or nothing


Results = Iterator[tuple[Sequence[int], list[Outcome]]]


class Chunk(NamedTuple):
    """Some rows that follow one another, with their numbers in the file."""

    numbers: Sequence[int]
    rows: list[list[str]]


class BrokenOff(Exception):
    """The file cannot be read from this row on."""

    def __init__(self, row: int, why: str) -> None:
        super().__init__(why)
        self.row, self.why = row, why


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
        head, rows = _head(file, csv.reader(source, strict=True), keep=no_header)
        columns = (
            by_order(test, file, len(head), known) if order else by_name(test, file, head, known)
        )
        write = _write_json if as_json else _write_csv
        chunks = _watched(_chunks(rows, 1 if no_header else 2), source)
        unscorable = write(target, test, _results(columns, chunks))
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
        first = next(rows, [])
    except (csv.Error, UnicodeDecodeError) as error:
        raise click.UsageError(f"{file}: not a CSV file in UTF-8 ({error}).") from error
    return first, chain([first], rows) if keep else rows


def _chunks(rows: Rows, first: int) -> Iterator[Chunk]:
    """Yield the rows that hold anything, many at a time; raise BrokenOff where none can be read.

    `first` is the number of the first row.
    """
    while True:
        cells: list[list[str]] = []
        try:
            cells.extend(islice(rows, CHUNK))  # keeps what came before an error
        except (csv.Error, UnicodeDecodeError) as error:
            yield _holding(first, cells)
            raise BrokenOff(first + len(cells), str(error)) from error
        if not cells:
            return
        yield _holding(first, cells)
        first += len(cells)


def _holding(first: int, cells: list[list[str]]) -> Chunk:
    """Return numbered rows without those that are empty lines."""
    numbers = range(first, first + len(cells))
    if all(cells):
        return Chunk(numbers, cells)
    return Chunk(list(compress(numbers, cells)), list(filter(None, cells)))


def _results(columns: Columns, chunks: Iterable[Chunk]) -> Results:
    """Yield the outcomes of all rows: points, bands and alerts, or column and reason."""
    test = columns.test
    scorer = Chunks(
        columns,
        exact=lambda row: _outcome(test, _result(columns, row)),
        built=lambda scores, alerts: _outcome(test, _as_result(scores, alerts)),
    )
    try:
        for chunk in chunks:
            yield chunk.numbers, scorer.outcomes(chunk.rows)
    except BrokenOff as broken:
        reason = f"the file cannot be read from here on ({broken.why})"
        lost = {"column": "", "reason": reason, "alerts": []}
        yield [broken.row], [_outcome(test, lost)]


def _watched(chunks: Iterator[Chunk], source: TextIO) -> Iterator[Chunk]:
    """Yield the chunks and tell how far they are: a bar on a terminal, plain lines elsewhere."""
    if not sys.stderr.isatty():
        read = 0
        for chunk in chunks:
            yield chunk
            before, read = read, read + len(chunk.rows)
            for told in range(before // PLAIN_EVERY + 1, read // PLAIN_EVERY + 1):
                click.echo(f"{told * PLAIN_EVERY:,} rows read", err=True)
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Scoring", total=os.fstat(source.fileno()).st_size)
        for chunk in chunks:
            yield chunk
            bar.update(task, completed=os.lseek(source.fileno(), 0, os.SEEK_CUR))


def _outcome(test: Instrument, result: dict[str, Any]) -> Outcome:
    """Return a result with its line of CSV, which rows that are alike then share."""
    parts = [part for scale in test.scales for part in _cells(scale, result)]
    line = StringIO()
    csv.writer(line).writerow([*parts, " ".join(result["alerts"])])
    return Outcome(result, line.getvalue(), result.get("reason", ""))


def _as_result(scores: Sequence[ScaleScore], alerts: Sequence[Alert]) -> dict[str, Any]:
    """Return the result of a row that has all its answers."""
    kinds = dict.fromkeys(alert.kind.value for alert in alerts)
    return {"alerts": list(kinds), "scores": {one.scale: _scale(one) for one in scores}}


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


def _write_csv(target: TextIO, test: Instrument, results: Results) -> int:
    """Write a row for each row read, name those without a score; return how many those were."""
    names = [name for scale in test.scales for name in _columns(scale)]
    csv.writer(target).writerow(["row", *names, "alerts"])
    rows = unscorable = 0
    for numbers, outcomes in results:
        rows += len(outcomes)
        for number, outcome in zip(numbers, outcomes, strict=True):
            if outcome.reason:
                unscorable += 1
                click.echo(f"row {number}: {outcome.reason}", err=True)
        lines = [f"{n},{one.line}" for n, one in zip(numbers, outcomes, strict=True)]
        target.write("".join(lines))
    click.echo(f"{rows - unscorable} rows scored, {unscorable} not scorable.", err=True)
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


def _write_json(target: TextIO, test: Instrument, results: Results) -> int:
    """Write one object with every row in it, as they come; return how many lack a score."""
    rows = unscorable = 0
    target.write(f'{{"instrument": {json.dumps(test.id)}, "rows": [')
    for numbers, outcomes in results:
        for number, outcome in zip(numbers, outcomes, strict=True):
            rows += 1
            unscorable += bool(outcome.reason)
            target.write(",\n" if rows > 1 else "\n")
            target.write(json.dumps({"row": number, **outcome.result}))
    target.write(f'\n], "scored": {rows - unscorable}, "unscorable": {unscorable}}}\n')
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
