"""`stepwell import hsds|listings|...`: what is in a file, into the directory, facts or mirror."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import django
from django.db import connection
from django.utils import timezone
from rich.console import Console

from stepwell.cli import importing_registers
from stepwell.cli.import_wxr import wxr
from stepwell.cli.importing_places import places
from stepwell.importers.fhir import complete, read, tree, write

if TYPE_CHECKING:
    from stepwell.importers.load_listings import Outcome
    from stepwell.importers.pipeline import Progress, Report

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
dry_run_option = click.option("--dry-run", is_flag=True, help="Say what would happen; do nothing.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")


@click.group(name="import")
def import_() -> None:
    """Bring listings, articles or a self-test in. What cannot be used ends it with status 1."""


import_.add_command(wxr)
import_.add_command(places)


@import_.command()
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--source", default="", help="A name for where it comes from [the file's name].")
@click.option("--map", "map_path", type=FILE, help="What the terms of its taxonomies mean here.")
@dry_run_option
@json_option
def hsds(path: Path, source: str, map_path: Path | None, dry_run: bool, as_json: bool) -> None:
    """Import HSDS 3.x: JSON in any shape, or a folder or zip of CSV tables. UK profile too."""
    with progress_shown(as_json) as progress:
        report = importers().import_hsds(
            path, source=source, map_path=map_path, clock=timezone.now, dry_run=dry_run,
            progress=progress,
        )  # fmt: skip
    finish(report, as_json)


@import_.command()
@click.argument("path", type=FILE)
@click.option("--map", "map_path", type=FILE, help="Which column is which field.")
@dry_run_option
@json_option
def listings(path: Path, map_path: Path | None, dry_run: bool, as_json: bool) -> None:
    """Import a plain CSV through a mapping file; without one, what `export listings` wrote."""
    with progress_shown(as_json) as progress:
        report = importers().import_listings(
            path, map_path, clock=timezone.now, dry_run=dry_run, progress=progress
        )
    finish(report, as_json)


@import_.command()
@click.argument("path", type=FILE)
@click.option("--out", type=FOLDER, required=True, help="A folder that FACTS_DIRS names.")
@click.option("--licence", "licence_path", type=FILE, help="TOML with the table [licence].")
@click.option("--about", "about_path", type=FILE, help="TOML with what the file does not tell.")
@click.option("--cleared", is_flag=True, help="I have read the licence: it may be shown here.")
@dry_run_option
@json_option
def questionnaire(
    path: Path,
    out: Path,
    licence_path: Path | None,
    about_path: Path | None,
    cleared: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Turn a FHIR R4 Questionnaire into the two files of a self-test."""
    told = complete.Told(
        about=complete.table_of(about_path) if about_path else {},
        licence=complete.licence_of(licence_path) if licence_path else None,
        cleared=cleared,
    )
    whole = complete.complete(read.read(tree.load(path)), told)
    fate = write.write(whole, out, dry_run=dry_run)
    folder = write.folder_of(whole, out)
    if as_json:
        document = {"file": path.name, "id": whole.one.id, "folder": str(folder), "fate": fate}
        click.echo(json.dumps({**document, "notes": whole.notes}, indent=2, ensure_ascii=False))
        return
    click.echo("\n".join([*whole.notes, f"{folder}: {fate.value.replace('_', ' ')}."]))
    if fate is write.Fate.WRITTEN:
        click.echo(f"Add {out} to FACTS_DIRS, then run `stepwell check`.")


for register in (importing_registers.nppes, importing_registers.leie, importing_registers.nucc):
    import_.add_command(register)


def importers() -> Any:
    """Return the importers, with Django set up: models can only be imported after that."""
    django.setup()
    if "directory_listing" not in connection.introspection.table_names():
        raise click.ClickException(
            "There is no database here yet. Make one with `stepwell run --prepare-only`."
        )
    return import_module("stepwell.importers.runs")


@contextmanager
def progress_shown(as_json: bool) -> "Iterator[Progress]":
    """Show the steps: a spinner on a terminal, plain lines elsewhere, on standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield silent if as_json else plain_step
        return
    with console.status("Opening") as status:
        yield status.update


def silent(step: str) -> None:
    """Say nothing: a program reads the report."""


def plain_step(step: str) -> None:
    """Print one step as a line."""
    click.echo(f"{step} ...", err=True)


def finish(report: "Report", as_json: bool) -> None:
    """Print the report; end with status 1 when rows were rejected."""
    click.echo(as_document(report) if as_json else as_lines(report))
    if report.rejected:
        sys.exit(1)


def as_lines(report: "Report") -> str:
    """Return the report for reading: every row's fate in a dry run, else what is not unchanged."""
    shown = [row_line(outcome) for outcome in report.told]
    counts = ", ".join(f"{number} {fate.label.lower()}" for fate, number in report.counts.items())
    kept = "Nothing was changed: this was a dry run." if report.dry_run else ""
    return "\n".join(filter(None, [*shown, f"{report.file}: {counts}.", kept]))


def row_line(outcome: "Outcome") -> str:
    """Return one row's fate in one line."""
    where = f"row {outcome.row}" if outcome.row else "not in the file"
    column = f", column {outcome.column}" if outcome.column else ""
    said = [outcome.reason, outcome.repair, *outcome.notes]
    why = " ".join(f"{part.rstrip('.')}." for part in said if part)
    name = f" {outcome.source_id}" if outcome.source_id else ""
    return f"{where}{column}:{name} {outcome.fate.label.lower()}. {why}".rstrip()


def as_document(report: "Report") -> str:
    """Return the report for programs."""
    document = {
        "file": report.file,
        "source": report.source,
        "dry_run": report.dry_run,
        "counts": {fate.value: number for fate, number in report.counts.items()},
        "rows": [{**outcome._asdict(), "fate": outcome.fate.value} for outcome in report.outcomes],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
