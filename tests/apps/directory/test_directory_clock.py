"""The calendar: what is past its end is hidden at once, marked soon, and asked for before."""

from datetime import UTC, date, datetime, timedelta

import pytest

from stepwell.apps.audit.models import Event
from stepwell.apps.directory.models import Case, Cause, Listing, Outcome
from stepwell.apps.directory.queries import candidate_of, shown, with_details
from stepwell.apps.directory.stewards import clock
from stepwell.domain.matching import has_credential_in_force
from stepwell.domain.offers import Preferences
from tests.apps.directory.build import make_credential, make_listing

pytestmark = pytest.mark.django_db
END = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def is_shown(listing: Listing, today: date) -> bool:
    """Say whether a listing is shown on a day; the rule and its twin have to agree."""
    Listing.objects.filter(pk=listing.pk).update(confirmed_on=today)
    twin = shown(today).filter(pk=listing.pk).exists()
    candidate = candidate_of(with_details(Listing.objects.all()).get(pk=listing.pk))
    assert has_credential_in_force(candidate, Preferences(), today) == twin
    return twin


@pytest.mark.parametrize(
    ("jurisdiction", "last_shown"),
    [("GB", END), ("US-NY", END), ("DE", END - timedelta(days=1)), ("INT", date(2026, 11, 23))],
)
def test_listing_is_hidden_when_the_licence_ends_without_any_task(
    jurisdiction: str, last_shown: date
) -> None:
    listing = make_listing()
    make_credential(listing.provider, jurisdiction=jurisdiction, expires_on=END)

    assert is_shown(listing, last_shown)
    assert not is_shown(listing, last_shown + timedelta(days=1))


def test_what_is_past_its_end_is_marked_once_and_written_down() -> None:
    listing = make_listing()
    past = make_credential(listing.provider, jurisdiction="DE", expires_on=END)
    last_day = make_credential(listing.provider, jurisdiction="GB", expires_on=END)
    open_end = make_credential(listing.provider)

    assert clock.expire_past(now=NOW) == 1
    assert clock.expire_past(now=NOW) == 0

    for one in (past, last_day, open_end):
        one.refresh_from_db()
    assert [one.state for one in (past, last_day, open_end)] == ["expired", "claimed", "claimed"]
    event = Event.objects.get(verb="made expired")
    assert (event.by, event.thing) == (None, f"credential:{past.pk}")


def test_stewards_are_asked_60_30_and_7_days_before_the_end() -> None:
    credential = make_credential(make_listing().provider, expires_on=END)
    asked = []
    for left in range(65, -1, -1):
        now = NOW - timedelta(days=left)
        if clock.ask_before_the_end(now=now):
            asked.append(left)
            case = Case.objects.get(settled_at=None)
            assert (case.cause, case.credential) == (Cause.EXPIRY, credential)
            settled = {"outcome": Outcome.UNFOUNDED, "settled_by": steward(), "settled_at": now}
            Case.objects.filter(pk=case.pk).update(**settled)

    assert asked == [60, 30, 7]


def steward() -> object:
    """Return somebody who settles cases."""
    return Event._meta.get_field("by").related_model.objects.get_or_create(username="ada")[0]


def test_open_question_is_not_asked_again_nearer_to_the_end() -> None:
    make_credential(make_listing().provider, expires_on=END)

    assert clock.ask_before_the_end(now=NOW - timedelta(days=60)) == 1
    assert clock.ask_before_the_end(now=NOW - timedelta(days=7)) == 0
