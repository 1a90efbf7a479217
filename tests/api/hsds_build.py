"""A directory with one of everything that HSDS can say, and things that may never leave."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import h3

from stepwell.apps.accounts.models import Person
from stepwell.apps.directory.models import Family, Listing
from stepwell.domain import hsds_profile as profile
from tests.apps.directory.build import (
    TODAY,
    checked,
    make_credential,
    make_listing,
    make_place,
    make_provider,
)

CANARY = "Canary"


def make_directory(today: date = TODAY) -> dict[str, Listing]:
    """Store listings that are shown: whole, remote, redacted, an example."""
    person = make_provider(name="Ada Example", type="person")
    reviewer = Person.objects.create(email="reviewer-canary@example.org")
    moment = datetime(2026, 11, 1, 9, tzinfo=UTC)
    make_credential(
        person, number="PYL12345", state="verified", level=4,
        expires_on=today + timedelta(days=90), **checked(reviewer, moment),
    )  # fmt: skip
    make_credential(
        person, number=f"{CANARY}-refused", state="refused", **checked(reviewer, moment)
    )
    make_credential(person, number=f"{CANARY}-over", expires_on=today - timedelta(days=1))
    terms = {
        Family.NEED: frozenset({"low_mood"}), Family.FORMAT: frozenset({"video", "one_to_one"}),
        Family.ACCESS: frozenset({"step_free"}), Family.PAYER: frozenset({"private_insurance"}),
        Family.CONTACT: frozenset({"withheld_number"}),
    }  # fmt: skip
    lat, lon = h3.cell_to_latlng(h3.latlng_to_cell(53.96, -1.08, 5))
    hidden = make_place(redacted=True, town="York", district="YO1", lat=lat, lon=lon)
    street = make_place(street="1 Open Road")
    return {
        "whole": make_listing(
            provider=person, place=street, name="Talking", about="Words.\n\nMore.", remote=True,
            languages=frozenset({"en", "ur"}), serves=frozenset({"GB"}), terms=terms,
            cost="paid", cost_note="35 to 60 pounds", fee_from=3500, fee_to=6050, currency="GBP",
            sliding_scale=True, accepting="waiting_list", accepting_on=today, wait_weeks=6,
            minimum_age=18, maximum_age=65, phone="01632 960001", email="a@example.org",
            web="https://example.org/a", confidentiality="law", seats_open=2, seats_on=today,
            confirmed_on=today,
        ),
        "remote": make_listing(place=None, remote=True, name="Online", confirmed_on=today),
        "redacted": make_listing(place=hidden, name="Refuge", cost="free", confirmed_on=today),
        "example": make_listing(name="Made up", about="Invented.", fictional=True),
    }  # fmt: skip


def make_hidden(today: date = TODAY) -> list[Listing]:
    """Store listings of which nothing may leave."""
    excluded = make_provider(name=f"{CANARY} excluded")
    excluded.excluded_on = today
    excluded.save()
    expired = make_provider(name=f"{CANARY} expired")
    make_credential(expired, expires_on=today - timedelta(days=1))
    return [
        make_listing(name=f"{CANARY} hidden", standing="hidden", confirmed_on=today),
        make_listing(name=f"{CANARY} withdrawn", standing="withdrawn", confirmed_on=today),
        make_listing(name=f"{CANARY} no consent", consent="none", confirmed_on=today),
        make_listing(name=f"{CANARY} old", confirmed_on=today - timedelta(days=91)),
        make_listing(name=f"{CANARY} excluded", provider=excluded, confirmed_on=today),
        make_listing(name=f"{CANARY} expired", provider=expired, confirmed_on=today),
    ]


def term(taxonomy: str, code: str) -> str:
    """Return the id of a term."""
    found = profile.find_term(taxonomy, code)
    assert found is not None
    return str(found.id)


def content(service: dict[str, Any]) -> dict[str, Any]:
    """Return what a full service says, without ids and addresses of a host."""

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            gone = ("id", "_id", "_uri", "last_modified", "updated_by", "assurer_email")
            return {key: bare(one) for key, one in sorted(value.items()) if not key.endswith(gone)}
        if isinstance(value, list):
            return sorted((bare(one) for one in value), key=repr)
        return value

    found: dict[str, Any] = bare(service)
    return found
