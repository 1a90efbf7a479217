"""Any two kinds of support, or any two professions, side by side.

Rows that differ come first. Two cells differ only where both are known: what we
could not check is never called a difference, nor a likeness.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import chain, combinations, zip_longest

from stepwell.domain import professions, support, verdicts
from stepwell.domain.dimensions import NAMES, Dimension, Dimensions
from stepwell.domain.errors import DomainError, UnknownFact
from stepwell.domain.jurisdictions import NO_PACK, Protection, pack_of
from stepwell.domain.professions import Profession
from stepwell.domain.sources import (
    Cell,
    CellState,
    CountryCode,
    FactId,
    Frozen,
    Source,
    Statement,
    Text,
    cell,
)
from stepwell.domain.support import KindOfSupport

NOBODY = "Nobody has to: you do this by yourself or among each other."
ASK_WHO = "Ask who gives it, and what training that person had."
TITLE_NOTES = {
    Protection.YES: "title protected by law",
    Protection.PARTLY: "title partly protected by law",
    Protection.NO: "title not protected by law",
}


class NotComparable(DomainError):
    """These two cannot be laid side by side. The message names the repair."""


class Compared(StrEnum):
    """Which of the two families is compared; they are never mixed."""

    KINDS = "kinds"
    PROFESSIONS = "professions"


class Side(Frozen):
    """One of the two that are compared."""

    id: FactId
    name: Text
    in_sentence: Text
    one_line: Text
    source: Source


class Row(Frozen):
    """One thing to compare: two cells, and whether they are known to differ."""

    key: str
    name: Text
    a: Cell
    b: Cell

    @property
    def differs(self) -> bool:
        """Return whether both cells are known and say different things."""
        return CellState.UNKNOWN not in (self.a.state, self.b.state) and self.a.text != self.b.text


class Comparison(Frozen):
    """Two of one family side by side, in one country or anywhere."""

    family: Compared
    a: Side
    b: Side
    country: CountryCode | None
    verdict: Text
    rows: tuple[Row, ...]
    by_country: tuple[Row, ...]
    questions: tuple[Text, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return every cell of every row."""
        return tuple(chain.from_iterable((row.a, row.b) for row in self.rows + self.by_country))


def compare(a: str, b: str, *, country: str | None) -> Comparison:
    """Return two kinds, or two professions, side by side.

    `country` is an ISO code, or None for what holds anywhere. Raises
    NotComparable for the same id twice or for a kind with a profession, and
    UnknownFact, with the nearest ids, for an id of neither family.
    """
    if a == b:
        raise NotComparable(f"{a} and {b} are the same. Choose two different ones.")
    family = _family_of(a)
    if family is not _family_of(b):
        raise NotComparable(
            f"{a} and {b} are of two sorts: one is a kind of support, the other a profession. "
            "Choose two kinds, or two professions."
        )
    if family is Compared.KINDS:
        return _compare_kinds(support.kind(a), support.kind(b), country)
    return _compare_professions(professions.profession(a), professions.profession(b), country)


def unknown_cells() -> Mapping[str, int]:
    """Return how many cells over all pairs say "we could not check this", per family.

    Counted without a country, over the seven dimensions.
    """
    return {
        Compared.KINDS.value: _unknown_over_pairs(support.kinds()),
        Compared.PROFESSIONS.value: _unknown_over_pairs(professions.professions()),
    }


def given_by(kind: KindOfSupport, country: str | None) -> Cell:
    """Return who gives this kind in `country`, each with what the law says about the title.

    A country without a pack answers that we cannot tell.
    """
    if country and pack_of(country) is None:
        return Cell(text=f"{NO_PACK} {ASK_WHO}", state=CellState.UNKNOWN)
    names = [_with_title(found, country) for found in kind.given_by_in(country)]
    told = Statement(text=f"{'; '.join(names)}." if names else NOBODY)
    return cell(told, kind.source, strict=False, instead=ASK_WHO)


def _family_of(fact_id: str) -> Compared:
    if fact_id in support.kinds():
        return Compared.KINDS
    if fact_id in professions.professions():
        return Compared.PROFESSIONS
    known = [*support.kinds(), *professions.professions()]
    raise UnknownFact("kind of support or profession", fact_id, known)


def _compare_kinds(a: KindOfSupport, b: KindOfSupport, country: str | None) -> Comparison:
    row = Row(
        key="given_by",
        name="Who gives it",
        a=given_by(a, country),
        b=given_by(b, country),
    )
    return Comparison(
        family=Compared.KINDS,
        a=_side(a, a.in_sentence),
        b=_side(b, b.in_sentence),
        country=country,
        verdict=verdicts.on_kinds(a, b),
        rows=_rows(a.dimensions, a.source, b.dimensions, b.source),
        by_country=(row,),
        questions=_merged(a.questions, b.questions),
    )


def _compare_professions(a: Profession, b: Profession, country: str | None) -> Comparison:
    rows = (
        Row(
            key="title",
            name="Title in law",
            a=professions.title_in(a.id, country),
            b=professions.title_in(b.id, country),
        ),
        Row(key="diagnose", name="May make a diagnosis", a=a.diagnosing(), b=b.diagnosing()),
        Row(key="prescribe", name="May prescribe medicine", a=a.prescribing(), b=b.prescribing()),
    )
    return Comparison(
        family=Compared.PROFESSIONS,
        a=_side(a, a.with_article),
        b=_side(b, b.with_article),
        country=country,
        verdict=verdicts.on_professions(a, b, country),
        rows=_rows(a.dimensions, a.source, b.dimensions, b.source),
        by_country=rows,
        questions=_merged(a.questions, b.questions),
    )


def _rows(a: Dimensions, a_source: Source, b: Dimensions, b_source: Source) -> tuple[Row, ...]:
    """Return the seven dimensions, those that differ first, each group in the fixed order."""
    pairs = zip(a.cells(a_source), b.cells(b_source), strict=True)
    rows = [_row(dimension, left, right) for (dimension, left), (_, right) in pairs]
    return tuple(sorted(rows, key=lambda row: not row.differs))


def _row(dimension: Dimension, a: Cell, b: Cell) -> Row:
    return Row(key=dimension.value, name=NAMES[dimension], a=a, b=b)


def _side(fact: KindOfSupport | Profession, in_sentence: str) -> Side:
    return Side(
        id=fact.id,
        name=fact.name,
        in_sentence=in_sentence,
        one_line=fact.one_line,
        source=fact.source,
    )


def _merged(a: Sequence[str], b: Sequence[str]) -> tuple[str, ...]:
    """Return the questions of both in turn, each once."""
    in_turn = chain.from_iterable(zip_longest(a, b))
    return tuple(dict.fromkeys(question for question in in_turn if question))


def _with_title(profession_id: str, country: str | None) -> str:
    name = professions.profession(profession_id).name
    note = TITLE_NOTES.get(verdicts.protection(profession_id, country), "")
    return f"{name} ({note})" if note else name


def _unknown_over_pairs(ids: Iterable[str]) -> int:
    found = 0
    for a, b in combinations(ids, 2):
        rows = compare(a, b, country=None).rows
        found += sum(side.state is CellState.UNKNOWN for row in rows for side in (row.a, row.b))
    return found
