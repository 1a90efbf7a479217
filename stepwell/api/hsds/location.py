"""location and address. Of a redacted place neither street nor door leaves, only its area."""

from stepwell.api.hsds.names import Json, Publisher, without_empty
from stepwell.api.hsds.taxonomy import attribute
from stepwell.apps.directory.published import Place
from stepwell.domain import hsds_profile as profile


def location_id(place: Place) -> str:
    """Return the id of a place: made of what it is, so that it is the same on every host."""
    said = (place.country, place.region, place.town, place.district, place.street)
    return str(profile.identifier("location", *said, str(place.redacted)))


def virtual_location() -> Json:
    """Return the location of help that is given by video, phone or text."""
    return {
        "id": str(profile.identifier("location", "virtual")),
        "location_type": "virtual",
        "name": "By video, phone or text",
    }


def location(place: Place) -> Json:
    """Return the fields of a place that are one to one.

    HSDS 3.1 has no type for a redacted place; `postal` at least says that nobody can go there.
    """
    row = {"latitude": place.lat, "longitude": place.lon, "name": place.town}
    return without_empty(row) | {
        "id": location_id(place),
        "location_type": "postal" if place.redacted else "physical",
    }


def full_location(place: Place, publisher: Publisher) -> Json:
    """Return a place with its address."""
    whole = location(place) | {"addresses": [address(place)]}
    hidden = profile.find_term(profile.REDACTED, "yes") if place.redacted else None
    if hidden:
        whole["attributes"] = [attribute(location_id(place), "location", hidden, publisher)]
    return whole


def address(place: Place) -> Json:
    """Return the address. HSDS asks for every field, so what is not said is empty."""
    key = location_id(place)
    return {
        "id": str(profile.identifier("address", key)),
        "location_id": key,
        "address_1": "" if place.redacted else place.street,
        "city": place.town,
        "state_province": place.region,
        "postal_code": place.district,
        "country": place.country,
        "address_type": "postal" if place.redacted else "physical",
    }
