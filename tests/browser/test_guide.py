"""The guide in a real browser: with and without scripts, no trace, nothing for axe."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

TOTAL = 10
CANARY = "suicide_thoughts_intent"


@pytest.fixture
def site(live_server: LiveServer) -> str:
    return live_server.url


def answer(page: Page, number: int, *values: str) -> None:
    """Choose answers on the page of one question and go on."""
    expect(page.get_by_text(f"Question {number} of {TOTAL}.")).to_be_visible()
    for value in values:
        page.check(f'main input[value="{value}"]')
    page.get_by_role("button", name="Continue").click()


def to_the_plan(page: Page, site: str, safety: str = "none") -> None:
    page.goto(f"{site}/guide/")
    page.get_by_role("button", name="Start with the first question").click()
    answer(page, 1, safety)
    answer(page, 2, "me")
    answer(page, 3, "adult")
    page.select_option("main select", "GB")
    answer(page, 4)
    answer(page, 5, "low_mood", "worry")
    answer(page, 6, "moderate")
    answer(page, 7, "months")
    answer(page, 8, "feel_better")
    answer(page, 9, "nothing")
    answer(page, 10, "online")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your plan")


def test_X5_steps_leave_no_entry_in_the_history(page: Page, site: str) -> None:
    page.goto(f"{site}/guide/")
    before = page.evaluate("history.length")

    to_the_plan(page, site)

    assert page.evaluate("history.length") <= before + 1  # the one that opening it again makes
    assert page.url == f"{site}/guide/"


def test_P1_the_guide_works_without_scripts(page_without_js: Page, site: str) -> None:
    to_the_plan(page_without_js, site)

    expect(page_without_js.get_by_text("What fits")).to_be_visible()
    page_without_js.get_by_role("button", name="Find: psychotherapy").click()
    assert page_without_js.url == f"{site}/find/"


def test_back_and_change_work_with_scripts(page: Page, site: str) -> None:
    to_the_plan(page, site)

    page.get_by_role("button", name="Change How much does it get in the way").click()
    expect(page.locator('input[type=radio][value="moderate"]')).to_be_checked()
    page.get_by_role("button", name="Back").click()
    expect(page.locator('input[type=checkbox][value="worry"]')).to_be_checked()


@pytest.mark.parametrize("scripts", [True, False])
def test_X6_nothing_is_left_after_leaving(
    page: Page, page_without_js: Page, site: str, scripts: bool
) -> None:
    used = page if scripts else page_without_js
    to_the_plan(used, site, safety=CANARY)
    kept: Any = used.context.storage_state()

    used.get_by_role("link", name="Leave this page").click()
    used.wait_for_url("http://neutral.example/")

    assert kept == {"cookies": [], "origins": []}
    assert used.context.storage_state() == {"cookies": [], "origins": []}
    assert CANARY not in used.content()


def findings(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_W1_axe_finds_nothing_in_the_guide(page: Page, site: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{site}/guide/")
    assert findings(page) == []
    page.get_by_role("button", name="Start with the first question").click()
    for number in range(1, TOTAL + 1):
        expect(page.get_by_text(f"Question {number} of {TOTAL}.")).to_be_visible()
        assert findings(page) == []
        page.get_by_role("button", name="Skip", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your plan")
    assert findings(page) == []
