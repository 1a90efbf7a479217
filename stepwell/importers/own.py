"""Knows a network's own listings when its export comes back in, and leaves them as they are."""

from collections.abc import Iterable
from typing import Any

from stepwell.apps.directory.models import Fate, Listing, ProviderType
from stepwell.importers import cleaning
from stepwell.importers.load_listings import Outcome
from stepwell.importers.records import PlaceRecord, Record, Row

SAME = (
    "kind", "name", "remote", "cost", "cost_note", "fee_from", "fee_to", "currency",
    "sliding_scale", "wait_weeks", "seats_open", "seats_on", "accepting", "accepting_on",
    "minimum_age", "maximum_age", "phone", "email", "web", "confidentiality", "confirmed_on",
    "fictional",
)  # fmt: skip
FAMILIES = {
    "language": "languages", "country": "serves", "format": "formats", "need": "needs",
    "goal": "goals", "approach": "approaches", "access": "access", "payer": "payers",
    "contact": "safe_contact",
}  # fmt: skip
CHANGED = "it is this network's own listing and says something else there: change it in the admin"


def without_own(rows: Iterable[Row], source: str) -> tuple[list[Row], list[Outcome]]:
    """Return the rows that are not this network's own, and what becomes of those that are."""
    rows = list(rows)
    meant = {row.own_id for row in rows if isinstance(row, Record) and row.own_id}
    if not meant:
        return rows, []
    found = Listing.objects.filter(pk__in=meant).exclude(source=source)
    there = {
        one.pk: one for one in found.select_related("provider", "place").prefetch_related("terms")
    }
    rest: list[Row] = []
    outcomes = []
    for row in rows:
        listing = there.get(row.own_id) if isinstance(row, Record) and row.own_id else None
        if listing is None or not isinstance(row, Record):
            rest.append(row)
        elif says(row) == said_by(listing):
            outcomes.append(Outcome(row.row, row.source_id, Fate.UNCHANGED))
        else:
            outcomes.append(Outcome(row.row, row.source_id, Fate.LEFT_OUT, "id", CHANGED))
    return rest, outcomes


def says(record: Record) -> dict[str, Any]:
    """Return what a record says, as `said_by` does for a listing."""
    who = record.provider
    return {
        **{field: getattr(record, field) for field in SAME},
        **{field: getattr(record, field) for field in FAMILIES.values()},
        "about": record.about,
        "place": where(record.place),
        "provider": (who.name, who.is_person, who.about, who.web),
    }


def said_by(listing: Listing) -> dict[str, Any]:
    """Return what a listing says, cleaned as an import would."""
    who = listing.provider
    terms: dict[str, set[str]] = {field: set() for field in FAMILIES.values()}
    for term in listing.terms.all():
        if term.family in FAMILIES:
            terms[FAMILIES[term.family]].add(term.value)
    is_person = who.type == ProviderType.PERSON
    return {
        **{field: getattr(listing, field) for field in SAME},
        **terms,
        "about": cleaning.plain(listing.about),
        "place": where(listing.place),
        "provider": (who.name, is_person, cleaning.plain(who.about), who.web),
    }


def where(place: Any) -> tuple[Any, ...] | None:
    """Return what makes a place the place it is."""
    if place is None:
        return None
    fields = [*PlaceRecord.model_fields]
    return tuple(getattr(place, field) for field in fields if field != "point")
