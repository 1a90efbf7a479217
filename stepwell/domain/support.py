"""Kinds of support: what is given. And the limits of confidentiality, told in plain words.

Who gives them stands in `professions`; both families share the seven dimensions
of `dimensions`, and a kind names the professions that give it, per country.
"""

from collections import Counter
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from stepwell.domain import loading, professions
from stepwell.domain.dimensions import BASIS_WORDS, Basis, ConfidentialityLabel, Dimensions
from stepwell.domain.errors import FactError
from stepwell.domain.sources import (
    Cell,
    CellState,
    Checked,
    Fact,
    FactId,
    Frozen,
    Source,
    Statement,
    Text,
    cell,
)

FOLDER = "kinds_of_support"
LIMITS_FILE = "confidentiality_limits.toml"
ANY_COUNTRY = "any"

Level = Annotated[int, Field(ge=0, le=5)]
CountryKey = Annotated[str, Field(pattern=r"^(any|[A-Z]{2})$")]


class Family(StrEnum):
    """What sort of help a kind belongs to; pages group by it."""

    TALKING = "talking"
    PRACTICAL = "practical"
    BODY = "body"
    CREATIVE = "creative"
    MEDICAL = "medical"
    URGENT = "urgent"
    PEERS = "peers"
    SELF_DIRECTED = "self_directed"
    GROWTH = "growth"
    COMMUNITY = "community"


FAMILY_NAMES = {
    Family.TALKING: "Talking with a trained person",
    Family.PEERS: "Among people who have been there",
    Family.SELF_DIRECTED: "Working on it yourself",
    Family.GROWTH: "Growing and reaching goals",
    Family.CREATIVE: "Making and doing",
    Family.BODY: "Through the body",
    Family.PRACTICAL: "Practical help with daily life",
    Family.COMMUNITY: "Community and belonging",
    Family.MEDICAL: "Doctors, teams and clinics",
    Family.URGENT: "Urgent help",
}


class Psychotherapy(StrEnum):
    """Whether a kind is psychotherapy. `may`: it depends on the country and the licence."""

    YES = "yes"
    MAY = "may"
    NO = "no"


class KindOfSupport(Fact):
    """One kind of support on the seven dimensions."""

    name: Text
    in_sentence: Text
    one_line: Text
    family: Family
    levels: Annotated[tuple[Level, ...], Field(min_length=1)]
    with_a_person: bool
    clinical: bool
    is_psychotherapy: Psychotherapy
    dimensions: Dimensions
    label: ConfidentialityLabel
    given_by: Mapping[CountryKey, tuple[FactId, ...]]
    questions: Annotated[tuple[Text, ...], Field(min_length=3, max_length=5)]

    def given_by_in(self, country: str | None) -> tuple[str, ...]:
        """Return the professions that give it in `country`, by id.

        Without a country, or in one that this kind says nothing about: those
        that commonly give it anywhere. Empty means that nobody has to.
        """
        return self.given_by.get(country or ANY_COUNTRY, self.given_by[ANY_COUNTRY])


class Limit(Fact):
    """One limit of confidentiality: where what you say may go further."""

    name: Text
    plain_words: Text
    applies_to: Text
    comes_from: Text
    instead: Text

    def cell(self) -> Cell:
        """Return what a visitor may see: a limit that was only recalled is never stated."""
        told = Statement(text=self.plain_words)
        return cell(told, self.source, strict=True, instead=self.instead)


class LimitView(Frozen):
    """A limit as a page shows it: its topic, and the cell."""

    id: FactId
    name: Text
    told: Cell

    @property
    def named(self) -> Cell:
        """Return the cell for a list: one that is not stated says what it would be about."""
        if self.told.state is not CellState.UNKNOWN:
            return self.told
        return self.told.model_copy(update={"text": f"{self.name}: {self.told.text}"})


class LabelView(Frozen):
    """A confidentiality label as a page shows it. No cell is empty."""

    basis: Cell
    who_can_see: Cell
    limits: tuple[LimitView, ...]
    records: Cell
    complain: Cell


class _Limits(Frozen):
    limits: Annotated[tuple[Limit, ...], Field(min_length=1)]


@loading.remembered
def kinds() -> Mapping[str, KindOfSupport]:
    """Return every kind of support by id."""
    found = loading.folder(FOLDER, KindOfSupport)
    for kind in found.values():
        _check_kind(kind)
    return found


def kind(kind_id: str) -> KindOfSupport:
    """Return one kind; raise UnknownFact with the nearest ids."""
    return loading.get(kinds(), "kind of support", kind_id)


@loading.remembered
def limits() -> Mapping[str, Limit]:
    """Return every limit of confidentiality by id, in the order of the file."""
    found: dict[str, Limit] = {}
    for limit in loading.read(loading.path(LIMITS_FILE), _Limits).limits:
        if limit.id in found:
            raise FactError(
                f"{LIMITS_FILE}: limits: {limit.id!r} stands there twice. Remove one of the two."
            )
        found[limit.id] = limit
    return MappingProxyType(found)


def label_view(label: ConfidentialityLabel, source: Source) -> LabelView:
    """Return a label as a page may show it.

    `source` is the file's, used where the label names none. What the promise
    rests on, who can see what and what is kept are strict: never from memory.
    """
    origin = label.source or source
    return LabelView(
        basis=_basis_cell(label.basis, origin),
        who_can_see=cell(
            label.who_can_see, origin, strict=True, instead="Ask who will see your notes."
        ),
        limits=tuple(
            LimitView(id=limit_id, name=limits()[limit_id].name, told=limits()[limit_id].cell())
            for limit_id in label.limits
        ),
        records=cell(
            label.records, origin, strict=True, instead="Ask what is kept, where and for how long."
        ),
        complain=cell(
            label.complain, origin, strict=False, instead="Ask how to complain before you start."
        ),
    )


def check() -> None:
    """Raise FactError at the first broken reference between kinds, limits and professions."""
    for found in kinds().values():
        for country, profession_ids in found.given_by.items():
            loading.check_known(
                _file(found), f"given_by.{country}", profession_ids, professions.professions()
            )
    for profession in professions.professions().values():
        where = f"professions/{profession.id}.toml"
        loading.check_known(where, "kinds", profession.kinds, kinds())


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how many kinds and limits there are, by how they were checked."""
    return {
        "kinds of support": Counter(found.source.checked for found in kinds().values()),
        "limits of confidentiality": Counter(limit.source.checked for limit in limits().values()),
    }


def _check_kind(kind: KindOfSupport) -> None:
    """Raise FactError for what the schema cannot see in one kind."""
    if list(kind.levels) != sorted(set(kind.levels)):
        raise FactError(
            f"{_file(kind)}: levels: must rise, each level once. "
            f"Write levels = {sorted(set(kind.levels))}."
        )
    if ANY_COUNTRY not in kind.given_by:
        raise FactError(
            f"{_file(kind)}: given_by.any: is missing. Add the professions that commonly give "
            "it anywhere, or an empty list where nobody has to."
        )
    loading.check_known(_file(kind), "label.limits", kind.label.limits, limits())


def _basis_cell(basis: Basis, source: Source) -> Cell:
    return cell(
        Statement(text=f"{BASIS_WORDS[basis]}."),
        source,
        strict=True,
        instead="Ask what their promise of privacy rests on.",
    )


def _file(kind: KindOfSupport) -> str:
    return f"{FOLDER}/{kind.id}.toml"
