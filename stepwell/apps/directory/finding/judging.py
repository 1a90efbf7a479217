"""Gates, points and order over packed rows: the fast twin of stepwell.domain.matching.

Works on arrays, so that whoever has the rows (a database, a snapshot in memory) gives the
same answer. `tests/apps/directory/test_directory_twin.py` compares it with the rule.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, TypeAlias

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
    Removed,
    Shuffle,
)
from stepwell.domain.narrowing import FACETS, WISHES
from stepwell.domain.offers import Accepting, Cost, Preferences, Reach
from stepwell.domain.places import DISTANCES_KM, EARTH_RADIUS_KM, Point, distance_km

CLOSE_KM = 1e-6  # nearer to a limit than this, the rule itself measures
NOWHERE = np.inf
# What may be left unsaid (unknown is never no), and what has to be said to be there.
MAY_BE_UNSAID = ("need", "goal", "format", "language")
MUST_BE_SAID = ("approach", "access", "payer")
ALWAYS = frozenset({"confirmed", "credential"})  # gates that nobody has to ask for
# Gates that a facet or the question "what if" overlooks.
OVERLOOKED = frozenset({facet.gate for facet in FACETS} | set(WISHES))
NUMBERS: Mapping[str, int] = MappingProxyType({gate.name: n for n, gate in enumerate(GATES)})
NO_GATE = len(GATES)


class Picked:
    """Some rows of arrays of packed rows, or of their columns by name, one array after another.

    A field is gathered when it is asked for.
    """

    def __init__(self, *parts: tuple[Any, Array | None, int]) -> None:
        self.parts = parts  # the array, which of its rows (None: all), and how many those are
        self.read: dict[str, Array] = {}

    @classmethod
    def whole(cls, *arrays: tuple[Any, int]) -> "Picked":
        """Return all rows of some arrays, of which each comes with its length."""
        return cls(*((array, None, many) for array, many in arrays if many))

    def __len__(self) -> int:
        return sum(many for _, _, many in self.parts)

    def __getitem__(self, key: Any) -> Any:
        """Return one field of all rows, or some of the rows: by a mask, or in their order."""
        if isinstance(key, str):
            if key not in self.read:
                self.read[key] = self.field(key)
            return self.read[key]
        chosen = np.flatnonzero(key) if key.dtype == bool else key
        parts, begin = [], 0
        for array, at, many in self.parts:
            first, last = np.searchsorted(chosen, [begin, begin + many])
            some = chosen[first:last] - begin
            begin += many
            if len(some):
                parts.append((array, some if at is None else at[some], len(some)))
        return Picked(*parts)

    def field(self, name: str) -> Array:
        """Return one field of all rows."""
        gathered = [array[name] if at is None else array[name][at] for array, at, _ in self.parts]
        if len(gathered) == 1:
            return gathered[0]
        return np.concatenate([columns.unpack([])[name], *gathered])


@dataclass(frozen=True)
class Rows:
    """Packed rows, how far each is from where it was asked, and who names rare words."""

    packed: Any  # by field, as an array of packed rows is; see Picked
    away: Array  # km; NOWHERE when either is unknown, or it is farther than any limit
    named_beyond: dict[str, Array]  # by family: which rows name the word asked for, without a bit

    def __len__(self) -> int:
        return len(self.away)

    def only(self, which: Array) -> "Rows":
        """Return some of the rows: by a mask."""
        named = {family: one[which] for family, one in self.named_beyond.items()}
        return Rows(self.packed[which], self.away[which], named)


Passes: TypeAlias = Callable[["Rows", Preferences, Words, date], Array]


@dataclass(frozen=True)
class Judged:
    """The rows that could still be of interest: those that fit, and those one wish away from it."""

    rows: Rows
    failed: Array  # which gate removes each row, by its place in GATES; NO_GATE where none does
    removed: tuple[Removed, ...]  # how many each gate removed in turn, but for the reach
    asked: frozenset[str]  # the gates that somebody asked for

    @property
    def fitting(self) -> Array:
        """Return which rows pass every gate."""
        fits: Array = self.failed == NO_GATE
        return fits

    def passing_all_but(self, gate: str) -> Array:
        """Return which rows pass every gate but one, which does not matter."""
        passing = self.fitting
        return passing | (self.failed == NUMBERS[gate]) if gate in self.asked else passing


def distances(packed: Any, wanted: Preferences) -> Array:
    """Return the distance of each row in km to the nearest point asked for.

    Worked out on arrays, which may round the last digit otherwise than the rule does: where
    that could decide, the rule is asked. What lies farther north or south than any limit is
    not measured.
    """
    away: Array = np.full(len(packed), NOWHERE)
    limits = {*DISTANCES_KM, wanted.within_km}
    band = np.degrees(max(limits) / EARTH_RADIUS_KM) * 1.001
    for point in wanted.near:
        at = np.flatnonzero(np.abs(packed["lat"] - point.lat) <= band)
        if not len(at):
            continue
        lat, lon = np.radians(packed["lat"][at]), np.radians(packed["lon"][at])
        half_lat = np.sin((lat - np.radians(point.lat)) / 2) ** 2
        half_lon = np.sin((lon - np.radians(point.lon)) / 2) ** 2
        along = half_lat + np.cos(np.radians(point.lat)) * np.cos(lat) * half_lon
        km = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(along, 1.0)))
        away[at] = np.fmin(away[at], km)
    for limit in limits:
        for one in np.flatnonzero(np.abs(away - limit) < CLOSE_KM):
            here = Point(float(packed["lat"][one]), float(packed["lon"][one]))
            away[one] = min(distance_km(here, point) for point in wanted.near)
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


def named_or_unsaid(family: str) -> Passes:
    """Return the gate of a family of which a listing may say nothing: unknown is never no."""

    def passes(rows: Rows, wanted: Preferences, words: Words, today: date) -> Array:
        return named(family)(rows, wanted, words, today) | says_nothing(rows.packed, family)

    return passes


def named(family: str) -> Passes:
    """Return the gate of a family of which a listing has to say what was asked for."""
    return lambda rows, wanted, words, today: names(rows, family, getattr(wanted, family), words)


# The twin of matching.GATES but for the reach: the rows are those within reach.
PASSES: Mapping[str, Passes] = MappingProxyType(
    {
        "kind": lambda rows, wanted, words, today: (
            rows.packed["kind"] == words.get(("kind", wanted.kind), columns.MOST_KINDS)
        ),
        "confirmed": lambda rows, wanted, words, today: (
            fictional(rows.packed) | recent(rows.packed["confirmed"], today, CONFIRM_DAYS)
        ),
        "credential": lambda rows, wanted, words, today: (
            rows.packed["credential"] >= columns.day_number(today)
        ),
        **{family: named_or_unsaid(family) for family in MAY_BE_UNSAID},
        **{family: named(family) for family in MUST_BE_SAID},
        "cost": lambda rows, wanted, words, today: (
            costs(rows.packed, Cost.FREE) | costs(rows.packed, Cost.LOW)
        ),
        "accepting": lambda rows, wanted, words, today: is_accepting(rows.packed, today),
        "checked": lambda rows, wanted, words, today: is_checked(rows.packed, wanted.level, today),
    }
)


def is_asked(gate: str, wanted: Preferences) -> bool:
    """Say whether a gate could remove anything."""
    if gate in ALWAYS:
        return True
    if gate == "checked":
        return wanted.level >= LOWEST_CHECKED
    return bool(wanted.low_cost if gate == "cost" else getattr(wanted, gate))


def judge(rows: Rows, wanted: Preferences, words: Words, today: date) -> Judged:
    """Return which rows fit, which are one wish away from it, and how many each gate removed.

    Gate after gate, rows that nobody will ask for again are left behind: those that fail two
    gates, or one that no wish and no facet overlooks.
    """
    failed = np.full(len(rows), NO_GATE, np.uint8)
    removed, asked = [], []
    for gate in GATES[1:]:
        if not is_asked(gate.name, wanted):
            removed.append(Removed(gate.name, 0))
            continue
        asked.append(gate.name)
        passes, still = PASSES[gate.name](rows, wanted, words, today), failed == NO_GATE
        out = still & ~passes
        removed.append(Removed(gate.name, int(np.count_nonzero(out))))
        failed[out] = NUMBERS[gate.name]
        kept = passes | still if gate.name in OVERLOOKED else passes
        if np.count_nonzero(kept) < len(kept):
            rows, failed = rows.only(kept), failed[kept]
    return Judged(rows, failed, tuple(removed), frozenset(asked))


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


def first_in_order(packed: Any, points: Array, shuffle: Shuffle, many: int) -> Array:
    """Return where the first `many` rows stand, in the order of matching.ranked."""
    place = (
        packed["turn"].astype(np.int64) * shuffle.multiplier + shuffle.offset
    ) % SHUFFLE_MODULUS
    order = (points.max(initial=0) - points) * SHUFFLE_MODULUS + place
    chosen = np.arange(len(order))
    if many < len(order):
        chosen = np.flatnonzero(order <= np.partition(order, many - 1)[many - 1])
    ids = packed[chosen]["id"]
    sorted_: Array = chosen[np.lexsort((ids[:, 1], ids[:, 0], order[chosen]))][:many]
    return sorted_
