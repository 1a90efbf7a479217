"""The engine that reads rows from the database: one path of the ORM on SQLite and PostgreSQL.

Every query reads one column of bytes through an index that holds it, and no more than
LOOKED_AT rows of it. What is read is judged in memory (`judging.py`): measured quicker
than letting either database count, see docs/adr.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
from django.db import connections
from django.db.models import QuerySet

from stepwell.apps.directory.finding import cells, columns
from stepwell.apps.directory.finding.answering import Pool, answer, pool_of
from stepwell.apps.directory.finding.columns import Array, Words
from stepwell.apps.directory.finding.engine import LOOKED_AT, OF_EVERY_KIND, Found
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
    most: int = LOOKED_AT


class Bounds(NamedTuple):
    """How many rows may be read: of every kind where one is asked for, and in all."""

    of_every_kind: int
    most: int


AN_ESTIMATE = Bounds(0, 2_500)  # for what one wish less would give
NONE = Part(columns.unpack([]))


def read(rows: Rows, most: int) -> Array:
    """Return packed rows, so many at most.

    The ORM writes the query; its rows are taken all at once, because handing on thousands
    of them one by one takes longer than reading them.
    """
    sql, values = rows.values("packed")[:most].query.sql_with_params()
    with connections[rows.db].cursor() as cursor:
        cursor.execute(sql, values)
        return columns.unpack(packed for (packed,) in cursor.fetchall())


def first_that_is_whole(tries: Iterable[Try]) -> Part:
    """Return the rows of the first try that are not too many, or as many as may be of the last."""
    part = NONE
    for one in tries:
        packed = read(one.rows, one.most + 1)
        if len(packed) <= one.most:
            if one.then is not None:
                packed = np.concatenate([packed, read(one.then, one.most - len(packed))])
            return Part(packed, one.kinds, one.more)
        part = Part(packed[: one.most], one.kinds, more=True)
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
        bounds = AN_ESTIMATE if of_kind else Bounds(OF_EVERY_KIND, LOOKED_AT)
        if wanted.reach is not Reach.REMOTE:
            if wanted.has_place:
                here = around(wanted, kind, bounds)
            else:
                here = national(wanted, kind, words, lot, bounds)
        if wanted.reach is not Reach.IN_PERSON:
            if not here.kinds:
                bounds = bounds._replace(of_every_kind=0)
            afar = from_afar(wanted, kind, words, lot, bounds)
        kinds = here.kinds and afar.kinds
        packed, away = pool_of(here.packed, afar.packed, wanted)
        if not kinds:
            kept = packed["kind"] == kind
            packed, away = packed[kept], away[kept]
        return Pool(packed, away, kinds=kinds, more=here.more or afar.more)


def around(wanted: Preferences, kind: int | None, bounds: Bounds) -> Part:
    """Return the rows near the places asked for: in their cells, so some a little too far."""
    whole = first_that_is_whole(tries_around(wanted, kind, bounds))
    # A place that is named but that nobody can find on a map is near to itself only.
    if len(wanted.places) > len(wanted.near):
        named = ListingRow.objects.filter(c5=None, place__in=wanted.places)
        more = read(named, LOOKED_AT - len(whole.packed))
        return whole._replace(packed=np.concatenate([whole.packed, more]))
    return whole


def tries_around(wanted: Preferences, kind: int | None, bounds: Bounds) -> Iterator[Try]:
    """Yield what may be read around some places, from all to the nearest of one kind."""
    if not wanted.near:
        return
    rows = in_cells(wanted, wanted.within_km)
    if kind is None or bounds.of_every_kind:
        yield Try(rows, most=bounds.most if kind is None else bounds.of_every_kind)
    if kind is not None:
        yield Try(rows.filter(kind=kind), kinds=False, most=bounds.most)
    for km in NEARER_KM:
        if km < wanted.within_km:
            nearest = in_cells(wanted, km)
            some = nearest if kind is None else nearest.filter(kind=kind)
            yield Try(some, kind is None, True, most=bounds.most)


def in_cells(wanted: Preferences, within_km: float) -> QuerySet[ListingRow]:
    """Return the rows in the cells around the places asked for."""
    size = cells.size_for(within_km)
    disk = cells.around(wanted.near, within_km, size)
    return ListingRow.objects.filter(**{f"{size.column}__in": disk})


def national(
    wanted: Preferences, kind: int | None, words: Words, lot: Shuffle, bounds: Bounds
) -> Part:
    """Return the rows of a country, or all."""
    rows = ListingRow.objects.filter(kind__in=kinds_in(words))
    if wanted.country:
        rows = rows.filter(country=wanted.country)
    return first_that_is_whole(tries_of(rows, kind, words, lot, bounds))


def from_afar(
    wanted: Preferences, kind: int | None, words: Words, lot: Shuffle, bounds: Bounds
) -> Part:
    """Return the rows that are given from afar to a country, or to any."""
    rows = AfarRow.objects.filter(country=wanted.country or ANYWHERE)
    return first_that_is_whole(tries_of(rows, kind, words, lot, bounds))


def kinds_in(words: Words) -> list[int]:
    """Return the numbers of all kinds."""
    found = [number for (family, _), number in words.items() if family == "kind"]
    return found or [columns.MOST_KINDS]  # no kind, no row


def tries_of(
    rows: Rows, kind: int | None, words: Words, lot: Shuffle, bounds: Bounds
) -> Iterator[Try]:
    """Yield what may be read of rows without a place, at last some drawn by the day's lot.

    Rows of one kind stand in the order of their keys: the lot says from which key on they
    are read, round the end. Rows of any kind stand by kind: it says from which kind on.
    """
    if kind is None or bounds.of_every_kind:
        yield Try(rows, most=bounds.most if kind is None else bounds.of_every_kind)
    if kind is None:
        first = lot.offset % (max(kinds_in(words), default=0) + 1)
        after, before = rows.filter(kind__gte=first), rows.filter(kind__lt=first)
    else:
        rows, key = rows.filter(kind=kind), lot.offset.to_bytes(4)
        yield Try(rows, kinds=False, most=bounds.most)
        after, before = rows.filter(packed__gte=key), rows.filter(packed__lt=key)
    yield Try(after, kind is None, True, before, bounds.most)


class DatabaseEngine:
    """Answers a search from the database."""

    def search(self, wanted: Preferences, *, page: int, today: date, site: str) -> Found:
        """Return one page, from 1, of the listings that fit."""
        return answer(Database(), wanted, page=page, today=today, site=site)
