"""Where an HSDS service is given."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stepwell.domain import hsds_profile as profile
from stepwell.domain.places import postcode_district
from stepwell.importers import cleaning
from stepwell.importers.hsds.attributes import codes, objects
from stepwell.importers.hsds.fields import is_private
from stepwell.importers.records import PlaceRecord

Json = Mapping[str, Any]


def locations(service: Json) -> Iterator[Json]:
    """Yield the locations of a service."""
    for link in objects(service, "service_at_locations"):
        location = link.get("location")
        if isinstance(location, dict):
            yield location


def has_virtual_location(service: Json) -> bool:
    """Say whether one of its locations is virtual."""
    return any(location.get("location_type") == "virtual" for location in locations(service))


def places_of(service: Json) -> tuple[list[tuple[str, PlaceRecord]], list[str]]:
    """Return each place with its location's id, and notes on what had to be left empty."""
    places: dict[str, PlaceRecord] = {}
    notes: list[str] = []
    for location in locations(service):
        place = place_of(location, notes)
        if place:
            places.setdefault(cleaning.line(location.get("id"), 36) or place.town, place)
    return list(places.items()), notes


def place_of(location: Json, notes: list[str]) -> PlaceRecord | None:
    """Return where a location is, or None when it names no town and country."""
    addresses = objects(location, "addresses")
    physical = [one for one in addresses if one.get("address_type") != "virtual"]
    if location.get("location_type") == "virtual" or not physical:
        return None
    address = next((one for one in physical if one.get("address_type") == "physical"), physical[0])
    country = cleaning.line(address.get("country")).upper()
    town = cleaning.line(address.get("city"), 80)
    if not re.fullmatch("[A-Z]{2}", country) or not town:
        return None
    district = postcode_district(country, cleaning.line(address.get("postal_code"), 12))[:12]
    if address.get("postal_code") and not district:
        notes.append(f"postal_code has not the form of {country} and was left empty")
    where = cleaning.point(location.get("latitude"), location.get("longitude"))
    if where is None and location.get("latitude") is not None:
        notes.append("latitude and longitude are not a place on the globe and were left empty")
    redacted = is_redacted(location, address, notes)
    return PlaceRecord(
        country=country,
        region=cleaning.line(address.get("state_province"), 80),
        town=town,
        district=district,
        street="" if redacted else street_of(address),
        point=where,
        redacted=redacted,
    )


def is_redacted(location: Json, address: Json, notes: list[str]) -> bool:
    """Say whether only the area of a place may be kept."""
    if "yes" in codes(location, profile.REDACTED) or location.get("location_type") == "redacted":
        return True
    if is_private(location) or is_private(address):
        notes.append("the address is marked as private: only its area was kept")
        return True
    if location.get("location_type") == "postal":
        notes.append("the location is for letters only: only its area was kept")
        return True
    return False


def street_of(address: Json) -> str:
    """Return the street in one line."""
    parts = (cleaning.line(address.get(key)) for key in ("address_1", "address_2"))
    return cleaning.line(", ".join(filter(None, parts)))
