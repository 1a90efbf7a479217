"""What the resources of the directory share: ids, references, telecom, marks of examples."""

from datetime import UTC, datetime
from html import escape

from stepwell.api.fhir.names import Publisher
from stepwell.apps.directory.published import Credential, Listing, Place, Provider, ProviderType
from stepwell.domain.registers import registers
from stepwell.lib.fhir import Json

PRACTITIONER, ORGANIZATION = "Practitioner", "Organization"
URI = "urn:ietf:rfc:3986"
LANGUAGE = "urn:ietf:bcp:47"
NPI_REGISTER, NPI = "us_nppes", "http://hl7.org/fhir/sid/us-npi"
EXAMPLE = "Fictional example. Not a real service."
TEST_DATA = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "code": "HTEST",
    "display": "test health data",
}
KIND_OF_PROVIDER = {ProviderType.PERSON.value: PRACTITIONER}


def head(kind: str, row: Listing | Provider | Place | Credential, name: str) -> Json:
    """Return how every resource begins; an example is marked for programs and for people.

    `row` carries changed_at and is_example, as the reads of the directory give them.
    """
    told: Json = {"resourceType": kind, "id": str(row.pk), "meta": {}}
    changed_at: datetime | None = getattr(row, "changed_at", None)
    if changed_at:
        told["meta"]["lastUpdated"] = instant(changed_at)
    if getattr(row, "is_example", False):
        told["meta"]["tag"] = [TEST_DATA]
        told["text"] = narrative(f"{EXAMPLE} {name}")
    return told if told["meta"] else {key: told[key] for key in ("resourceType", "id")}


def narrative(words: str) -> Json:
    """Return a text for people."""
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{escape(words)}</p></div>'
    return {"status": "generated", "div": div}


def instant(moment: datetime) -> str:
    """Return a moment as FHIR writes it, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def reference(kind: str, pk: object, display: str) -> Json:
    """Return a reference to another resource here."""
    return {"reference": f"{kind}/{pk}", "display": display}


def provider_reference(provider: Provider) -> Json:
    """Return a reference to whoever offers something."""
    return reference(kind_of(provider), provider.pk, provider.name)


def kind_of(provider: Provider) -> str:
    """Return whether a provider is a Practitioner or an Organization."""
    return KIND_OF_PROVIDER.get(provider.type, ORGANIZATION)


def place_reference(place: Place) -> Json:
    """Return a reference to a place."""
    return reference("Location", place.pk, str(place))


def own_identifier(pk: object) -> Json:
    """Return the id under which we know a row, as a name that is the same everywhere."""
    return {"system": URI, "value": f"urn:uuid:{pk}"}


def register_system(register: str, publisher: Publisher) -> str:
    """Return what FHIR calls the numbers of a register."""
    if register == NPI_REGISTER:
        return NPI
    return publisher.url("NamingSystem", register.replace("_", "-"))


def number_of(credential: Credential, publisher: Publisher) -> Json:
    """Return the number of a licence or title."""
    system = register_system(credential.register, publisher)
    return {"system": system, "value": credential.number}


def register_name(register: str) -> str:
    """Return who issues a licence or title."""
    known = registers().get(register)
    return known.name if known else register


def coded(publisher: Publisher, vocabulary: str, code: str, display: str) -> Json:
    """Return one of our words as a CodeableConcept."""
    system = publisher.url("CodeSystem", vocabulary)
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def telecom(*, phone: str = "", email: str = "", web: str = "") -> list[Json]:
    """Return the ways to get in touch; what was private in a source was never stored."""
    ways = (("phone", phone), ("email", email), ("url", web))
    return [{"system": system, "value": value} for system, value in ways if value]


def filled(resource: Json) -> Json:
    """Return a resource without its empty parts: FHIR knows no empty text and no empty list."""
    return {key: value for key, value in resource.items() if value not in ("", None, [], {})}
