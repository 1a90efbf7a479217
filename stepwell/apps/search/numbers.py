"""The number of a document: its pool, its day, and its place within the day.

One comparison of numbers limits a question to a pool, and going through the
index from the highest number down gives the newest first.
"""

from datetime import date
from enum import IntEnum
from typing import NamedTuple

PER_DAY = 2**24
PER_POOL = 2**48


class Pool(IntEnum):
    """Where the candidates of a search are taken from, each with its own bound."""

    FACTS = 1
    ARTICLES = 2
    LISTINGS = 3


class Span(NamedTuple):
    """Numbers from `first` to `last`, both included."""

    first: int
    last: int


POOL_OF = {"article": Pool.ARTICLES, "listing": Pool.LISTINGS}  # every other family: facts


def pool_of(family: str) -> Pool:
    """Return the pool of a family."""
    return POOL_OF.get(family, Pool.FACTS)


def pool_span(pool: Pool) -> Span:
    """Return every number of a pool."""
    return Span(pool * PER_POOL, (pool + 1) * PER_POOL - 1)


def day_span(pool: Pool, day: date | None) -> Span:
    """Return every number of one day in a pool; what has no day stands at the very beginning."""
    first = pool * PER_POOL + (day.toordinal() if day else 0) * PER_DAY
    return Span(first, first + PER_DAY - 1)
