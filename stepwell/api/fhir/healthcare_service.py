"""A listing as a FHIR HealthcareService: one kind of support by one provider at one place."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from stepwell.api.fhir import names, vocabulary
from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.parts import (
    EXAMPLE,
    LANGUAGE,
    coded,
    filled,
    head,
    kind_of,
    own_identifier,
    place_reference,
    provider_reference,
    telecom,
)
from stepwell.api.fhir.vocabulary import display
from stepwell.apps.directory.published import Family, Listing
from stepwell.apps.directory.words import language_name
from stepwell.domain import matching, support
from stepwell.domain.offers import Accepting, Cost
from stepwell.lib import fhir
from stepwell.lib.fhir import Json

CONDITIONS = "http://terminology.hl7.org/CodeSystem/service-provision-conditions"
PROVISION = {Cost.FREE.value: "free", Cost.LOW.value: "disc", Cost.PAID.value: "cost"}
PROVISION_WORDS = {
    "free": "Free",
    "disc": "Discounts Available",
    "cost": "Fees apply",
}
COUNTRIES = "urn:iso:std:iso:3166"
CHARACTERISTICS = (
    (Family.NEED, vocabulary.NEED),
    (Family.GOAL, vocabulary.GOAL),
    (Family.FORMAT, vocabulary.FORMAT),
    (Family.ACCESS, vocabulary.ACCESS),
    (Family.PAYER, vocabulary.PAYER),
)


def healthcare_service(listing: Listing, publisher: Publisher, today: date) -> Json:
    """Return the resource of a listing. A person who offers it stands in a PractitionerRole."""
    kind, provider = listing.kind, listing.provider
    return filled(
        {
            **head("HealthcareService", listing, listing.name),
            "extension": [offer(listing, publisher, today)],
            "identifier": [own_identifier(listing.pk)],
            "active": True,
            "providedBy": provider_reference(provider)
            if kind_of(provider) == "Organization"
            else None,
            "category": category(kind, publisher),
            "type": [coded(publisher, vocabulary.KIND, kind, display(vocabulary.KIND, kind))],
            "specialty": specialties(listing, publisher),
            "location": [place_reference(listing.place)] if listing.place else [],
            "name": listing.name,
            "comment": comment(listing),
            "extraDetails": listing.cost_note,
            "telecom": telecom(phone=listing.phone, email=listing.email, web=listing.web),
            "serviceProvisionCode": provision(listing.cost),
            "eligibility": eligibility(listing),
            "characteristic": list(characteristics(listing, publisher)),
            "communication": [language(code) for code in terms(listing, Family.LANGUAGE)],
        }
    )


def terms(listing: Listing, family: Family) -> list[str]:
    """Return the codes of one family, in order."""
    return sorted(term.value for term in listing.terms.all() if term.family == family)


def category(kind: str, publisher: Publisher) -> list[Json]:
    """Return the family of a kind of support, where the kind is a fact of this site."""
    known = support.kinds().get(kind)
    if known is None:
        return []
    code = known.family.value
    return [coded(publisher, vocabulary.FAMILY, code, display(vocabulary.FAMILY, code))]


def specialties(listing: Listing, publisher: Publisher) -> list[Json]:
    """Return the approaches."""
    used = terms(listing, Family.APPROACH)
    return [
        coded(publisher, vocabulary.APPROACH, code, display(vocabulary.APPROACH, code))
        for code in used
    ]


def comment(listing: Listing) -> str:
    """Return what it is about; an example says first that it is one."""
    return " ".join(filter(None, (EXAMPLE if listing.fictional else "", listing.about)))


def provision(cost: str) -> list[Json]:
    """Return what it costs, in FHIR's own three words; nothing where nobody says."""
    code = PROVISION.get(cost)
    if code is None:
        return []
    return [{"coding": [{"system": CONDITIONS, "code": code, "display": PROVISION_WORDS[code]}]}]


def eligibility(listing: Listing) -> list[Json]:
    """Return for which ages it is."""
    lowest, highest = listing.minimum_age, listing.maximum_age
    if lowest is None and highest is None:
        return []
    start = f"from {lowest} years" if lowest is not None else ""
    end = f"up to {highest} years" if highest is not None else ""
    return [{"code": {"text": "Age"}, "comment": " ".join(filter(None, (start, end)))}]


def characteristics(listing: Listing, publisher: Publisher) -> Iterator[Json]:
    """Yield needs, goals, formats, access and payers, and the countries served remotely."""
    for family, words in CHARACTERISTICS:
        for code in terms(listing, family):
            yield coded(publisher, words, code, display(words, code))
    for code in terms(listing, Family.COUNTRY):
        yield {"coding": [{"system": COUNTRIES, "code": code}], "text": f"served remotely: {code}"}


def language(code: str) -> Json:
    """Return a language."""
    name = language_name(code)
    return {"coding": [{"system": LANGUAGE, "code": code, "display": name}], "text": name}


def offer(listing: Listing, publisher: Publisher, today: date) -> Json:
    """Return what FHIR has no element for. An old word on free places is none."""
    said: dict[str, Any] = {
        "remote": listing.remote,
        "cost": listing.cost,
        "accepting": accepting(listing, today),
        "acceptingOn": listing.accepting_on,
        **availability(listing, today),
        **fees(listing),
        "confirmedOn": listing.confirmed_on,
        "confidentiality": listing.confidentiality,
        "minimumAge": listing.minimum_age,
        "maximumAge": listing.maximum_age,
    }
    promised = terms(listing, Family.CONTACT)
    kept = {key: value for key, value in said.items() if value not in ("", None)}
    if promised:
        kept["safeContact"] = promised
    return fhir.nested(publisher.extension(names.LISTING), kept)


def fees(listing: Listing) -> dict[str, Any]:
    """Return what a session costs, in the smallest unit of its currency."""
    said = {"feeFrom": listing.fee_from, "feeTo": listing.fee_to, "currency": listing.currency}
    return {**said, "slidingScale": listing.sliding_scale}


def availability(listing: Listing, today: date) -> dict[str, Any]:
    """Return weeks to wait and free seats, as long as their day is recent."""
    days = matching.ACCEPTING_DAYS
    wait = matching.is_recent(listing.accepting_on, today, days)
    seats = matching.is_recent(listing.seats_on, today, days)
    return {
        "waitWeeks": listing.wait_weeks if wait else None,
        "seatsOpen": listing.seats_open if seats else None,
        "seatsOn": listing.seats_on if seats else None,
    }


def accepting(listing: Listing, today: date) -> str:
    """Return whether new people are taken, as its page says it."""
    fresh = matching.is_recent(listing.accepting_on, today, matching.ACCEPTING_DAYS)
    return listing.accepting if fresh or listing.fictional else Accepting.UNKNOWN.value
