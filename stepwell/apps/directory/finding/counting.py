"""What is counted of rows that were judged: the funnel, the facets, one wish less, a page."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

import numpy as np

from stepwell.apps.directory.finding import columns, judging
from stepwell.apps.directory.finding.columns import Array, Words
from stepwell.apps.directory.finding.judging import Judged
from stepwell.domain.matching import Funnel, Removed, Shuffle
from stepwell.domain.narrowing import FACETS, Facets
from stepwell.domain.offers import Cost, Preferences, Reach

BITS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little")


def bits_set(column: Array, most: int) -> Array:
    """Return how often each of the first `most` bits of a column of masks is set."""
    width = column.dtype.itemsize * (column.shape[1] if column.ndim > 1 else 1)
    octets = np.frombuffer(column.tobytes(), np.uint8).reshape(-1, width)
    used = min(width, most // 8 + 1)
    return np.concatenate([np.bincount(octets[:, n], minlength=256) @ BITS for n in range(used)])


def said(packed: Array, family: str, words: Words) -> dict[str, int]:
    """Return how many rows name each word of a family that has a bit."""
    known = {value: number for (one, value), number in words.items() if one == family}
    counts = bits_set(packed[family], max(known.values(), default=0))
    return {
        value: int(counts[number])
        for value, number in known.items()
        if number < len(counts) and counts[number]
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
    of_all = judged.rows.packed[judged.fitting]
    for facet in FACETS:
        asked = facet.gate in judged.asked
        packed = judged.rows.packed[judged.passing_all_but(facet.gate)] if asked else of_all
        count = COUNTED.get(facet.name)
        counted[facet.name] = (
            count(packed, words, today) if count else said(packed, facet.name, words)
        )
    return counted


def funnel(judged: Judged, start: Removed, within_reach: int) -> Funnel:
    """Return the twin of matching.funnel; `start` says how many there are in all."""
    reach = Removed("reach", max(0, start.listings - within_reach), start.more)
    left = within_reach - sum(removed.listings for removed in judged.removed)
    return Funnel(start.listings, (reach, *judged.removed), left, start.more)


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
    rows = judged.rows.only(judged.fitting)
    points = judging.points(rows, wanted, words, today)
    shown = judging.first_in_order(rows.packed, points, lot, number * size)[(number - 1) * size :]
    at = np.sort(shown)  # a snapshot gives its rows in their own order only
    ids = rows.packed[at]["id"][np.searchsorted(at, shown)]
    return tuple(UUID(int=int(high) << 64 | int(low)) for high, low in ids)
