"""`stepwell rotate-keys`: a new key for sealed texts, and everything sealed again under it."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import django
from django.conf import settings
from rich.progress import Progress

from stepwell.lib.key_rings import SealingError, add_key, new_line


@click.command(name="rotate-keys")
@click.option("--batch", default=200, show_default=True, help="Texts sealed again at a time.")
@click.option("--print-key", is_flag=True, help="Print a new key for SEALING_KEYS; do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def rotate_keys(batch: int, print_key: bool, as_json: bool) -> None:
    """Make a new key and seal everything under it again, while the site runs.

    Stopped half-way, the next call goes on under the same new key. Old keys stay:
    older backups need them.
    """
    if print_key:
        click.echo(new_line(), nl=False)
        return
    django.setup()
    try:
        report = rotate(import_module("stepwell.lib.sealing"), batch, quiet=as_json)
    except SealingError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(report) if as_json else words(report))
    if report["unopened"]:
        raise SystemExit(1)


def words(report: dict[str, Any]) -> str:
    """Return the report in sentences."""
    lines = [f"{report['sealed_again']} texts were sealed again under the key {report['key']}."]
    lines += [f"Could not be opened, left as it is: {place}" for place in report["unopened"]]
    return "\n".join([*lines, "Older backups need the older keys: keep them as long as those."])


def rotate(sealing: Any, batch: int, *, quiet: bool) -> dict[str, Any]:
    """Begin a rotation, or go on with one that was stopped; return what was done."""
    if not sealing.waiting():
        new_key()
    done, unopened = 0, set[str]()
    with Progress(disable=quiet) as progress:
        task = progress.add_task("Sealing again", total=sealing.waiting())
        while sealing.waiting() > len(unopened):  # again, for what was written meanwhile
            before = done, len(unopened)
            for changed, failed in sealing.reseal(batch):
                done += changed
                unopened |= set(failed)
                progress.update(task, completed=done)
            if before == (done, len(unopened)):
                break
    return {"key": sealing.ring().newest, "sealed_again": done, "unopened": sorted(unopened)}


def new_key() -> None:
    """Put a new key into the file of keys."""
    path = Path(settings.SEALING_KEYS_FILE)
    if settings.SEALING_KEYS:
        raise SealingError(
            "The keys stand in SEALING_KEYS, which this command cannot write. Add what "
            "`stepwell rotate-keys --print-key` prints to its end, restart, run this again."
        )
    if not path.exists():
        raise SealingError(f"There is no file of keys at {path}. `stepwell run` makes the first.")
    add_key(path)
