"""An organisation that offers something, as a FHIR Organization."""

from datetime import date

from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.parts import filled, head, telecom
from stepwell.api.fhir.practitioner import identifiers
from stepwell.apps.directory.published import Provider
from stepwell.lib.fhir import Json


def organization(provider: Provider, publisher: Publisher, today: date) -> Json:
    """Return the resource of an organisation."""
    return filled(
        {
            **head("Organization", provider, provider.name),
            "identifier": identifiers(provider, publisher, today),
            "active": True,
            "name": provider.name,
            "telecom": telecom(web=provider.web),
        }
    )
