"""Gates, points and order over packed rows: the fast twin of stepwell.domain.matching.

Works on arrays, so that whoever has the rows (a database, a snapshot in memory) gives the
same answer. `tests/apps/directory/test_directory_twin.py` compares it with the rule.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from stepwell.apps.directory.finding import columns
from stepwell.apps.directory.finding.columns import Array, Words
from stepwell.domain.credentials import LOWEST_CHECKED
from stepwell.domain.matching import (
    ACCEPTING_DAYS,
    CHECKED_POINTS,
    CONFIRM_DAYS,
    FRESH_DAYS,
    GATES,
    NEED_POINTS,
    SHUFFLE_MODULUS,
    WEIGHTS,
    Shuffle,
)
from stepwell.domain.offers import Accepting, Cost, Preferences, Reach
from stepwell.domain.places import DISTANCES_KM, EARTH_RADIUS_KM, Point, distance_km

CLOSE_KM = 1e-6  # nearer to a limit than this, the rule itself measures
NOWHERE = np.inf
# What may be left unsaid (unknown is never no), and what has to be said to be there.
MAY_BE_UNSAID = ("need", "goal", "format", "language")
MUST_BE_SAID = ("approach", "access", "payer")


@dataclass(frozen=True)
class Rows:
    """Packed rows, how far each is from where it was asked, and who names rare words."""

    packed: Array
    away: Array  # km; NOWHERE when either is unknown
    named_beyond: dict[str, Array]  # by family: which rows name the word asked for, without a bit


@dataclass(frozen=True)
class Judged:
    """What is true of each of some rows."""

    rows: Rows
    gates: dict[str, Array]  # by name: who passes; a gate that nobody asked for is left out
    failed: Array  # by how many gates each row is removed

    def passing_all_but(self, gate: str) -> Array:
        """Return who passes every gate but one, which does not matter."""
        passing: Array = self.failed == 0
        if gate in self.gates:
            passing = passing | ((self.failed == 1) & ~self.gates[gate])
        return passing


def distances(packed: Array, wanted: Preferences) -> Array:
    """Return the distance of each row in km to the nearest point asked for.

    Worked out on arrays, which may round the last digit otherwise than the rule does: where
    that could decide, the rule is asked.
    """
    away: Array = np.full(len(packed), NOWHERE)
    lat, lon = np.radians(packed["lat"]), np.radians(packed["lon"])
    slant = np.cos(lat)
    for point in wanted.near:
        half_lat = np.sin((lat - np.radians(point.lat)) / 2) ** 2
        half_lon = np.sin((lon - np.radians(point.lon)) / 2) ** 2
        along = half_lat + np.cos(np.radians(point.lat)) * slant * half_lon
        away = np.fmin(away, 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(along, 1.0))))
    for limit in {*DISTANCES_KM, wanted.within_km}:
        for at in np.flatnonzero(np.abs(away - limit) < CLOSE_KM):
            here = Point(float(packed["lat"][at]), float(packed["lon"][at]))
            away[at] = min(distance_km(here, point) for point in wanted.near)
    return away


def bit(packed: Array, family: str, number: int) -> Array:
    """Return which rows name the word with this number."""
    column = packed[family]
    width = column.dtype.itemsize * 8
    if column.ndim > 1:
        column = column[:, number // width]
    mask = column.dtype.type(1 << number % width)
    named: Array = (column & mask) != 0
    return named


def names(rows: Rows, family: str, value: str, words: Words) -> Array:
    """Return which rows name a word."""
    number = words.get((family, value))
    if family in rows.named_beyond:
        return rows.named_beyond[family]
    if number is None or number >= columns.MASKS[family]:
        return np.zeros(len(rows.packed), bool)
    return bit(rows.packed, family, number)


def says_nothing(packed: Array, family: str) -> Array:
    """Return which rows name no word of a family."""
    column = packed[family]
    empty: Array = (column == 0) if column.ndim == 1 else ~column.any(axis=1)
    return empty & ((packed["more"] & (1 << columns.FAMILIES.index(family))) == 0)


def recent(day: Array, today: date, days: int) -> Array:
    """Return which days lie at most so many back, and not ahead."""
    now = columns.day_number(today)
    fresh: Array = (day != columns.NEVER) & (day <= now) & (day >= now - days)
    return fresh


def fictional(packed: Array) -> Array:
    """Return which rows are examples."""
    return (packed["state"] & columns.FICTIONAL) != 0


def remote(packed: Array) -> Array:
    """Return which rows are given from afar."""
    return (packed["state"] & columns.REMOTE) != 0


def costs(packed: Array, cost: Cost) -> Array:
    """Return which rows cost that much."""
    return (packed["state"] & 3) == columns.COSTS.index(cost)


def is_accepting(packed: Array, today: date) -> Array:
    """Return the twin of matching.is_accepting."""
    yes = (packed["state"] >> 2 & 3) == columns.ACCEPTINGS.index(Accepting.YES)
    return yes & (fictional(packed) | recent(packed["said"], today, ACCEPTING_DAYS))


def is_checked(packed: Array, level: int, today: date) -> Array:
    """Return which rows have a credential in force that was checked so far."""
    column = packed["checked"][:, level - LOWEST_CHECKED]
    checked: Array = column >= columns.day_number(today)
    return checked


def is_here(rows: Rows, wanted: Preferences) -> Array:
    """Return the twin of matching.is_here."""
    place = rows.packed["place"]
    here: Array = place != 0
    if wanted.country:
        here &= rows.packed["country"] == columns.code_number(wanted.country)
    if wanted.has_place:
        here &= (rows.away <= wanted.within_km) | is_named(place, wanted)
    return here


def is_named(place: Array, wanted: Preferences) -> Array:
    """Return which places are among those named."""
    if not wanted.places:
        return np.zeros(len(place), bool)
    return np.isin(place, np.fromiter(wanted.places, np.int64))


def gates(rows: Rows, wanted: Preferences, words: Words, today: date) -> dict[str, Array]:
    """Return the twin of matching.GATES but for the reach: the rows are those within reach."""
    packed = rows.packed
    passing = {
        "confirmed": fictional(packed) | recent(packed["confirmed"], today, CONFIRM_DAYS),
        "credential": packed["credential"] >= columns.day_number(today),
    }
    if wanted.kind:
        passing["kind"] = packed["kind"] == words.get(("kind", wanted.kind), columns.MOST_KINDS)
    for family in (*MAY_BE_UNSAID, *MUST_BE_SAID):
        value = getattr(wanted, family)
        if value:
            named = names(rows, family, value, words)
            unsaid = says_nothing(packed, family) if family in MAY_BE_UNSAID else False
            passing[family] = named | unsaid
    if wanted.low_cost:
        passing["cost"] = costs(packed, Cost.FREE) | costs(packed, Cost.LOW)
    if wanted.accepting:
        passing["accepting"] = is_accepting(packed, today)
    if wanted.level >= LOWEST_CHECKED:
        passing["checked"] = is_checked(packed, wanted.level, today)
    return {gate.name: passing[gate.name] for gate in GATES if gate.name in passing}


def judge(rows: Rows, wanted: Preferences, words: Words, today: date) -> Judged:
    """Return what is true of each row."""
    passing = gates(rows, wanted, words, today)
    failed = np.zeros(len(rows.packed), np.uint8)
    for passes in passing.values():
        failed += ~passes
    return Judged(rows, passing, failed)


def points(rows: Rows, wanted: Preferences, words: Words, today: date) -> Array:
    """Return the twin of the sum of matching.score."""
    packed = rows.packed
    total = np.zeros(len(packed), np.int64)
    for family, worth in (
        ("need", NEED_POINTS),
        ("goal", 1),
        ("approach", 1),
        ("format", 1),
        ("language", WEIGHTS["language"]),
    ):
        if getattr(wanted, family):
            total += worth * names(rows, family, getattr(wanted, family), words)
    if wanted.low_cost:
        total += WEIGHTS["cost"] * costs(packed, Cost.FREE) + costs(packed, Cost.LOW)
    if wanted.reach is Reach.REMOTE:
        total += remote(packed)
    elif wanted.has_place:
        total += near_points(rows, wanted)
    total += WEIGHTS["accepting"] * is_accepting(packed, today)
    total += CHECKED_POINTS * is_checked(packed, LOWEST_CHECKED, today)
    return total + recent(packed["confirmed"], today, FRESH_DAYS)


def near_points(rows: Rows, wanted: Preferences) -> Array:
    """Return the twin of matching.near_points."""
    bands = np.zeros(len(rows.away), np.int64)
    for limit in DISTANCES_KM:
        bands += rows.away <= limit
    return np.where(is_named(rows.packed["place"], wanted), WEIGHTS["near"], bands)


def first_in_order(packed: Array, points: Array, shuffle: Shuffle, many: int) -> Array:
    """Return where the first `many` rows stand, in the order of matching.ranked."""
    place = (
        packed["turn"].astype(np.int64) * shuffle.multiplier + shuffle.offset
    ) % SHUFFLE_MODULUS
    order = (points.max(initial=0) - points) * SHUFFLE_MODULUS + place
    chosen = np.arange(len(order))
    if many < len(order):
        chosen = np.flatnonzero(order <= np.partition(order, many - 1)[many - 1])
    ids = packed["id"][chosen]
    sorted_: Array = chosen[np.lexsort((ids[:, 1], ids[:, 0], order[chosen]))][:many]
    return sorted_
