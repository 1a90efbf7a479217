"""Listings as the claims checker sees them, a page of them at a time."""

from datetime import date
from typing import NamedTuple

from django.core.paginator import Page, Paginator

from stepwell.apps.directory.models import Listing
from stepwell.domain.claim_facts import Advertised, Licence
from stepwell.domain.claims import Finding, findings
from stepwell.domain.credentials import State
from stepwell.domain.offers import Standing

PER_PAGE = 100


class Checked(NamedTuple):
    """One listing and what a steward has to look at."""

    listing: Listing
    findings: tuple[Finding, ...]


def page(number: int) -> "Page[Listing]":
    """Return a page of the listings that are offered, in an order that stays. Three queries."""
    offered = Listing.objects.filter(standing=Standing.ACTIVE.value).order_by("pk")
    whole = offered.select_related("provider", "place").prefetch_related("provider__credentials")
    return Paginator(whole, PER_PAGE).get_page(number)


def checked(listings: "Page[Listing]", today: date) -> list[Checked]:
    """Return the listings of a page that promise more than stands behind them."""
    looked_at = (Checked(one, findings(advertised(one), today)) for one in listings)
    return [one for one in looked_at if one.findings]


def advertised(listing: Listing) -> Advertised:
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
    )
