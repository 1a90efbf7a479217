"""`stepwell publish`: make every public page, for the site itself or as a folder of plain files."""

import sys
from importlib import import_module
from pathlib import Path

import click
import django
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from stepwell.cli.running import prepare_folder


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
def publish(folder: Path | None) -> None:
    """Make every public page again; with FOLDER, also write them there for any web server.

    FOLDER gets the pages, help now, styles and pictures. What needs the site itself (search,
    the guide, the directory's search, contact) is not in it.
    """
    prepare_folder()
    django.setup()
    # Models can only be imported after the set-up.
    static_site = import_module("stepwell.web.static_site")
    if folder is not None:
        static_site.check_can_write(folder)
    columns = (TextColumn("pages"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not sys.stderr.isatty()) as bar:
        paths = sorted(set(import_module("stepwell.web.all_pages").kept_paths()))
        task = bar.add_task("pages", total=len(paths))
        made = import_module("stepwell.apps.pages.actions").rebuild(
            paths, lambda done: bar.update(task, completed=done)
        )
    click.echo(f"{made} pages are kept.")
    if folder is not None:
        click.echo(f"{static_site.write(folder)} files are in {folder}.")
