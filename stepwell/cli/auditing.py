"""`stepwell audit`: check the log of who did what, mark it, export it, take a person out of it."""

import json
from importlib import import_module
from typing import Any

import click
import django


def _room(name: str) -> Any:
    django.setup()  # models can only be imported after the set-up
    return import_module(f"stepwell.apps.audit.{name}")


@click.group()
def audit() -> None:
    """Check the log of who did what; mark it, export it, take a person out of it."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def verify(as_json: bool) -> None:
    """Read the whole log and say whether anything was changed, taken out, put in or cut off."""
    verdict = _room("verifying").verify()
    if as_json:
        click.echo(json.dumps({**verdict._asdict(), "is_whole": verdict.is_whole}))
    else:
        click.echo(words(verdict))
    raise SystemExit(0 if verdict.is_whole else 1)


def words(verdict: Any) -> str:
    """Return the verdict in sentences."""
    lines = [f"The log is broken: {one}." for one in verdict.broken]
    if verdict.is_whole:
        lines.append(f"The log is whole: {verdict.events} events, each follows the one before it.")
    lines.append(
        f"Erased as the log itself says: who, in {verdict.erased_who} events; "
        f"why, in {verdict.erased_why}. Waiting for their place: {verdict.waiting}."
    )
    if not verdict.checkpoints:
        lines.append(
            "No checkpoint was written yet, so a cut-off end would not be seen. "
            "`stepwell audit checkpoint` writes one; the regular work does every day."
        )
    if not verdict.guarded:
        lines.append(
            "The database does not refuse changes by itself: its triggers are missing. "
            "`stepwell audit guard` makes them again; ask who took them away."
        )
    return "\n".join(lines)


@audit.command()
def checkpoint() -> None:
    """Write how long the log is, and its last hash, to a file apart from the database."""
    room = _room("checkpoints")
    one = room.write(import_module("django.utils.timezone").now())
    click.echo(f"{one.length} events, {one.hash}" if one else "The log is empty.")


@audit.command()
def export() -> None:
    """Print the log as lines of JSON, in the order of the chain."""
    for line in _room("export").lines():
        click.echo(line)


@audit.command()
def guard() -> None:
    """Make the triggers again with which the database refuses changes."""
    _room("guards").guard(import_module("django.db").connection)
    click.echo("The database refuses changes to the log again.")


@audit.command(name="erase-person")
@click.argument("username")
@click.option("--by", "by_name", required=True, help="Account of the person who decided it.")
@click.option("--reason", required=True, help="Why; without the name of the person.")
def erase_person(username: str, by_name: str, reason: str) -> None:
    """Take a person out of everything that they did. Cannot be undone."""
    done = _room("actions").erase_person(person=_get(username), by=_get(by_name), reason=reason)
    click.echo(f"Taken out of {done} events. The chain still holds.")


@audit.command(name="erase-reasons")
@click.argument("positions", nargs=-1, type=int, required=True)
@click.option("--by", "by_name", required=True, help="Account of the person who decided it.")
@click.option("--reason", required=True, help="Why; without what is erased.")
def erase_reasons(positions: tuple[int, ...], by_name: str, reason: str) -> None:
    """Take the reasons out of the events at these positions. Cannot be undone."""
    room = _room("actions")
    done = room.erase_reasons(positions=positions, by=_get(by_name), reason=reason)
    click.echo(f"Taken out of {done} events. The chain still holds.")


def _get(username: str) -> Any:
    django.setup()
    people = import_module("django.contrib.auth").get_user_model()
    found = people.objects.filter(username=username).first()
    if found is None:
        raise click.ClickException(f"There is no account {username!r}.")
    return found
