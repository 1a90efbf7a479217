"""Registers: where a professional can be looked up, and what a look-up shows.

An address or a rule of law that was only recalled is never shown; the view says
how to find the register instead. A missing entry is not proof of anything.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from stepwell.domain import loading
from stepwell.domain.sources import Cell, Checked, Fact, FactId, Frozen, Statement, Text, cell

FOLDER = "registers"
WORLDWIDE = "INT"

RegisterCountry = Annotated[str, Field(pattern=r"^([A-Z]{2}|INT)$")]
Address = Annotated[str, Field(pattern=r"^(https://\S+)?$")]

FIND_IT = "Search for the name of the register and open its own site from there."
ASK_STANDING = "Ask the register whether the law stands behind it."
ASK_TITLES = "Ask for the exact title the person holds, and who granted it."
ASK_SHOWS = "Ask the register what a look-up tells you."
ASK_COMPLAINT = "Ask the register who takes complaints, and how."


class Standing(StrEnum):
    """What stands behind a register, strongest first."""

    STATUTORY = "statutory"
    ACCREDITED = "accredited"
    VOLUNTARY = "voluntary"
    IDENTIFIER = "identifier"
    NOT_OPEN = "not_open"


STANDING_WORDS = {
    Standing.STATUTORY: "Kept under law.",
    Standing.ACCREDITED: "Voluntary, and reviewed by an independent authority.",
    Standing.VOLUNTARY: "Voluntary. No law asks anyone to be on it.",
    Standing.IDENTIFIER: "A list of numbers. Being on it is not a licence.",
    Standing.NOT_OPEN: "Set up by law but not open yet.",
}
ORDER = tuple(Standing)


class Register(Fact):
    """A register or a list of registers, as its fact file has it."""

    name: Text
    country: RegisterCountry
    region: Text
    standing: Standing
    professions: Annotated[tuple[FactId, ...], Field(min_length=1)]
    titles: tuple[Text, ...] = ()
    lookup_url: Address = ""
    complaints_url: Address = ""
    addresses_checked: Checked
    find_it: Text = FIND_IT
    shows: Statement = Statement()
    number_format: Statement = Statement()
    complaint: Statement = Statement()
    note: Statement = Statement()


class RegisterView(Frozen):
    """A register as a visitor may see it. An address is empty unless it was checked."""

    id: FactId
    name: Text
    region: Text
    standing: Cell
    titles: Cell
    shows: Cell
    lookup_url: str
    find_it: Text
    number_format: str
    complaints_url: str
    complaint: Cell
    note: str


@loading.remembered
def registers() -> Mapping[str, Register]:
    """Return every register by id."""
    return loading.folder(FOLDER, Register)


def registers_for(profession_id: str, country: str | None) -> tuple[RegisterView, ...]:
    """Return where to look a person up in `country`, the strongest standing first.

    Worldwide voluntary registers come with any country, and alone where none
    is chosen or known. Never another country's register.
    """
    places = {WORLDWIDE, (country or "").upper()}
    found = [
        entry
        for entry in registers().values()
        if profession_id in entry.professions and entry.country in places
    ]
    found.sort(key=lambda entry: (ORDER.index(entry.standing), entry.id))
    return tuple(view(entry) for entry in found)


def view(entry: Register) -> RegisterView:
    """Return a register as a visitor may see it."""
    known_address = entry.addresses_checked is not Checked.RECALLED
    standing = Statement(text=STANDING_WORDS[entry.standing])
    titles = Statement(text=", ".join(entry.titles) or _no_title(entry.standing))
    return RegisterView(
        id=entry.id,
        name=entry.name,
        region=entry.region,
        standing=cell(standing, entry.source, strict=True, instead=ASK_STANDING),
        titles=cell(titles, entry.source, strict=True, instead=ASK_TITLES),
        shows=cell(entry.shows, entry.source, strict=False, instead=ASK_SHOWS),
        lookup_url=entry.lookup_url if known_address else "",
        find_it=entry.find_it,
        number_format=_if_checked(entry, entry.number_format),
        complaints_url=entry.complaints_url if known_address else "",
        complaint=cell(entry.complaint, entry.source, strict=True, instead=ASK_COMPLAINT),
        note=_if_checked(entry, entry.note),
    )


def _no_title(standing: Standing) -> str:
    """Return what an empty list of titles means; under law it means that we do not know."""
    return "" if standing is Standing.STATUTORY else "No protected title goes with it."


def _if_checked(entry: Register, statement: Statement) -> str:
    origin = statement.source or entry.source
    return "" if origin.checked is Checked.RECALLED else statement.text
