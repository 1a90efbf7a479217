"""The engine that reads rows from the database: one path of the ORM on SQLite and PostgreSQL.

Every query reads one column of bytes through an index that holds it, and no more than
LOOKED_AT rows of it. What is read is judged in memory (`judging.py`): measured quicker
than letting either database count, see docs/adr.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
from django.db.models import QuerySet

from stepwell.apps.directory.finding import cells, columns
from stepwell.apps.directory.finding.answering import Pool, answer, pool_of
from stepwell.apps.directory.finding.columns import Array, Words
from stepwell.apps.directory.finding.engine import LOOKED_AT, Found
from stepwell.apps.directory.finding.rows import ANYWHERE
from stepwell.apps.directory.models import AfarRow, ListingRow, ListingRowTerm, RowWord
from stepwell.domain.matching import Removed, Shuffle
from stepwell.domain.offers import Preferences, Reach

COUNTED = 10_000  # of all there are, so many are counted
NEARER_KM = (15, 5)  # where too many are within reach, only those so near are looked at
Rows = QuerySet[ListingRow] | QuerySet[AfarRow]


class Part(NamedTuple):
    """Packed rows of one table; whether they are of every kind, and whether there are more."""

    packed: Array
    kinds: bool = True
    more: bool = False


class Try(NamedTuple):
    """What may be read: some rows and, where those are few, others; and what they stand for."""

    rows: Rows
    kinds: bool = True
    more: bool = False
    then: Rows | None = None


NONE = Part(columns.unpack([]))


def read(rows: Rows, most: int = LOOKED_AT + 1) -> Array:
    """Return packed rows, so many at most."""
    return columns.unpack(rows.values_list("packed", flat=True)[:most])


def first_that_is_whole(tries: Iterable[Try]) -> Part:
    """Return the rows of the first try that are not too many, or as many as may be of the last."""
    part = NONE
    for one in tries:
        packed = read(one.rows)
        if len(packed) <= LOOKED_AT:
            if one.then is not None:
                packed = np.concatenate([packed, read(one.then, LOOKED_AT - len(packed))])
            return Part(packed, one.kinds, one.more)
        part = Part(packed[:LOOKED_AT], one.kinds, more=True)
    return part


class Database:
    """Rows from the database, as `answering` asks for them."""

    def words(self) -> Words:
        """Return the number of every word. One query."""
        known = RowWord.objects.values_list("family", "value", "number")
        return {(family, value): number for family, value, number in known}

    def start(self) -> Removed:
        """Return how many rows there are. One query, of which the end is near."""
        count = ListingRow.objects.all()[: COUNTED + 1].count()
        return Removed("start", min(count, COUNTED), more=count > COUNTED)

    def naming(self, packed: Array, family: str, value: str) -> Array:
        """Return which rows name a word that has no bit. Its listings are few: it is rare."""
        naming = ListingRowTerm.objects.filter(word__family=family, word__value=value)
        ids = {key.int for key in naming.values_list("row_id", flat=True)}
        whole = (int(high) << 64 | int(low) for high, low in packed["id"])
        return np.fromiter((one in ids for one in whole), bool, len(packed))

    def within_reach(
        self, wanted: Preferences, words: Words, lot: Shuffle, *, of_kind: bool
    ) -> Pool:
        """Return the rows within reach. One or two queries, more where there are too many."""
        kind = words.get(("kind", wanted.kind), columns.MOST_KINDS) if wanted.kind else None
        here = afar = NONE
        if wanted.reach is not Reach.REMOTE:
            if wanted.has_place:
                here = around(wanted, kind, of_kind=of_kind)
            else:
                here = national(wanted, kind, words, lot, of_kind=of_kind)
        if wanted.reach is not Reach.IN_PERSON:
            afar = from_afar(wanted, kind, words, lot, of_kind=of_kind or not here.kinds)
        kinds = here.kinds and afar.kinds
        packed, away = pool_of(here.packed, afar.packed, wanted)
        if not kinds:
            kept = packed["kind"] == kind
            packed, away = packed[kept], away[kept]
        return Pool(packed, away, kinds=kinds, more=here.more or afar.more)


def around(wanted: Preferences, kind: int | None, *, of_kind: bool) -> Part:
    """Return the rows near the places asked for: in their cells, so some a little too far."""
    whole = first_that_is_whole(tries_around(wanted, kind, of_kind=of_kind))
    # A place that is named but that nobody can find on a map is near to itself only.
    if len(wanted.places) > len(wanted.near):
        named = ListingRow.objects.filter(c5=None, place__in=wanted.places)
        more = read(named, LOOKED_AT - len(whole.packed))
        return whole._replace(packed=np.concatenate([whole.packed, more]))
    return whole


def tries_around(wanted: Preferences, kind: int | None, *, of_kind: bool) -> Iterator[Try]:
    """Yield what may be read around some places, from all to the nearest of one kind."""
    if not wanted.near:
        return
    rows = in_cells(wanted, wanted.within_km)
    if not of_kind or kind is None:
        yield Try(rows)
    if kind is not None:
        yield Try(rows.filter(kind=kind), kinds=False)
    for km in NEARER_KM:
        if km < wanted.within_km:
            nearest = in_cells(wanted, km)
            yield Try(nearest if kind is None else nearest.filter(kind=kind), kind is None, True)


def in_cells(wanted: Preferences, within_km: float) -> QuerySet[ListingRow]:
    """Return the rows in the cells around the places asked for."""
    size = cells.size_for(within_km)
    disk = cells.around(wanted.near, within_km, size)
    return ListingRow.objects.filter(**{f"{size.column}__in": disk})


def national(
    wanted: Preferences, kind: int | None, words: Words, lot: Shuffle, *, of_kind: bool
) -> Part:
    """Return the rows of a country, or all."""
    rows = ListingRow.objects.filter(kind__in=kinds_in(words))
    if wanted.country:
        rows = rows.filter(country=wanted.country)
    return first_that_is_whole(tries_of(rows, kind, words, lot, of_kind=of_kind))


def from_afar(
    wanted: Preferences, kind: int | None, words: Words, lot: Shuffle, *, of_kind: bool
) -> Part:
    """Return the rows that are given from afar to a country, or to any."""
    rows = AfarRow.objects.filter(country=wanted.country or ANYWHERE)
    return first_that_is_whole(tries_of(rows, kind, words, lot, of_kind=of_kind))


def kinds_in(words: Words) -> list[int]:
    """Return the numbers of all kinds."""
    return [number for (family, _), number in words.items() if family == "kind"]


def tries_of(
    rows: Rows, kind: int | None, words: Words, lot: Shuffle, *, of_kind: bool
) -> Iterator[Try]:
    """Yield what may be read of rows without a place, at last some drawn by the day's lot.

    Rows of one kind stand in the order of their keys: the lot says from which key on they
    are read, round the end. Rows of any kind stand by kind: it says from which kind on.
    """
    if not of_kind or kind is None:
        yield Try(rows)
    if kind is None:
        first = lot.offset % (max(kinds_in(words), default=0) + 1)
        after, before = rows.filter(kind__gte=first), rows.filter(kind__lt=first)
    else:
        rows, key = rows.filter(kind=kind), lot.offset.to_bytes(4)
        yield Try(rows, kinds=False)
        after = rows.filter(packed__gte=key).order_by("packed")
        before = rows.filter(packed__lt=key).order_by("packed")
    yield Try(after, kind is None, True, before)


class DatabaseEngine:
    """Answers a search from the database."""

    def search(self, wanted: Preferences, *, page: int, today: date, site: str) -> Found:
        """Return one page, from 1, of the listings that fit."""
        return answer(Database(), wanted, page=page, today=today, site=site)
