"""`stepwell import nppes|leie|nucc`: copies of registers, to check credentials against."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import django
from django.conf import settings
from django.db import connection
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

if TYPE_CHECKING:
    from stepwell.importers.mirror.runs import Outcome, Progress

PLACE = click.Path(exists=True, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
EVERY = 10  # seconds between two lines where there is no terminal
dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would happen; do nothing.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")


@click.command()
@click.argument("path", type=PLACE)
@click.option("--full", is_flag=True, help="What is not in the file is no longer in the register.")
@click.option("--resume", is_flag=True, help="Only go on with an unfinished import.")
@dry_run_option
@json_option
def nppes(path: Path, full: bool, resume: bool, dry_run: bool, as_json: bool) -> None:
    """Copy the US register of provider numbers. A killed run goes on where it was."""
    importers = registers()
    with progress_shown(as_json) as progress:
        outcomes = importers.import_nppes(
            path,
            clock=timezone.now,
            dry_run=dry_run,
            full=full,
            resume=resume,
            rejects=Path(settings.VAR) / "imports",
            progress=progress,
        )
    finish(outcomes, as_json)


@click.command()
@click.argument("path", type=PLACE)
@dry_run_option
@json_option
def leie(path: Path, dry_run: bool, as_json: bool) -> None:
    """Copy the US list of excluded individuals and entities."""
    importers = registers()
    with progress_shown(as_json) as progress:
        outcomes = importers.import_leie(
            path,
            clock=timezone.now,
            dry_run=dry_run,
            rejects=Path(settings.VAR) / "imports",
            progress=progress,
        )
    finish(outcomes, as_json)


@click.command()
@click.argument("path", type=FILE)
@dry_run_option
@json_option
def nucc(path: Path, dry_run: bool, as_json: bool) -> None:
    """Take the names of the taxonomy codes from your own copy of the code list."""
    finish(registers().import_nucc(path, clock=timezone.now, dry_run=dry_run), as_json)


def registers() -> Any:
    """Return the importers, with Django set up: models can only be imported after that."""
    django.setup()
    if "registers_mirrorrun" not in connection.introspection.table_names():
        raise click.ClickException(
            "There is no database here yet. Make one with `stepwell run --prepare-only`."
        )
    return import_module("stepwell.importers.registers")


@contextmanager
def progress_shown(as_json: bool) -> "Iterator[Progress]":
    """Show how far it is: a bar on a terminal, a line every ten seconds elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield silent if as_json else Lines()
        return
    rows = TextColumn("{task.fields[rows]:,} rows, {task.fields[rate]:,.0f}/s")
    with Bar(
        "{task.description}", BarColumn(), rows, TimeRemainingColumn(), console=console
    ) as bar:
        task = bar.add_task("Opening", total=None, rows=0, rate=0)
        started = time.monotonic()

        def shown(what: str, count: int, done: int, size: int) -> None:
            rate = count / max(time.monotonic() - started, 0.001)
            bar.update(task, description=what, completed=done, total=size, rows=count, rate=rate)

        yield shown


class Lines:
    """Prints the progress as plain lines: rows, rate and time left."""

    def __init__(self) -> None:
        self.started = self.told = time.monotonic()
        self.step = ""

    def __call__(self, what: str, rows: int, done: int, size: int) -> None:
        """Print a line, not more often than every ten seconds and at each new step."""
        now = time.monotonic()
        if what == self.step and now - self.told < EVERY:
            return
        self.step, self.told = what, now
        passed = max(now - self.started, 0.001)
        left = (size - done) * passed / done if done else 0.0
        click.echo(
            f"{what}: {rows:,} rows, {rows / passed:,.0f} rows/s, {left:,.0f} s left", err=True
        )


def silent(what: str, rows: int, done: int, size: int) -> None:
    """Say nothing: a program reads the report."""


def finish(outcomes: "list[Outcome]", as_json: bool) -> None:
    """Print what became of each file; end with status 1 when rows were rejected."""
    if as_json:
        click.echo(json.dumps([asdict(one) for one in outcomes], indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(line for one in outcomes for line in lines_of(one)))
    if any(one.counts.get("rejected") for one in outcomes):
        sys.exit(1)


def lines_of(one: "Outcome") -> Iterator[str]:
    """Yield what became of one file, for reading."""
    span = "full" if one.full else "increment"
    counts = ", ".join(f"{number:,} {name}" for name, number in one.counts.items())
    told = f"{one.fate}: {counts}" if counts else one.fate
    yield f"{one.file} ({one.part.label.lower()}, {span}): {told}."
    for note, number in one.notes.items():
        yield f"  {number:,} times: {note}."
    if one.rejects:
        folder = Path(settings.VAR) / "imports"
        yield f"  The rows that could not be used are in {folder / one.rejects}"
