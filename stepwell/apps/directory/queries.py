"""Reads: the listings that fit, in order, and how many each gate removed.

The fast twin of stepwell.domain.matching. Where something is near, the places
are found by their H3 cells and measured exactly here; the listings are then
matched by the numbers of those places, in one query.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import reduce
from math import ceil
from operator import add
from typing import NamedTuple
from uuid import UUID

import h3
from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.fields import BigIntegerField

from stepwell.apps.directory.models import Credential, Family, Listing, ListingTerm, Place
from stepwell.domain import matching
from stepwell.domain.credentials import LOWEST_CHECKED, Held, Level, State
from stepwell.domain.matching import (
    ACCEPTING_DAYS,
    CHECKED_POINTS,
    CONFIRM_DAYS,
    FRESH_DAYS,
    GATES,
    NEED_POINTS,
    SHUFFLE_MODULUS,
    WEIGHTS,
    Funnel,
    Removed,
)
from stepwell.domain.offers import Accepting, Candidate, Consent, Cost, Preferences, Reach, Standing
from stepwell.domain.places import DISTANCES_KM, Point, distance_km

CELL_EDGE_KM = 9.85  # mean edge of an H3 cell of resolution 5
ANYTHING = Q()


class Near(NamedTuple):
    """Places around those asked for: those within the distance, and those of each band."""

    within: frozenset[int]
    bands: Mapping[int, frozenset[int]]


def near(wanted: Preferences) -> Near:
    """Return the places near those asked for, measured exactly. One query at most."""
    if not wanted.near:
        return Near(frozenset(), {limit: frozenset() for limit in DISTANCES_KM})
    farthest = max(DISTANCES_KM)
    cells = {
        h3.str_to_int(cell)
        for point in wanted.near
        for cell in h3.grid_disk(h3.latlng_to_cell(*point, 5), rings(farthest))
    }
    around = Place.objects.filter(cell__in=cells).values_list("pk", "lat", "lon")
    away = {
        pk: min(distance_km(Point(lat, lon), point) for point in wanted.near)
        for pk, lat, lon in around
        if lat is not None and lon is not None
    }
    return Near(
        frozenset(pk for pk, km in away.items() if km <= wanted.within_km),
        {limit: frozenset(pk for pk, km in away.items() if km <= limit) for limit in DISTANCES_KM},
    )


def rings(radius_km: float) -> int:
    """Return how many rings of cells cover a radius; without the last one a few are missed."""
    return ceil((radius_km + CELL_EDGE_KM) / (1.5 * CELL_EDGE_KM)) + 1


def publishable() -> QuerySet[Listing]:
    """Return the listings that may be spoken of at all."""
    offered = Listing.objects.filter(standing=Standing.ACTIVE).exclude(consent=Consent.NONE)
    return offered.filter(provider__excluded_on__isnull=True)


def shown(today: date) -> QuerySet[Listing]:
    """Return the listings that are shown on a day: the one rule for pages, search and exports.

    Publishable, confirmed in the last 90 days, and with a credential in force where the
    provider names any. A fictional listing is shown and has to be marked as one.
    """
    held = Credential.objects.filter(provider=OuterRef("provider"))
    confirmed = Q(fictional=True) | recent("confirmed_on", today, CONFIRM_DAYS)
    credential = ~Q(Exists(held)) | Q(Exists(held.filter(in_force(today))))
    return publishable().filter(confirmed, credential)


def in_force(today: date) -> Q:
    """Return the condition on a credential that it still stands."""
    standing = Q(state__in=[State.CLAIMED, State.VERIFIED])
    return standing & (Q(expires_on__isnull=True) | Q(expires_on__gte=today))


def recent(field: str, today: date, days: int) -> Q:
    """Return the condition that a day lies at most so many days back, and not ahead."""
    return Q(**{f"{field}__range": (today - timedelta(days=days), today)})


def has_term(family: Family, value: str = "") -> Exists:
    """Return whether a listing has a term of a family: any, or this one."""
    terms = ListingTerm.objects.filter(listing=OuterRef("pk"), family=family)
    return Exists(terms.filter(value=value) if value else terms)


def conditions(wanted: Preferences, around: Near, today: date) -> dict[str, Q]:
    """Return each gate of the domain as a condition, by its name and in its order."""
    held = Credential.objects.filter(provider=OuterRef("provider"))
    by_gate = {
        "kind": Q(kind=wanted.kind) if wanted.kind else ANYTHING,
        "confirmed": Q(fictional=True) | recent("confirmed_on", today, CONFIRM_DAYS),
        "credential": ~Q(Exists(held)) | Q(Exists(held.filter(in_force(today)))),
        "country": in_country(wanted),
        "reach": within_reach(wanted, around),
        "need": names_or_says_nothing(Family.NEED, wanted.need),
        "goal": names_or_says_nothing(Family.GOAL, wanted.goal),
        "approach": names(Family.APPROACH, wanted.approach),
        "format": names_or_says_nothing(Family.FORMAT, wanted.format),
        "language": names_or_says_nothing(Family.LANGUAGE, wanted.language),
        "access": names(Family.ACCESS, wanted.access),
        "payer": names(Family.PAYER, wanted.payer),
        "cost": Q(cost__in=[Cost.FREE, Cost.LOW]) if wanted.low_cost else ANYTHING,
        "accepting": accepting(today) if wanted.accepting else ANYTHING,
        "checked": Q(has_checked(today)) if wanted.checked else ANYTHING,
    }
    return {gate.name: by_gate[gate.name] for gate in GATES}


def in_country(wanted: Preferences) -> Q:
    """Return the twin of matching.is_open_to_country."""
    if not wanted.country:
        return ANYTHING
    served = Q(has_term(Family.COUNTRY, wanted.country))
    return Q(place__country=wanted.country) | (Q(remote=True) & served)


def within_reach(wanted: Preferences, around: Near) -> Q:
    """Return the twin of matching.is_within_reach."""
    here = Q(place__isnull=False)
    if wanted.has_place:
        here &= Q(place__in=wanted.places | around.within)
    if wanted.reach is Reach.IN_PERSON:
        return here
    return Q(remote=True) if wanted.reach is Reach.REMOTE else here | Q(remote=True)


def names(family: Family, asked: str) -> Q:
    """Return the condition that what was asked for is named, if anything was."""
    return Q(has_term(family, asked)) if asked else ANYTHING


def names_or_says_nothing(family: Family, asked: str) -> Q:
    """Return the twin of matching.names_or_says_nothing."""
    return names(family, asked) | ~Q(has_term(family)) if asked else ANYTHING


def has_checked(today: date) -> Exists:
    """Return the twin of matching.has_checked."""
    verified = Credential.objects.filter(
        in_force(today),
        provider=OuterRef("provider"),
        state=State.VERIFIED,
        level__gte=LOWEST_CHECKED,
    )
    return Exists(verified)


def accepting(today: date) -> Q:
    """Return the twin of matching.is_accepting."""
    said = Q(fictional=True) | recent("accepting_on", today, ACCEPTING_DAYS)
    return Q(accepting=Accepting.YES) & said


def all_of(gates: Iterable[Q]) -> Q:
    """Return the conditions joined."""
    joined = Q()
    for gate in gates:
        joined &= gate
    return joined


def funnel(wanted: Preferences, around: Near, today: date) -> Funnel:
    """Return the twin of matching.funnel, in one query."""
    gates = conditions(wanted, around, today)
    names = list(gates)
    left = {
        f"after_{name}": Count("pk", filter=all_of(gates[earlier] for earlier in names[: n + 1]))
        for n, name in enumerate(names)
        if gates[name]
    }
    counted = publishable().aggregate(start=Count("pk"), **left)
    before, removed = counted["start"], []
    for name in names:
        after = counted.get(f"after_{name}", before)
        removed.append(Removed(name, before - after))
        before = after
    return Funnel(counted["start"], tuple(removed), before)


def what_if(wanted: Preferences, around: Near, today: date) -> dict[str, int]:
    """Return how many would fit with one wish less, by the wish's name. One query at most."""
    less = matching.relaxations(wanted)
    counts = {
        f"without_{name}": Count("pk", filter=all_of(conditions(easier, around, today).values()))
        for name, easier in less.items()
    }
    counted = publishable().aggregate(**counts) if counts else {}
    return {name: counted[f"without_{name}"] for name in less}


def listings_that_fit(
    wanted: Preferences, around: Near, *, today: date, site: str
) -> QuerySet[Listing]:
    """Return the twin of matching.ranked: best first, equals in the day's order."""
    shuffle = matching.shuffle_of(today, site)
    turn = ExpressionWrapper(
        (F("shuffle_key") * Value(shuffle.multiplier, BigIntegerField()) + shuffle.offset)
        % Value(SHUFFLE_MODULUS, BigIntegerField()),
        output_field=BigIntegerField(),
    )
    fitting = publishable().filter(all_of(conditions(wanted, around, today).values()))
    return with_details(
        fitting.annotate(points=points(wanted, around, today), turn=turn).order_by(
            "-points", "turn", "id"
        )
    )


def points(wanted: Preferences, around: Near, today: date) -> Combinable:
    """Return the twin of the sum of matching.score."""
    parts: list[Combinable] = [
        near_points(wanted, around),
        given(WEIGHTS["accepting"], accepting(today)),
        given(CHECKED_POINTS, Q(has_checked(today))),
        given(1, recent("confirmed_on", today, FRESH_DAYS)),
    ]
    for family, asked, worth in (
        (Family.NEED, wanted.need, NEED_POINTS),
        (Family.GOAL, wanted.goal, 1),
        (Family.APPROACH, wanted.approach, 1),
        (Family.FORMAT, wanted.format, 1),
        (Family.LANGUAGE, wanted.language, WEIGHTS["language"]),
    ):
        if asked:
            parts.append(given(worth, names(family, asked)))
    if wanted.low_cost:
        parts += [given(WEIGHTS["cost"], Q(cost=Cost.FREE)), given(1, Q(cost=Cost.LOW))]
    if wanted.reach is Reach.REMOTE:
        parts.append(given(1, Q(remote=True)))
    return reduce(add, parts)


def near_points(wanted: Preferences, around: Near) -> Case:
    """Return the twin of matching.near_points."""
    if wanted.reach is Reach.REMOTE or not wanted.has_place:
        return given(0, Q(pk__isnull=True))
    cases = [When(place__in=wanted.places, then=Value(WEIGHTS["near"]))] if wanted.places else []
    for number, limit in enumerate(sorted(DISTANCES_KM)):
        if around.bands[limit]:
            then = Value(len(DISTANCES_KM) - number)
            cases.append(When(place__in=around.bands[limit], then=then))
    return Case(*cases, default=Value(0), output_field=IntegerField())


def given(worth: int, condition: Q) -> Case:
    """Return `worth` where a condition holds, else nothing."""
    return Case(When(condition, then=Value(worth)), default=Value(0), output_field=IntegerField())


def with_details(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    """Return listings with all that a page shows of them, in three queries."""
    terms = Prefetch("terms", ListingTerm.objects.order_by("family", "value"))
    held = Prefetch("provider__credentials", Credential.objects.order_by("register", "number"))
    return listings.select_related("provider", "place").prefetch_related(terms, held)


def find_listing(listing_id: UUID, today: date) -> Listing | None:
    """Return one listing, or None when it is not shown on that day."""
    return with_details(shown(today).filter(pk=listing_id)).first()


def shown_among(listing_ids: Iterable[UUID], today: date) -> dict[UUID, bool]:
    """Return those of some listings that are shown on that day, and whether each is an example."""
    found = shown(today).filter(pk__in=list(listing_ids))
    return dict(found.values_list("pk", "fictional"))


def listings_of_kind(kind: str, today: date) -> QuerySet[Listing]:
    """Return every listing of one kind, by place and name."""
    fitting = shown(today).filter(kind=kind).select_related("place")
    return fitting.order_by("place__country", "place__town", "name", "id")


def countries() -> list[str]:
    """Return the countries in which something is listed or which something serves."""
    served = ListingTerm.objects.filter(family=Family.COUNTRY).values_list("value")
    return sorted(code for (code,) in Place.objects.values_list("country").union(served))


def named(family: Family) -> list[str]:
    """Return the codes of one family that listings name."""
    said = ListingTerm.objects.filter(family=family)
    return sorted(said.values_list("value", flat=True).distinct())


def values_of(listing: Listing, family: Family) -> frozenset[str]:
    """Return a listing's terms of one family."""
    return frozenset(term.value for term in listing.terms.all() if term.family == family)


def held_by(listing: Listing) -> tuple[Held, ...]:
    """Return the credentials of a listing's provider, as the domain sees them."""
    return tuple(
        Held(state=State(one.state), level=Level(one.level), expires_on=one.expires_on)
        for one in listing.provider.credentials.all()
    )


def candidate_of(listing: Listing) -> Candidate:
    """Return a listing as the domain sees it."""
    place = listing.place
    return Candidate(
        id=str(listing.pk),
        kind=listing.kind,
        standing=Standing(listing.standing),
        consent=Consent(listing.consent),
        excluded=listing.provider.excluded_on is not None,
        fictional=listing.fictional,
        confirmed_on=listing.confirmed_on,
        credentials=held_by(listing),
        country=place.country if place else "",
        place=place.pk if place else None,
        point=place.point if place else None,
        remote=listing.remote,
        serves=values_of(listing, Family.COUNTRY),
        languages=values_of(listing, Family.LANGUAGE),
        formats=values_of(listing, Family.FORMAT),
        needs=values_of(listing, Family.NEED),
        goals=values_of(listing, Family.GOAL),
        approaches=values_of(listing, Family.APPROACH),
        access=values_of(listing, Family.ACCESS),
        payers=values_of(listing, Family.PAYER),
        cost=Cost(listing.cost),
        accepting=Accepting(listing.accepting),
        accepting_on=listing.accepting_on,
        shuffle_key=listing.shuffle_key,
    )


def find_for_steward(listing_id: UUID) -> Listing | None:
    """Return one listing whatever its standing, or None."""
    return Listing.objects.filter(pk=listing_id).first()


def find_credential(credential_id: int) -> Credential | None:
    """Return one credential, or None."""
    return Credential.objects.filter(pk=credential_id).first()
