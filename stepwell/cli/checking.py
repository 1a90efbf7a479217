"""`stepwell check`: all facts, rules and settings, and how the facts were checked."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.table import Table

from stepwell.domain import approaches, crisis, guidance, instruments, professions, support
from stepwell.domain.errors import FactError
from stepwell.domain.sources import Checked

Counts = Mapping[str, Mapping[Checked, int]]
PARTS: tuple[tuple[Callable[[], None], Callable[[], Counts]], ...] = (
    (support.check, support.counts),
    (professions.check, professions.counts),
    (approaches.check, approaches.counts),
    (guidance.check, guidance.counts),
    (crisis.check, crisis.counts),
    (instruments.check, instruments.counts),
)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def check(as_json: bool) -> None:
    """Check every fact and rule; print how many there are and how they were checked."""
    problems, counts = look()
    warnings = crisis.stale(today=datetime.now(UTC).date())
    if as_json:
        plain = {family: {mark.value: n for mark, n in by.items()} for family, by in counts.items()}
        report = {"problems": problems, "warnings": list(warnings), "counts": plain}
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        show(problems, list(warnings), counts)
    if problems:
        raise SystemExit(1)


def look() -> tuple[list[str], dict[str, Mapping[Checked, int]]]:
    """Return what is wrong, and the counts of what could be read."""
    problems: list[str] = []
    counts: dict[str, Mapping[Checked, int]] = {}
    for verify, count in PARTS:
        try:
            verify()
            counts |= count()
        except FactError as error:
            problems.append(str(error))
    return problems, counts


def show(
    problems: list[str], warnings: list[str], counts: Mapping[str, Mapping[Checked, int]]
) -> None:
    """Print the report as a table, with every finding on a line of its own."""
    table = Table(title="Facts, by how they were checked")
    for heading in ("family", "read", "second-hand", "recalled", "all"):
        table.add_column(heading, justify="left" if heading == "family" else "right")
    for family, by in counts.items():
        numbers = [by.get(mark, 0) for mark in Checked]
        table.add_row(family, *map(str, numbers), str(sum(numbers)))
    Console().print(table)
    for warning in warnings:
        click.echo(f"soon: {warning}")
    for problem in problems:
        click.echo(f"wrong: {problem}", err=True)
    if not problems:
        click.echo("Every fact and rule is in order.")
