"""Notices (labelled advertisements): where they may stand, and which stands there today.

Nothing here knows the reader: a notice is chosen by page and day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase

from stepwell.domain import loading, tags
from stepwell.domain.errors import FactError
from stepwell.domain.sources import FactId, Frozen, Text

FILE = "notices.toml"
MOST = 2  # on one page
HEAVY = "The text is on a heavy topic."
NOTED = "The text carries a content note."
TAGGED = "The text has a tag of somebody who may be in need or young."


class Family(Frozen):
    """Pages of one sort: may a notice stand there, and why."""

    id: FactId
    name: Text
    routes: tuple[Text, ...]
    allowed: bool
    reason: Text


class Places(Frozen):
    """Every family, in the order in which they are asked."""

    never_with_tags: tuple[FactId, ...]
    families: tuple[Family, ...]


@dataclass(frozen=True)
class Place:
    """One page: its route, its section, and what its text is about."""

    route: str
    section: str = ""
    tags: frozenset[str] = frozenset()
    heavy: bool = False
    noted: bool = False


@dataclass(frozen=True)
class Verdict:
    """May a notice stand on a page, and why."""

    allowed: bool
    reason: str


@dataclass(frozen=True)
class Offer:
    """What has to be known of a notice to place it. Without an end it runs on."""

    id: int
    from_on: date
    until_on: date | None = None
    active: bool = True
    on_front: bool = False
    sections: frozenset[str] = frozenset()


@loading.remembered
def places() -> Places:
    """Return the families; the last one takes every page that no other does."""
    found = loading.read(loading.path(FILE), Places)
    loading.check_known(FILE, "never_with_tags", found.never_with_tags, tags.tags())
    if not found.families or found.families[-1].routes != ("*",):
        raise FactError(f'{FILE}: families: the last one needs routes = ["*"]. Add it.')
    return found


def check() -> None:
    """Raise FactError unless every page has a family."""
    places()


def family_of(route: str) -> Family:
    """Return the family of a route: the first whose patterns fit."""
    return next(
        family
        for family in places().families
        if any(fnmatchcase(route, pattern) for pattern in family.routes)
    )


def verdict(place: Place) -> Verdict:
    """Say whether a notice may stand on a page, and why."""
    family = family_of(place.route)
    if not family.allowed:
        return Verdict(False, family.reason)
    if place.heavy:
        return Verdict(False, HEAVY)
    if place.noted:
        return Verdict(False, NOTED)
    if place.tags & set(places().never_with_tags):
        return Verdict(False, TAGGED)
    return Verdict(True, family.reason)


def choose(offers: Iterable[Offer], place: Place, today: date) -> tuple[int, ...]:
    """Return the ids of the notices that stand on a page today: at most two.

    Where more are booked they take turns by the day; the same page shows the same
    notices to everybody all day long.
    """
    if not verdict(place).allowed:
        return ()
    booked = sorted(offer.id for offer in offers if _runs(offer, today) and _fits(offer, place))
    if not booked:
        return ()
    start = today.toordinal() % len(booked)
    return tuple((booked[start:] + booked[:start])[:MOST])


def _runs(offer: Offer, today: date) -> bool:
    over = offer.until_on is not None and offer.until_on < today
    return offer.active and offer.from_on <= today and not over


def _fits(offer: Offer, place: Place) -> bool:
    return place.section in offer.sections if place.section else offer.on_front
