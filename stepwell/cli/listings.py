"""`stepwell listings check|duplicates`: what to look at in listings."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

import click
import django

from stepwell.cli.listings_twice import duplicates
from stepwell.domain.claims import Finding, Verdict, findings
from stepwell.importers.fetch import fetch
from stepwell.importers.listings.advertised import Line, Read, read
from stepwell.importers.listings.mapping import read_mapping
from stepwell.importers.records import Reject

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
Checked = list[tuple[Line, tuple[Finding, ...]]]


@click.group()
def listings() -> None:
    """Look at listings, in a file or in the directory."""


listings.add_command(duplicates)


@listings.command()
@click.argument("path", type=FILE)
@click.option("--country", default="", help="ISO code for rows that name no country.")
@click.option("--map", "map_path", type=FILE, help="Which column is which field.")
@click.option("--exclusions", is_flag=True, help="Ask our copy of the US exclusion list too.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def check(path: Path, country: str, map_path: Path | None, exclusions: bool, as_json: bool) -> None:
    """Flag what listings promise beyond their credentials. Findings end it with status 1."""
    mapping = read_mapping(map_path) if map_path else None
    text = fetch(path, mapping.encoding if mapping else "utf-8")
    found = read(text, path.name, mapping, code_of(country))
    if exclusions:
        found = with_exclusions(found)
    today = datetime.now(UTC).date()
    checked = [(line, findings(line.listing, today)) for line in found.lines]
    click.echo(
        as_document(path.name, today, found, checked)
        if as_json
        else as_lines(path.name, found, checked)
    )
    if found.rejects or any(said for _, said in checked):
        raise SystemExit(1)


def with_exclusions(found: Read) -> Read:
    """Return what a file says, with what the exclusion list says of each provider."""
    django.setup()
    asked: Read = import_module("stepwell.importers.listings.exclusions").with_exclusions(found)
    return asked


def code_of(country: str) -> str:
    """Return an ISO code in capitals; refuse what is none."""
    code = country.strip().upper()
    if code and (len(code) != 2 or not code.isascii() or not code.isalpha()):
        raise click.BadParameter("write a two-letter code such as US or GB", param_hint="--country")
    return code


def as_lines(file: str, found: Read, checked: Checked) -> str:
    """Return the findings for reading, and a line with the sums."""
    told = [line_of(line, finding) for line, said in checked for finding in said]
    return "\n".join([*map(reject_line, found.rejects), *told, sums(file, found, checked)])


def line_of(line: Line, finding: Finding) -> str:
    """Return one finding in a few lines: where, what, why, the repair and the source."""
    name = f" {line.id}" if line.id else ""
    words = f' "{finding.quote}"' if finding.quote else ""
    column = f", {finding.field}" if finding.field else ""
    return (
        f"row {line.row}{name}{column}: {finding.verdict.value}: {finding.name}.{words}\n"
        f"    {finding.because}\n    {finding.repair}\n    Source: {finding.source.citation}"
    )


def reject_line(reject: Reject) -> str:
    """Return why a row could not be checked."""
    return f"row {reject.row}, {reject.column}: not checked: {reject.reason}. {reject.repair}"


def sums(file: str, found: Read, checked: Checked) -> str:
    """Return how many listings were checked and what was found."""
    verdicts = verdicts_of(said for _, said in checked)
    clear = sum(1 for _, said in checked if not said)
    return (
        f"{file}: {len(checked)} checked, {clear} with nothing to look at, "
        f"{verdicts[Verdict.FLAGGED]} flagged, {verdicts[Verdict.CANNOT_DETERMINE]} cannot be "
        f"determined, {len(found.rejects)} not checked."
    )


def verdicts_of(said: Iterable[tuple[Finding, ...]]) -> Counter[Verdict]:
    """Return how many findings there are of each verdict."""
    return Counter(finding.verdict for findings in said for finding in findings)


def as_document(file: str, today: date, found: Read, checked: Checked) -> str:
    """Return the findings for programs."""
    verdicts = verdicts_of(said for _, said in checked)
    document = {
        "file": file,
        "date": today.isoformat(),
        "checked": len(checked),
        "counts": {verdict.value: verdicts[verdict] for verdict in Verdict},
        "listings": [
            {
                "row": line.row,
                "id": line.id,
                "findings": [one.model_dump(mode="json") for one in said],
            }
            for line, said in checked
        ],
        "not_checked": [reject.model_dump(mode="json") for reject in found.rejects],
    }
    return json.dumps(document, indent=2, ensure_ascii=False)
