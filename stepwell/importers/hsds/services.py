"""One HSDS service becomes one row per way in which it is given."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from stepwell.domain import support
from stepwell.domain.approaches import approaches
from stepwell.domain.guide_facts import goals, needs
from stepwell.domain.offers import (
    REMOTE_FORMATS,
    Accepting,
    Access,
    Consent,
    Cost,
    Format,
    Payer,
)
from stepwell.domain.places import postcode_district
from stepwell.importers import cleaning
from stepwell.importers.records import (
    LeftOut,
    PlaceRecord,
    ProviderRecord,
    Reject,
    Row,
    record_or_reject,
)

Json = Mapping[str, Any]

# Our profile: attributes of these taxonomies say what HSDS has no field for. See README.md.
KIND = "stepwell_kind"
FORMAT = "stepwell_format"
NEED = "stepwell_need"
GOAL = "stepwell_goal"
APPROACH = "stepwell_approach"
ACCESS = "stepwell_access"
PAYER = "stepwell_payer"
COUNTRY = "stepwell_country"
COST = "stepwell_cost"
ACCEPTING = "stepwell_accepting"
PRIVACY = "stepwell_confidentiality"
REDACTED = "stepwell_redacted"
FICTIONAL = "stepwell_fictional"

CLOSED = frozenset({"inactive", "defunct", "temporarily closed"})


def rows_of(row: int, service: Json) -> Iterator[Row]:
    """Yield a row per place and one for remote help, or why there is none."""
    service_id = cleaning.line(service.get("id"), 80)
    status = cleaning.line(service.get("status"))
    kind = kind_of(service)
    if problem := problem_with(service, kind):
        column, reason, repair = problem
        yield Reject(row=row, source_id=service_id, column=column, reason=reason, repair=repair)
    elif status in CLOSED:
        yield LeftOut(row=row, source_id=service_id, column="status", reason=f"it is {status}")
    else:
        yield from rows_of_kind(row, service_id, service, kind)


def problem_with(service: Json, kind: str) -> tuple[str, str, str] | None:
    """Return column, reason and repair where a service cannot be used at all."""
    for column in ("id", "name", "status"):
        if not cleaning.line(service.get(column)):
            return column, "it is missing", "HSDS asks for it in every service: fill it in."
    if cleaning.line(service.get("status")) in CLOSED:
        return None
    organisation = service.get("organization")
    if not isinstance(organisation, dict) or not cleaning.line(organisation.get("name")):
        repair = "Give the service its organization, or an organization_id of this file."
        return "organization", "nobody is named who offers it", repair
    if not kind:
        repair = f"Add an attribute of the taxonomy {KIND} whose code is one of the kinds."
        return "attributes", "we cannot tell which kind of support it is", repair
    return None


def rows_of_kind(row: int, service_id: str, service: Json, kind: str) -> Iterator[Row]:
    """Yield a row per place and one for remote help, for a service that can be used."""
    common = common_of(row, service, kind)
    places, notes = places_of(service)
    for location_id, place in places:
        yield record_or_reject(
            **common, source_id=f"{service_id}@{location_id}", place=place, notes=tuple(notes)
        )
    formats = common["formats"]
    if formats & REMOTE_FORMATS or has_virtual_location(service):
        serves = codes(service, COUNTRY) or {place.country for _, place in places}
        yield record_or_reject(
            **common,
            source_id=f"{service_id}@remote",
            remote=True,
            serves=frozenset(serves),
            notes=tuple(notes),
        )
    elif not places:
        yield Reject(
            row=row,
            source_id=service_id,
            column="service_at_locations",
            reason="it is neither at a place with a town nor given remotely",
            repair="Add a location with an address (city, country), or a virtual one.",
        )


def common_of(row: int, service: Json, kind: str) -> dict[str, Any]:
    """Return what all rows of one service share, by the names of Record."""
    organisation = service["organization"]
    fictional = "yes" in codes(service, FICTIONAL)
    confirmed_on = None if fictional else cleaning.day(service.get("assured_date"))
    accepting = word_of(service, ACCEPTING, Accepting, Accepting.UNKNOWN)
    return {
        "row": row,
        "provider": provider_of(organisation),
        "kind": kind,
        "name": cleaning.line(service.get("name")),
        "about": cleaning.plain(service.get("description")),
        "languages": languages_of(service),
        "formats": words_of(service, FORMAT, Format),
        "needs": frozenset(codes(service, NEED) & set(needs())),
        "goals": frozenset(codes(service, GOAL) & set(goals())),
        "approaches": frozenset(codes(service, APPROACH) & set(approaches())),
        "access": words_of(service, ACCESS, Access),
        "payers": words_of(service, PAYER, Payer),
        "cost": cost_of(service),
        "cost_note": cleaning.line(service.get("fees_description"), 400),
        "accepting": accepting,
        "accepting_on": confirmed_on if accepting is not Accepting.UNKNOWN else None,
        "minimum_age": cleaning.whole_number(service.get("minimum_age")),
        "maximum_age": cleaning.whole_number(service.get("maximum_age")),
        "phone": phone_of(service) or phone_of(organisation),
        "email": cleaning.email_address(service.get("email") or organisation.get("email")),
        "web": cleaning.web_address(service.get("url") or organisation.get("website")),
        "confidentiality": next(iter(sorted(codes(service, PRIVACY))), ""),
        "confirmed_on": confirmed_on,
        "consent": Consent.ORGANISATION,
        "fictional": fictional,
    }


def provider_of(organisation: Json) -> ProviderRecord:
    """Return the organisation; its named contacts stay where they are."""
    return ProviderRecord(
        key=cleaning.line(organisation.get("id"), 120) or cleaning.line(organisation["name"], 120),
        name=cleaning.line(organisation["name"]),
        about=cleaning.plain(organisation.get("description")),
        web=cleaning.web_address(organisation.get("website")),
    )


def attributes(holder: Json) -> Iterator[tuple[str, str, str]]:
    """Yield taxonomy, code and name of each attribute."""
    for attribute in objects(holder, "attributes"):
        term = attribute.get("taxonomy_term")
        if isinstance(term, dict):
            taxonomy, code, name = (term.get(key) for key in ("taxonomy", "code", "name"))
            yield cleaning.line(taxonomy), cleaning.line(code), cleaning.line(name)


def codes(holder: Json, taxonomy: str) -> set[str]:
    """Return the codes that a holder has of one taxonomy."""
    return {code for family, code, _ in attributes(holder) if family == taxonomy and code}


def kind_of(service: Json) -> str:
    """Return the kind of support: of our own taxonomy, or by a name that says it, or ""."""
    kinds = support.kinds()
    ours = sorted(codes(service, KIND) & set(kinds))
    if ours:
        return ours[0]
    said = [name for _, _, name in attributes(service)] + [cleaning.line(service.get("name"))]
    text = " ".join(said).casefold().replace("counseling", "counselling")
    named = [kind for kind in kinds.values() if kind.name.casefold() in text]
    return max(named, key=lambda kind: len(kind.name)).id if named else ""


def words_of(service: Json, taxonomy: str, words: type[StrEnum]) -> frozenset[str]:
    """Return those of `words` that the service has of a taxonomy."""
    return frozenset(codes(service, taxonomy) & {word.value for word in words})


def word_of(service: Json, taxonomy: str, words: type[Any], otherwise: Any) -> Any:
    """Return the one of `words` that the service has of a taxonomy."""
    said = sorted(codes(service, taxonomy) & {word.value for word in words})
    return words(said[0]) if said else otherwise


def cost_of(service: Json) -> Cost:
    """Return the cost: as our taxonomy says, or by the amounts; never guessed from a text."""
    amounts = [
        option["amount"]
        for option in objects(service, "cost_options")
        if isinstance(option.get("amount"), int | float)
    ]
    by_amount = Cost.PAID if any(amounts) else Cost.FREE if amounts else Cost.UNKNOWN
    said: Cost = word_of(service, COST, Cost, by_amount)
    return said


def languages_of(service: Json) -> frozenset[str]:
    """Return the codes of the languages spoken."""
    said = (
        cleaning.language(one.get("code")) or cleaning.language(one.get("name"))
        for one in objects(service, "languages")
    )
    return frozenset(filter(None, said))


def phone_of(holder: Json) -> str:
    """Return the first phone number for speaking, or ""."""
    for phone in objects(holder, "phones"):
        if cleaning.line(phone.get("type")) in {"", "voice", "cell", "hotline"}:
            number = cleaning.phone_number(phone.get("number"))
            if number:
                return number
    return ""


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
    places: list[tuple[str, PlaceRecord]] = []
    notes: list[str] = []
    for location in locations(service):
        place = place_of(location, notes)
        if place:
            places.append((cleaning.line(location.get("id"), 36) or place.town, place))
    return places, notes


def place_of(location: Json, notes: list[str]) -> PlaceRecord | None:
    """Return where a location is, or None when it names no town and country."""
    addresses = objects(location, "addresses")
    physical = [one for one in addresses if one.get("address_type") != "virtual"]
    if location.get("location_type") == "virtual" or not physical:
        return None
    address = physical[0]
    country = cleaning.line(address.get("country")).upper()
    town = cleaning.line(address.get("city"), 80)
    if not re.fullmatch("[A-Z]{2}", country) or not town:
        return None
    district = postcode_district(country, cleaning.line(address.get("postal_code"), 12))
    if address.get("postal_code") and not district:
        notes.append(f"postal_code has not the form of {country} and was left empty")
    where = cleaning.point(location.get("latitude"), location.get("longitude"))
    if where is None and location.get("latitude") is not None:
        notes.append("latitude and longitude are not a place on the globe and were left empty")
    redacted = "yes" in codes(location, REDACTED) or location.get("location_type") == "redacted"
    return PlaceRecord(
        country=country,
        region=cleaning.line(address.get("state_province"), 80),
        town=town,
        district=district,
        street="" if redacted else cleaning.line(address.get("address_1")),
        point=where,
        redacted=redacted,
    )


def objects(holder: Json, key: str) -> list[Json]:
    """Return the objects in a list, whatever else may stand there."""
    value = holder.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
