"""The engine that reads blocks from the database: one path of the ORM on SQLite and PostgreSQL.

It asks how many rows of each kind there are, and then reads the blocks that hold them, no
more than LOOKED_AT rows. What is read is judged in memory (`judging.py`): measured quicker
than letting either database count, see docs/adr.
"""

from collections.abc import Collection, Sequence
from datetime import date
from importlib import import_module
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from django.core.exceptions import EmptyResultSet
from django.db import connection, connections
from django.db.models import QuerySet, Sum

from stepwell.apps.directory.finding import cells, columns
from stepwell.apps.directory.finding.answering import Pool, answer, from_kind, within
from stepwell.apps.directory.finding.blocks import (
    AFAR,
    COUNTRY,
    PARTS,
    TURN_BITS,
    UNPLACED,
    area_of,
    area_of_cell,
    number_of,
    part_number,
)
from stepwell.apps.directory.finding.columns import Array, Words
from stepwell.apps.directory.finding.engine import LOOKED_AT, OF_EVERY_KIND, Found
from stepwell.apps.directory.finding.judging import Picked
from stepwell.apps.directory.finding.kept import Kept, Stamps, Stored
from stepwell.apps.directory.models import ListingRow, ListingRowTerm, RowBlock, RowWord
from stepwell.domain.matching import Removed, Shuffle
from stepwell.domain.offers import Preferences, Reach

COUNTED = 10_000  # of all there are, so many are counted
NEARER_KM = (15, 5)  # where too many are within reach, only those so near are looked at
Blocks = QuerySet[RowBlock]
KEPT = Kept()


class Part(NamedTuple):
    """Rows that were read, and how many; if they are of every kind, and if there are more."""

    rows: Any = columns.unpack([])  # packed, or their columns by name
    many: int = 0
    kinds: bool = True
    more: bool = False


class Bounds(NamedTuple):
    """How many rows may be read: of every kind where one is asked for, and in all."""

    of_every_kind: int
    most: int


AN_ESTIMATE = Bounds(0, 2_500)  # for what one wish less would give


def part_of(packed: Array, kinds: bool, more: bool) -> Part:
    """Return packed rows as a part."""
    return Part(packed, len(packed), kinds, more)


def read(some: Blocks) -> Array:
    """Return the packed rows in some blocks.

    The ORM writes the query. Its answer is taken all at once and, from PostgreSQL, as bytes
    and not as text, which would be twice as long.
    """
    try:
        sql, values = some.values("packed").query.sql_with_params()
    except EmptyResultSet:
        return columns.unpack([])
    with connections[some.db].cursor() as cursor:
        if cursor.db.vendor == "postgresql":
            # A site on SQLite does without it.
            with import_module("psycopg").Cursor(cursor.connection) as binary:
                found = binary.execute(sql, values, binary=True).fetchall()
        else:
            found = cursor.execute(sql, values).fetchall()
    return columns.unpack(packed for (packed,) in found)


def counted(some: Blocks) -> dict[int, int]:
    """Return how many rows of each kind some blocks hold."""
    return dict(some.order_by().values_list("kind").annotate(Sum("many")))


class Database:
    """Rows from the database, as `answering` asks for them."""

    def __init__(self) -> None:
        self.disks: dict[float, list[int]] = {}  # of this one search: it asks around more than once

    def words(self) -> Words:
        """Return the number of every word. One query."""
        known = RowWord.objects.values_list("family", "value", "number")
        return {(family, value): number for family, value, number in known}

    def start(self) -> Removed:
        """Return how many rows there are. One query, of which the end is near."""
        count = ListingRow.objects.all()[: COUNTED + 1].count()
        return Removed("start", min(count, COUNTED), more=count > COUNTED)

    def naming(self, family: str, value: str) -> Collection[UUID]:
        """Return the listings that name a word that has no bit. One query."""
        naming = ListingRowTerm.objects.filter(word__family=family, word__value=value)
        return set(naming.values_list("row_id", flat=True))

    def within_reach(
        self, wanted: Preferences, words: Words, lot: Shuffle, *, of_kind: bool
    ) -> Pool:
        """Return the rows within reach. Two or four queries, more where there are too many."""
        kind = words.get(("kind", wanted.kind), columns.MOST_KINDS) if wanted.kind else None
        here = afar = Part()
        bounds = AN_ESTIMATE if of_kind else Bounds(OF_EVERY_KIND, LOOKED_AT)
        if wanted.reach is not Reach.REMOTE:
            if wanted.has_place:
                here = self.around(wanted, kind, words, bounds)
            else:
                here = Stack(COUNTRY, wanted.country or None).looked_at(kind, words, lot, bounds)
        if wanted.reach is not Reach.IN_PERSON:
            if not here.kinds:
                bounds = bounds._replace(of_every_kind=0)
            afar = Stack(AFAR, wanted.country).looked_at(kind, words, lot, bounds)
        every = Picked.whole((here.rows, here.many), (afar.rows, afar.many))
        packed, away = within(every, here.many, wanted)
        kinds = here.kinds and afar.kinds
        if not kinds:
            kept = packed["kind"] == kind
            packed, away = packed[kept], away[kept]
        return Pool(packed, away, kinds=kinds, more=here.more or afar.more)

    def around(self, wanted: Preferences, kind: int | None, words: Words, bounds: Bounds) -> Part:
        """Return the rows near the places asked for: in their cells, so some a little too far."""
        part = self.nearest(wanted, kind, bounds) if wanted.near else Part()
        # A place that is named but that nobody can find on a map is near to itself only.
        if len(wanted.places) > len(wanted.near):
            numbers = [
                number_of(area_of(UNPLACED), one, place % PARTS)
                for one in kinds_in(words)
                for place in wanted.places
            ]
            more = read(RowBlock.objects.filter(pk__in=numbers))
            return part_of(np.concatenate([part.rows, more]), part.kinds, part.more)
        return part

    def nearest(self, wanted: Preferences, kind: int | None, bounds: Bounds) -> Part:
        """Return the rows in the cells around the places: of every kind, of one, or the nearest."""
        asked = wanted.within_km
        for km in (asked, *(nearer for nearer in NEARER_KM if nearer < asked)):
            areas = self.areas_within(wanted, km)
            many = counted(RowBlock.objects.filter(area__in=areas))
            total = sum(many.values())
            if total <= (bounds.most if kind is None else bounds.of_every_kind):
                return part_of(read(RowBlock.objects.filter(area__in=areas)), True, km < asked)
            if kind is not None and many.get(kind, 0) <= bounds.most:
                return part_of(read(in_areas(areas, kind)), False, km < asked)
        return part_of(read_at_most(in_areas(areas, kind), bounds.most), kind is None, True)

    def areas_within(self, wanted: Preferences, km: float) -> list[int]:
        """Return the cells around the places asked for."""
        if km not in self.disks:
            self.disks[km] = [area_of_cell(cell) for cell in cells.around(wanted.near, km)]
        return self.disks[km]


def in_areas(areas: Sequence[int], kind: int | None) -> Blocks:
    """Return the blocks of some cells, of one kind or of every."""
    if kind is None:
        return RowBlock.objects.filter(area__in=areas)
    return RowBlock.objects.filter(pk__in=[number_of(area, kind) for area in areas])


def read_at_most(some: Blocks, most: int) -> Array:
    """Return so many rows of some blocks."""
    numbers, rows = [], 0
    for number, many in some.order_by("pk").values_list("pk", "many"):
        numbers.append(number)
        rows += many
        if rows >= most:
            break
    return read(RowBlock.objects.filter(pk__in=numbers))[:most]


def kinds_in(words: Words) -> list[int]:
    """Return the numbers of all kinds."""
    return [number for (family, _), number in words.items() if family == "kind"]


class Stack:
    """The rows of a country or of all, at a place there or given from afar."""

    def __init__(self, shelf: int, country: str | None) -> None:
        first, last = area_of(shelf), area_of(shelf + 1) - 1
        if country is not None:
            first = last = area_of(shelf, columns.code_number(country))
        self.name = (connection.settings_dict["NAME"], first, last)
        self.areas = {"area": first} if first == last else {"area__range": (first, last)}

    def blocks(self, kinds: Collection[int] | None = None) -> Blocks:
        """Return its blocks, of some kinds or of every."""
        every = RowBlock.objects.filter(**self.areas)
        return every if kinds is None else every.filter(kind__in=kinds)

    def looked_at(self, kind: int | None, words: Words, lot: Shuffle, bounds: Bounds) -> Part:
        """Return the rows of every kind or, where those are too many, of one; or some of them."""
        if kind is None:
            return self.of_any_kind(words, lot, bounds.most)
        stamps = tuple(self.blocks([kind]).values_list("pk", "many", "stamp"))
        many = sum(rows for _, rows, _ in stamps)
        if many <= bounds.of_every_kind and (
            sum(counted(self.blocks()).values()) <= bounds.of_every_kind
        ):
            return part_of(read(self.blocks()), True, False)
        if many <= bounds.most:
            return Part(self.all_of(kind, stamps), many, kinds=False)
        drawn = self.drawn(kind, stamps, lot.offset, bounds.most)
        return Part(drawn, bounds.most, kinds=False, more=True)

    def all_of(self, kind: int, stamps: Stamps) -> Stored:
        """Return all rows of a kind: those kept, or read anew."""
        name = (*self.name, kind)
        found = KEPT.get(name, stamps)
        return KEPT.put(name, stamps, read(self.blocks([kind]))) if found is None else found

    def of_any_kind(self, words: Words, lot: Shuffle, most: int) -> Part:
        """Return all rows, or so many, from the kind on that the lot says, round the end."""
        many = counted(self.blocks())
        if sum(many.values()) <= most:
            return part_of(read(self.blocks()), True, False)
        whole, left = [], most
        for kind in from_kind(words, lot):
            if many.get(kind, 0) > left:
                break
            left -= many.get(kind, 0)
            whole.append(kind)
        stamps = tuple(self.blocks([kind]).values_list("pk", "many", "stamp"))
        some = [read(self.blocks(whole)), read_first(stamps, 0, left)]
        return part_of(np.concatenate(some), True, True)

    def drawn(self, kind: int, stamps: Stamps, first_turn: int, most: int) -> Stored:
        """Return so many rows of a kind, by the day's lot: those kept, or read anew."""
        name = (*self.name, kind, first_turn, most)
        found = KEPT.get(name, stamps)
        if found is None:
            return KEPT.put(name, stamps, read_first(stamps, first_turn, most))
        return found


def read_first(stamps: Stamps, first_turn: int, most: int) -> Array:
    """Return so many rows of some blocks: those whose turn comes first, from one on.

    The part in which it begins may be read for nothing: what stands before comes last.
    """
    first = first_turn >> TURN_BITS
    numbers, missing = [], most
    for part, number, many in sorted(
        ((part_number(pk) - first) % PARTS, pk, rows) for pk, rows, _ in stamps
    ):
        if missing <= 0:
            break
        numbers.append(number)
        missing -= many if part else 0
    packed = read(RowBlock.objects.filter(pk__in=numbers))
    return packed[columns.first_turns(packed["turn"], first_turn, most)]


class DatabaseEngine:
    """Answers a search from the database."""

    def search(self, wanted: Preferences, *, page: int, today: date, site: str) -> Found:
        """Return one page, from 1, of the listings that fit."""
        return answer(Database(), wanted, page=page, today=today, site=site)
