"""What is counted of rows that were judged: the funnel, the facets, one wish less, a page."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

import numpy as np

from stepwell.apps.directory.finding import columns, judging
from stepwell.apps.directory.finding.columns import Array, Words
from stepwell.apps.directory.finding.judging import Judged
from stepwell.domain.matching import GATES, Funnel, Removed, Shuffle
from stepwell.domain.narrowing import FACETS, Facets
from stepwell.domain.offers import Cost, Preferences, Reach

BITS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little")


def bits_set(column: Array) -> Array:
    """Return how often each bit of a column of masks is set."""
    width = column.dtype.itemsize * (column.shape[1] if column.ndim > 1 else 1)
    octets = np.frombuffer(column.tobytes(), np.uint8).reshape(-1, width)
    counts = [np.bincount(octets[:, at], minlength=256) @ BITS for at in range(width)]
    return np.concatenate(counts)


def said(packed: Array, family: str, words: Words) -> dict[str, int]:
    """Return how many rows name each word of a family that has a bit."""
    counts = bits_set(packed[family])
    return {
        value: int(counts[number])
        for (one, value), number in words.items()
        if one == family and number < len(counts) and counts[number]
    }


def kinds(packed: Array, words: Words, today: date) -> dict[str, int]:
    """Return how many rows are of each kind."""
    counts = np.bincount(packed["kind"], minlength=columns.MOST_KINDS)
    found = {value: int(counts[number]) for (one, value), number in words.items() if one == "kind"}
    return {value: count for value, count in found.items() if count}


def ways(packed: Array, words: Words, today: date) -> dict[str, int]:
    """Return how many rows can be met in person, and how many from afar."""
    counted = {
        Reach.IN_PERSON.value: int((packed["place"] != 0).sum()),
        Reach.REMOTE.value: int(judging.remote(packed).sum()),
    }
    return {way: count for way, count in counted.items() if count}


def costs(packed: Array, words: Words, today: date) -> dict[str, int]:
    """Return how many rows cost how much."""
    counts = np.bincount(packed["state"] & 3, minlength=len(Cost))
    return {
        cost.value: int(count) for cost, count in zip(columns.COSTS, counts, strict=True) if count
    }


def accepting(packed: Array, words: Words, today: date) -> dict[str, int]:
    """Return how many rows take new people."""
    count = int(judging.is_accepting(packed, today).sum())
    return {"yes": count} if count else {}


COUNTED: Mapping[str, Callable[[Array, Words, date], dict[str, int]]] = {
    "kind": kinds,
    "remote": ways,
    "cost": costs,
    "accepting": accepting,
}


def facets(judged: Judged, words: Words, today: date) -> Facets:
    """Return the twin of narrowing.facets, but for words that have no bit."""
    counted = {}
    of_all = judged.rows.packed[judged.failed == 0]
    for facet in FACETS:
        asked = facet.gate in judged.gates
        packed = judged.rows.packed[judged.passing_all_but(facet.gate)] if asked else of_all
        count = COUNTED.get(facet.name)
        counted[facet.name] = (
            count(packed, words, today) if count else said(packed, facet.name, words)
        )
    return counted


def funnel(judged: Judged, start: Removed) -> Funnel:
    """Return the twin of matching.funnel; `start` says how many there are in all."""
    before = len(judged.failed)
    removed = [Removed("reach", max(0, start.listings - before), start.more)]
    still = np.ones(before, bool)
    for gate in GATES[1:]:
        if gate.name in judged.gates:
            still = still & judged.gates[gate.name]
        after = int(still.sum())
        removed.append(Removed(gate.name, before - after))
        before = after
    return Funnel(start.listings, tuple(removed), before, start.more)


def page(
    judged: Judged,
    wanted: Preferences,
    words: Words,
    *,
    number: int,
    size: int,
    today: date,
    lot: Shuffle,
) -> tuple[UUID, ...]:
    """Return the ids of one page of those that fit, in the order of matching.ranked."""
    fitting = np.flatnonzero(judged.failed == 0)
    rows = judging.Rows(
        judged.rows.packed[fitting],
        judged.rows.away[fitting],
        {family: named[fitting] for family, named in judged.rows.named_beyond.items()},
    )
    points = judging.points(rows, wanted, words, today)
    first = judging.first_in_order(rows.packed, points, lot, number * size)
    ids = rows.packed["id"][first[(number - 1) * size :]]
    return tuple(UUID(int=int(high) << 64 | int(low)) for high, low in ids)
