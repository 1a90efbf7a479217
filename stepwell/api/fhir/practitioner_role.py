"""A listing of a person as a FHIR PractitionerRole: who, what, where."""

from datetime import date

from stepwell.api.fhir import vocabulary
from stepwell.api.fhir.healthcare_service import specialties
from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.parts import (
    coded,
    filled,
    head,
    own_identifier,
    place_reference,
    provider_reference,
    reference,
    telecom,
)
from stepwell.api.fhir.vocabulary import display
from stepwell.apps.directory.published import Listing
from stepwell.lib.fhir import Json


def practitioner_role(listing: Listing, publisher: Publisher, today: date) -> Json:
    """Return the role of a person in one listing; it has the listing's id."""
    kind = listing.kind
    return filled(
        {
            **head("PractitionerRole", listing, listing.name),
            "identifier": [own_identifier(listing.pk)],
            "active": True,
            "practitioner": provider_reference(listing.provider),
            "code": [coded(publisher, vocabulary.KIND, kind, display(vocabulary.KIND, kind))],
            "specialty": specialties(listing, publisher),
            "location": [place_reference(listing.place)] if listing.place else [],
            "healthcareService": [reference("HealthcareService", listing.pk, listing.name)],
            "telecom": telecom(phone=listing.phone, email=listing.email, web=listing.web),
        }
    )
