"""`stepwell index`: make everything findable again, changing only what is not as it should be."""

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
def index(as_json: bool) -> None:
    """Renew the search index from articles, facts and listings."""
    django.setup()
    if "search_searchdocument" not in connection.introspection.table_names():
        raise click.ClickException(
            "There is no database here yet. Make one with `stepwell run --prepare-only`."
        )
    columns = (SpinnerColumn(), TextColumn("looked at"), MofNCompleteColumn())
    shown = Console(stderr=True)
    with Progress(*columns, console=shown, disable=as_json or not sys.stderr.isatty()) as bar:
        task = bar.add_task("index", total=None)
        # Models can only be imported after the set-up.
        renewed = import_module("stepwell.web.indexing").renew(lambda n: bar.advance(task, n))
    import_module("stepwell.apps.search.actions").tidy()
    if as_json:
        click.echo(json.dumps(renewed, indent=2))
        return
    for part, counts in renewed.items():
        said = ", ".join(f"{number} {what}" for what, number in counts.items())
        click.echo(f"{part}: {said}")
