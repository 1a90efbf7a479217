"""Recognises the files of NPPES by their headers. Columns are known by name, never by place."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from stepwell.apps.registers.models import Part
from stepwell.importers.columns import read_header
from stepwell.importers.mirror.archive import Member
from stepwell.importers.nppes.read import TAXONOMIES
from stepwell.importers.records import ImportRefused

TAXONOMY = (
    "Healthcare Provider Taxonomy Code_{}",
    "Provider License Number_{}",
    "Provider License Number State Code_{}",
    "Healthcare Provider Primary Taxonomy Switch_{}",
)
SECONDARY = "Provider Secondary Practice Location Address - {}"
PRACTICE = "Provider Business Practice Location Address {}"
# What we call a column, and what the file calls it. Nothing else is read.
COLUMNS: Mapping[Part, Mapping[str, str]] = {
    Part.MAIN: {
        "npi": "NPI",
        "kind": "Entity Type Code",
        "replaced_by": "Replacement NPI",
        "organisation": "Provider Organization Name (Legal Business Name)",
        "last": "Provider Last Name (Legal Name)",
        "first": "Provider First Name",
        "middle": "Provider Middle Name",
        "suffix": "Provider Name Suffix Text",
        "credential": "Provider Credential Text",
        "other_organisation": "Provider Other Organization Name",
        "other_last": "Provider Other Last Name",
        "other_first": "Provider Other First Name",
        "town": PRACTICE.format("City Name"),
        "state": PRACTICE.format("State Name"),
        "postcode": PRACTICE.format("Postal Code"),
        "country": PRACTICE.format("Country Code (If outside U.S.)"),
        "phone": PRACTICE.format("Telephone Number"),
        "enumerated": "Provider Enumeration Date",
        "updated": "Last Update Date",
        "deactivated": "NPI Deactivation Date",
        "reactivated": "NPI Reactivation Date",
        **{f"taxonomy_{n}_1": name.format(1) for n, name in enumerate(TAXONOMY)},
    },
    Part.PLACES: {
        "npi": "NPI",
        "town": SECONDARY.format("City Name"),
        "state": SECONDARY.format("State Name"),
        "postcode": SECONDARY.format("Postal Code"),
        "country": SECONDARY.format("Country Code (If outside U.S.)"),
        "phone": SECONDARY.format("Telephone Number"),
    },
    Part.NAMES: {"npi": "NPI", "name": "Provider Other Organization Name"},
    Part.ENDPOINTS: {"npi": "NPI", "kind": "Endpoint Type", "address": "Endpoint"},
    Part.DEACTIVATED: {"npi": "NPI", "on": "NPPES Deactivation Date"},
}
# Columns that only some versions of the file have.
MAYBE: Mapping[Part, Mapping[str, str]] = {Part.MAIN: {"status": "npi_activation_status"}}
SELDOM = [name.format(n) for n in range(2, TAXONOMIES + 1) for name in TAXONOMY]
# A column that no other of the files has tells which it is; the first that is found decides.
SIGNS: Sequence[tuple[Part, Sequence[str]]] = (
    (Part.MAIN, ("Entity Type Code", TAXONOMY[0].format(1), "Provider Enumeration Date")),
    (Part.PLACES, (SECONDARY.format("City Name"), SECONDARY.format("State Name"))),
    (Part.ENDPOINTS, ("Endpoint Type", "Endpoint")),
    (Part.DEACTIVATED, ("NPPES Deactivation Date",)),
    (Part.NAMES, ("Provider Other Organization Name",)),
)
RANGE = re.compile(r"(20\d{6})[-_](20\d{6})")
LONGEST_INCREMENT = 31  # days; a full file's name spans years


class File(NamedTuple):
    """One file of the register: what it is, and where its columns stand."""

    member: Member
    part: Part
    full: bool
    width: int
    names: Sequence[str]  # what we call the wanted columns
    wanted: Sequence[int]
    seldom: Sequence[int]


def recognise(member: Member, *, full: bool) -> File | None:
    """Return what a file is, or None when it is none of this register's.

    `full` says that its host knows it to be complete. Raises ImportRefused
    naming the file and the column when a needed one is missing.
    """
    with member.open() as stream:
        header, rest = read_header(stream)
    places = {name.casefold(): n for n, name in enumerate(header)}
    part = part_of(places)
    if part is None or "fileheader" in member.name.lower() or not rest:
        return None
    check_header(header, part, member.name)
    known = {**COLUMNS[part], **MAYBE.get(part, {})}
    found = {ours: places[theirs.casefold()] for ours, theirs in known.items()
             if theirs.casefold() in places}  # fmt: skip
    return File(
        member=member,
        part=part,
        full=full or is_full(member.name),
        width=len(header),
        names=list(found),
        wanted=list(found.values()),
        seldom=[places[name.casefold()] for name in SELDOM] if part is Part.MAIN else [],
    )


def part_of(places: Mapping[str, int]) -> Part | None:
    """Return which file has such a header."""
    for part, signs in SIGNS:
        if any(sign.casefold() in places for sign in signs):
            return part
    return None


def check_header(header: Sequence[str], part: Part, file: str) -> None:
    """Raise ImportRefused when a needed column is missing, or stands there twice."""
    counts = Counter(name.casefold() for name in header)
    needed = [*COLUMNS[part].values(), *(SELDOM if part is Part.MAIN else [])]
    for name in needed:
        if counts[name.casefold()] == 0:
            raise ImportRefused(
                f"{file}: line 1: the column {name!r} is missing. Get the file again; if the "
                "register renamed the column, this version of Stepwell cannot read it yet."
            )
        if counts[name.casefold()] > 1:
            raise ImportRefused(
                f"{file}: line 1: the column {name!r} stands there twice. Get the file again."
            )


def is_full(name: str) -> bool:
    """Say whether a file's name gives the span of years that a full file has."""
    found = RANGE.search(name)
    if found is None:
        return False
    try:
        first, last = (day_of(text) for text in found.groups())
    except ValueError:
        return False
    return (last - first).days > LONGEST_INCREMENT


def day_of(text: str) -> date:
    """Return a day written as 20261124; raise ValueError."""
    return datetime.strptime(text, "%Y%m%d").date()
