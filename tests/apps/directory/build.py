"""Plain builders of directory rows. What a test does not say does not matter to it."""

from collections.abc import Mapping
from datetime import date, datetime
from itertools import count
from types import MappingProxyType
from typing import Any

import h3

from stepwell.apps.directory.finding.rows import refresh
from stepwell.apps.directory.models import (
    Credential,
    Family,
    Listing,
    ListingTerm,
    Place,
    Provider,
)
from stepwell.domain.matching import shuffle_key

TODAY = date(2026, 11, 24)
_numbers = count(1)


def make_place(
    *,
    country: str = "GB",
    town: str = "Leeds",
    district: str = "LS1",
    lat: float | None = 53.80,
    lon: float | None = -1.55,
    **fields: Any,
) -> Place:
    """Store a place; without a point when `lat` is None."""
    cell = None if lat is None or lon is None else h3.str_to_int(h3.latlng_to_cell(lat, lon, 5))
    key = {"country": country, "town": town, "district": district}
    return Place.objects.get_or_create(
        **key,
        street=fields.pop("street", ""),
        redacted=fields.pop("redacted", False),
        defaults={"lat": lat, "lon": lon if lat is not None else None, "cell": cell, **fields},
    )[0]


def make_provider(
    *, name: str = "Example Provider", type: str = "organisation", **fields: Any
) -> Provider:
    """Store a provider."""
    given = {"source": "test", "source_id": str(next(_numbers)), **fields}
    return Provider.objects.create(name=name, type=type, **given)


def make_listing(
    *,
    provider: Provider | None = None,
    place: Place | None = None,
    languages: frozenset[str] = frozenset(),
    serves: frozenset[str] = frozenset(),
    terms: Mapping[Family, frozenset[str]] = MappingProxyType({}),
    **fields: Any,
) -> Listing:
    """Store a listing that is shown to somebody who asks for nothing."""
    number = str(next(_numbers))
    if place is None and not fields.get("remote"):
        place = make_place()
    given = {
        "kind": "counselling",
        "name": f"Example listing {number}",
        "consent": "claimed",
        "confirmed_on": None if fields.get("fictional") else TODAY,
        "shuffle_key": shuffle_key(number),
        "source": "test",
        "source_id": number,
        **fields,
    }
    listing = Listing.objects.create(provider=provider or make_provider(), place=place, **given)
    said = [(Family.LANGUAGE, languages), (Family.COUNTRY, serves), *terms.items()]
    ListingTerm.objects.bulk_create(
        ListingTerm(listing=listing, family=family, value=value)
        for family, values in said
        for value in values
    )
    refresh([listing.pk])
    return listing


def make_credential(provider: Provider, **fields: Any) -> Credential:
    """Store a credential that the provider claims."""
    given = {"register": "gb_hcpc", "number": str(next(_numbers)), "jurisdiction": "GB", **fields}
    credential = Credential.objects.create(provider=provider, **given)
    refresh(list(provider.listings.values_list("pk", flat=True)))
    return credential


def checked(by: Any, moment: datetime) -> dict[str, Any]:
    """Return the fields of a check."""
    return {"checked_by": by, "checked_at": moment}
