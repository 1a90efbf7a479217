"""A listing as a card: in results, and on the pages of kinds and towns."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from stepwell.apps.directory.models import Listing
from stepwell.apps.directory.presenters.wording import (
    Context,
    accepting_words,
    best_check,
    check_words,
    cost_words,
    kind_name,
    languages_of,
    place_words,
)


def cards(listings: Iterable[Listing], today: date) -> list[Context]:
    """Return listings as cards."""
    return [card(listing, today) for listing in listings]


def card(listing: Listing, today: date) -> Context:
    """Return one card."""
    best = best_check(listing.provider.credentials.all(), today)
    return {
        "url": reverse("directory:listing", args=[listing.pk]),
        "name": listing.name,
        "kind": kind_name(listing.kind),
        "place": place_words(listing),
        "offered_by": offered_by(listing),
        "fictional": listing.fictional,
        "checked": best is not None,
        "check": check_words(best),
        "facts": [
            ("Cost", cost_words(listing)),
            ("New people", accepting_words(listing, today)),
            ("Languages", ", ".join(languages_of(listing)) or "Ask which they speak"),
        ],
    }


def offered_by(listing: Listing) -> str:
    """Return who offers it, or "" where the name of the listing says so already."""
    provider = listing.provider.name
    return "" if provider.casefold() in listing.name.casefold() else provider
