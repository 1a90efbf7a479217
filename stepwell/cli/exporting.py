"""`stepwell export magazine|fhir|listings`: all that readers can see, as pages or as data."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
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


@export.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--profile", type=click.Choice(["3.1", "uk"]), default="3.1", show_default=True)
@click.option("--without-examples", is_flag=True, help="Leave out what is marked as made up.")
def hsds(path: Path, profile: str, without_examples: bool) -> None:
    """Export the directory as HSDS 3.1: FILE.json with full services, or a folder of CSV tables.

    Only what visitors can see leaves, and of a redacted place only its area. With --profile uk
    the file has the Open Referral UK profile 3.0.
    """
    is_file = path.suffix.casefold() == ".json"
    if profile == "uk" and not is_file:
        raise click.UsageError("The UK profile is written as JSON. Name a file that ends in .json.")
    if not is_file:
        check_free(path)
    elif path.is_dir() or not path.resolve().parent.is_dir():
        raise click.UsageError(f"{path} is a folder, or lies in one that is not there.")
    django.setup()
    module, examples = import_module("stepwell.cli.export_hsds"), not without_examples
    with ExitStack() as stack:
        told = stack.enter_context(steps())
        if is_file:
            count = module.write_json(path, told, uk=profile == "uk", examples=examples)
        else:
            aside = stack.enter_context(written_aside(path))
            count = module.write_tables(aside, told, examples=examples)
            (aside / MARK).write_text("stepwell export, hsds\n", encoding="utf-8")
    click.echo(f"{count} services written to {path}.")
