"""The link in a mail with which a provider confirms a listing, without signing in.

The token is sealed with the site's keys (`lib/sealing.py`): nobody else can make or change
one, it tells nothing to who sees it, and links made under an older key work as long as
that key lies on the ring. It holds for 21 days and for the address it was made for.
"""

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from stepwell.apps.directory.models import Listing
from stepwell.domain.freshness import last_day_of_link, link_holds
from stepwell.domain.offers import Standing
from stepwell.lib.key_rings import SealingError
from stepwell.lib.sealing import seal, unseal

CONTEXT = "directory:confirm:link"


class Link(NamedTuple):
    """What a link opens, and the last day on which it works."""

    listing: Listing
    last_day: date


def token_for(listing: Listing, now: datetime) -> str:
    """Return the token of a new link. The listing comes with its provider."""
    address = fingerprint(listing.provider.contact_email)
    return seal(f"{listing.pk.hex}.{int(now.timestamp())}.{address}", CONTEXT)


def address_of_link(listing: Listing, now: datetime) -> str:
    """Return the whole address of a new link."""
    path = reverse("directory:confirm", args=[token_for(listing, now)])
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def find_link(token: str, now: datetime) -> Link | None:
    """Return what a token opens at this moment; None for every other, whatever is wrong."""
    try:
        key, made, address = unseal(token, CONTEXT).split(".")
    except SealingError:
        return None
    made_on = timezone.localdate(datetime.fromtimestamp(int(made), UTC))
    if not link_holds(made_on, timezone.localdate(now)):
        return None
    kept = Listing.objects.exclude(standing=Standing.WITHDRAWN).filter(fictional=False)
    listing = kept.select_related("provider", "place").filter(pk=UUID(key)).first()
    if listing is None or fingerprint(listing.provider.contact_email) != address:
        return None
    return Link(listing, last_day_of_link(made_on))


def fingerprint(address: str) -> str:
    """Return a short hash of an address: a link ends when the address it went to is replaced."""
    return sha256(address.strip().casefold().encode()).hexdigest()[:16]
