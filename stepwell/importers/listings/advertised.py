"""Reads a CSV of listings for the claims checker: what each says, nothing is stored."""

from collections.abc import Iterator
from typing import NamedTuple

from stepwell.domain.claim_facts import Advertised, Licence
from stepwell.domain.sources import Frozen
from stepwell.importers.listings.fields import BadCell, Cells
from stepwell.importers.listings.mapping import FieldName, Mapped, field_names
from stepwell.importers.listings.read import check_header, check_width, header_of, lines_of
from stepwell.importers.records import ImportRefused, Reject

TEXTS: tuple[FieldName, ...] = ("name", "provider", "about", "cost_note")


class Line(Frozen):
    """One row: its number, its id if it has one, and what it says."""

    row: int
    id: str
    listing: Advertised


class Read(NamedTuple):
    """A file, read: its lines, and the rows that could not be used."""

    lines: tuple[Line, ...]
    rejects: tuple[Reject, ...]


def plain_mapping(header: list[str], file: str) -> Mapped:
    """Return the mapping of a file whose columns have the names of our fields.

    Raises ImportRefused where none of them holds words that could be checked.
    """
    columns = {name: name for name in field_names() if name in header}
    if not set(TEXTS) & set(columns):
        raise ImportRefused(
            f"{file}: line 1: none of the columns {', '.join(TEXTS)} is there. Rename the columns "
            "that hold the words of the listings, or name them in a mapping file (--map)."
        )
    return Mapped.model_validate({"source": "checked", "columns": columns})


def read(text: str, file: str, mapping: Mapped | None, country: str) -> Read:
    """Return what a file says; `country` is for rows that name none.

    Raises ImportRefused when the file as a whole cannot be used.
    """
    delimiter = mapping.delimiter if mapping else ","
    rows = lines_of(text, file, delimiter)
    header = header_of(rows)
    mapped = mapping or plain_mapping(header, file)
    check_header(header, mapped, file)
    found = list(_each(rows, header, mapped, country))
    return Read(
        lines=tuple(one for one in found if isinstance(one, Line)),
        rejects=tuple(one for one in found if isinstance(one, Reject)),
    )


def _each(
    rows: Iterator[tuple[int, list[str]]], header: list[str], mapping: Mapped, country: str
) -> Iterator[Line | Reject]:
    for number, cells in rows:
        if uneven := check_width(number, header, cells):
            yield uneven
            continue
        row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        try:
            yield _line(number, Cells(row, mapping), country)
        except BadCell as bad:
            yield Reject(row=number, column=bad.column, reason=bad.reason, repair=bad.repair)


def _line(number: int, cells: Cells, country: str) -> Line:
    said = cells.text("country").upper() or country
    if said and (len(said) != 2 or not said.isascii() or not said.isalpha()):
        raise cells.bad("country", "it is no two-letter country code", "Write GB, US, IE ...")
    listing = Advertised(
        id=cells.text("id"),
        texts={field: cells.text(field) for field in TEXTS if cells.text(field)},
        kind=cells.text("kind"),
        country=said,
        licences=_licences(cells),
        asks_freshness="confirmed_on" in cells.mapping.columns,
        confirmed_on=cells.day("confirmed_on"),
    )
    return Line(row=number, id=listing.id, listing=listing)


def _licences(cells: Cells) -> tuple[Licence, ...]:
    register = cells.text("register")
    if not register:
        return ()
    number, ends = cells.text("register_number"), cells.day("register_expires_on")
    return (Licence(register_id=register, number=number, expires_on=ends),)
