"""Rows from a snapshot, as `finding.answering` asks for them.

A circle is answered whole, up to LOOKED_AT here; the database engine looks at fewer and
says "at least" earlier. Without a place, both look at the same rows: all, or those of the
kind asked for, or some drawn by the day's lot.
"""

from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass
from typing import cast
from uuid import UUID

import numpy as np

from stepwell.apps.directory.finding import cells, columns, judging
from stepwell.apps.directory.finding.answering import Pool, from_kind
from stepwell.apps.directory.finding.columns import (
    ROW,
    Array,
    Words,
    code_number,
    first_turns,
    unpack,
)
from stepwell.apps.directory.finding.database import AN_ESTIMATE, COUNTED, Database
from stepwell.apps.directory.finding.engine import LOOKED_AT
from stepwell.apps.directory.finding.rows import ANYWHERE
from stepwell.apps.directory.models import ListingRow, RowWord
from stepwell.apps.directory.snapshot import circles
from stepwell.apps.directory.snapshot.layout import UNPLACED
from stepwell.apps.directory.snapshot.table import Columns, Table
from stepwell.domain.matching import Removed, Shuffle
from stepwell.domain.offers import Preferences, Reach

LOOKED_AT_AROUND = 400_000
KIND_BITS = 8


@dataclass(frozen=True)
class Fresh:
    """What changed since the snapshot: its rows that no longer count, and those that do."""

    gone: Array  # numbers of rows of the snapshot, sorted
    packed: Array
    afar: Array  # packed rows under each country they serve
    afar_countries: Array
    words: Words

    @classmethod
    def read(cls, there: Columns, changed: Collection[UUID]) -> "Fresh":
        """Read the rows of listings that changed. Two queries."""
        ids = np.array([(one.int >> 64, one.int & (2**64 - 1)) for one in changed], "<u8")
        rows = there.rows_of(ids.reshape(-1, 2))
        now = list(ListingRow.objects.filter(pk__in=changed).values_list("packed", "afar"))
        afar = [(code, row) for row, served in now for code in served.split(",")[:-1]]
        words = RowWord.objects.values_list("family", "value", "number")
        return cls(
            np.sort(rows[rows >= 0]),
            unpack(row for row, _ in now),
            unpack(row for _, row in afar),
            np.array([code_number(country) for country, _ in afar], "<u2"),
            {(family, value): number for family, value, number in words},
        )


@dataclass(frozen=True)
class Part:
    """Numbers of rows; whether they are of every kind, and whether there are more."""

    rows: Array
    kinds: bool = True
    more: bool = False


NONE = Part(np.zeros(0, np.int64))


class Source:
    """Rows of one snapshot and what changed since."""

    def __init__(self, there: Columns, fresh: Fresh) -> None:
        self.there, self.fresh = there, fresh
        self.disks: dict[float, Array] = {}  # of this one search: it asks around more than once

    def words(self) -> Words:
        """Return the number of every word. New words come with changes, and with those only."""
        return self.fresh.words

    def start(self) -> Removed:
        """Return how many rows there are, as the database counts them."""
        count = len(self.there) - len(self.fresh.gone) + len(self.fresh.packed)
        return Removed("start", min(count, COUNTED), more=count > COUNTED)

    def naming(self, family: str, value: str) -> Collection[UUID]:
        """Return the listings that name a word that has no bit. One query."""
        return Database().naming(family, value)

    def within_reach(
        self, wanted: Preferences, words: Words, lot: Shuffle, *, of_kind: bool
    ) -> Pool:
        """Return the rows within reach, each once."""
        kind = words.get(("kind", wanted.kind), columns.MOST_KINDS) if wanted.kind else None
        here = afar = NONE
        if wanted.reach is not Reach.REMOTE:
            if wanted.has_place:
                here = self.around(wanted, kind, of_kind=of_kind)
            else:
                code = code_number(wanted.country) if wanted.country else None
                here = self.laddered("nation", code, kind, words, lot, of_kind=of_kind)
        if wanted.reach is not Reach.IN_PERSON:
            code = code_number(wanted.country) if wanted.country else code_number(ANYWHERE)
            of_kind = of_kind or not here.kinds
            afar = self.laddered("afar", code, kind, words, lot, of_kind=of_kind)
        return self.pool(wanted, here, afar, kind)

    def pool(self, wanted: Preferences, here: Part, afar: Part, kind: int | None) -> Pool:
        """Return the rows near and from afar together; what is near counts as near."""
        kinds = here.kinds and afar.kinds
        parts = []
        fresh_afar = self.fresh.afar[self.fresh.afar_countries == code_number(wanted.country)]
        both = ((here, self.fresh.packed, True), (afar, fresh_afar, False))
        for part, fresh, near in both:
            if near and wanted.reach is Reach.REMOTE:
                fresh = fresh[:0]
            if not near and wanted.reach is Reach.IN_PERSON:
                fresh = fresh[:0]
            table = Table(self.there, self.without_gone(part.rows), fresh)
            away = circles.distances(table, wanted)
            rows = judging.Rows(cast(Array, table), away, {})
            nearby = judging.is_here(rows, wanted)
            kept = nearby if near else ~nearby | (wanted.reach is Reach.REMOTE)
            if kind is not None and not kinds:
                kept &= table["kind"] == kind
            parts.append((table[kept], away[kept]))
        table, away = joined(*parts)
        return Pool(cast(Array, table), away, kinds=kinds, more=here.more or afar.more)

    def without_gone(self, rows: Array) -> Array:
        """Return the rows but for those that changed since the snapshot."""
        if not len(self.fresh.gone) or not len(rows):
            return rows
        return rows[~np.isin(rows, self.fresh.gone)]

    def around(self, wanted: Preferences, kind: int | None, *, of_kind: bool) -> Part:
        """Return the rows in the cells around the places asked for, and at places named."""
        if wanted.within_km not in self.disks:
            disk = cells.around(wanted.near, wanted.within_km)
            self.disks[wanted.within_km] = np.array(disk, "<i8")
        ranges = self.in_cells(self.disks[wanted.within_km])
        many = sum(end - begin for begin, end in ranges)
        narrowed = kind is not None and (of_kind or many > LOOKED_AT_AROUND)
        if narrowed and kind is not None:
            ranges = [self.of_kind(begin, end, kind) for begin, end in ranges]
        rows = numbers_in(ranges)
        if wanted.places:
            rows = np.concatenate([rows, self.named(wanted)])
        return Part(rows, kinds=not narrowed)

    def named(self, wanted: Preferences) -> Array:
        """Return the rows at the places named that have no point."""
        begin, end = next(iter(self.in_cells(np.array([UNPLACED], "<i8"))), (0, 0))
        places = self.there.arrays["place"][begin:end]
        return begin + np.flatnonzero(np.isin(places, np.fromiter(wanted.places, np.int64)))

    def in_cells(self, disk: Array) -> list[tuple[int, int]]:
        """Return from where to where the rows of each cell stand, for cells that have any."""
        known, starts = self.there.arrays["cells"], self.there.arrays["starts"]
        if not len(known):
            return []
        at = np.searchsorted(known, disk).clip(max=len(known) - 1)
        at = np.sort(at[known[at] == disk])
        return list(zip(starts[at].tolist(), starts[at + 1].tolist(), strict=True))

    def of_kind(self, begin: int, end: int, kind: int) -> tuple[int, int]:
        """Return the part of a cell's rows that is of one kind: they stand by kind."""
        kinds = self.there.arrays["kind"][begin:end]
        first, last = np.searchsorted(kinds, [kind, kind + 1])
        return begin + int(first), begin + int(last)

    def laddered(
        self,
        name: str,
        country: int | None,
        kind: int | None,
        words: Words,
        lot: Shuffle,
        *,
        of_kind: bool,
    ) -> Part:
        """Return all rows of a country; or those of the kind; or some of them, by the lot."""
        most = AN_ESTIMATE.most if of_kind else LOOKED_AT
        if kind is None or not of_kind:
            if self.many(name, country, None) <= most:
                return Part(self.ranked(name, country, None))
            if kind is None:
                return Part(self.of_some_kinds(name, country, words, lot, most), more=True)
        if self.many(name, country, kind) <= most:
            return Part(self.ranked(name, country, kind), kinds=False)
        first = self.first_of(name, country, kind, lot.offset, most)
        return Part(first, kinds=False, more=True)

    def of_some_kinds(
        self, name: str, country: int | None, words: Words, lot: Shuffle, most: int
    ) -> Array:
        """Return so many rows as may be looked at, from the kind on that the lot says."""
        parts, left = [NONE.rows], most
        for kind in from_kind(words, lot):
            parts.append(self.first_of(name, country, kind, 0, left))
            left -= len(parts[-1])
        return np.concatenate(parts)

    def first_of(self, name: str, country: int | None, kind: int, turn: int, most: int) -> Array:
        """Return so many rows of a kind, those whose turn comes first from one on."""
        rows, turns = self.ranked(name, country, kind), self.there.arrays["turn"]
        if country is None:  # of several countries, so not in the order of their turns
            return rows[first_turns(turns[rows], turn, most)]
        begin = bisect_left(range(len(rows)), turn, key=lambda at: turns[rows[at]])
        return np.concatenate([rows[begin:], rows[:begin]])[:most]

    def places_of(self, name: str, country: int | None, kind: int | None) -> Array:
        """Return which ranges are of a country, or of all; of one kind, or of all."""
        keys = self.there.arrays[f"{name}_keys"]
        wanted = np.ones(len(keys), bool)
        if country is not None:
            wanted &= keys >> KIND_BITS == country
        if kind is not None:
            wanted &= keys & (2**KIND_BITS - 1) == kind
        return np.flatnonzero(wanted)

    def many(self, name: str, country: int | None, kind: int | None) -> int:
        """Return how many rows those are."""
        at, starts = self.places_of(name, country, kind), self.there.arrays[f"{name}_starts"]
        return int((starts[at + 1].astype(np.int64) - starts[at]).sum())

    def ranked(self, name: str, country: int | None, kind: int | None) -> Array:
        """Return the rows of a country, or of all; of one kind, or of all."""
        at, starts = self.places_of(name, country, kind), self.there.arrays[f"{name}_starts"]
        ranges = zip(starts[at].tolist(), starts[at + 1].tolist(), strict=True)
        there = self.there.arrays[f"{name}_rows"]
        parts = [there[begin:end] for begin, end in ranges]
        return np.concatenate([NONE.rows, *parts]).astype(np.int64)


def numbers_in(ranges: list[tuple[int, int]]) -> Array:
    """Return the numbers in some ranges, one after the other."""
    parts = [np.arange(begin, end) for begin, end in ranges if end > begin]
    return np.concatenate([NONE.rows, *parts])


def joined(one: tuple[Table, Array], other: tuple[Table, Array]) -> tuple[Table, Array]:
    """Return two tables as one, with their distances: snapshot's rows first, then fresh ones."""
    (first, near), (second, far) = one, other
    if not len(second):
        return one
    many, more = len(first.rows), len(second.rows)
    table = Table(
        first.columns,
        np.concatenate([first.rows, second.rows]),
        np.concatenate([first.fresh, second.fresh]).astype(ROW),
    )
    return table, np.concatenate([near[:many], far[:more], near[many:], far[more:]])
