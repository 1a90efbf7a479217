"""The guide's pages: one question a page, nothing kept, and a plan in the agreed order."""

import gzip
from itertools import pairwise
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from stepwell.apps.directory.forms import search_form
from stepwell.apps.guide.forms import KEY_OF, PAGES
from stepwell.domain import guidance
from stepwell.domain.answers import KEYS

STEP, PLAN = "/guide/step/", "/guide/plan/"
CALM = {
    "q1": ["none"],
    "q2": ["me"],
    "q3": ["adult"],
    "q4": ["GB"],
    "q5": ["low_mood", "sleep"],
    "q6": ["moderate"],
    "q7": ["months"],
    "q8": ["feel_better"],
    "q9": ["nothing"],
    "q10": ["online"],
}
HEALTH_WORDS = (
    "suicide",
    "crisis",
    "mental",
    "depress",
    "mood",
    "abuse",
    "safety",
    "drug",
    "needs",
)


def sent(client: Client, address: str = STEP, **fields: Any) -> Tag:
    response = client.post(address, fields)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def fields_of(page: Tag) -> dict[str, list[str]]:
    """What the page would send: hidden fields and what is ticked or selected."""
    found: dict[str, list[str]] = {}
    for field in page.select("main form input[type=hidden], main form input[checked]"):
        found.setdefault(str(field["name"]), []).append(str(field["value"]))
    for chosen in page.select("main form option[selected]"):
        select = chosen.find_parent("select")
        assert select is not None
        found.setdefault(str(select["name"]), []).append(str(chosen["value"]))
    return found


def heading(page: Tag) -> str:
    (found,) = page.select("h1")
    return found.get_text(strip=True)


def ask_of(page: str) -> str:
    return guidance.questions()[KEY_OF[page]].ask


def test_start_says_what_happens_to_answers_and_how_to_leave(client: Client) -> None:
    page = BeautifulSoup(client.get("/guide/").content, "html.parser")
    text = page.get_text(" ", strip=True)

    assert "not stored, not logged" in text
    assert "History outside this tab, and software on the device, are not erased" in text
    assert page.select("step-form form")[0]["action"] == STEP


def test_the_first_question_is_about_safety(client: Client) -> None:
    assert heading(sent(client, go="1")) == ask_of("1")
    assert KEYS[0] == "safety"


def test_F1_ten_questions_follow_one_another_and_end_in_a_plan(client: Client) -> None:
    page = sent(client, go="1")
    seen = [heading(page)]
    for number in [key for key in PAGES if key != "5more"]:
        fields = fields_of(page) | {f"q{number}": CALM[f"q{number}"]}
        page = sent(client, **fields, go="next")
        seen.append(heading(page))

    assert seen == [*(ask_of(number) for number in KEY_OF), "Your plan"]


@pytest.mark.parametrize("page", [page for page in PAGES if page != "5more"])
def test_F1_every_question_can_be_skipped_left_open_and_gone_back_from(
    client: Client, page: str
) -> None:
    shown = sent(client, go=page)
    buttons = {str(button.get("value", "plan")) for button in shown.select("main button")}

    assert {"next", "skip", "plan"} <= buttons
    assert ("back" in buttons) == (page != "1")
    assert "prefer not to say" in shown.get_text()
    assert "Why we ask" in shown.get_text()


def test_back_keeps_every_answer(client: Client) -> None:
    page = sent(client, at="6", go="back", **CALM)

    assert heading(page) == ask_of("5")
    kept = fields_of(page)
    assert {name: kept[name] for name in CALM} == CALM


def test_skip_forgets_the_answer_of_this_page_only(client: Client) -> None:
    page = sent(client, at="6", go="skip", **CALM)

    assert heading(page) == ask_of("7")
    assert "q6" not in fields_of(page)
    assert fields_of(page)["q5"] == CALM["q5"]


def test_skip_to_the_plan_from_the_very_first_page(client: Client) -> None:
    page = sent(client, PLAN, at="1")

    assert heading(page) == "Your plan"
    assert "Whether you are safe was left open" in page.get_text()


def test_X2_titles_addresses_and_field_names_are_neutral(client: Client) -> None:
    for number in PAGES:
        page = sent(client, go=number, q5=["eating"])
        assert page.title is not None
        title = page.title.get_text().partition(" · ")[0]
        names = [str(field.get("name", "")) for field in page.select("main form [name]")]
        assert title == f"Question {number.removesuffix('more')} of 10"
        assert not [name for name in names for word in HEALTH_WORDS if word in name.lower()]


def test_X3_every_form_and_field_asks_not_to_be_remembered(client: Client) -> None:
    pages = [client.get("/guide/"), client.post(PLAN, CALM)]
    pages += [client.post(STEP, {**CALM, "go": number}) for number in PAGES]
    for response in pages:
        page = BeautifulSoup(response.content, "html.parser")
        for field in page.select("main form, main form input, main form select"):
            assert field.get("autocomplete") == "off", field


def test_X1_P8_pages_are_not_kept_and_set_no_cookie(client: Client) -> None:
    for response in (
        client.get("/guide/"),
        client.post(STEP, {"go": "1"}),
        client.post(PLAN, CALM),
    ):
        assert "no-store" in response["Cache-Control"]
        assert not response.cookies


def test_F4b_a_post_from_another_site_is_refused_and_missing_headers_pass(client: Client) -> None:
    crossing = {"HTTP_SEC_FETCH_SITE": "cross-site"}

    assert client.post(STEP, {"go": "1"}, **crossing).status_code == 403
    assert client.post(PLAN, CALM, **crossing).status_code == 403
    assert Client(enforce_csrf_checks=True).post(STEP, {"go": "1"}).status_code == 200


def test_F2_foreign_fields_are_ignored_and_not_carried_along(client: Client) -> None:
    page = sent(client, at="1", go="next", q1="none", q99="x", is_staff="1", safety="abuse_now")

    assert set(fields_of(page)) == {"at", "q1"}


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", "x" * 5000, "abuse", "NONE", "0"])
def test_F3_a_value_that_is_not_ours_is_refused_kindly(client: Client, value: str) -> None:
    for address in (STEP, PLAN):
        response = client.post(address, {"at": "6", "go": "next", "q5": "worry", "q6": value})
        page = BeautifulSoup(response.content, "html.parser")

        assert response.status_code == 422
        assert heading(page) == ask_of("6")
        assert page.title is not None
        assert page.title.get_text().startswith("Error: ")
        target = page.select_one(".errors a")
        assert target is not None
        assert page.select_one(str(target["href"]))
        assert fields_of(page)["q5"] == ["worry"]
        assert b"<script>alert" not in response.content


def test_reading_the_step_or_plan_address_leads_to_the_start(client: Client) -> None:
    for address in (STEP, PLAN):
        assert client.get(address)["Location"] == "/guide/"


@pytest.mark.parametrize(
    ("need", "flag"),
    [
        ("eating", "eating_medical"),
        ("substances", "withdrawal"),
        ("life_change", "postpartum"),
        ("health_condition", "medication_reaction"),
    ],
)
def test_some_needs_bring_one_more_page_about_safety(client: Client, need: str, flag: str) -> None:
    page = sent(client, at="5", go="next", q1="none", q5=need)
    asked = [str(field["value"]) for field in page.select("main input[type=checkbox]")]

    assert heading(page) == guidance.follow_up().ask
    assert asked[0] == flag
    assert asked[-2:] == ["none", "unknown"]
    assert heading(sent(client, at="5", go="next", q1="none", q5="worry")) == ask_of("6")


def test_one_more_page_left_open_counts_as_unknown_and_never_as_no(client: Client) -> None:
    base = {**CALM, "q5": ["eating"]}
    left_open = sent(client, PLAN, **base)
    unsure = sent(client, PLAN, **base, q5more=["unknown"])
    answered = sent(client, PLAN, **base, q5more=["none"])
    flagged = sent(client, PLAN, **base, q5more=["eating_medical"])

    for page in (left_open, unsure, flagged):
        assert page.select_one("#help-first")
    assert not answered.select_one("#help-first")
    assert "Have your body checked today" in flagged.get_text()


def test_plan_shows_its_parts_in_the_agreed_order(client: Client) -> None:
    page = sent(client, PLAN, **{**CALM, "q1": ["abuse_now"]})
    ids = [str(part["aria-labelledby"]) for part in page.select("main section[aria-labelledby]")]

    wanted = ["help-first", "how-much", "fits", "alone", "approaches", "qualified"]
    wanted += ["ask", "today", "waiting", "step-up", "where"]
    places = [ids.index(part) for part in wanted]
    assert all(before < after for before, after in pairwise(places))
    assert page.select(".label")


def test_every_line_of_the_plan_opens_to_its_rule_source_and_version(client: Client) -> None:
    page = sent(client, PLAN, **CALM)

    for fit in page.select(".fit"):
        opened = fit.select_one("details")
        assert opened is not None
        assert "Rule " in opened.get_text()
        assert "version 2026" in opened.get_text()
        assert "Source: " in opened.get_text()
    assert "Rules not yet reviewed by a clinician of this organisation" in page.get_text()


def test_plan_links_to_the_map_and_brings_its_wishes_to_the_search(client: Client) -> None:
    page = sent(client, PLAN, **{**CALM, "q5": ["low_mood"]})
    search = page.select_one('form[action="/find/"]')

    assert page.select('a[href="/support/psychotherapy/"]')
    assert search is not None
    brought = {str(field["name"]): str(field["value"]) for field in search.select("input")}
    assert brought == {
        "kind": "psychotherapy",
        "country": "GB",
        "need": "low_mood",
        "goal": "feel_better",
        "remote": "yes",
    }


def test_C1_each_wish_that_goes_along_is_seen_and_can_be_cleared(client: Client) -> None:
    page = sent(client, PLAN, **{**CALM, "q5": ["low_mood", "worry"], "q10": ["free_or_low_cost"]})

    for search in page.select('form[action="/find/"]'):
        assert str(search["method"]) == "post"
        for field in search.select("input:not([name=kind])"):
            assert (field["type"], field.has_attr("checked")) == ("checkbox", True)
            assert search.select_one(f'label[for="{field["id"]}"]')
        for choice in search.select("select"):
            assert str(choice.select("option")[0]["value"]) == ""  # nothing is chosen for anyone
    sentences = " ".join(page.get_text().split())
    assert "Each search opens with what is ticked below" in sentences
    assert "Nothing of your answers goes along" not in sentences


def test_every_wish_that_a_plan_brings_is_one_that_the_search_knows(
    client: Client, db: None
) -> None:
    said = {**CALM, "q5": ["low_mood", "pain_movement"], "q8": ["feel_better", "cope"]}
    page = sent(client, PLAN, **{**said, "q10": ["in_person", "group", "free_or_low_cost"]})

    for search in page.select('form[action="/find/"]'):
        sent_along = {str(one["name"]): str(one["value"]) for one in search.select("input")}
        for choice in search.select("select"):
            sent_along[str(choice["name"])] = str(choice.select("option")[-1]["value"])
        form = search_form(sent_along)
        assert form.is_valid(), form.errors
        assert {name: str(form.data[name]) for name in sent_along} == sent_along
        assert len(form.wishes()) == len(sent_along)


def test_every_link_of_a_plan_leads_somewhere(client: Client, db: None) -> None:
    page = sent(client, PLAN, **{**CALM, "q5": ["low_mood", "relationship", "pain_movement"]})
    addresses = {str(link["href"]) for link in page.select('main a[href^="/"]')}

    assert len(addresses) > 10
    for address in sorted(addresses):
        assert client.get(address).status_code == 200, address


def test_an_answer_can_be_changed_from_the_plan(client: Client) -> None:
    page = sent(client, PLAN, **CALM)
    fields = {
        str(field["name"]): [
            str(same["value"])
            for same in page.select(f'form[action="{STEP}"] input[name="{field["name"]}"]')
        ]
        for field in page.select(f'form[action="{STEP}"] input')
    }

    assert fields == CALM
    again = sent(client, go="6", **fields)
    assert heading(again) == ask_of("6")
    assert fields_of(again)["q6"] == ["moderate"]


def test_abuse_meets_no_couple_advice_on_the_page(client: Client) -> None:
    page = sent(client, PLAN, q1=["abuse_now"], q4=["GB"], q5=["relationship", "family"])
    suggested = " ".join(part.get_text() for part in page.select(".fit, .row form"))

    assert "Couple" not in suggested
    assert "mediation" not in suggested.lower()
    assert not page.select('a[href*="couple"], input[value*="couple"], input[value*="mediation"]')


def test_a_plan_asks_the_database_nothing(client: Client) -> None:
    """No database mark: any query would fail this test."""
    assert client.post(PLAN, CALM).status_code == 200


def test_X8_answers_do_not_show_in_the_size_of_a_step(client: Client) -> None:
    """Pages with few and with many answers fall in one class of size, but for the country list."""
    sizes = {
        len(gzip.compress(client.post(STEP, {**CALM, "go": number}).content, 6)) // 4096
        for number in KEY_OF
        if KEY_OF[number] != "country"
    }

    assert len(sizes) == 1
