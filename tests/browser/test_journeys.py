"""A person's way through the site, with JavaScript and without: from the first page to the exit."""

import logging
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, expect

from stepwell.importers import starter
from stepwell.web.logs import EventFormatter
from tests.browser.conftest import FLAGS, find_chromium, guarded
from tests.web.test_every_page import content_hash

CANARY = "zebrafinch7f3a"
ANSWERS = {
    "safety": ["none"],
    "who_for": ["me"],
    "age_band": ["adult"],
    "country": ["GB"],
    "needs": ["low_mood", "pain_movement"],
    "impact": ["moderate"],
    "duration": ["months"],
    "goals": ["feel_better"],
    "tried": ["helped_little"],
    "preferences": ["one_to_one"],
}
FIELDS = {f"q{number}": question for number, question in enumerate(ANSWERS, 1)}  # neutral names
SAID = ("low_mood", "pain_movement", "helped_little", "feel_better", CANARY)


@pytest.fixture
def site(transactional_db, live_server, settings) -> str:
    """The starter network on a live server; the exit leads to a page of its own."""
    settings.HOME_COUNTRY = "GB"
    settings.EXIT_URL = f"{live_server.url}/robots.txt"
    call_command("load_starter_articles", verbosity=0)
    starter.load()
    return live_server.url


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def reader(request, chromium, foreign) -> Iterator[Page]:
    """A fresh browser, once with scripts and once without."""
    scripts = request.param == "with JavaScript"
    context = guarded(chromium.new_context(java_script_enabled=scripts), foreign)
    page = context.new_page()
    page.scripts = scripts
    yield page
    context.close()
    assert foreign == []


@pytest.fixture
def violations(reader: Page) -> list[str]:
    """What the browser complains of: blocked by policy, errors in scripts."""
    found: list[str] = []
    reader.on("console", lambda line: found.append(line.text) if line.type == "error" else None)
    reader.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.fixture
def addresses(reader: Page) -> list[str]:
    """Every address the page stood at."""
    found: list[str] = []
    reader.on("framenavigated", lambda frame: found.append(frame.url))
    return found


def answer_the_guide(page: Page, answers: dict[str, list[str]]) -> None:
    """Answer each question from the start page on; skip what `answers` does not name."""
    page.get_by_role("button", name="Start with the first question").click()
    expect(page.get_by_text("Question 1 of 10")).to_be_visible()
    for _ in range(14):
        if page.get_by_role("heading", level=1, name="Your plan").count():
            return
        heading = page.get_by_role("heading", level=1).inner_text()
        field = page.locator("main [name]:not([type=hidden]):not(button)").first.get_attribute(
            "name"
        )
        values = answers.get(FIELDS.get(field or "", ""), [])
        choose(page, field or "", values)
        wanted = "next" if values else "skip"
        page.locator(f"button[name=go][value={wanted}]").first.click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text(heading)
    raise AssertionError("the guide does not end")


def choose(page: Page, field: str, values: list[str]) -> None:
    """Choose the values of one field, whatever it is made of."""
    for value in values:
        select = page.locator(f"select[name={field}]")
        if select.count():
            select.select_option(value)
        else:
            page.locator(f"input[name={field}][value={value}]").check()


def assert_nothing_kept(page: Page, scripts: bool) -> None:
    """No cookie and, where scripts can look, no storage."""
    assert page.context.cookies() == []
    if scripts:
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def assert_axe_finds_nothing(page: Page) -> None:
    """The accessibility rules of WCAG 2.2 A and AA, in light and dark."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        words = [(v["id"], [node["html"][:160] for node in v["nodes"][:3]]) for v in found]
        assert words == [], (page.url, scheme)


def test_from_the_first_page_to_the_exit(site, reader, violations, addresses, caplog):
    caplog.set_level(logging.DEBUG)
    before = content_hash()
    page, scripts = reader, reader.scripts

    def look() -> None:
        assert_nothing_kept(page, scripts)
        if scripts:
            assert_axe_finds_nothing(page)

    page.goto(site)
    expect(page.get_by_role("heading", level=1)).to_have_text("What would help?")
    look()
    page.locator(".list a").first.click()
    expect(page.get_by_text("Not yet reviewed by a clinician")).to_be_visible()
    look()
    page.goto(f"{site}/support/psychotherapy/vs/life_coaching/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("or life coaching?")
    look()
    page.goto(f"{site}/guide/")
    look()
    steps_before = page.evaluate("history.length") if scripts else 0
    answer_the_guide(page, ANSWERS)
    expect(page.get_by_role("link", name="Physical therapy").first).to_be_visible()
    expect(page.get_by_role("link", name="Psychotherapy").first).to_be_visible()
    look()
    page.get_by_role("button", name="Find: Psychotherapy").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("listing")
    look()
    if scripts:  # X5: the steps replaced one another
        assert page.evaluate("history.length") == steps_before
    page.locator(".card a").first.click()
    expect(page.get_by_text("Fictional example")).to_be_visible()
    look()
    page.get_by_role("link", name="Help now").first.click()
    expect(page.locator("a[href='tel:999']").first).to_be_visible()
    look()
    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url("**/robots.txt")

    assert violations == []
    assert content_hash() == before
    everything = "\n".join([*addresses, *map(EventFormatter().format, caplog.records)])
    assert "guide:step" in everything
    assert [word for word in SAID if word in everything] == []


def test_P6_search_leaves_no_trace(site, reader, violations, addresses, caplog):
    caplog.set_level(logging.DEBUG)
    page = reader

    page.goto(f"{site}/search/")
    page.locator("main input[name=words]").fill(CANARY)
    page.locator("main").get_by_role("button", name="Search").click()
    expect(page.locator("main h2").first).to_be_visible()  # the answer, whatever it found
    page.goto(f"{site}/find/")
    page.locator("input[name=place]").fill(CANARY)
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    assert_nothing_kept(page, reader.scripts)
    everything = "\n".join([*addresses, *map(EventFormatter().format, caplog.records)])
    assert CANARY not in everything
    assert violations == []


def test_crisis_words_in_a_search_bring_help_first(site, reader):
    reader.goto(f"{site}/search/")
    reader.locator("main input[name=words]").fill("I want to end my life")
    reader.locator("main").get_by_role("button", name="Search").click()

    expect(reader.locator("main a[href='tel:999']")).to_be_visible()


def test_X6_after_the_exit_back_shows_nothing_that_was_typed(site, reader):
    page = reader
    page.goto(f"{site}/about/")
    page.goto(f"{site}/find/")
    page.locator("input[name=place]").fill(CANARY)

    page.get_by_role("link", name="Leave this page").click()
    page.wait_for_url("**/robots.txt")
    page.go_back()

    assert CANARY not in page.content()
    for field in page.locator("input").all():
        assert field.input_value() != CANARY
    if page.scripts:  # replaced, not pushed: Back leads to the page before
        assert page.url.endswith("/about/")
        page.go_forward()
        assert CANARY not in page.content()


def test_X4_three_times_shift_leaves(site, page):
    page.goto(f"{site}/guide/")

    for _ in range(3):
        page.keyboard.press("Shift")

    page.wait_for_url("**/robots.txt")


def test_P10_the_way_out_comes_first_and_stays_in_sight(site, page):
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(site)
        order = []
        for _ in range(3):
            page.keyboard.press("Tab")
            order.append(page.evaluate("document.activeElement.textContent.trim()"))
        assert order == ["Skip to the content", "Help now", "Leave this page"]
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        for name in ("Help now", "Leave this page"):
            box = page.locator("header").get_by_role("link", name=name).bounding_box()
            assert box
            assert 0 <= box["y"] < 120
            assert 0 <= box["x"] <= width - box["width"]
            assert box["height"] >= 44
            centre = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
            on_top = page.evaluate(
                "([x, y]) => document.elementFromPoint(x, y).textContent", centre
            )
            assert name in on_top


@pytest.mark.parametrize("address", ["/", "/support/", "/guide/", "/find/", "/help-now/gb/"])
def test_P1_no_page_is_wider_than_320_pixels_or_breaks_at_double_text(site, page, address: str):
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(site + address)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320

    page.set_viewport_size({"width": 640, "height": 700})
    page.evaluate("document.documentElement.style.fontSize = '225%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_X7_nothing_of_a_journey_is_left_in_the_browser_profile(site, driver, tmp_path, foreign):
    profile = tmp_path / "profile"
    context: BrowserContext = driver.chromium.launch_persistent_context(
        str(profile), executable_path=find_chromium(), args=FLAGS
    )
    page = guarded(context, foreign).new_page()
    page.goto(f"{site}/guide/")
    answer_the_guide(page, ANSWERS)
    page.goto(f"{site}/find/")
    page.locator("input[name=place]").fill(CANARY)
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    context.close()

    left = {
        (file.name, word)
        for file in profile.rglob("*")
        if file.is_file()
        for word in SAID
        if word.encode() in file.read_bytes()
    }
    assert left == set()
