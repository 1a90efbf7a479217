"""What every engine of the search answers, whatever it reads from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from stepwell.domain.matching import Funnel
from stepwell.domain.narrowing import Facets
from stepwell.domain.offers import Preferences

PAGE = 20
LOOKED_AT = 50_000  # so many listings within reach are looked at, one by one, and no more
# Where one kind is asked for and more than this are around, only those of the kind are read:
# then it is not said how many are another kind.
OF_EVERY_KIND = 2_500


@dataclass(frozen=True)
class Found:
    """One page of the listings that fit, and what was counted on the way.

    Every number is that of the rule, but: where more than OF_EVERY_KIND are around and one
    kind is asked for, the other kinds are not counted (no facet of kinds; "reach" and
    "kind" in the funnel have `more`). `more`: more listings are within reach than were
    looked at, so every number is "at least".
    """

    ids: tuple[UUID, ...]
    total: int
    more: bool
    funnel: Funnel
    facets: Facets
    what_if: Mapping[str, int]


class Engine(Protocol):
    """Whatever can answer a search as stepwell.domain.matching says."""

    def search(self, wanted: Preferences, *, page: int, today: date, site: str) -> Found:
        """Return one page, from 1, of the listings that fit."""
