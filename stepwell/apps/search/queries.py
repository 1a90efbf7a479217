"""Reads: what answers a search, best first; and what fits while somebody is typing.

The full-text index names a bounded number of candidates, titles before summaries
before texts and the newest first; our own sum (`stepwell.domain.ranking`) puts
them in order. No word that was typed is kept or logged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stepwell.apps.search import marks, vocabulary
from stepwell.apps.search.asks import Ask, Clause
from stepwell.apps.search.index import index
from stepwell.apps.search.models import SearchDocument, SearchText
from stepwell.apps.search.numbers import Pool, pool_span
from stepwell.apps.search.stems import stem
from stepwell.domain.folding import folded
from stepwell.domain.ranking import Words, score
from stepwell.domain.searching import LONGEST_TEXT, Wanted, wanted

CANDIDATES = {Pool.FACTS: 300, Pool.ARTICLES: 300, Pool.LISTINGS: 100}
ENOUGH = 10  # with fewer that have every word, those with most of the words come too
MOST_WORDS_TYPED = 6  # of a title, while somebody is typing
FIRST_OF_TITLES = 40
PLACES = (marks.TITLE, marks.HEAD, marks.ANYWHERE)


@dataclass(frozen=True)
class Filters:
    """Where to look: everywhere, or in articles of one section or with one tag."""

    section: str = ""
    tag: str = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """Return the marks that every document must have."""
        given = ((marks.SECTION, self.section), (marks.TAG, self.tag))
        return tuple(marks.label(kind, value) for kind, value in given if value)

    @property
    def pools(self) -> tuple[Pool, ...]:
        """Return where candidates come from."""
        return (Pool.ARTICLES,) if self.labels else tuple(Pool)


@dataclass(frozen=True)
class Ranked:
    """One document that answers, and how well."""

    score: float
    number: int
    family: str
    key: str


@dataclass(frozen=True)
class Hit:
    """One document as results show it."""

    number: int
    family: str
    key: str
    title: str
    summary: str
    section: str
    url: str
    heavy: bool


@dataclass(frozen=True)
class Found:
    """Everything that answers, best first; the stems to mark; what was looked for instead."""

    ranked: tuple[Ranked, ...] = ()
    stems: frozenset[str] = frozenset()
    instead: str = ""


EVERYWHERE = Filters()


def find(text: str, *, filters: Filters = EVERYWHERE, exact: bool = False) -> Found:
    """Return what answers a text, best first. Any text is welcome.

    Words that stand nowhere are taken as beginnings or as typing errors, unless
    `exact`; what was then looked for is named in `instead`.
    """
    asked = wanted(text, stem, vocabulary.lexicon())
    if not asked.clauses:
        return Found()
    known = vocabulary.Known(asked)
    asked = vocabulary.with_beginnings(asked, known)
    words = None if exact else vocabulary.meant(folded(text[:LONGEST_TEXT]), asked, known)
    if words is not None:
        asked = wanted(" ".join(words), stem, vocabulary.lexicon())
        known = vocabulary.Known(asked)
    ranked = _ranked(asked, known, _candidates(asked, filters))
    return Found(tuple(ranked), asked.stems, " ".join(words or ()))


def hits(numbers: Sequence[int]) -> list[Hit]:
    """Return documents as results show them, in the order of `numbers`."""
    fields = ("id", "family", "key", "title", "summary", "section", "url", "heavy")
    rows = SearchDocument.objects.filter(pk__in=numbers).values_list(*fields) if numbers else ()
    found = {row[0]: Hit(*row) for row in rows}
    return [found[number] for number in numbers if number in found]


def begun(text: str) -> list[Hit]:
    """Return documents whose titles hold every word, the last one as a beginning."""
    words = folded(text[:LONGEST_TEXT])[-MOST_WORDS_TYPED:]
    if not words:
        return []
    clauses = [((marks.mark(word),),) for word in words[:-1]]
    clauses.append(((f"{marks.mark(words[-1])}*",),))
    asks = [Ask(tuple(clauses), pool_span(pool), FIRST_OF_TITLES, titles=True) for pool in Pool]
    found = hits([number for numbers in index().take(asks) for number in numbers])
    start = " ".join(words)
    return sorted(found, key=lambda one: _place_begun(one, start))


def _place_begun(one: Hit, start: str) -> tuple[bool, bool, int, int]:
    title = " ".join(folded(one.title))
    inside = f" {title}".find(f" {start}")
    return (one.heavy, inside != 0, len(title) if inside == 0 else 0, -one.number)


def _candidates(asked: Wanted, filters: Filters) -> list[int]:
    """Return numbers worth ranking: those with every word, and if these are few, with most."""
    clauses = [tuple(phrase.stems for phrase in one.alternatives) for one in asked.clauses]
    strict = _take([clauses], filters)
    few = len(strict) < ENOUGH and len(clauses) > 1
    return strict + _take(_most_of(clauses), filters) if few else strict


def _most_of(clauses: list[Clause]) -> list[list[Clause]]:
    """Return the clauses with each left out in turn, and then any one alone."""
    but_one = [clauses[:at] + clauses[at + 1 :] for at in range(len(clauses))]
    any_one = tuple(alternative for clause in clauses for alternative in clause)
    return [*(but_one if len(clauses) > 2 else []), [any_one]]


def _take(variants: Iterable[list[Clause]], filters: Filters) -> list[int]:
    """Return candidates of every pool within its bound: titles, then summaries, then texts."""
    labels: list[Clause] = [((label,),) for label in filters.labels]
    keys = [(pool, each, where) for pool in filters.pools for each in variants for where in PLACES]
    asks = [
        Ask((*(_at(clause, where) for clause in each), *labels), pool_span(pool), CANDIDATES[pool])
        for pool, each, where in keys
    ]
    kept: dict[Pool, dict[int, None]] = {pool: {} for pool in filters.pools}
    for (pool, _, _), numbers in zip(keys, index().take(asks), strict=True):
        room = CANDIDATES[pool] - len(kept[pool])
        kept[pool].update(dict.fromkeys([n for n in numbers if n not in kept[pool]][:room]))
    return [number for numbers in kept.values() for number in numbers]


def _at(clause: Clause, where: str) -> Clause:
    return tuple(tuple(marks.mark(one, where) for one in each) for each in clause)


def _ranked(asked: Wanted, known: vocabulary.Known, numbers: Sequence[int]) -> list[Ranked]:
    rarities = known.rarities(asked)
    fields = ("title_stems", "head_stems", "body_stems")
    rows = SearchText.objects.filter(document__in=numbers).values_list(
        "document_id", "document__family", "document__key", *fields
    )
    found = [
        Ranked(score(asked, rarities, Words(*texts)), number, family, key)
        for number, family, key, *texts in rows
    ]
    return sorted(found, key=lambda one: (-one.score, -one.number))
