"""`stepwell check`: all facts, rules and settings, and how the facts were checked."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.table import Table

from stepwell.domain import crisis
from stepwell.domain.checking import look
from stepwell.domain.sources import Checked


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
