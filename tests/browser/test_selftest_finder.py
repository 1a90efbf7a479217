"""Finding a self-test in a real browser: accessible, narrow, and without JavaScript."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ADDRESSES = [
    "/self-tests/about/love-at-first-sight/",  # no good test
    "/self-tests/about/low-self-esteem/",  # several
    "/self-tests/for/low_mood/",
    "/self-tests/for/grief/",  # none
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/self-tests/", *ADDRESSES])
def test_W1_axe_finds_nothing_on_the_pages_of_the_finder(
    page: Page, live_server: Any, address: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(live_server.url + address)

    assert Axe().run(page).response["violations"] == []


@pytest.mark.parametrize("address", ["/self-tests/", *ADDRESSES])
def test_nothing_scrolls_sideways_at_320_pixels(page: Page, live_server: Any, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 600})
    page.goto(live_server.url + address)

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_from_what_is_going_on_to_a_test_without_javascript(
    page_without_js: Page, live_server: Any
) -> None:
    page = page_without_js
    page.goto(f"{live_server.url}/self-tests/")

    page.get_by_role("link", name="Low mood").first.click()
    page.locator('main .named a[href="/self-tests/phq-9/"]').click()

    assert "What it does not measure" in page.inner_text("main")
