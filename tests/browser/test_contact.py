"""Writing to the editors in a real browser, with JavaScript and without."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from stepwell.apps.contact import forms
from stepwell.apps.contact.models import Letter

WORDS = "The date in the second part is wrong."


@pytest.fixture
def site(live_server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(forms, "FASTEST", forms.timedelta())  # browsers in tests type fast
    return live_server.url


@pytest.fixture(params=["with scripts", "without"])
def reader(request: pytest.FixtureRequest, page: Page, page_without_js: Page) -> Page:
    """The same journey twice."""
    return page if request.param == "with scripts" else page_without_js


def findings(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


def fill(page: Page, words: str = WORDS) -> None:
    page.get_by_label("A question to the editors").check()
    page.get_by_label("Your message").fill(words)
    page.get_by_label("Where may we answer?").fill("me@example.org")


def test_P1_C7_a_letter_is_sent_and_taken_back(reader: Page, site: str) -> None:
    reader.goto(f"{site}/contact/")
    fill(reader)
    reader.get_by_role("button", name="Send this letter").click()

    expect(reader.get_by_role("heading", level=1)).to_have_text("Your letter is here")
    code = reader.locator(".code code").inner_text()
    assert Letter.objects.count() == 1
    assert reader.context.cookies() == []

    reader.get_by_role("main").get_by_role("link", name="Take a letter back").click()
    reader.get_by_label("The code you got when you sent it").fill(code.upper())
    reader.get_by_role("button", name="Take it back").click()

    expect(reader.get_by_text("it is gone now")).to_be_visible()
    assert Letter.objects.count() == 0


def test_F3_an_error_keeps_the_text_and_leads_to_the_field(reader: Page, site: str) -> None:
    reader.goto(f"{site}/contact/")
    reader.get_by_label("Your message").fill(WORDS)
    reader.get_by_role("button", name="Send this letter").click()

    expect(reader.get_by_text("There is a problem")).to_be_visible()
    expect(reader.get_by_label("Your message")).to_have_value(WORDS)
    assert reader.title() == "Error: Write to us"
    reader.get_by_role("link", name="Choose what your letter is about.").click()
    reader.get_by_label("A question to the editors").check()
    reader.get_by_role("button", name="Send this letter").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Your letter is here")


def test_F3_the_summary_has_the_focus(page: Page, site: str) -> None:
    page.goto(f"{site}/contact/")
    page.get_by_role("button", name="Send this letter").click()

    expect(page.locator("#errors")).to_be_focused()


def test_X5_sending_leaves_no_entry_and_nothing_in_storage(page: Page, site: str) -> None:
    page.goto(f"{site}/contact/")
    before = page.evaluate("history.length")
    fill(page)
    page.get_by_role("button", name="Send this letter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your letter is here")

    assert page.evaluate("history.length") == before
    assert page.context.storage_state() == {"cookies": [], "origins": []}
    assert "message" not in page.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_W1_axe_finds_nothing_on_contact_and_about_pages(
    page: Page, site: str, scheme: Any
) -> None:
    page.emulate_media(color_scheme=scheme)
    for path in ("about/", "about/privacy/", "about/disclaimer/", "about/sitemap/"):
        page.goto(f"{site}/{path}")
        assert findings(page) == [], path
    for path in ("about/sponsors/", "contact/withdraw/", "contact/"):
        page.goto(f"{site}/{path}")
        assert findings(page) == [], path
    page.get_by_role("button", name="Send this letter").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    assert findings(page) == []
    fill(page)
    page.get_by_role("button", name="Send this letter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your letter is here")
    assert findings(page) == []
