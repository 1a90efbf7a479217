"""`stepwell compare`: two kinds of support, or two professions, side by side."""

import json

import click

from stepwell.domain import comparing, countries
from stepwell.domain.comparing import Comparison, Row
from stepwell.domain.sources import NOT_YET_CHECKED, Cell, CellState


def _country(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Return the ISO code in capitals; refuse what is no country as misuse."""
    if value is None:
        return None
    if not countries.is_country(value.upper()):
        raise click.BadParameter(f"{value!r} is no ISO country code. Write two letters, like GB.")
    return value.upper()


@click.command("compare")
@click.argument("a")
@click.argument("b")
@click.option("--country", callback=_country, help="ISO code of the country whose rules to show.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
def compare(a: str, b: str, country: str | None, as_json: bool) -> None:
    """Lay two kinds of support, or two professions, side by side.

    A and B are ids: psychotherapy life_coaching, or counsellor psychotherapist.
    """
    found = comparing.compare(a, b, country=country)
    if as_json:
        click.echo(json.dumps(as_data(found), ensure_ascii=False, indent=2))
        return
    for line in as_lines(found):
        click.echo(line)


def as_data(found: Comparison) -> dict[str, object]:
    """Return a comparison as plain data for programs."""
    data: dict[str, object] = found.model_dump(mode="json")
    for name, rows in (("rows", found.rows), ("by_country", found.by_country)):
        data[name] = [{**row.model_dump(mode="json"), "differs": row.differs} for row in rows]
    return data


def as_lines(found: Comparison) -> list[str]:
    """Return a comparison as lines for a terminal."""
    lines = [f"{found.a.name} / {found.b.name}", "", found.verdict, ""]
    for row in found.rows + found.by_country:
        lines += _row_lines(row, found)
    lines += ["What to ask", *(f"  - {question}" for question in found.questions), ""]
    for side in (found.a, found.b):
        source = side.source
        lines.append(
            f"{side.name}: {source.citation}; {source.checked} on {source.checked_on}, "
            f"due again {source.review_due}"
        )
    return lines


def _row_lines(row: Row, found: Comparison) -> list[str]:
    mark = "*" if row.differs else " "
    return [
        f"{mark} {row.name}",
        f"    {found.a.name}: {_told(row.a)}",
        f"    {found.b.name}: {_told(row.b)}",
        "",
    ]


def _told(cell: Cell) -> str:
    return f"{cell.text} ({NOT_YET_CHECKED})" if cell.state is CellState.RECALLED else cell.text
