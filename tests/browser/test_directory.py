"""From a plan to a listing and to help now in a real browser, with scripts and without.

One set-up for all pages of the directory: each is looked at once, 320 pixels wide, by axe.
"""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from stepwell.apps.directory.freshness import links
from stepwell.apps.directory.models import Family, Listing
from stepwell.domain.place_names import Known, spellings
from stepwell.importers.places.load import replace
from stepwell.web.logs import EventFormatter
from tests.apps.directory.build import make_credential, make_listing, make_place, make_provider
from tests.browser.conftest import guarded

NARROW = {"width": 320, "height": 800}
ANSWERS = {
    "q1": "none", "q2": "me", "q3": "adult", "q4": "GB", "q5": "low_mood", "q6": "moderate",
    "q7": "months", "q8": "feel_better", "q9": "nothing", "q10": "free_or_low_cost",
}  # fmt: skip
SAID = ("low_mood", "feel_better", "free_or_low_cost", "Springfield", "Ohio")
SPRINGFIELDS = [
    Known("US", "Springfield", "MO", "", 37.21, -93.29, 169_000),
    Known("US", "Springfield", "OH", "", 39.92, -83.81, 58_000),
]


@pytest.fixture
def site(live_server: LiveServer, settings) -> str:
    settings.HOME_COUNTRY = "GB"
    cache.clear()
    told = [(one, spellings(one.name)) for one in SPRINGFIELDS]
    replace("cities", "made up", "1", told, datetime(2026, 11, 24, tzinfo=UTC))
    return live_server.url


@pytest.fixture
def listings(transactional_db, django_user_model) -> dict[str, Listing]:
    """One of each: checked, unchecked, at a place that is not told, from afar, an example."""
    today = timezone.localdate()
    ada = django_user_model.objects.create_user("ada")
    jo = make_provider(name="Jo Example", type="person")
    make_credential(
        jo,
        register="gb_hcpc",
        state="verified",
        level=4,
        checked_by=ada,
        checked_at=timezone.now(),
        next_check_on=today + timedelta(days=300),
    )
    therapy = {"kind": "psychotherapy", "confirmed_on": today, "cost": "low"}
    hidden = make_place(district="LS2", redacted=True, lat=53.81, lon=-1.56)
    point = {"lat": 39.9, "lon": -83.8}
    ohio = make_place(country="US", town="Springfield", region="Ohio", district="", **point)
    return {
        "checked": make_listing(
            provider=jo,
            name="Jo, psychotherapy",
            phone="0113 496 0000",
            web="https://jo.example.org/",
            languages=frozenset({"en", "ur"}),
            terms={Family.NEED: frozenset({"low_mood"}), Family.APPROACH: frozenset({"cbt"})},
            **therapy,
        ),
        "unchecked": make_listing(name="A practice in Leeds", **therapy),
        "redacted": make_listing(name="A quiet house", place=hidden, **therapy),
        "afar": make_listing(
            name="Talk from anywhere", remote=True, serves=frozenset({"GB"}), **therapy
        ),
        "example": make_listing(name="An invented place", fictional=True, kind="psychotherapy"),
        "dear": make_listing(
            name="A practice with a price", **{**therapy, "cost": "paid"}
        ),
        "ohio": make_listing(name="Over in Ohio", place=ohio, **therapy),
    }  # fmt: skip


@pytest.fixture(params=["with scripts", "without"])
def reader(request, chromium: Browser, foreign: list[str]) -> Iterator[Page]:
    """The same journey twice, on a narrow screen; no other host, nothing against the policy."""
    scripts = request.param == "with scripts"
    context = guarded(chromium.new_context(java_script_enabled=scripts, viewport=NARROW), foreign)
    page = context.new_page()
    page.scripts, page.heights, complaints = scripts, {}, []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert context.cookies() == []
    context.close()
    assert foreign == []
    assert [one for one in complaints if "status of 4" not in one] == []


def look(page: Page, scheme: str = "light") -> None:
    """Not wider than the screen; where scripts run, axe finds nothing."""
    if page.scripts:
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], page.url
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == [], page.url
        page.emulate_media(color_scheme="light")


def to_the_plan(page: Page, site: str) -> None:
    """Answer every question with one answer each."""
    page.goto(f"{site}/guide/")
    page.get_by_role("button", name="Start with the first question").click()
    for number, value in enumerate(ANSWERS.values(), start=1):
        expect(page.get_by_text(f"Question {number} of 10")).to_be_visible()
        if number == 4:
            page.select_option("main select", value)
        else:
            page.check(f'main input[value="{value}"]')
        page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your plan")


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def open_wishes(page: Page) -> None:
    """Open the wishes that are folded away."""
    if page.locator("details.more-wishes").get_attribute("open") is None:
        page.get_by_text("More wishes").click()


def test_P1_C1_from_a_plan_to_a_listing_and_to_help_now(
    reader: Page, site: str, listings: dict[str, Listing], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    page, addresses = reader, []
    page.on("framenavigated", lambda frame: addresses.append(frame.url))
    to_the_plan(page, site)
    therapy = page.locator("form", has=page.get_by_role("button", name="Find: psychotherapy"))
    for brought in ("Country: United Kingdom", "About: low mood", "So that: feel better"):
        expect(therapy.get_by_label(brought)).to_be_checked()
    look(page)

    therapy.get_by_label("So that: feel better").uncheck()
    therapy.get_by_role("button", name="Find: psychotherapy").click()
    heading(page, "Four listings fit what you asked for")
    wishes = page.locator("ul[aria-label='What you asked for']")
    assert [one.inner_text().replace("Take away:", "").strip(" ×\n") for one in
            wishes.get_by_role("button").all()] == [
        "Psychotherapy", "Low mood", "United Kingdom", "Only free or low cost"
    ]  # fmt: skip
    expect(page.locator("#need")).to_have_value("low_mood")
    expect(page.get_by_text("are not known to be free or low in cost")).to_be_visible()
    look(page)
    look(page, "dark")
    page.get_by_text("Why this one").first.click()
    expect(page.get_by_text("What it is about, 2 of 4 points: Names low mood")).to_be_visible()

    wishes.get_by_role("button", name="Only free or low cost").click()
    heading(page, "Six listings fit")
    page.get_by_role("button", name="Urdu (few)").click()
    heading(page, "listings fit")
    page.get_by_role("link", name="Jo, psychotherapy").click()
    expect(page.get_by_role("link", name="Call 0113 496 0000")).to_be_visible()
    expect(page.get_by_text("Health and Care Professions Council").first).to_be_visible()
    look(page, "dark")
    page.get_by_role("link", name="Help now").first.click()
    expect(page.locator("a[href='tel:999']").first).to_be_visible()

    everything = "\n".join([*addresses, *map(EventFormatter().format, caplog.records)])
    assert "directory:search" in everything
    assert [word for word in SAID if word in everything] == []


def test_P1_from_the_search_to_few_to_none_and_on(
    reader: Page, site: str, listings: dict[str, Listing]
) -> None:
    page = reader
    page.goto(f"{site}/find/")
    heading(page, "Find someone")
    look(page)
    page.get_by_label("Town, or first part").fill("Nowhere at all")
    page.get_by_role("button", name="Show what fits").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    look(page)

    page.get_by_label("Town, or first part").fill("Springfield")
    page.get_by_role("button", name="Show what fits").click()
    expect(page.get_by_text("Distances are measured from Springfield, MO")).to_be_visible()
    look(page)
    page.get_by_text("Another place of this name?").click()
    page.get_by_role("button", name="Springfield, OH").click()
    expect(page.get_by_text("Distances are measured from Springfield, OH")).to_be_visible()
    expect(page.get_by_role("link", name="Over in Ohio")).to_be_visible()

    page.get_by_label("In which country?").select_option("GB")
    page.get_by_label("Town, or first part").fill("Leeds")
    open_wishes(page)
    page.get_by_label("In which language?").select_option("ur")
    page.get_by_label("By which method?").select_option("cbt")
    page.get_by_role("button", name="Show what fits").click()
    heading(page, "One listing fits")
    expect(page.get_by_role("heading", name="What would give more")).to_be_visible()
    look(page)
    page.get_by_label("Who pays?").select_option("employer")
    page.get_by_role("button", name="Show what fits").click()
    heading(page, "No listing fits all of what you asked for")
    expect(page.locator("main a[href='tel:999']")).to_be_visible()
    expect(page.get_by_role("heading", name="What left none")).to_be_visible()
    look(page)
    page.get_by_role("button", name="Whoever pays: 1 more").click()
    heading(page, "One listing fits")


def test_P1_each_kind_of_listing_and_the_pages_around_it(
    reader: Page, site: str, listings: dict[str, Listing]
) -> None:
    page = reader
    told = {
        "unchecked": "Nobody here has checked a licence or title",
        "redacted": "the address is not published",
        "afar": "By phone, video or text for people in",
        "example": "An example has nobody who could answer",
    }
    for name, words in told.items():
        page.goto(f"{site}/find/{listings[name].pk}/")
        expect(page.get_by_text(words).first).to_be_visible()
        look(page)
    page.get_by_role("link", name="Report a problem").click()
    expect(page.get_by_role("heading", name="Did they answer you?")).to_have_count(0)
    page.goto(f"{site}/find/{listings['checked'].pk}/report/")
    heading(page, "Tell us")
    look(page)
    page.goto(f"{site}/find/confirm/{links.token_for(listings['checked'], timezone.now())}/")
    heading(page, "Is this still right?")
    look(page)

    page.goto(f"{site}/find/kinds/")
    look(page)
    page.locator("main").get_by_role("link", name="Psychotherapy", exact=True).click()
    look(page)
    page.get_by_role("link", name="United Kingdom", exact=True).click()
    look(page)
    page.get_by_role("link", name="Leeds", exact=True).click()
    heading(page, "Psychotherapy in Leeds, United Kingdom")
    look(page)
    page.goto(f"{site}/find/accuracy/")
    look(page)
