"""Single fields of an HSDS service: cost, languages, phones, opening hours, credentials."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any, TypeGuard

from stepwell.domain import hsds_profile as profile
from stepwell.domain.money import minor
from stepwell.domain.offers import Accepting, Cost
from stepwell.importers import cleaning
from stepwell.importers.hsds.attributes import attributes, codes, objects, word_of
from stepwell.importers.records import MOST_MINOR, CredentialRecord

Json = Mapping[str, Any]
# Keys by which feeds mark a row as not for the public; the standard has none.
PRIVATE_KEYS = (
    "private", "is_private", "confidential", "is_confidential", "exclude_from_website",
    "do_not_publish", "internal",
)  # fmt: skip
# Text fields of a service that go into its description, with what stands before them.
TOLD_IN_ABOUT = {
    "eligibility_description": "For whom",
    "application_process": "How to apply",
    "interpretation_services": "Interpreters",
    "alert": "Note",
}
# Fields and tables that we have no room for: named in a note where a service has them.
NOT_KEPT = (
    "alternate_name", "accreditations", "licenses", "program", "funding", "required_documents",
    "service_areas", "additional_urls",
)  # fmt: skip
SEATS = frozenset({profile.PLACE_UNIT.casefold(), "place", "places", "seat", "seats", "spaces"})
SPEAKING = frozenset({"", "voice", "cell", "hotline", "mobile", "landline", "phone", "telephone"})


def is_private(row: Json) -> bool:
    """Say whether a row is marked as not for the public; a flag that is no clear no is one."""
    flags = [row[key] for key in PRIVATE_KEYS if row.get(key) not in (None, "")]
    if any(cleaning.yes_or_no(flag) is not False for flag in flags):
        return True
    return cleaning.line(row.get("visibility")).casefold() in {"private", "internal", "hidden"}


def phone_of(holder: Json, notes: list[str]) -> str:
    """Return the first phone number for speaking, or "". One marked as private is never kept."""
    for phone in objects(holder, "phones"):
        if is_private(phone):
            notes.append("a phone number is marked as private and was not kept")
        elif cleaning.line(phone.get("type")).casefold() in SPEAKING:
            number = cleaning.phone_number(phone.get("number"))
            extension = cleaning.line(phone.get("extension"), 6)
            with_it = cleaning.phone_number(f"{number} ext. {extension}") if extension else ""
            if number:
                return with_it or number
    return phone_of_contact(holder, notes)


def phone_of_contact(holder: Json, notes: list[str]) -> str:
    """Return the phone of a contact that is no named person, such as a reception, or ""."""
    for contact in objects(holder, "contacts"):
        named = bool(cleaning.line(contact.get("name")))
        if named and objects(contact, "phones"):
            notes.append("the phone number of a named person was not kept")
        if named or is_private(contact):
            continue
        if number := phone_of({"phones": contact.get("phones")}, notes):
            return number
    return ""


def cost_of(service: Json) -> Cost:
    """Return the cost: as our taxonomy says, or by the amounts; never guessed from a text."""
    found = amounts(service)
    by_amount = Cost.PAID if any(found) else Cost.FREE if found else Cost.UNKNOWN
    return word_of(service, profile.COST, Cost, by_amount)


def amounts(service: Json) -> list[float]:
    """Return the amounts of the cost options."""
    said = (option.get("amount") for option in objects(service, "cost_options"))
    return [one for one in said if is_number(one) and one >= 0]


def is_number(value: object) -> TypeGuard[float]:
    """Say whether a value is a number that can be worked with."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) < 1e9 and value == value


def fees_of(service: Json) -> dict[str, Any]:
    """Return the lowest and highest amount in smallest units; none where currencies differ."""
    options = [one for one in objects(service, "cost_options") if is_number(one.get("amount"))]
    currencies = {cleaning.line(one.get("currency"), 3).upper() for one in options}
    known = [one for one in currencies if re.fullmatch("[A-Z]{3}", one)]
    found = amounts(service)
    if not found or len(currencies) != 1 or not known or not any(found):
        return {}
    units = [minor(one, known[0]) for one in found]
    if max(units) > MOST_MINOR:
        return {}
    return {"fee_from": min(units), "fee_to": max(units), "currency": known[0]}


def sliding_of(service: Json) -> bool | None:
    """Return whether who has less pays less, where our profile says it."""
    said = codes(service, profile.SLIDING) & {"yes", "no"}
    return said == {"yes"} if said else None


def wait_of(service: Json) -> int | None:
    """Return how many weeks people wait, where our profile says it."""
    said = [one.value for one in attributes(service) if one.taxonomy == profile.WAIT]
    weeks = next((int(one) for one in said if one.isascii() and one.isdigit()), None)
    return weeks if weeks is not None and weeks <= 520 else None


def seats_of(service: Json) -> dict[str, Any]:
    """Return how many places are open in a group, and the day on which they were counted."""
    for capacity in objects(service, "capacities"):
        unit, day = capacity.get("unit"), cleaning.day(capacity.get("updated"))
        name = cleaning.line(unit.get("name")) if isinstance(unit, dict) else ""
        open_now = capacity.get("available")
        counted = name.casefold() in SEATS and day is not None
        if counted and is_number(open_now) and 0 <= open_now <= 10_000:
            return {"seats_open": int(open_now), "seats_on": day}
    return {}


def cost_note_of(service: Json, *, ours: bool) -> str:
    """Return what is said of the cost in words, those of its options where there are no others."""
    said = [service.get("fees_description"), service.get("fees")]
    texts = list(dict.fromkeys(filter(None, (cleaning.line(one, 400) for one in said))))
    if not texts and not ours:
        texts = list(filter(None, map(option_in_words, objects(service, "cost_options"))))
    return cleaning.line("; ".join(texts), 400)


def option_in_words(option: Json) -> str:
    """Return one cost option as words: "Under 18s: 35 GBP, per session"."""
    amount = option.get("amount")
    price = f"{amount:g}" if is_number(amount) else ""
    price = " ".join(filter(None, [price, cleaning.line(option.get("currency"), 3).upper()]))
    tail = ", ".join(filter(None, [price, cleaning.line(option.get("amount_description"))]))
    return ": ".join(filter(None, [cleaning.line(option.get("option")), tail]))


def languages_of(service: Json) -> frozenset[str]:
    """Return the codes of the languages spoken."""
    said = (
        cleaning.language(one.get("code")) or cleaning.language(one.get("name"))
        for one in objects(service, "languages")
    )
    return frozenset(filter(None, said))


def about_of(service: Json, *, ours: bool) -> str:
    """Return the description, with the fields that tell more of it at its end."""
    told = cleaning.plain(service.get("description"))
    if ours:
        return told.removesuffix(profile.EXAMPLE).rstrip()
    more = [
        f"{label}: {cleaning.line(service.get(key), 600)}"
        for key, label in TOLD_IN_ABOUT.items()
        if cleaning.line(service.get(key))
    ]
    times = [cleaning.line(one, 400) for one in map(hours_in_words, schedules(service)) if one]
    hours = [f"Open: {'; '.join(dict.fromkeys(times))}"] if times else []
    return cleaning.plain("\n\n".join(filter(None, [told, *more, *hours])))


def schedules(service: Json) -> Iterator[Json]:
    """Yield the schedules of a service and of its places."""
    yield from objects(service, "schedules")
    for link in objects(service, "service_at_locations"):
        yield from objects(link, "schedules")


DAYS = {
    "MO": "Monday", "TU": "Tuesday", "WE": "Wednesday", "TH": "Thursday", "FR": "Friday",
    "SA": "Saturday", "SU": "Sunday",
}  # fmt: skip


def hours_in_words(schedule: Json) -> str:
    """Return a schedule as words: "Thursday, Friday 10:00-18:00 (not on holidays)"."""
    asked = cleaning.line(schedule.get("byday")).upper().split(",")
    days = ", ".join(DAYS[day.strip()[-2:]] for day in asked if day.strip()[-2:] in DAYS)
    ends = [cleaning.line(schedule.get(key))[:5] for key in ("opens_at", "closes_at")]
    hours = "-".join(ends) if all(ends) else ends[0]
    when = " ".join(filter(None, [days, hours]))
    words = cleaning.line(schedule.get("description"), 300)
    return f"{when} ({words})" if when and words else when or words


def accepting_of(service: Json, confirmed_on: date | None) -> tuple[Accepting, date | None]:
    """Return whether new people are taken, and on which day that was said."""
    accepting = word_of(service, profile.ACCEPTING, Accepting, Accepting.UNKNOWN)
    if accepting is Accepting.UNKNOWN:
        return accepting, None
    days = [
        cleaning.day(said.value)
        for said in attributes(service)
        if said.taxonomy == profile.ACCEPTING and said.value
    ]
    return accepting, next(iter(days), confirmed_on)


def credentials_of(organisation: Json) -> tuple[CredentialRecord, ...]:
    """Return what the provider claims; a file is not a check, so nothing arrives as verified."""
    ours = {profile.REGISTER, profile.CREDENTIAL}
    said = [one for one in attributes(organisation) if one.taxonomy in ours and one.group]
    claims = []
    for _, group in groupby(sorted(said, key=lambda one: one.group), key=lambda one: one.group):
        parts = list(group)
        told = {one.code: one.value for one in parts if one.taxonomy == profile.CREDENTIAL}
        registers = [one for one in parts if one.taxonomy == profile.REGISTER]
        if len(registers) == 1 and registers[0].code and registers[0].value:
            claims.append(
                CredentialRecord(
                    register_id=registers[0].code[:60],
                    number=registers[0].value[:60],
                    jurisdiction=told.get("jurisdiction", "")[:8] or "INT",
                    expires_on=cleaning.day(told.get("expires_on")),
                    conditions=told.get("conditions", ""),
                )
            )
    return tuple(claims)


def not_kept(service: Json) -> list[str]:
    """Return a note that names what a service has and we have no field for."""
    lost = [key for key in NOT_KEPT if service.get(key)]
    if any(
        objects(location, "accessibility")
        for link in objects(service, "service_at_locations")
        if isinstance(location := link.get("location"), dict)
    ):
        lost.append("accessibility")
    return [f"not kept, we have no field for it: {', '.join(lost)}"] if lost else []
