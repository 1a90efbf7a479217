"""A provider's link: what it opens, what it changes, and for how long it works."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from stepwell.apps.audit.models import Event
from stepwell.apps.directory.freshness import links
from stepwell.apps.directory.models import Case, Listing, Provider
from stepwell.apps.directory.models.freshness import Confirmation, Report
from stepwell.apps.directory.queries import find_listing
from stepwell.domain.offers import Standing
from stepwell.lib import key_rings
from stepwell.web.logs import EventFormatter
from tests.apps.directory.build import make_listing, make_provider

pytestmark = pytest.mark.django_db
ADDRESS = "front-desk@canary-91f3.example"
OLD = timedelta(days=80)


@pytest.fixture
def listing() -> Listing:
    """A listing that was confirmed long ago, and whose provider can be written to."""
    provider = make_provider()
    Provider.objects.filter(pk=provider.pk).update(contact_email=ADDRESS)
    made = make_listing(provider=provider, confirmed_on=timezone.localdate() - OLD)
    return Listing.objects.select_related("provider").get(pk=made.pk)


def path(listing: Listing, made_at: datetime | None = None) -> str:
    token = links.token_for(listing, made_at or timezone.now())
    return reverse("directory:confirm", args=[token])


def post(client: Client, listing: Listing, **said: str) -> Any:
    return client.post(path(listing), said)


def text(response: Any) -> str:
    found: str = response.content.decode()
    return found


def everything() -> list[object]:
    """What a link could change."""
    tables = (Listing, Confirmation, Case, Report, Event)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def test_P7_opening_a_link_changes_nothing_and_needs_no_cookie(
    client: Client, listing: Listing
) -> None:
    before = everything()

    for method in (client.get, client.head, client.options):
        response = method(path(listing))
        assert response.status_code == 200
        assert not response.cookies
    shown = client.get(path(listing))

    assert everything() == before
    assert shown["Cache-Control"] == "no-store"
    assert shown["Referrer-Policy"] == "no-referrer"
    assert listing.name in text(shown)
    assert ADDRESS not in text(shown)


def test_one_press_dates_the_listing_today_and_is_written_down_once(
    client: Client, listing: Listing
) -> None:
    first = post(client, listing, say="right")
    second = post(client, listing, say="right")

    listing.refresh_from_db()
    assert listing.confirmed_on == timezone.localdate()
    assert first.status_code == second.status_code == 302
    assert "is confirmed" in text(client.get(first["Location"]))
    assert [(event.by, event.verb) for event in Event.objects.all()] == [(None, "confirmed")]
    assert Confirmation.objects.get().how == "link"


def test_a_lapsed_listing_is_shown_again_once_it_is_confirmed(client: Client) -> None:
    today = timezone.localdate()
    listing = make_listing(confirmed_on=today - timedelta(days=91))
    assert find_listing(listing.pk, today) is None

    post(client, listing, say="right")

    assert find_listing(listing.pk, today) is not None


@pytest.mark.parametrize(
    ("said", "accepting", "weeks", "until"),
    [
        ({"news": "taking", "weeks": "9"}, "yes", None, None),
        ({"news": "waiting", "weeks": "6"}, "waiting_list", 6, None),
        ({"news": "waiting"}, "waiting_list", None, None),
        ({"news": "full", "until": "2999-01-31"}, "no", None, date(2999, 1, 31)),
    ],
)
def test_news_about_new_people_is_kept_with_its_day(
    client: Client, listing: Listing, said: dict[str, str], accepting: str, weeks: Any, until: Any
) -> None:
    post(client, listing, say="people", **said)

    listing.refresh_from_db()
    assert (listing.accepting, listing.wait_weeks) == (accepting, weeks)
    assert listing.accepting_on == listing.confirmed_on == timezone.localdate()
    assert Confirmation.objects.get().full_until == until


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"say": "people"}, "news"),
        ({"say": "people", "news": "maybe"}, "news"),
        ({"say": "people", "news": "waiting", "weeks": "many"}, "weeks"),
        ({"say": "people", "news": "full", "until": "2001-01-01"}, "until"),
        ({"say": "wrong", "words": " "}, "words"),
        ({"say": "wrong", "words": "x" * 401}, "words"),
        ({"say": "stop"}, "sure"),
    ],
)
def test_F3_problems_lead_to_their_field_and_change_nothing(
    client: Client, listing: Listing, said: dict[str, str], field: str
) -> None:
    before = everything()

    response = post(client, listing, **said)

    assert response.status_code == 422
    assert f'<li><a href="#{field}">' in text(response)
    assert f'id="{field}"' in text(response)
    assert everything() == before


def test_stop_hides_at_once_withdraws_consent_and_tells_a_steward(
    client: Client, listing: Listing
) -> None:
    today = timezone.localdate()
    for _ in range(2):
        response = post(client, listing, say="stop", sure="on")
    post(client, listing, say="right")

    listing.refresh_from_db()
    assert (listing.standing, listing.consent) == (Standing.HIDDEN, "none")
    assert find_listing(listing.pk, today) is None
    assert Case.objects.get().key == f"stopped:{listing.pk}"
    hidden = Event.objects.get(verb="made hidden")
    assert hidden.by is None
    assert "provider wished it" in hidden.reason
    assert not Confirmation.objects.exists()
    assert "taken off" in text(client.get(response["Location"]))
    assert "taken off" in text(client.get(path(listing)))


def test_what_is_wrong_is_sealed_and_opens_one_case(client: Client, listing: Listing) -> None:
    token = links.token_for(listing, timezone.now())
    for _ in range(2):
        client.post(reverse("directory:confirm", args=[token]), {"say": "wrong", "words": "moved"})

    report = Report.objects.get()
    assert report.by_provider
    assert "moved" not in report.told
    assert (report.case.cause, report.case.key) == ("confirmation", f"wrong:{listing.pk}")


@pytest.mark.parametrize(("age", "works"), [(0, True), (21, True), (22, False), (-1, False)])
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York"])
def test_a_link_works_for_21_days_over_a_change_of_the_clocks(
    listing: Listing, settings: Any, age: int, works: bool, zone: str
) -> None:
    settings.TIME_ZONE = zone
    made = datetime(2026, 10, 20, 23, 30, tzinfo=ZoneInfo(zone))
    late = made.replace(hour=23, minute=59) + timedelta(days=age)

    with timezone.override(zone):
        token = links.token_for(listing, made.astimezone(UTC))
        found = links.find_link(token, late.astimezone(UTC))

    assert (found is not None) is works


def test_a_link_ends_when_its_address_is_replaced(client: Client, listing: Listing) -> None:
    address = path(listing)
    Provider.objects.update(contact_email=ADDRESS.upper())
    assert client.get(address).status_code == 200

    Provider.objects.update(contact_email="somebody-else@example.org")

    assert client.get(address).status_code == 404


def test_a_link_outlives_a_new_key_and_ends_with_its_own(listing: Listing, settings: Any) -> None:
    now = timezone.now()
    old, new = key_rings.new_line(), key_rings.new_line()
    settings.SEALING_KEYS = old
    token = links.token_for(listing, now)

    settings.SEALING_KEYS = old + new
    assert links.find_link(token, now) is not None
    settings.SEALING_KEYS = new
    assert links.find_link(token, now) is None


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
@given(at=st.integers(0, 10_000), to=st.integers(0, 127))
def test_any_changed_character_of_a_token_is_refused(listing: Listing, at: int, to: int) -> None:
    now = timezone.now()
    token = links.token_for(listing, now)
    at %= len(token)
    changed = token[:at] + chr(to) + token[at + 1 :]

    assert (links.find_link(changed, now) is not None) is (changed == token)
    assert links.find_link(token[:-1], now) is None
    assert links.find_link(token + "A", now) is None


def test_a_seal_of_another_place_is_no_link(listing: Listing) -> None:
    told = f"{listing.pk.hex}.{int(timezone.now().timestamp())}.{links.fingerprint(ADDRESS)}"

    assert links.find_link(links.seal(told, "directory:another"), timezone.now()) is None


def test_examples_and_withdrawn_listings_have_no_link(client: Client) -> None:
    example = make_listing(fictional=True)
    gone = make_listing(standing=Standing.WITHDRAWN)

    answers = [client.get(path(one)) for one in (example, gone)]
    answers.append(client.get("/find/confirm/nothing/"))

    assert {response.status_code for response in answers} == {404}
    assert len({response.content for response in answers}) == 1  # F8


def test_F4_another_site_cannot_press_the_button(client: Client, listing: Listing) -> None:
    elsewhere = {"HTTP_SEC_FETCH_SITE": "cross-site"}

    assert client.post(path(listing), {"say": "right"}, **elsewhere).status_code == 403
    assert not Confirmation.objects.exists()


def test_hidden_by_a_steward_stays_hidden(client: Client, listing: Listing) -> None:
    Listing.objects.update(standing=Standing.HIDDEN)

    post(client, listing, say="right")

    listing.refresh_from_db()
    assert (listing.standing, listing.confirmed_on) == (Standing.HIDDEN, timezone.localdate())


@pytest.mark.django_db(transaction=True)
def test_F4_fifty_presses_at_once_are_one_confirmation() -> None:
    listing = make_listing(confirmed_on=timezone.localdate() - OLD)
    address = path(listing)

    def press(_: int) -> int:
        try:
            return Client().post(address, {"say": "right"}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as many:
        answers = set(many.map(press, range(50)))

    assert answers == {302}
    assert Confirmation.objects.count() == Event.objects.filter(verb="confirmed").count() == 1


def test_L1_neither_token_nor_address_is_logged(
    client: Client, listing: Listing, capfd: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    token = links.token_for(listing, timezone.now())
    address = reverse("directory:confirm", args=[token])

    client.get(address)
    client.post(address, {"say": "right"})
    client.post(address, {"say": "wrong", "words": "words-canary-77"})
    client.get(address + "wrong/")

    logged = [EventFormatter().format(record) for record in caplog.records]
    assert any("directory:confirm" in line for line in logged)
    written = "".join([*logged, *capfd.readouterr()])
    for canary in (token, token[-40:], ADDRESS, "words-canary-77"):
        assert canary not in written
