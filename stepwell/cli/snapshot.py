"""`stepwell snapshot`: write the columns in which a large directory is searched, now."""

import json
import sys
from importlib import import_module

import click
import django
from django.db import connection
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def snapshot(as_json: bool) -> None:
    """Renew the columns that DIRECTORY_ENGINE=snapshot searches; running sites take them up."""
    django.setup()
    if "directory_rowchange" not in connection.introspection.table_names():
        raise click.ClickException(
            "There is no database here yet. Make one with `stepwell run --prepare-only`."
        )
    # Models can only be imported after the set-up.
    now = import_module("django.utils.timezone").now()
    folder = import_module("stepwell.apps.directory.snapshot.engine").folder()
    shown = (SpinnerColumn(), TextColumn("rows"), MofNCompleteColumn())
    quiet = as_json or not sys.stderr.isatty()
    with Progress(*shown, console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task("rows", total=None)
        name = import_module("stepwell.apps.directory.snapshot.build").build(
            folder, now, lambda rows: bar.advance(task, rows)
        )
    if name is None:
        raise click.ClickException("Another process is making a snapshot. Wait for it.")
    click.echo(json.dumps({"snapshot": name}) if as_json else f"{name} is in use now.")
