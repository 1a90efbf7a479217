"""Country packs: which titles the law protects, and how to check a person, per country.

Titles are law, so every cell here is strict: what was only recalled is never
shown. A country without a pack gets "cannot tell", never another country's rule.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from stepwell.domain import loading
from stepwell.domain.errors import FactError
from stepwell.domain.sources import (
    Cell,
    CellState,
    CountryCode,
    Fact,
    FactId,
    Frozen,
    Source,
    Statement,
    Text,
    cell,
)

FOLDER = "jurisdictions"

ASK_TITLE = (
    "Ask for the exact title, which law or body stands behind it, and the number, "
    "and look the person up there."
)
ASK_STEPS = (
    "Ask for the full name, the exact title and the number, and ask which register to look in."
)
ASK_VOLUNTARY = (
    "Ask whether the law stands behind the register, and what happens after a complaint."
)
ASK_COMPLAINTS = "Ask who takes complaints about them before you start."
NO_COUNTRY = "We cannot tell until you choose a country: rules differ from place to place."
NO_PACK = "We cannot tell: we hold no checked rules for this country."


class Protection(StrEnum):
    """What the law says about a title in one country."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_A_TITLE = "not_a_title"
    UNKNOWN = "unknown"


PROTECTION_WORDS = {
    Protection.YES: "Protected by law.",
    Protection.PARTLY: "Partly protected by law.",
    Protection.NO: "Not protected by law.",
    Protection.NOT_A_TITLE: "Not a title used here.",
}


class Passage(Frozen):
    """A sentence or two of a pack. `source_id` is a key of the pack's `sources`."""

    text: str = ""
    source_id: str = ""


class TitleRule(Passage):
    """What the law says about one profession's title; `instead` is for when we cannot tell."""

    protected: Protection
    instead: Text = ASK_TITLE


class Jurisdiction(Fact):
    """One country's titles, and how to check and complain there."""

    code: CountryCode
    name: Text
    sources: Mapping[FactId, Source]
    steps: Annotated[tuple[Passage, ...], Field(min_length=3)]
    voluntary: Passage
    complaints: Passage
    titles: Mapping[FactId, TitleRule]

    def source_of(self, passage: Passage) -> Source:
        """Return the passage's own source, or else the file's."""
        return self.sources.get(passage.source_id, self.source)

    def cell_of(self, passage: Passage, instead: str) -> Cell:
        """Return what a visitor may see of a passage; packs speak of law, so it is strict."""
        told = Statement(text=passage.text)
        return cell(told, self.source_of(passage), strict=True, instead=instead)

    def title(self, profession_id: str) -> Cell:
        """Return whether the law protects this profession's title here."""
        rule = self.titles.get(profession_id)
        if rule is None:
            return self.cell_of(Passage(), ASK_TITLE)
        words = PROTECTION_WORDS.get(rule.protected)
        told = Passage(text=f"{words} {rule.text}".strip(), source_id=rule.source_id)
        return self.cell_of(told if words else Passage(), rule.instead)


class HowToCheck(Frozen):
    """How to check a professional in one country, as a visitor may see it."""

    country: str
    steps: tuple[Cell, ...]
    voluntary: Cell
    complaints: Cell


@loading.remembered
def jurisdictions() -> Mapping[str, Jurisdiction]:
    """Return the country packs by ISO code."""
    packs = loading.folder(FOLDER, Jurisdiction).values()
    for pack in packs:
        _check_pack(pack)
    return MappingProxyType({pack.code: pack for pack in packs})


def title_in(profession_id: str, country: str | None) -> Cell:
    """Return whether the law protects the title in `country`, an ISO code or None."""
    pack = pack_of(country)
    return pack.title(profession_id) if pack else cannot_tell(country, ASK_TITLE)


def how_to_check(country: str | None) -> HowToCheck:
    """Return the steps to check a professional in `country`, an ISO code or None."""
    pack = pack_of(country)
    if pack is None:
        return HowToCheck(
            country=country or "",
            steps=(cannot_tell(country, ASK_STEPS),),
            voluntary=cannot_tell(country, ASK_VOLUNTARY),
            complaints=cannot_tell(country, ASK_COMPLAINTS),
        )
    return HowToCheck(
        country=pack.name,
        steps=tuple(pack.cell_of(step, ASK_STEPS) for step in pack.steps),
        voluntary=pack.cell_of(pack.voluntary, ASK_VOLUNTARY),
        complaints=pack.cell_of(pack.complaints, ASK_COMPLAINTS),
    )


def pack_of(country: str | None) -> Jurisdiction | None:
    """Return the pack of an ISO code in any case, or None where we hold none."""
    return jurisdictions().get((country or "").upper())


def cannot_tell(country: str | None, ask: str) -> Cell:
    """Return the cell for a country that was not chosen or has no pack."""
    why = NO_PACK if country else NO_COUNTRY
    return Cell(text=f"{why} {ask}", state=CellState.UNKNOWN)


def _check_pack(pack: Jurisdiction) -> None:
    """Raise FactError for what the schema cannot see in one pack."""
    where = f"{FOLDER}/{pack.id}.toml"
    if pack.code.lower() != pack.id:
        raise FactError(
            f"{where}: code: is {pack.code!r}, but the file is called {pack.id}.toml. "
            f'Write code = "{pack.id.upper()}" or rename the file.'
        )
    for key, passage in _passages(pack):
        if passage.source_id and passage.source_id not in pack.sources:
            raise FactError(
                f"{where}: {key}.source_id: there is no source {passage.source_id!r} in this "
                f"file. Use one of {', '.join(sorted(pack.sources))}."
            )
    for profession_id, rule in pack.titles.items():
        if rule.protected is Protection.UNKNOWN and rule.text:
            raise FactError(
                f"{where}: titles.{profession_id}.text: says something, but protected is "
                '"unknown". Remove the text, or say what the law does.'
            )


def _passages(pack: Jurisdiction) -> list[tuple[str, Passage]]:
    named: list[tuple[str, Passage]] = [(f"steps.{n}", p) for n, p in enumerate(pack.steps)]
    named += [("voluntary", pack.voluntary), ("complaints", pack.complaints)]
    return named + [(f"titles.{key}", rule) for key, rule in pack.titles.items()]
