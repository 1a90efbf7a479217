"""`stepwell listings duplicates`: providers that may be there twice, with the reasons."""

import json
from importlib import import_module
from typing import Any

import click
import django
from django.utils import timezone

from stepwell.domain.duplicates import told


@click.command()
@click.option("--open-cases", is_flag=True, help="Put each pair before the stewards, once.")
@click.option("--json", "as_json", is_flag=True, help="Print the pairs as JSON.")
def duplicates(open_cases: bool, as_json: bool) -> None:
    """List providers that may be there twice. Nothing is merged; pairs that a steward settled
    are left out. Pairs end it with status 1."""
    django.setup()
    room = import_module("stepwell.apps.directory.duplicates")
    found = room.find()
    opened = room.open_cases(found, at=timezone.now()) if open_cases else 0
    click.echo(as_document(found) if as_json else as_lines(found, opened))
    if found:
        raise SystemExit(1)


def as_lines(found: list[Any], opened: int) -> str:
    """Return the pairs for reading, and their number."""
    lines = [f"{one.first.name} and {one.second.name}\n    {told(one.pair)}" for one in found]
    cases = f" {opened} cases are open." if opened else ""
    return "\n".join([*lines, f"{len(found)} pairs of providers may be the same.{cases}"])


def as_document(found: list[Any]) -> str:
    """Return the pairs for programs."""
    pairs = [
        {
            "first": {"id": one.pair.first, "name": one.first.name, "source": one.first.source},
            "second": {"id": one.pair.second, "name": one.second.name, "source": one.second.source},
            "points": one.pair.points,
            "likely": one.pair.is_likely,
            "reasons": list(one.pair.reasons),
        }
        for one in found
    ]
    return json.dumps({"pairs": pairs}, indent=2, ensure_ascii=False)
