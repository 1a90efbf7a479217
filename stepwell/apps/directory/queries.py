"""Reads: which listings are shown on a day, and what stands in them. `finding/` searches them."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import ceil
from uuid import UUID

from django.db.models import (
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)
from django.db.models.functions import Left, Upper
from django.db.models.lookups import In

from stepwell.apps.directory.models import Credential, Family, Listing, ListingTerm, Place
from stepwell.domain.credentials import Held, Level, State
from stepwell.domain.day_starts import countries_with_the_whole_day, last_day
from stepwell.domain.matching import (
    CONFIRM_DAYS,
)
from stepwell.domain.offers import Accepting, Candidate, Consent, Cost, Standing

CELL_EDGE_KM = 9.85  # mean edge of an H3 cell of resolution 5


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
    """Return the twin of credentials.stands; a last day counts where all of it does."""
    standing = Q(state__in=[State.CLAIMED, State.VERIFIED])
    country = Upper(Left("jurisdiction", 2))
    whole_day = Q(In(country, sorted(countries_with_the_whole_day(today))))
    later = Q(expires_on__isnull=True) | Q(expires_on__gt=today)
    return standing & (later | Q(expires_on=today) & whole_day)


def recent(field: str, today: date, days: int) -> Q:
    """Return the condition that a day lies at most so many days back, and not ahead."""
    return Q(**{f"{field}__range": (today - timedelta(days=days), today)})


def has_term(family: Family, value: str = "") -> Exists:
    """Return whether a listing has a term of a family: any, or this one."""
    terms = ListingTerm.objects.filter(listing=OuterRef("pk"), family=family)
    return Exists(terms.filter(value=value) if value else terms)


def with_details(listings: QuerySet[Listing]) -> QuerySet[Listing]:
    """Return listings with all that a page shows of them, in three queries."""
    terms = Prefetch("terms", ListingTerm.objects.order_by("family", "value"))
    held = Prefetch("provider__credentials", Credential.objects.order_by("register", "number"))
    return listings.select_related("provider", "place").prefetch_related(terms, held)


def in_this_order(listing_ids: Sequence[UUID]) -> list[Listing]:
    """Return listings in the order of their ids, with their details; none for one that is gone."""
    found = with_details(Listing.objects.filter(pk__in=listing_ids)).in_bulk()
    return [found[listing_id] for listing_id in listing_ids if listing_id in found]


def find_listing(listing_id: UUID, today: date) -> Listing | None:
    """Return one listing, or None when it is not shown on that day."""
    return with_details(shown(today).filter(pk=listing_id)).first()


def shown_among(listing_ids: Iterable[UUID], today: date) -> dict[UUID, bool]:
    """Return those of some listings that are shown on that day, and whether each is an example."""
    found = shown(today).filter(pk__in=list(listing_ids))
    return dict(found.values_list("pk", "fictional"))


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
    return tuple(held_of(one) for one in listing.provider.credentials.all())


def held_of(credential: Credential) -> Held:
    """Return a credential as the domain sees it: in force until the last day that counts."""
    return Held(
        state=State(credential.state),
        level=Level(credential.level),
        expires_on=last_day(credential.expires_on, credential.jurisdiction),
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
