"""`stepwell import places`: a postal file of GeoNames, so that more districts are known."""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click
import django
from django.db import connection
from django.utils import timezone
from rich.console import Console

if TYPE_CHECKING:
    from stepwell.importers.places.postal import Outcome

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("path", type=FILE)
@click.option("--country", default="", metavar="XX", help="Only the rows of this country.")
@click.option("--dry-run", is_flag=True, help="Say what would happen; do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def places(path: Path, country: str, dry_run: bool, as_json: bool) -> None:
    """Learn the towns and postcode districts of a GeoNames postal file, zip or text."""
    django.setup()
    if "directory_placename" not in connection.introspection.table_names():
        raise click.ClickException(
            "There is no database here yet. Make one with `stepwell run --prepare-only`."
        )
    outcome = import_module("stepwell.importers.places").import_postal(
        path,
        country=country.upper(),
        clock=timezone.now,
        dry_run=dry_run,
        progress=silent if as_json else Console(stderr=True).print,
    )
    click.echo(as_document(outcome) if as_json else as_lines(outcome))
    if outcome.rejected:
        sys.exit(1)


def silent(step: str) -> None:
    """Say nothing: a program reads the report."""


def as_lines(outcome: "Outcome") -> str:
    """Return the report for reading."""
    reasons = [f"{number} rejected: {why}." for why, number in outcome.rejected.most_common()]
    firsts = [f"  {first}" for first in outcome.first]
    kept = {
        "dry run": "Nothing was changed: this was a dry run.",
        "unchanged": "This file was loaded before; nothing was changed.",
    }.get(outcome.fate, "")
    counts = (
        f"{outcome.file}: {outcome.read} rows, {outcome.used} used, "
        f"{outcome.left_out} left out, {outcome.rejected.total()} rejected."
    )
    names = ", ".join(f"{code} {number}" for code, number in sorted(outcome.names.items()))
    return "\n".join(
        filter(None, [*reasons, *firsts, counts, f"Towns and districts: {names}.", kept])
    )


def as_document(outcome: "Outcome") -> str:
    """Return the report for programs."""
    document = {
        "file": outcome.file,
        "fate": outcome.fate,
        "rows": outcome.read,
        "used": outcome.used,
        "left_out": outcome.left_out,
        "rejected": dict(outcome.rejected),
        "first": outcome.first,
        "names": outcome.names,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
