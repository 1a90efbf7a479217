"""Recognises the files of the exclusion list: the full one, a month's additions and returns."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from stepwell.importers.columns import read_header
from stepwell.importers.mirror.archive import Member
from stepwell.importers.records import ImportRefused

# What we call a column, and what the file calls it. Birthdays and streets are not read.
COLUMNS: Mapping[str, str] = {
    "last": "LASTNAME", "first": "FIRSTNAME", "middle": "MIDNAME", "business": "BUSNAME",
    "specialty": "SPECIALTY", "npi": "NPI", "town": "CITY", "state": "STATE",
    "basis": "EXCLTYPE", "excluded": "EXCLDATE", "reinstated": "REINDATE",
    "waived": "WAIVERDATE", "waiver_state": "WVRSTATE",
}  # fmt: skip


class Scope(StrEnum):
    """What a file speaks for."""

    FULL = "full"
    ADDED = "added"
    REINSTATED = "reinstated"


class File(NamedTuple):
    """One file of the list, and where its columns stand."""

    member: Member
    scope: Scope
    width: int
    wanted: list[int]


def recognise(member: Member) -> File | None:
    """Return what a file is, or None when it is none of this list's; raise ImportRefused."""
    with member.open() as stream:
        header, _ = read_header(stream)
    names = [name.upper() for name in header]
    if not {"EXCLTYPE", "EXCLDATE", "BUSNAME"} & set(names):
        return None
    for name in COLUMNS.values():
        if names.count(name) != 1:
            raise ImportRefused(
                f"{member.name}: line 1: the column {name!r} is missing or stands there twice. "
                "Get the file again."
            )
    wanted = [names.index(name) for name in COLUMNS.values()]
    return File(member, scope_of(member.name), len(header), wanted)


def scope_of(name: str) -> Scope:
    """Return what a file speaks for by its name, as the publisher gives it out."""
    if "rein" in name.lower():
        return Scope.REINSTATED
    return Scope.ADDED if "excl" in name.lower() and "updated" not in name.lower() else Scope.FULL
