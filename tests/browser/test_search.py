"""Search in a browser: while typing, by keyboard, without JavaScript, and in danger."""

import logging

import pytest
from playwright.sync_api import Page, expect

from stepwell.web import indexing
from tests.browser.test_journeys import (  # noqa: F401  (fixtures)
    assert_axe_finds_nothing,
    assert_nothing_kept,
    reader,
    site,
    violations,
)


@pytest.fixture
def indexed(site) -> str:  # noqa: F811
    """The starter network with its facts indexed."""
    indexing.renew(lambda done: None)
    return site


def offers(page: Page):
    return page.locator("#words-offers [role=option]")


def test_while_typing_pages_are_offered_and_taken_by_keyboard(indexed, page: Page):
    page.goto(f"{indexed}/search/")
    field = page.locator("#words")

    field.press_sequentially("psychothera")

    expect(offers(page).first).to_contain_text("Psychotherapy")
    expect(offers(page).last).to_have_text("View all results")
    expect(field).to_have_attribute("aria-expanded", "true")
    assert_axe_finds_nothing(page)
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "words-offers-0")
    field.press("Escape")
    expect(page.locator("#words-offers")).to_be_hidden()
    field.press_sequentially("p")
    expect(offers(page).first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("sychotherapy")
    assert_nothing_kept(page, scripts=True)


def test_no_result_is_said_and_all_results_are_one_step_away(indexed, page: Page):
    page.goto(f"{indexed}/search/")
    page.locator("#words").press_sequentially("qqzzqq")

    expect(offers(page)).to_have_text(["No result. View all results"])
    page.locator("#words").press("ArrowUp")
    page.locator("#words").press("Enter")

    expect(page.get_by_role("heading", name="No result")).to_be_visible()
    expect(page).to_have_url(f"{indexed}/search/")


def test_in_danger_help_is_the_only_offer_and_stands_first(indexed, page: Page):
    page.goto(f"{indexed}/")
    page.locator("#search").press_sequentially("i want to di")
    page.locator("#search").press_sequentially("e")

    first = page.locator("#search-offers [role=option]")
    expect(first).to_have_count(2)
    expect(first.first).to_contain_text("Help now")
    page.locator("#search").press("Enter")
    expect(page.locator("main aside.care")).to_be_visible()
    assert_axe_finds_nothing(page)


def test_search_works_as_a_form_and_leaves_nothing(indexed, reader, violations, caplog):  # noqa: F811
    caplog.set_level(logging.DEBUG)
    reader.goto(f"{indexed}/search/")
    reader.locator("main input[name=words]").fill("anxeity")
    reader.locator("main").get_by_role("button", name="Search", exact=True).click()

    expect(reader.get_by_text("Showing results for anxiety")).to_be_visible()
    assert "anxeity" not in reader.url
    expect(reader.locator("main mark").first).to_be_visible()
    assert_axe_finds_nothing_here(reader)
    reader.get_by_role("button", name="Search for exactly what I typed").click()
    expect(reader.get_by_role("heading", name="No result")).to_be_visible()
    reader.locator("main input[name=words]").fill("anxiety")
    reader.locator("summary", has_text="Only some articles").click()
    reader.locator("main select[name=section]").select_option("news")
    reader.locator("main").get_by_role("button", name="Search", exact=True).click()
    expect(reader.locator("main select[name=section]")).to_have_value("news")
    assert violations == []
    assert "anxeity" not in caplog.text
    assert_nothing_kept(reader, reader.scripts)


def assert_axe_finds_nothing_here(page: Page) -> None:
    if page.scripts:
        assert_axe_finds_nothing(page)
