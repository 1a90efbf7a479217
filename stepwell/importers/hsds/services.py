"""One HSDS service becomes one row per way in which it is given."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from stepwell.domain import hsds_profile as profile
from stepwell.domain.approaches import approaches
from stepwell.domain.guide_facts import goals, needs
from stepwell.domain.offers import REMOTE_FORMATS, Access, Consent, Format, Payer, SafeContact
from stepwell.importers import cleaning
from stepwell.importers.hsds.attributes import (
    NO_MAP,
    TermMap,
    attributes,
    codes,
    is_ours,
    kind_of,
    with_said,
    words_of,
)
from stepwell.importers.hsds.fields import (
    about_of,
    accepting_of,
    cost_note_of,
    cost_of,
    credentials_of,
    fees_of,
    is_private,
    languages_of,
    not_kept,
    phone_of,
    seats_of,
    sliding_of,
    wait_of,
)
from stepwell.importers.hsds.places import has_virtual_location, places_of
from stepwell.importers.records import (
    LeftOut,
    PlaceRecord,
    ProviderRecord,
    Reject,
    Row,
    record_or_reject,
)

Json = Mapping[str, Any]
CLOSED = frozenset({"inactive", "defunct", "temporarily closed"})
OPEN = "active"


def rows_of(row: int, service: Json, meant: TermMap = NO_MAP) -> Iterator[Row]:
    """Yield a row per place and one for remote help, or why there is none."""
    service = read_once(service)
    service_id = cleaning.line(service.get("id"), 80)
    status = cleaning.line(service.get("status")).casefold()
    kind = kind_of(service, meant)
    if problem := problem_with(service, status, kind):
        column, reason, repair = problem
        yield Reject(row=row, source_id=service_id, column=column, reason=reason, repair=repair)
    elif out := left_out(service, status, meant):
        yield LeftOut(row=row, source_id=service_id, column=out[0], reason=out[1])
    elif is_ours(service):
        yield own_row(row, service_id, service, kind)
    else:
        yield from rows_of_kind(row, service_id, service, kind, meant)


def read_once(service: Json) -> Json:
    """Return a service whose attributes, and its organisation's, are read once for all."""
    organisation = service.get("organization")
    owned = with_said(organisation) if isinstance(organisation, dict) else organisation
    return {**with_said(service), "organization": owned}


def problem_with(service: Json, status: str, kind: str) -> tuple[str, str, str] | None:
    """Return column, reason and repair where a service cannot be used at all."""
    for column in ("id", "name", "status"):
        if not cleaning.line(service.get(column)):
            return column, "it is missing", "HSDS asks for it in every service: fill it in."
    if status in CLOSED:
        return None
    if status != OPEN:
        return "status", "it is no word of HSDS", f"Use {OPEN}, {', '.join(sorted(CLOSED))}."
    organisation = service.get("organization")
    if service.get("organization_is_missing"):
        repair = "Correct the id, or give the organisation it names."
        return "organization_id", "it names none of the organizations in this file", repair
    if not isinstance(organisation, dict) or not cleaning.line(organisation.get("name")):
        repair = "Give the service its organization, or an organization_id of this file."
        return "organization", "nobody is named who offers it", repair
    if not kind:
        repair = (
            f"Add an attribute of the taxonomy {profile.KIND} whose code is one of the kinds, "
            "or say in a mapping file (--map) what its terms mean."
        )
        return "attributes", "we cannot tell which kind of support it is", repair
    return None


def left_out(service: Json, status: str, meant: TermMap) -> tuple[str, str] | None:
    """Return column and reason where a service says that it is not to be shown."""
    if status in CLOSED:
        return "status", f"it is {status}"
    if is_private(service):
        return "private", "it is marked as private"
    rules = meant.rules_for(list(attributes(service)))
    if out := next((rule for rule in rules if rule.leave_out), None):
        return "attributes", f"the mapping file leaves out {out.term}"
    return None


def rows_of_kind(
    row: int, service_id: str, service: Json, kind: str, meant: TermMap
) -> Iterator[Row]:
    """Yield a row per place and one for remote help, for a service that can be used."""
    common = common_of(row, service, kind)
    add_meant(common, service, meant)
    places, notes = places_of(service)
    told = (*common.pop("notes"), *notes)
    for location_id, place in places:
        yield record_or_reject(
            **common, source_id=f"{service_id}@{location_id}", place=place, notes=told
        )
    if common["formats"] & REMOTE_FORMATS or has_virtual_location(service):
        yield record_or_reject(
            **common,
            source_id=f"{service_id}@remote",
            remote=True,
            serves=served(service, [place for _, place in places]),
            notes=told,
        )
    elif not places:
        yield nowhere(row, service_id)


def own_row(row: int, service_id: str, service: Json, kind: str) -> Row:
    """Return the one row of a service that came out of a network like this."""
    common = common_of(row, service, kind, ours=True)
    places, notes = places_of(service)
    reach = min(codes(service, profile.REACH) & set(profile.REACH_WORDS))
    if reach != "remote" and not places:
        return nowhere(row, service_id)
    key, place = places[0] if places and reach != "remote" else ("remote", None)
    common["notes"] = (*common["notes"], *notes)
    return record_or_reject(
        **common,
        source_id=f"{service_id}@{key}",
        place=place,
        remote=reach != "in_person",
        serves=frozenset(codes(service, profile.COUNTRY)),
        own_id=own_id(service_id),
    )


def own_id(service_id: str) -> UUID | None:
    """Return the id of the listing that a service was made from, or None."""
    try:
        return UUID(service_id)
    except ValueError:
        return None


def nowhere(row: int, service_id: str) -> Reject:
    """Return the reject for a service that nobody could reach."""
    return Reject(
        row=row,
        source_id=service_id,
        column="service_at_locations",
        reason="it is neither at a place with a town nor given remotely",
        repair="Add a location with an address (city, country), or a virtual one.",
    )


def served(service: Json, places: list[PlaceRecord]) -> frozenset[str]:
    """Return the countries whose people are helped remotely."""
    return frozenset(codes(service, profile.COUNTRY) or {place.country for place in places})


def add_meant(common: dict[str, Any], service: Json, meant: TermMap) -> None:
    """Add what the mapping file says of a service's terms."""
    for rule in meant.rules_for(list(attributes(service))):
        for field in ("needs", "goals", "approaches", "formats", "access", "payers"):
            common[field] |= frozenset(getattr(rule, field))


def common_of(row: int, service: Json, kind: str, *, ours: bool = False) -> dict[str, Any]:
    """Return what all rows of one service share, by the names of Record."""
    organisation = service["organization"]
    notes: list[str] = []
    fictional = "yes" in codes(service, profile.FICTIONAL)
    confirmed_on = None if fictional else cleaning.day(service.get("assured_date"))
    accepting, accepting_on = accepting_of(service, confirmed_on)
    phone = phone_of(service, notes) or ("" if ours else phone_elsewhere(service, notes))
    other = {} if ours else organisation
    return {
        "row": row,
        "provider": provider_of(organisation),
        "kind": kind,
        "name": cleaning.line(service.get("name")),
        "about": about_of(service, ours=ours),
        "languages": languages_of(service),
        **terms_of(service),
        "cost": cost_of(service),
        "cost_note": cost_note_of(service, ours=ours),
        **fees_of(service),
        "sliding_scale": sliding_of(service),
        "accepting": accepting,
        "accepting_on": accepting_on,
        "wait_weeks": wait_of(service) if accepting_on else None,
        **seats_of(service),
        "minimum_age": cleaning.whole_number(service.get("minimum_age")),
        "maximum_age": cleaning.whole_number(service.get("maximum_age")),
        "phone": phone,
        "email": cleaning.email_address(service.get("email") or other.get("email")),
        "web": cleaning.web_address(service.get("url") or other.get("website")),
        "confidentiality": next(iter(sorted(codes(service, profile.PRIVACY))), ""),
        "confirmed_on": confirmed_on,
        "consent": Consent.ORGANISATION,
        "fictional": fictional,
        "credentials": credentials_of(organisation),
        "notes": tuple(dict.fromkeys([*notes, *([] if ours else not_kept(service))])),
    }


def phone_elsewhere(service: Json, notes: list[str]) -> str:
    """Return the phone of a place of the service, or of its organisation."""
    links = service.get("service_at_locations")
    holders: list[Any] = []
    for link in links if isinstance(links, list) else []:
        if isinstance(link, dict):
            holders += [link, link.get("location")]
    found = (phone_of(one, notes) for one in holders if isinstance(one, dict))
    return next(filter(None, found), "") or phone_of(service["organization"], notes)


def terms_of(service: Json) -> dict[str, frozenset[str]]:
    """Return what our own taxonomies say of a service."""
    return {
        "formats": words_of(service, profile.FORMAT, Format),
        "needs": frozenset(codes(service, profile.NEED) & set(needs())),
        "goals": frozenset(codes(service, profile.GOAL) & set(goals())),
        "approaches": frozenset(codes(service, profile.APPROACH) & set(approaches())),
        "access": words_of(service, profile.ACCESS, Access),
        "payers": words_of(service, profile.PAYER, Payer),
        "safe_contact": words_of(service, profile.SAFE_CONTACT, SafeContact),
    }


def provider_of(organisation: Json) -> ProviderRecord:
    """Return the organisation; its named contacts stay where they are."""
    return ProviderRecord(
        key=cleaning.line(organisation.get("id"), 120) or cleaning.line(organisation["name"], 120),
        name=cleaning.line(organisation["name"]),
        is_person="person" in codes(organisation, profile.PROVIDER),
        about=cleaning.plain(organisation.get("description")),
        web=cleaning.web_address(organisation.get("website")),
    )
