"""Confirming by a link and reporting a problem in a real browser, with JavaScript and without."""

from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stepwell.apps.directory.freshness import forms, links
from stepwell.apps.directory.models import Listing
from stepwell.apps.directory.models.freshness import Report, VisitorAnswer
from tests.apps.directory.build import make_listing

WORDS = "The door has another number now."


@pytest.fixture
def listing() -> Listing:
    """A listing that is shown and was confirmed a while ago."""
    cache.clear()
    return make_listing(name="A listing", confirmed_on=timezone.localdate() - timedelta(days=70))


@pytest.fixture
def site(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(forms, "FASTEST", timedelta())  # browsers in tests type fast
    return live_server.url


@pytest.fixture(params=["with scripts", "without"])
def reader(request: pytest.FixtureRequest, page: Page, page_without_js: Page) -> Page:
    """The same journey twice."""
    return page if request.param == "with scripts" else page_without_js


def link_to(site: str, listing: Listing) -> str:
    return f"{site}/find/confirm/{links.token_for(listing, timezone.now())}/"


def findings(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


def test_P1_a_provider_confirms_with_one_press(reader: Page, site: str, listing: Listing) -> None:
    reader.goto(link_to(site, listing))
    listing.refresh_from_db()
    assert listing.confirmed_on != timezone.localdate()

    reader.get_by_role("button", name="All still right").click()

    expect(reader.get_by_text("The entry is confirmed.")).to_be_visible()
    listing.refresh_from_db()
    assert listing.confirmed_on == timezone.localdate()
    assert reader.context.cookies() == []


def test_P1_a_provider_tells_of_a_waiting_list(reader: Page, site: str, listing: Listing) -> None:
    reader.goto(link_to(site, listing))
    reader.get_by_role("button", name="Right, and this about new people").click()
    expect(reader.get_by_text("There is a problem")).to_be_visible()
    reader.get_by_label("There is a waiting list").check()
    reader.get_by_label("about how many weeks?").fill("6")
    reader.get_by_role("button", name="Right, and this about new people").click()

    expect(reader.get_by_text("with what you said about new people")).to_be_visible()
    listing.refresh_from_db()
    assert (listing.accepting, listing.wait_weeks) == ("waiting_list", 6)


def test_P1_W5_who_felt_unsafe_meets_help_before_anything_is_sent(
    reader: Page, site: str, listing: Listing
) -> None:
    reader.goto(f"{site}/find/{listing.pk}/")
    reader.get_by_role("link", name="Report a problem, or say whether they answered").click()
    reader.get_by_label("I did not feel safe there").check()
    reader.get_by_label("In your words").fill(WORDS)
    reader.get_by_role("button", name="Send this report").click()

    expect(reader.get_by_role("heading", name="First: you")).to_be_visible()
    expect(reader.get_by_label("In your words")).to_have_value(WORDS)
    assert Report.objects.count() == 0
    reader.get_by_role("button", name="Send it now").click()

    expect(reader.get_by_role("heading", level=1)).to_have_text("We have it")
    assert Report.objects.count() == 1
    assert reader.context.cookies() == []


def test_P1_a_visitor_says_that_nobody_answered(reader: Page, site: str, listing: Listing) -> None:
    reader.goto(f"{site}/find/{listing.pk}/report/")
    reader.get_by_label("No, not at all").check()
    reader.get_by_role("button", name="Count this").click()

    expect(reader.get_by_role("heading", level=1)).to_have_text("We have it")
    assert VisitorAnswer.objects.get().said == "not_at_all"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_W1_axe_finds_nothing_on_the_pages_of_freshness(
    page: Page, site: str, listing: Listing, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    for path in ("accuracy/", "reported/", "confirm/no-such-link/", f"{listing.pk}/"):
        page.goto(f"{site}/find/{path}")
        assert findings(page) == [], path
    page.goto(link_to(site, listing))
    assert findings(page) == []
    page.get_by_role("button", name="Something is wrong").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    assert findings(page) == []
    page.goto(f"{site}/find/{listing.pk}/report/")
    assert findings(page) == []
    page.get_by_role("button", name="Send this report").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    assert findings(page) == []
