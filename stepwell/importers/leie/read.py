"""Turns rows of the exclusion list into values: one row, one exclusion or a reject."""

from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from stepwell.domain.credentials import is_npi
from stepwell.domain.register_names import fold, fold_organisation
from stepwell.importers.columns import Broken, read_blocks, read_header
from stepwell.importers.leie.fetch import COLUMNS, File
from stepwell.importers.mirror.batches import Refused

UNKNOWN = {"", "0000000000", "00000000"}


class Excluded(NamedTuple):
    """One row, in the names of the table."""

    key: str
    npi: str
    is_person: bool
    name: str
    given_names: str
    name_key: str
    given_key: str
    specialty: str
    town: str
    state: str
    basis: str
    excluded_on: date
    reinstated_on: date | None
    waived_on: date | None
    waiver_state: str


def read(file: File) -> Iterator[Excluded | Refused]:
    """Yield what becomes of each row."""
    with file.member.open() as stream:
        _, rest = read_header(stream)
        for block in read_blocks(stream, rest, file.width, file.wanted):
            for part in block.parts:
                if isinstance(part, Broken):
                    repair = "Get the file again."
                    yield Refused(part.line, "", "the whole row", part.reason, repair)
                    continue
                for line, *cells in zip(part.lines, *part.columns, strict=True):
                    yield row_of(line, cells)


def row_of(line: int, texts: Sequence[str]) -> Excluded | Refused:
    """Return one exclusion, or why the row is none."""
    cells = {name: " ".join(text.split()) for name, text in zip(COLUMNS, texts, strict=True)}
    person = bool(cells["last"])
    name = cells["last"] or cells["business"]
    excluded = day(cells["excluded"])
    if not name:
        return Refused(line, "", "LASTNAME", "there is no name", "Get the file again.")
    if excluded is None:
        reason = "it is no day written as YYYYMMDD"
        return Refused(line, "", "EXCLDATE", reason, "Get the file again.")
    npi = cells["npi"] if is_npi(cells["npi"]) else ""
    given = " ".join(filter(None, (cells["first"], cells["middle"]))) if person else ""
    told = (name, given, cells["state"], npi, cells["basis"], cells["excluded"])
    return Excluded(
        key=blake2b("\x1f".join(told).encode(), digest_size=16).hexdigest(),
        npi=npi,
        is_person=person,
        name=name[:120],
        given_names=given[:60],
        name_key=(fold(name) if person else fold_organisation(name))[:120],
        given_key=fold(cells["first"])[:60] if person else "",
        specialty=cells["specialty"][:60],
        town=cells["town"][:60],
        state=cells["state"][:2],
        basis=cells["basis"][:20],
        excluded_on=excluded,
        reinstated_on=day(cells["reinstated"]),
        waived_on=day(cells["waived"]),
        waiver_state=cells["waiver_state"][:2],
    )


def day(text: str) -> date | None:
    """Return a day written as 20261124, None for zeros and for what is no day."""
    if text in UNKNOWN or len(text) != 8 or not text.isdecimal():
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
