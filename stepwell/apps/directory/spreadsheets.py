"""Listings as rows of a spreadsheet: in words for people, or in our fields for programs.

The fields are those of the importer of plain CSV files, so that what leaves for
programs can come back (importers/listings/stepwell.map.toml).
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Protocol

from django.conf import settings
from django.urls import reverse

from stepwell.apps.directory import words
from stepwell.apps.directory.models import Family, Listing, ProviderType
from stepwell.apps.directory.presenters import listing_page
from stepwell.apps.directory.published import listings, one_after_another
from stepwell.apps.directory.queries import held_of
from stepwell.domain.credentials import stands
from stepwell.domain.money import written
from stepwell.domain.offers import Cost

# A cell that begins like this is a formula to a spreadsheet (TRUST I7).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
TERMS = {
    "serves": Family.COUNTRY,
    "languages": Family.LANGUAGE,
    "formats": Family.FORMAT,
    "needs": Family.NEED,
    "goals": Family.GOAL,
    "approaches": Family.APPROACH,
    "access": Family.ACCESS,
    "payers": Family.PAYER,
    "safe_contact": Family.CONTACT,
}
# The columns, for programs and for people.
FIELDS = [
    "source", "id", "name", "kind", "about", "provider", "provider_id", "provider_type",
    "provider_about", "provider_web", "country", "region", "town", "postcode", "street",
    "latitude", "longitude", "redacted", "serves", "languages", "formats", "needs", "goals",
    "approaches", "access", "payers", "remote", "cost", "cost_note", "accepting",
    "accepting_on", "minimum_age", "maximum_age", "phone", "email", "web", "confidentiality",
    "confirmed_on", "consent", "fictional", "register", "register_number",
    "register_expires_on", "fee_from", "fee_to", "currency", "sliding_scale", "wait_weeks",
    "seats_open", "seats_on", "safe_contact",
]  # fmt: skip
WORDS = [
    "Name", "Offered by", "Person", "Kind of support", "Where", "Street", "Postcode district",
    "Remote", "Serves", "How", "Languages", "Ages", "Access", "Approaches", "Needs", "Goals",
    "Cost", "About the cost", "Who pays", "New people", "Phone", "E-mail", "Web", "About",
    "Licences and titles", "Confirmed on", "Note", "Page", "Fee",
]  # fmt: skip
Row = dict[str, str]


class Writable(Protocol):
    """What a CSV can be written to."""

    def write(self, text: str, /) -> object:
        """Take a piece of text."""
        ...


def protected(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def write(out: Writable, today: date, *, machine: bool) -> int:
    """Write every listing that is shown on a day, one at a time; return how many there are."""
    writer = csv.DictWriter(out, FIELDS if machine else WORDS)
    writer.writeheader()
    count = 0
    for row in rows(today, machine=machine):
        writer.writerow(row)
        count += 1
    return count


class _Line:
    """Gives back what is written to it."""

    def write(self, text: str, /) -> str:
        """Return the text."""
        return text


def lines(today: date, *, machine: bool) -> Iterator[str]:
    """Yield the same as text, line by line."""
    writer = csv.DictWriter(_Line(), FIELDS if machine else WORDS)
    yield str(writer.writeheader())
    for row in rows(today, machine=machine):
        yield str(writer.writerow(row))


def rows(today: date, *, machine: bool) -> Iterator[Row]:
    """Yield each listing that is shown on a day as a row, in the order of their ids."""
    for listing in one_after_another(listings(today)):
        if machine:
            yield fields_of(listing, today)
        else:
            yield {name: protected(cell) for name, cell in words_of(listing, today).items()}


def joined(values: Iterable[str]) -> str:
    """Return several values as one cell."""
    return ";".join(sorted(values))


def said(value: object) -> str:
    """Return a value as a cell; nothing is an empty one."""
    return "" if value is None else str(value)


def yes(value: bool) -> str:
    """Return a yes or a no."""
    return "yes" if value else "no"


def terms_of(listing: Listing) -> Mapping[str, str]:
    """Return the cells that hold several values, by field."""
    return {
        field: joined(term.value for term in listing.terms.all() if term.family == family)
        for field, family in TERMS.items()
    }


def fields_of(listing: Listing, today: date) -> Row:
    """Return a listing as the importer reads it: its source and ids, codes, ISO dates."""
    provider = listing.provider
    return {
        "source": listing.source,
        "id": listing.source_id,
        "name": listing.name,
        "kind": listing.kind,
        "about": listing.about,
        "provider": provider.name,
        "provider_id": provider.source_id,
        "provider_type": provider.type,
        "provider_about": provider.about,
        "provider_web": provider.web,
        **place_of(listing),
        **terms_of(listing),
        "remote": yes(listing.remote),
        "cost": listing.cost,
        "cost_note": listing.cost_note,
        "accepting": listing.accepting,
        "accepting_on": said(listing.accepting_on),
        "minimum_age": said(listing.minimum_age),
        "maximum_age": said(listing.maximum_age),
        "phone": listing.phone,
        "email": listing.email,
        "web": listing.web,
        "confidentiality": listing.confidentiality,
        "confirmed_on": said(listing.confirmed_on),
        "consent": listing.consent,
        "fictional": yes(listing.fictional),
        **fees_of(listing),
        "wait_weeks": said(listing.wait_weeks),
        "seats_open": said(listing.seats_open),
        "seats_on": said(listing.seats_on),
        **credential_of(listing, today),
    }


def fees_of(listing: Listing) -> Row:
    """Return what a session costs, as plain numbers and a currency."""
    coin, scale = listing.currency, listing.sliding_scale
    amounts = {"fee_from": listing.fee_from, "fee_to": listing.fee_to}
    return {
        **{name: "" if one is None else written(one, coin) for name, one in amounts.items()},
        "currency": coin,
        "sliding_scale": "" if scale is None else yes(scale),
    }


def fee_words(listing: Listing) -> str:
    """Return what a session costs in words."""
    fees = fees_of(listing)
    amounts = " to ".join(dict.fromkeys(filter(None, (fees["fee_from"], fees["fee_to"]))))
    scale = "sliding scale" if listing.sliding_scale else ""
    return ", ".join(filter(None, (f"{amounts} {listing.currency}".strip(), scale)))


def place_of(listing: Listing) -> Row:
    """Return where it is; of a redacted place there is no street, and its point is its area's."""
    place = listing.place
    return {
        "country": place.country if place else "",
        "region": place.region if place else "",
        "town": place.town if place else "",
        "postcode": place.district if place else "",
        "street": place.street if place and not place.redacted else "",
        "latitude": said(place.lat) if place else "",
        "longitude": said(place.lon) if place else "",
        "redacted": yes(place.redacted) if place else "",
    }


def credential_of(listing: Listing, today: date) -> Row:
    """Return the first licence or title in force; the format has room for one."""
    for one in listing.provider.credentials.all():
        if stands(held_of(one), today):
            ends = said(one.expires_on)
            number = {"register_number": one.number, "register_expires_on": ends}
            return {"register": one.register, **number}
    return {"register": "", "register_number": "", "register_expires_on": ""}


def words_of(listing: Listing, today: date) -> Row:
    """Return a listing as its page reads."""
    page = listing_page.in_words(listing, today)
    place = listing.place
    return {
        "Name": listing.name,
        "Offered by": listing.provider.name,
        "Person": yes(listing.provider.type == ProviderType.PERSON),
        "Kind of support": page["kind_name"],
        "Where": page["place"],
        "Street": place.street if place and not place.redacted else "",
        "Postcode district": page["district"],
        "Remote": yes(listing.remote),
        "Serves": ", ".join(page["serves"]),
        "How": page["formats"],
        "Languages": ", ".join(page["languages"]),
        "Ages": page["ages"],
        "Access": page["access"],
        "Approaches": ", ".join(page["approaches"]),
        "Needs": ", ".join(page["needs"]),
        "Goals": ", ".join(page["goals"]),
        "Cost": words.COST[Cost(listing.cost)],
        "About the cost": listing.cost_note,
        "Who pays": page["payers"],
        "New people": page["accepting"],
        "Phone": listing.phone,
        "E-mail": listing.email,
        "Web": listing.web,
        "About": listing.about,
        "Licences and titles": "; ".join(map(credential_words, page["credentials"])),
        "Confirmed on": said(listing.confirmed_on),
        "Note": "Fictional example. Not a real service." if listing.fictional else "",
        "Fee": fee_words(listing),
        "Page": settings.SITE_URL.rstrip("/") + reverse("directory:listing", args=[listing.pk]),
    }


def credential_words(one: Mapping[str, str]) -> str:
    """Return a licence or title and what was checked of it."""
    told = [f"{one['register']}, {one['number']}: {one['state']}", one["level"]]
    if one["checked_on"]:
        told.append(f"({one['checked_on']})")
    return " ".join(filter(None, told))
