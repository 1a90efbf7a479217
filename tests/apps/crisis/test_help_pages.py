"""/help-now/: one click from everywhere, no database, no script, no guessing."""

import re
from datetime import date

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from django.utils.html import escape

from stepwell.apps.crisis import presenters
from stepwell.domain import countries, crisis
from stepwell.domain.crisis_facts import numbers

NEUTRAL = ("suicide", "crisis", "mental", "health", "help", "therapy", "danger")


@pytest.fixture(autouse=True)
def the_day_numbers_are_in_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test here lives on one day; the clock tests say another."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2026, 11, 24))


def page_of(client: Client, address: str) -> Tag:
    return BeautifulSoup(client.get(address).content, "html.parser")


def first_screen_of(client: Client, code: str) -> Tag:
    """Return the masthead and the first section, where the rest is not asked for."""
    html = client.get(f"/help-now/{code.lower()}/").content.decode()
    return BeautifulSoup(html.partition("</section>")[0], "html.parser")


def links(page: Tag, kind: str) -> list[str]:
    return [link["href"] for link in page.select(f'a[href^="{kind}:"]')]


@pytest.mark.parametrize("cc", [code.lower() for code in countries.names()])
def test_W6_every_country_has_a_page_with_its_own_numbers_only(client, cc):
    html = client.get(f"/help-now/{cc}/").content.decode()
    held = numbers().get(cc.upper())
    own = {number.dial for _, number in held.every_number()} if held else set()

    shown = set(re.findall(r'href="(?:tel|sms):([^"?]+)', html))

    assert escape(countries.name(cc.upper())) in html.partition("</h1>")[0]
    assert shown <= own
    assert bool(shown) is (cc.upper() in crisis.covered())


@pytest.mark.parametrize("cc", ["xx", "uk", "GB", "gbr", "1", "ıe", "g b", "..", "%00"])
def test_what_is_no_country_is_not_found(client, cc):
    assert client.get(f"/help-now/{cc}/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/help-now/", "/help-now/gb/", "/help-now/kr/", "/help-now/aq/"]
)
def test_no_database_no_cookie_no_form_in_the_page(client, address):
    # These tests have no database: any query would raise, so the page makes none.
    response = client.get(address)
    page = BeautifulSoup(response.content, "html.parser")

    assert response.status_code == 200
    assert not response.cookies
    assert not page.select("main form, main script, main input")


@pytest.mark.parametrize("address", ["/help-now/", "/help-now/gb/"])
def test_X2_the_title_says_nothing_about_health(client, address):
    title = page_of(client, address).title.text.casefold()

    assert title
    assert not [word for word in NEUTRAL if word in title]


def test_X1_nobody_may_keep_the_page(client):
    assert client.get("/help-now/gb/")["Cache-Control"] == "no-store"


@pytest.mark.parametrize("code", crisis.covered())
def test_W6_the_first_screen_is_one_choice_in_at_most_60_words(client, code):
    page = first_screen_of(client, code)
    first = page.select_one("section.first")
    help_now = crisis.help_for(code, today=date(2026, 11, 24))
    before = " ".join(part.get_text(" ") for part in (page.select_one("header"), first))

    assert len(before.split()) <= 60
    assert links(first, "tel")[-1] == help_now.first_call.tel
    if help_now.emergency:
        assert first.find("a")["href"] == help_now.emergency.tel
    if help_now.first_text:
        assert links(first, "sms") == [help_now.first_text.sms_link]


@pytest.mark.parametrize("code", sorted(set(countries.names()) - set(crisis.covered())))
def test_W6_other_first_screens_stay_under_60_words_too(client, code):
    page = first_screen_of(client, code)
    first = page.select_one("section.first")

    assert len((page.select_one("header").get_text(" ") + first.get_text(" ")).split()) <= 60
    assert "not yet checked by this organisation" in first.text


@pytest.mark.parametrize("code", crisis.covered())
def test_every_line_says_hours_languages_cost_country_and_review_date(client, code):
    page = page_of(client, f"/help-now/{code.lower()}/")
    cards = page.select(".signpost")

    assert len(cards) == len(numbers()[code].lines)
    for card in cards:
        assert [term.text for term in card.select("dt")][:3] == ["Hours", "Languages", "Cost"]
        assert all(answer.text.strip() for answer in card.select("dd"))
        assert "Next check by 23 May 2027" in card.text


@pytest.mark.parametrize("code", crisis.covered())
def test_two_or_three_signposts_stand_open_and_the_rest_is_folded(client, code):
    page = page_of(client, f"/help-now/{code.lower()}/")
    folded = page.select("details .signpost")

    assert len(page.select(".signpost")) - len(folded) == len(
        crisis.help_for(code, today=date(2026, 11, 24)).lines
    )


def test_hours_that_are_not_sure_are_not_shown(client):
    page = page_of(client, "/help-now/pl/")
    card = next(card for card in page.select(".signpost") if "adults" in card.h3.text)

    assert "Check the hours on 116sos.pl" in " ".join(card.dl.text.split())
    assert "24/7" not in page.text


@pytest.mark.parametrize("cc", ["ch", "dk"])
def test_a_first_text_for_young_people_says_so(client, cc):
    first = first_screen_of(client, cc)

    assert "Children and young people" in first.select("a[href^='sms:']")[0].parent.text


def test_the_star_survives_in_the_link(client):
    assert "tel:*4141" in links(page_of(client, "/help-now/cl/"), "tel")


def test_korea_says_why_no_emergency_number_stands_there(client):
    first = page_of(client, "/help-now/kr/").select_one("section.first")

    assert "could not check the emergency number" in first.text
    assert links(first, "tel") == ["tel:109"]
    assert links(first, "sms") == ["sms:109"]


def test_an_expired_line_is_gone_and_the_fallback_stays(client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2027, 5, 24))

    page = page_of(client, "/help-now/gb/")

    assert set(links(page, "tel")) == {"tel:999"}
    assert "due for a new check" in page.text
    assert page.select_one('a[href="https://findahelpline.com"]')


def test_without_a_home_country_the_index_shows_no_number(client, settings):
    settings.HOME_COUNTRY = ""

    page = page_of(client, "/help-now/")

    assert links(page, "tel") + links(page, "sms") == []
    assert page.select_one('section.first a[href="#countries"]')


def test_the_home_country_comes_first_on_the_index(client, settings):
    settings.HOME_COUNTRY = "IE"

    page = page_of(client, "/help-now/")

    assert page.h1.text == "Help now: Ireland"
    assert links(page, "tel")[0] == "tel:112"


@pytest.mark.parametrize("address", ["/help-now/", "/help-now/gb/", "/help-now/aq/"])
def test_every_page_leads_to_every_country_once(client, address):
    page = page_of(client, address)
    listed = [link["href"] for link in page.select("#countries a")]

    assert sorted(listed) == sorted(f"/help-now/{code.lower()}/" for code in countries.names())


def test_nothing_is_guessed_from_what_the_browser_sends(client, settings):
    settings.HOME_COUNTRY = ""
    plain = client.get("/help-now/").content

    told = client.get(
        "/help-now/",
        headers={"accept-language": "de-DE", "x-forwarded-for": "192.0.2.7", "cf-ipcountry": "DE"},
    ).content

    assert told == plain


def test_countries_are_listed_as_people_look_for_them():
    names = [choice.name for choice in presenters.choices()]

    assert names[:3] == ["Afghanistan", "Åland Islands", "Albania"]
    assert len(names) == len(set(names)) == 249


def test_external_pages_do_not_learn_where_the_visitor_came_from(client):
    page = page_of(client, "/help-now/gb/")

    assert all("noreferrer" in link["rel"] for link in page.select('main a[href^="http"]'))


def test_the_page_says_that_nobody_here_has_called_the_numbers_yet(client):
    assert "Not all were called yet by this organisation" in page_of(client, "/help-now/gb/").text


def test_words_are_kind_and_plain(client):
    text = page_of(client, "/help-now/gb/").main.text

    assert "You can talk about anything" in text
    assert "If nobody answers" in text
    assert "If you worry about someone else" in text
    assert "!" not in text
    assert not re.search("committed|failed|must|hurry|immediately", text)
