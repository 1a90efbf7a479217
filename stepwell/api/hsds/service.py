"""service and service_at_location: one listing is one service at one location."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time

from stepwell.api.hsds.location import full_location, location, virtual_location
from stepwell.api.hsds.names import Json, Publisher, without_empty
from stepwell.api.hsds.organization import full_organization, in_force, organization
from stepwell.api.hsds.taxonomy import attribute
from stepwell.apps.directory.published import Family, Listing
from stepwell.domain import hsds_profile as profile
from stepwell.domain.credentials import Level
from stepwell.domain.money import major
from stepwell.domain.offers import Accepting, Cost

FAMILIES = {
    Family.FORMAT: profile.FORMAT,
    Family.NEED: profile.NEED,
    Family.GOAL: profile.GOAL,
    Family.APPROACH: profile.APPROACH,
    Family.ACCESS: profile.ACCESS,
    Family.PAYER: profile.PAYER,
    Family.COUNTRY: profile.COUNTRY,
    Family.CONTACT: profile.SAFE_CONTACT,
}


def service(listing: Listing, publisher: Publisher) -> Json:
    """Return the fields of a listing that are one to one."""
    confirmed = listing.confirmed_on
    wait = listing.wait_weeks
    return without_empty(
        {
            "id": str(listing.pk),
            "organization_id": str(listing.provider_id),
            "name": listing.name,
            "description": description(listing),
            "url": listing.web,
            "email": listing.email,
            "status": "active",
            "fees_description": listing.cost_note,
            "wait_time": f"{wait} weeks" if wait is not None else "",
            "minimum_age": listing.minimum_age,
            "maximum_age": listing.maximum_age,
            "assured_date": confirmed.isoformat() if confirmed else "",
            "assurer_email": publisher.email if confirmed else "",
            "alert": profile.EXAMPLE if listing.fictional else "",
            "last_modified": listing.changed_at.astimezone(UTC).isoformat(),
        }
    )


def description(listing: Listing) -> str:
    """Return what a listing says of itself; an example says that it is one."""
    if not listing.fictional:
        return listing.about
    return f"{listing.about.removesuffix(profile.EXAMPLE).rstrip()}\n\n{profile.EXAMPLE}".strip()


def service_with_organization(listing: Listing, publisher: Publisher) -> Json:
    """Return a listing as lists have it: with its provider, one to one."""
    row = service(listing, publisher)
    del row["organization_id"]
    return row | {"organization": organization(listing.provider, publisher)}


def full_service(listing: Listing, publisher: Publisher, today: date) -> Json:
    """Return a listing with everything that is said of it in other tables."""
    row = service(listing, publisher)
    del row["organization_id"]
    more = {
        "phones": phones(listing),
        "service_at_locations": [
            service_at_location(listing)
            | {
                "location": full_location(listing.place, publisher)
                if listing.place
                else virtual_location()
            }
        ],
        "languages": languages(listing),
        "organization": full_organization(listing.provider, publisher, today),
        "cost_options": cost_options(listing),
        "capacities": capacities(listing),
        "attributes": list(attributes(listing, publisher, today)),
        "metadata": confirmations(listing, publisher),
    }
    return row | without_empty(more)


def service_at_location(listing: Listing) -> Json:
    """Return the link of a listing to its place; its id is the listing's, too."""
    return {"id": str(listing.pk)}


def service_at_location_with_both(listing: Listing, publisher: Publisher) -> Json:
    """Return the link as lists have it: with its service and its location, one to one."""
    place = location(listing.place) if listing.place else virtual_location()
    both = {"location": place, "service": service_with_organization(listing, publisher)}
    return service_at_location(listing) | both


def full_service_at_location(listing: Listing, publisher: Publisher, today: date) -> Json:
    """Return the link with everything in other tables."""
    whole = full_service(listing, publisher, today)
    link = whole.pop("service_at_locations")[0]
    return {**link, "service": whole}


def phones(listing: Listing) -> list[Json]:
    """Return the phone number for the public."""
    key = str(profile.identifier("phone", str(listing.pk)))
    return [{"id": key, "number": listing.phone, "type": "voice"}] if listing.phone else []


def languages(listing: Listing) -> list[Json]:
    """Return the languages spoken."""
    return [
        {"id": str(profile.identifier("language", str(listing.pk), term.value)), "code": term.value}
        for term in listing.terms.all()
        if term.family == Family.LANGUAGE
    ]


def cost_options(listing: Listing) -> list[Json]:
    """Return the lowest and the highest fee, and that it is free where it is."""
    options = {"from": listing.fee_from, "to": listing.fee_to}
    if listing.fee_from == listing.fee_to:
        options = {"from": listing.fee_from}
    rows = [
        {
            "id": str(profile.identifier("cost_option", str(listing.pk), option)),
            "option": option,
            "currency": listing.currency,
            "amount": major(units, listing.currency),
        }
        for option, units in options.items()
        if units is not None
    ]
    if not rows and listing.cost == Cost.FREE:
        key = str(profile.identifier("cost_option", str(listing.pk), "free"))
        return [{"id": key, "option": "free", "amount": 0}]
    return rows


def capacities(listing: Listing) -> list[Json]:
    """Return how many places are open, as of the day on which they were counted."""
    if listing.seats_open is None or listing.seats_on is None:
        return []
    unit = str(profile.identifier("unit", "place"))
    counted = datetime.combine(listing.seats_on, time(), UTC)
    return [
        {
            "id": str(profile.identifier("capacity", str(listing.pk))),
            "unit": {"id": unit, "name": profile.PLACE_UNIT},
            "available": listing.seats_open,
            "updated": counted.isoformat(),
        }
    ]


def attributes(listing: Listing, publisher: Publisher, today: date) -> Iterator[Json]:
    """Yield what our profile says of a listing."""
    for taxonomy, code, value in said_of(listing, today):
        term = profile.find_term(taxonomy, code)
        if term:
            yield attribute(str(listing.pk), "service", term, publisher, value)


def said_of(listing: Listing, today: date) -> Iterator[tuple[str, str, str]]:
    """Yield taxonomy, code and value."""
    yield profile.KIND, listing.kind, ""
    reach = "both" if listing.remote and listing.place_id else "remote"
    yield profile.REACH, reach if listing.remote else "in_person", ""
    for term in listing.terms.all():
        if taxonomy := FAMILIES.get(Family(term.family)):
            yield taxonomy, term.value, ""
    yield profile.COST, listing.cost, ""
    if listing.accepting != Accepting.UNKNOWN:
        said_on = listing.accepting_on
        yield profile.ACCEPTING, listing.accepting, said_on.isoformat() if said_on else ""
    if listing.sliding_scale is not None:
        yield profile.SLIDING, "yes" if listing.sliding_scale else "no", ""
    if listing.wait_weeks is not None:
        yield profile.WAIT, "weeks", str(listing.wait_weeks)
    yield profile.PRIVACY, listing.confidentiality, ""
    if levels := [one.level for one in listing.provider.credentials.all() if in_force(one, today)]:
        yield profile.CHECKED, Level(max(levels)).name.lower(), ""
    if listing.fictional:
        yield profile.FICTIONAL, "yes", ""


def confirmations(listing: Listing, publisher: Publisher) -> list[Json]:
    """Return the last confirmation; who confirmed is nobody's business."""
    if listing.confirmed_on is None:
        return []
    day = listing.confirmed_on.isoformat()
    return [
        {
            "id": str(profile.identifier("metadata", str(listing.pk), day)),
            "resource_id": str(listing.pk),
            "resource_type": "service",
            "last_action_date": day,
            "last_action_type": "confirm",
            "field_name": "assured_date",
            "previous_value": "",
            "replacement_value": day,
            "updated_by": publisher.name,
        }
    ]
