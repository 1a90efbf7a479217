"""Listings as the claims checker sees them, a page of them at a time."""

from datetime import date
from typing import NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch

from stepwell.apps.directory.models import Case, Cause, Listing
from stepwell.apps.registers.queries import has_exclusions
from stepwell.domain.claim_facts import Advertised, Exclusion, Licence
from stepwell.domain.claims import Finding, findings
from stepwell.domain.credentials import State
from stepwell.domain.offers import Standing

PER_PAGE = 100


class Checked(NamedTuple):
    """One listing and what a steward has to look at."""

    listing: Listing
    findings: tuple[Finding, ...]


def page(number: int) -> "Page[Listing]":
    """Return a page of the listings that are offered, in an order that stays. Four queries."""
    offered = Listing.objects.filter(standing=Standing.ACTIVE.value).order_by("pk")
    possible = Prefetch(
        "provider__cases",
        Case.objects.filter(cause=Cause.EXCLUDED, settled_at=None),
        to_attr="possibly_excluded",
    )
    whole = offered.select_related("provider", "place")
    whole = whole.prefetch_related("provider__credentials", possible)
    return Paginator(whole, PER_PAGE).get_page(number)


def checked(listings: "Page[Listing]", today: date) -> list[Checked]:
    """Return the listings of a page that promise more than stands behind them."""
    here = has_exclusions()
    looked_at = (
        Checked(one, findings(advertised(one, list_is_here=here), today)) for one in listings
    )
    return [one for one in looked_at if one.findings]


def advertised(listing: Listing, *, list_is_here: bool) -> Advertised:
    """Return a listing as it stands: its words, and what stands behind them."""
    provider = listing.provider
    texts = {
        "name": listing.name,
        "provider": provider.name,
        "about": listing.about,
        "about the provider": provider.about,
        "cost": listing.cost_note,
    }
    return Advertised(
        id=str(listing.pk),
        texts={field: text for field, text in texts.items() if text},
        kind=listing.kind,
        country=listing.place.country if listing.place else "",
        licences=tuple(
            Licence(
                register_id=one.register,
                number=one.number,
                state=State(one.state),
                expires_on=one.expires_on,
            )
            for one in provider.credentials.all()
        ),
        asks_freshness=not listing.fictional,
        confirmed_on=listing.confirmed_on,
        excluded=exclusion_of(listing, list_is_here=list_is_here),
    )


def exclusion_of(listing: Listing, *, list_is_here: bool) -> Exclusion:
    """Return what the exclusion list says of a provider, as it was last compared.

    Only the US keep a list that we copy, so of anybody else nothing can be told.
    """
    if listing.provider.excluded_on is not None:
        return Exclusion.YES
    if listing.provider.possibly_excluded:  # type: ignore[attr-defined]  # see page()
        return Exclusion.POSSIBLE
    return Exclusion.NO if list_is_here and is_american(listing) else Exclusion.UNKNOWN


def is_american(listing: Listing) -> bool:
    """Say whether a listing is in the US, or its provider names a licence of a US state."""
    held = listing.provider.credentials.all()
    here = listing.place is not None and listing.place.country == "US"
    return here or any(one.jurisdiction.startswith("US") for one in held)
