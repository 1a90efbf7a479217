"""Professions: who gives support, on the same seven dimensions as the kinds.

Titles and registers differ per country and stand in `jurisdictions` and
`registers`; their questions are asked through this module.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from stepwell.domain import loading
from stepwell.domain.dimensions import ConfidentialityLabel, Dimensions
from stepwell.domain.jurisdictions import HowToCheck, how_to_check, jurisdictions, title_in
from stepwell.domain.registers import RegisterView, registers, registers_for
from stepwell.domain.sources import Cell, Checked, Fact, FactId, Statement, Text, cell

__all__ = [
    "HowToCheck",
    "Profession",
    "RegisterView",
    "check",
    "counts",
    "how_to_check",
    "jurisdictions",
    "profession",
    "professions",
    "registers",
    "registers_for",
    "title_in",
]

FOLDER = "professions"
ASK_DIAGNOSE = "Ask whether they may diagnose where you live, and who does if they do not."
ASK_PRESCRIBE = "Ask whether they may prescribe where you live, and who does if they do not."


class Profession(Fact):
    """One profession or role on the seven dimensions.

    `regulated` says that the law sets rules for it somewhere; it is there for
    sorting, and what holds in a country is for `title_in` to say. `kinds` are
    the ids of the kinds of support it gives.
    """

    name: Text
    in_sentence: Text
    one_line: Text
    regulated: bool
    dimensions: Dimensions
    label: ConfidentialityLabel
    can_diagnose: Statement
    can_prescribe: Statement
    kinds: Annotated[tuple[FactId, ...], Field(min_length=1)]
    questions: Annotated[tuple[Text, ...], Field(min_length=3, max_length=5)]

    @property
    def with_article(self) -> str:
        """Return "a counsellor", "an art therapist"."""
        article = "an" if self.in_sentence[0] in "aeio" else "a"
        return f"{article} {self.in_sentence}"

    def diagnosing(self) -> Cell:
        """Return what a visitor may see on whether they diagnose; it is law, so strict."""
        return cell(self.can_diagnose, self.source, strict=True, instead=ASK_DIAGNOSE)

    def prescribing(self) -> Cell:
        """Return what a visitor may see on whether they prescribe; it is law, so strict."""
        return cell(self.can_prescribe, self.source, strict=True, instead=ASK_PRESCRIBE)


@loading.remembered
def professions() -> Mapping[str, Profession]:
    """Return every profession by id."""
    return loading.folder(FOLDER, Profession)


def profession(profession_id: str) -> Profession:
    """Return one profession; raise UnknownFact with the nearest ids."""
    return loading.get(professions(), "profession", profession_id)


def check() -> None:
    """Raise FactError at the first reference to a profession that does not exist.

    The kinds a profession gives are checked by `support`, which knows them.
    """
    known = professions()
    for pack in jurisdictions().values():
        loading.check_known(f"jurisdictions/{pack.id}.toml", "titles", list(pack.titles), known)
    for entry in registers().values():
        where = f"registers/{entry.id}.toml"
        loading.check_known(where, "professions", entry.professions, known)


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how many professions, title rules and registers there are, by how checked."""
    packs = jurisdictions().values()
    return {
        "professions": Counter(found.source.checked for found in professions().values()),
        "titles by country": Counter(
            pack.source_of(rule).checked for pack in packs for rule in pack.titles.values()
        ),
        "registers": Counter(found.source.checked for found in registers().values()),
        "addresses of registers": Counter(
            found.addresses_checked for found in registers().values() if found.lookup_url
        ),
    }
