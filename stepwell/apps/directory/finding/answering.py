"""One search, whatever the rows come from: who is within reach, who fits, in which order."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

import numpy as np

from stepwell.apps.directory.finding import columns, counting, judging
from stepwell.apps.directory.finding.columns import Array, Words
from stepwell.apps.directory.finding.engine import PAGE, Found
from stepwell.apps.directory.finding.judging import Judged, Rows
from stepwell.domain.matching import FEW, Removed, Shuffle, shuffle_of
from stepwell.domain.narrowing import relaxations
from stepwell.domain.offers import Preferences, Reach

OF_REACH = frozenset({"place", "distance", "reach"})  # wishes that decide what is looked at


@dataclass(frozen=True)
class Pool:
    """The rows within reach. `kinds`: of every kind; `more`: not all of them were looked at."""

    packed: Any  # by field; see judging.Picked
    away: Array
    kinds: bool = True
    more: bool = False


class Source(Protocol):
    """Where rows come from."""

    def words(self) -> Words:
        """Return the number of every word."""

    def start(self) -> Removed:
        """Return how many rows there are in all, or that there are more than so many."""

    def within_reach(
        self, wanted: Preferences, words: Words, lot: Shuffle, *, of_kind: bool
    ) -> Pool:
        """Return the rows that pass the gate of reach, at most LOOKED_AT.

        Where there are more, of the kind asked for; then the nearest, or drawn by lot. With
        `of_kind` it is for an estimate: of the kind only, and no more than are quickly read.
        """

    def naming(self, family: str, value: str) -> Collection[UUID]:
        """Return the listings that name a word that has no bit. They are few: it is rare."""


def answer(source: Source, wanted: Preferences, *, page: int, today: date, site: str) -> Found:
    """Return one page of what fits, with all that is counted."""
    words, lot = source.words(), shuffle_of(today, site)
    pool = source.within_reach(wanted, words, lot, of_kind=False)
    judged = judged_of(source, pool, wanted, words, today)
    funnel = counting.funnel(judged, source.start(), len(pool.away))
    facets = dict(counting.facets(judged, words, today))
    if not pool.kinds:
        del facets["kind"]
        uncounted = [Removed("reach", 0, more=True), Removed("kind", 0, more=True)]
        funnel = funnel._replace(removed=(*uncounted, *funnel.removed[2:]))
    less: Mapping[str, int] = {}
    if funnel.left < FEW:
        less = what_if(source, judged, wanted, words, lot, today)
    return Found(
        ids=counting.page(judged, wanted, words, number=page, size=PAGE, today=today, lot=lot),
        total=funnel.left,
        more=pool.more,
        funnel=funnel._replace(more_left=pool.more),
        facets=MappingProxyType(facets),
        what_if=MappingProxyType(less),
    )


def judged_of(source: Source, pool: Pool, wanted: Preferences, words: Words, today: date) -> Judged:
    """Return what is true of each row of a pool."""
    beyond = {
        family: with_ids(pool.packed, source.naming(family, getattr(wanted, family)))
        for family, width in columns.MASKS.items()
        if words.get((family, getattr(wanted, family)), 0) >= width
    }
    return judging.judge(Rows(pool.packed, pool.away, beyond), wanted, words, today)


def with_ids(packed: Any, listings: Collection[UUID]) -> Array:
    """Return which rows are those of some listings."""
    ids = packed["id"]
    found = np.isin(ids[:, 1], np.array([one.int & (2**64 - 1) for one in listings], np.uint64))
    for at in np.flatnonzero(found):
        found[at] = UUID(int=int(ids[at, 0]) << 64 | int(ids[at, 1])) in listings
    return found


def what_if(
    source: Source,
    judged: Judged,
    wanted: Preferences,
    words: Words,
    lot: Shuffle,
    today: date,
) -> Mapping[str, int]:
    """Return how many would fit with one wish less, or that it is so many at least."""
    counted = {}
    for wish, easier in relaxations(wanted).items():
        if wish in OF_REACH:
            pool = source.within_reach(easier, words, lot, of_kind=True)
            judged_anew = judged_of(source, pool, easier, words, today)
            counted[wish] = int(judged_anew.fitting.sum())
        else:
            counted[wish] = int(judged.passing_all_but(wish).sum())
    return counted


def within(packed: Any, here: int, wanted: Preferences) -> tuple[Any, Array]:
    """Return the rows within reach, each once, and how far they are.

    The first `here` rows are at places that may be near enough; the others are those given
    from afar to the country asked for. A row that is near counts as one that is near.
    """
    away = judging.distances(packed, wanted)
    kept = judging.is_here(Rows(packed, away, {}), wanted)
    kept[here:] = ~kept[here:] | (wanted.reach is Reach.REMOTE)
    return packed[kept], away[kept]


def from_kind(words: Words, lot: Shuffle) -> list[int]:
    """Return the numbers of all kinds, from the one on that the lot says, round the end."""
    known = sorted(number for (family, _), number in words.items() if family == "kind")
    first = lot.offset % (max(known, default=0) + 1)
    return [*(one for one in known if one >= first), *(one for one in known if one < first)]
