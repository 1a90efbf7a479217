"""The magazine in a real browser: accessible in light and dark, narrow, and without JavaScript."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from stepwell.apps.magazine import starter

FOLDER = Path(__file__).parents[1] / "apps" / "magazine" / "starter"
ARTICLE = "/growth-psychology/two-words-for-help/"
ADDRESSES = [
    "/",
    "/growth-psychology/",
    ARTICLE,
    "/latest/",
    "/tags/",
    "/tags/depression/",
    "/archive/",
    "/archive/2026/11/",
    "/authors/",
    "/authors/the-editors/",
]


@pytest.fixture
def site(live_server: Any) -> str:
    """A small magazine, and where it stands."""
    starter.load(FOLDER)
    return str(live_server.url)


def test_W1_axe_finds_nothing_on_any_page_of_the_magazine(page: Page, site: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for address in ADDRESSES:
            page.goto(site + address)
            found = Axe().run(page).response["violations"]
            assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], address


def test_P1_nothing_scrolls_sideways_and_the_sections_show_where_there_is_room(
    page: Page, site: str
) -> None:
    for address in ADDRESSES:
        page.set_viewport_size({"width": 320, "height": 600})
        page.goto(site + address)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, address
        assert page.locator(".foot__short a").count() == 5
    page.set_viewport_size({"width": 1280, "height": 800})

    boxes = [one.bounding_box() for one in page.locator(".nav a").all()]

    assert len(boxes) == 7
    assert all(box and box["x"] + box["width"] <= 1280 for box in boxes)
    assert len({round(box["y"]) for box in boxes if box}) == 1


def test_from_the_menu_to_an_author_and_back_in_time_without_javascript(
    page_without_js: Page, site: str
) -> None:
    page = page_without_js
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(site)

    page.locator(".menu summary").click()
    page.locator(".menu a", has_text="Growth psychology").click()
    page.locator("main a", has_text="Two words for help").click()
    page.locator("main a", has_text="The editors").click()
    assert page.locator("h1").inner_text() == "The editors"
    page.locator("main a", has_text="archive by month").click()
    page.locator("main a", has_text="November 2026").click()

    assert "Two words for help" in page.locator("main").inner_text()
