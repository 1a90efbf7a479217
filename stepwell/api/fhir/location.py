"""A place as a FHIR Location. A redacted one is an area: no street and no position."""

from datetime import date

from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.parts import filled, head
from stepwell.apps.directory.published import Place
from stepwell.lib.fhir import Json

HIDDEN = "The address is not published. This is the area."
PHYSICAL = "http://terminology.hl7.org/CodeSystem/location-physical-type"
DISTANCE = "http://hl7.org/fhir/StructureDefinition/location-distance"


def location(place: Place, publisher: Publisher, today: date) -> Json:
    """Return the resource of a place."""
    code, words = ("area", "Area") if place.redacted else ("si", "Site")
    return filled(
        {
            **head("Location", place, str(place)),
            "identifier": [{"system": publisher.base, "value": f"Location/{place.pk}"}],
            "status": "active",
            "name": str(place),
            "description": HIDDEN if place.redacted else "",
            "mode": "instance",
            "address": address(place),
            "physicalType": {"coding": [{"system": PHYSICAL, "code": code, "display": words}]},
            "position": position(place),
        }
    )


def address(place: Place) -> Json:
    """Return the address, as far as it may be told; a postcode is its district."""
    return filled(
        {
            "line": [place.street] if place.street and not place.redacted else [],
            "city": place.town,
            "state": place.region,
            "postalCode": place.district,
            "country": place.country,
        }
    )


def position(place: Place) -> Json | None:
    """Return where it is, or None where that is unknown or not told."""
    if place.redacted or place.lat is None or place.lon is None:
        return None
    return {"longitude": place.lon, "latitude": place.lat}


def distance(km: float) -> Json:
    """Return how far a place is from where somebody asked, as an extension of a search's entry."""
    unit = {"unit": "km", "system": "http://unitsofmeasure.org", "code": "km"}
    return {"url": DISTANCE, "valueDistance": {"value": km, **unit}}
