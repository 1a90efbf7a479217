"""`stepwell rehearse-breach`: who could read what if a part of the site were in wrong hands."""

import json
from importlib import import_module
from typing import Any

import click
import django

CLASSES = {"A": "health, contact and safety", "B": "who somebody is", "C": "how the site runs"}


@click.command(name="rehearse-breach")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def rehearse_breach(as_json: bool) -> None:
    """Say for each attacker what they could read today, whom to tell, and what to do first."""
    django.setup()
    breach = import_module("stepwell.web.breach")
    found, probes = breach.rehearse(), breach.probe()
    if as_json:
        click.echo(json.dumps({"attackers": [_plain(one) for one in found], "probes": probes}))
    else:
        click.echo("\n\n".join([_probed(probes), *map(words, found)]))
    raise SystemExit(0 if all(probes.values()) else 1)


def _plain(one: Any) -> dict[str, Any]:
    tables = [table._asdict() for table in one.tables]
    return {**one.attacker.model_dump(mode="json"), **one._asdict(), "attacker": None} | {
        "attacker": one.attacker.name,
        "tables": tables,
    }


def _probed(probes: dict[str, bool]) -> str:
    broken = [name for name, holds in probes.items() if not holds]
    if broken:
        return f"TRIED: these are NOT locked as they should be: {', '.join(broken)}. Stop the site."
    return (
        f"Tried just now: a text locked in each of {len(probes)} places opened with this site's "
        "keys and with no other, and the database did not show it."
    )


def words(one: Any) -> str:
    """Return one attacker in sentences."""
    lines = [one.attacker.name.upper()]
    for letter, name in CLASSES.items():
        lines += _fields("Could read", letter, name, one.tables, "clear")
        lines += _fields("Stays locked", letter, name, one.tables, "locked")
    if one.passing:
        lines.append("No table. What people send to these pages passes by and can be read:")
        lines.append(f"  {', '.join(one.passing)}")
    lines.append(f"Tell: {one.tell}")
    lines += [f"{number}. {step}" for number, step in enumerate(one.attacker.steps, 1)]
    return "\n".join(lines)


def _fields(verb: str, letter: str, name: str, tables: Any, how: str) -> list[str]:
    lines = [
        f"  {table.name} ({table.rows} rows): {', '.join(getattr(table, how)[letter])}"
        for table in tables
        if letter in getattr(table, how)
    ]
    return [f"{verb}, class {letter} ({name}):", *lines] if lines else []
