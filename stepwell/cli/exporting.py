"""`stepwell export magazine|fhir|listings`: all that readers can see, as pages or as data."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import click
import django
from rich.console import Console

from stepwell.cli import export_listings

MARK = "stepwell-export.txt"
Told = Callable[[str], None]


@click.group()
def export() -> None:
    """Take what is published out again."""


@export.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--format", "kind", type=click.Choice(["html", "json"]), default="html", show_default=True
)
def magazine(folder: Path, kind: str) -> None:
    """Export the magazine: pages that work without a server, or one JSON file with its schema.

    Only what is published leaves. An earlier export in the folder is replaced as a whole.
    """
    check_free(folder)
    django.setup()
    module = {"html": "stepwell.cli.export_pages", "json": "stepwell.cli.export_data"}[kind]
    with written_aside(folder) as aside, steps() as told:
        count = import_module(module).write(aside, told)
        (aside / MARK).write_text(f"stepwell export, {kind}\n", encoding="utf-8")
    click.echo(f"{count} {'files' if kind == 'html' else 'articles'} written to {folder}.")


for directory in (export_listings.fhir, export_listings.listings):
    export.add_command(directory)


def check_free(folder: Path) -> None:
    """Refuse a folder that holds something else than an earlier export."""
    if folder.exists() and not folder.is_dir():
        raise click.UsageError(f"{folder} is a file. Name a folder.")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise click.UsageError(f"{folder} holds something else. Name an empty or a new folder.")


@contextmanager
def written_aside(folder: Path) -> Iterator[Path]:
    """Give a folder to write into; put it in place once all is written."""
    folder = folder.resolve()
    aside, before = (folder.with_name(f".{folder.name}-{word}") for word in ("new", "old"))
    for left_behind in (aside, before):
        shutil.rmtree(left_behind, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
        if folder.exists():
            folder.rename(before)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(before, ignore_errors=True)


@contextmanager
def steps() -> Iterator[Told]:
    """Show what is being written, on a terminal only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step: None
        return
    with console.status("Opening") as status:
        yield status.update
