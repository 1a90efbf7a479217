"""`stepwell export fhir FOLDER` and `stepwell export listings FILE.csv`: the directory as files."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import TextIO

import click
import django
from django.utils import timezone


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def fhir(folder: Path) -> None:
    """Export the directory as FHIR R4: one .ndjson.gz for each kind of resource and a manifest.

    Only what is shown today leaves. An earlier export in the folder is replaced as a whole.
    """
    exporting = import_module("stepwell.cli.exporting")
    exporting.check_free(folder)
    django.setup()
    bulk = import_module("stepwell.api.fhir.bulk")
    publisher = import_module("stepwell.api.fhir.views").publisher()
    with exporting.written_aside(folder) as aside, exporting.steps() as told:
        counts = bulk.write(
            aside, publisher, at=timezone.now(), today=timezone.localdate(), told=told
        )
        (aside / exporting.MARK).write_text("stepwell export, fhir\n", encoding="utf-8")
    recorded("fhir")
    click.echo("\n".join(f"{kind}: {count}" for kind, count in counts.items()))


@click.command()
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--machine", is_flag=True, help="Codes and ids for programs, not words for people.")
def listings(path: Path, machine: bool) -> None:
    """Export the listings that are shown today as CSV.

    Without --machine the cells are safe to open in a spreadsheet. With it they are as stored,
    for programs; `stepwell import listings` reads them again.
    """
    django.setup()
    spreadsheets = import_module("stepwell.apps.directory.spreadsheets")
    with swapped_in(path, "utf-8" if machine else "utf-8-sig") as out:
        count = spreadsheets.write(out, timezone.localdate(), machine=machine)
    recorded("listings")
    click.echo(f"{count} listings written to {path}.")


@contextmanager
def swapped_in(path: Path, encoding: str) -> Iterator[TextIO]:
    """Give a file to write into; put it in place once all is written."""
    aside = path.resolve().with_name(f".{path.name}-{secrets.token_hex(4)}")
    try:
        with aside.open("x", encoding=encoding, newline="") as out:
            yield out
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)


def recorded(what: str) -> None:
    """Write down that the directory left this site."""
    audit = import_module("stepwell.apps.audit.actions")
    audit.record(by=None, verb="export", thing=f"directory:{what}")
