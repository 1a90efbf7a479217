"""By which columns a search can be narrowed, by which wishes it can be widened, and how far.

Part of the specification of stepwell.domain.matching.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from stepwell.domain.credentials import Level
from stepwell.domain.matching import GATES, is_accepting, is_publishable
from stepwell.domain.offers import Candidate, Preferences, Reach
from stepwell.domain.places import WITHIN_KM


class Facet(NamedTuple):
    """A column by which a search can be narrowed: its own gate, and the values a listing has."""

    name: str
    gate: str  # "" where there is none that it would have to overlook
    values: Callable[[Candidate, date], Iterable[str]]


def ways(listing: Candidate, today: date) -> Iterable[str]:
    """Return the ways in which somebody can meet the help."""
    here, afar = listing.place is not None, listing.remote
    return [*([Reach.IN_PERSON.value] * here), *([Reach.REMOTE.value] * afar)]


# The way is counted among those within reach: what is given from afar is everywhere, and
# what the other way would give is said by `relaxations`.
FACETS: tuple[Facet, ...] = (
    Facet("kind", "kind", lambda one, today: [one.kind]),
    Facet("remote", "", ways),
    Facet("language", "language", lambda one, today: one.languages),
    Facet("format", "format", lambda one, today: one.formats),
    Facet("access", "access", lambda one, today: one.access),
    Facet("payer", "payer", lambda one, today: one.payers),
    Facet("cost", "cost", lambda one, today: [one.cost.value]),
    Facet("accepting", "accepting", lambda one, today: ["yes"] * is_accepting(one, today)),
)
Facets = Mapping[str, Mapping[str, int]]


def facets(listings: Iterable[Candidate], wanted: Preferences, today: date) -> Facets:
    """Return how many listings say each value, among those that pass every other gate.

    A column overlooks its own gate, so that it tells what else could be chosen there.
    """
    counted: dict[str, Counter[str]] = {facet.name: Counter() for facet in FACETS}
    for listing in filter(is_publishable, listings):
        failed = {gate.name for gate in GATES if not gate.passes(listing, wanted, today)}
        for facet in FACETS:
            if failed <= {facet.gate}:
                counted[facet.name].update(facet.values(listing, today))
    return counted


# What a wish is, and what asking for it no longer looks like.
WISHES: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        **{name: {name: ""} for name in ("need", "goal", "approach", "format")},
        **{name: {name: ""} for name in ("language", "access", "payer")},
        "cost": {"low_cost": False},
        "accepting": {"accepting": False},
        "checked": {"level": Level.DECLARED},
    }
)


def relaxations(wanted: Preferences) -> Mapping[str, Preferences]:
    """Return what was asked for with one wish left out each, by the name of its gate.

    The kind and the country are not wishes of that sort: another kind of support
    is another question, and what may be offered in a country is not ours to bend.
    """
    without: dict[str, Mapping[str, object]] = {}
    if wanted.has_place and wanted.reach is not Reach.REMOTE:
        without["place"] = {"places": frozenset(), "near": ()}
        wider = next((km for km in WITHIN_KM if km > wanted.within_km), None)
        if wider and wanted.near:
            without["distance"] = {"within_km": wider}
    if wanted.reach is not Reach.EITHER:
        without["reach"] = {"reach": Reach.EITHER}
    without |= {
        name: easier
        for name, easier in WISHES.items()
        if any(getattr(wanted, field) != value for field, value in easier.items())
    }
    changed = {name: wanted.model_copy(update=update) for name, update in without.items()}
    return MappingProxyType(changed)
