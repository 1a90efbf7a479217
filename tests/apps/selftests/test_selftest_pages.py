"""The pages about self-tests, and the policy and refusals of the sealed ones."""

import base64
import hashlib
import logging
import re
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client, override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from stepwell.apps.selftests import queries, scale_presenters, seal
from stepwell.domain import instruments

TESTS = sorted(instruments.instruments())
CODES = [one.code for one in instruments.instruments().values()]
PUBLIC = [
    "/self-tests/",
    "/self-tests/licences/",
    *(f"/self-tests/{name}/" for name in TESTS),
    *(f"/self-tests/{name}/paper/" for name in TESTS),
]
CANARY = "canary7391"


def page_of(client: Client, address: str) -> Tag:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


@pytest.mark.parametrize("address", PUBLIC)
def test_pages_have_one_heading_no_cookie_and_no_form_that_takes_answers(client, address):
    page = page_of(client, address)

    assert len(page.select("h1")) == 1
    assert not client.cookies
    assert not page.select("main form")


def test_the_finder_lists_every_test_and_says_how_many(client):
    page = page_of(client, "/self-tests/")

    for name in TESTS:
        assert page.select(f'main a[href="/self-tests/{name}/"]')
    assert f"There are {len(TESTS)} tests here" in page.text


@pytest.mark.parametrize("name", TESTS)
def test_the_intro_says_who_for_whom_how_long_and_by_which_right(client, name):
    page = page_of(client, f"/self-tests/{name}/")
    one = instruments.instrument(name)

    for words in (one.measures, one.measures_not, one.made_by, one.for_whom, one.doi):
        assert words in page.text
    for bands in one.scales[0].bands:
        assert bands.population in page.text
    assert page.select(f'a[href="/q/{one.code}/"]')
    assert "no diagnosis" in page.text
    unknown = any(scale.error is None for scale in one.scales)
    assert ("No figure for the error of measurement was found" in page.text) is unknown


def test_W5_a_question_about_self_harm_is_announced_before_the_questions(client):
    assert (
        "Question 9 asks about thoughts of being dead" in page_of(client, "/self-tests/phq-9/").text
    )
    assert "asks about thoughts of being dead" not in page_of(client, "/self-tests/gad-7/").text


def test_the_ledger_prints_the_owners_words(client):
    page = page_of(client, "/self-tests/licences/")

    known = (*instruments.instruments().values(), *instruments.pending().values())
    for one in known:
        assert one.short_name in page.text
        for evidence in one.licence.evidence:
            assert evidence.words in page.text
            assert evidence.where in page.text


def test_a_test_whose_words_are_not_at_hand_has_no_page(client):
    for one in instruments.pending().values():
        assert client.get(f"/self-tests/{one.id}/").status_code == 404
        assert client.get(f"/q/{one.code}/").status_code == 404
        assert one.wording_pending in page_of(client, "/self-tests/licences/").text


@pytest.mark.parametrize("name", TESTS)
def test_the_paper_version_holds_every_word_of_the_form(client, name):
    page = page_of(client, f"/self-tests/{name}/paper/")
    text = instruments.wording(name)

    for words in (text.instructions, *text.items.values()):
        assert words in page.text
    for answers in text.options.values():
        assert all(words in page.text for words in answers.values())
    assert "Scoring strip" in page.text


def test_unknown_tests_are_not_found(client):
    assert client.get("/self-tests/phq-10/").status_code == 404
    assert client.get("/q/90/").status_code == 404


def test_figures_are_bayes_rule_on_the_published_shares():
    view = queries.get_test("phq-9")

    rows = {odds.rate: odds.of_100 for odds in view.scales[0].cut_offs[0].odds}

    assert rows == {5: 24, 10: 39, 20: 59}
    assert all(0 < odds.of_100 + odds.others <= 100 for odds in view.scales[0].cut_offs[0].odds)


@pytest.mark.parametrize("name", TESTS)
def test_the_pictures_of_a_scale_have_room_for_every_score(name):
    for view in queries.get_test(name).scales:
        for bands in view.sets:
            ends = [(band.x, band.x + band.width) for band in bands.rows]

            assert ends[0][0] == 0
            assert ends[-1][1] == pytest.approx(scale_presenters.PICTURE_WIDTH - 1, abs=0.2)
            assert all(before[1] < after[0] for before, after in pairwise(ends))
        for row in view.norms:
            assert 0 < row.x < scale_presenters.PICTURE_WIDTH


# --- sealed -----------------------------------------------------------------------------------


def named(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


@pytest.mark.parametrize("code", CODES)
def test_Q1_the_policy_is_exact_and_pins_what_is_in_the_page(client, code):
    response = client.get(f"/q/{code}/")
    page = response.content.decode()
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)

    assert (len(scripts), len(styles)) == (1, 1)
    assert response.headers["Content-Security-Policy"] == (
        f"default-src 'none'; script-src {named(scripts[0])}; style-src {named(styles[0])}; "
        "img-src data:; connect-src 'none'; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'none'; "
        "sandbox allow-scripts allow-same-origin allow-downloads allow-modals; webrtc 'block'"
    )
    assert "'self'" not in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("code", CODES)
def test_Q1_one_answer_holds_everything(client, code):
    response = client.get(f"/q/{code}/")
    page = BeautifulSoup(response.content, "html.parser")

    assert not page.select("[src], link[rel=stylesheet], iframe, object, embed, form, [action]")
    assert [link["href"] for link in page.select("link")] == ["data:,"]
    assert not page.select("[style]")
    assert not [name for tag in page.find_all() for name in tag.attrs if name.startswith("on")]
    assert "url(" not in seal.STYLE
    assert "@import" not in seal.STYLE
    assert response.headers["Cache-Control"] == "no-store"
    assert not response.cookies


def test_Q2_the_script_can_only_leave_for_the_exit():
    assert re.findall(r"location\.\w+(?:\([^)]*\))?", seal.SCRIPT) == [
        'location.replace("/exit/")',
        "location.reload()",
    ]
    for way_out in (
        "fetch", "XMLHttpRequest", "sendBeacon", "WebSocket", "EventSource", "Worker",
        "import(", "import ", "window.open", "cookie", "Storage", "indexedDB", "innerHTML",
        "insertAdjacentHTML", "document.write", "eval", "Function(",
        ".src", ".href", "history.", "postMessage", "RTC",
    ):  # fmt: skip
        assert way_out not in seal.SCRIPT, way_out


def test_Q2_the_only_address_a_script_sets_is_that_of_the_own_file_in_memory():
    named = r"""["']?\b(href|src|srcset|action|formaction|ping|poster)["']?\s*[:,]\s*([^,})\n]+)"""

    assert re.findall(named, seal.SCRIPT) == [("href", "address")]
    assert re.findall(r"const address = (.*?)\(", seal.SCRIPT) == [
        "randomAddress",
        "URL.createObjectURL",
    ]


def test_the_sealed_script_stays_small_enough_to_be_read():
    assert seal.SCRIPT.count("\n") < 1200


def test_Q2_the_script_cannot_end_early_inside_the_page():
    assert "</script" not in seal.SCRIPT.lower()
    assert "<!--" not in seal.SCRIPT
    assert "</style" not in seal.STYLE.lower()


@pytest.mark.parametrize("code", CODES)
def test_X2_address_title_and_field_names_are_neutral(client, code):
    page = page_of(client, f"/q/{code}/")
    names = {tag["name"] for tag in page.select("[name]") if tag.name == "input"}

    assert page.title.text.startswith("Questions")
    assert all(re.fullmatch(r"q\d+", name) for name in names)


@pytest.mark.parametrize("code", CODES)
def test_X3_every_field_has_autocomplete_off(client, code):
    fields = page_of(client, f"/q/{code}/").select("input")

    assert fields
    assert all(field["autocomplete"] == "off" for field in fields)


@pytest.mark.parametrize("code", CODES)
def test_P10_skip_link_help_and_exit_come_first_in_that_order(client, code):
    first = page_of(client, f"/q/{code}/").select("a, button, input")[:3]

    assert [link["href"] for link in first] == ["#main", "/help-now/", "/exit/"]


@pytest.mark.parametrize("country", ["GB", ""])
def test_Q6_help_stands_in_the_page_before_any_answer(client, country):
    with override_settings(HOME_COUNTRY=country):
        care = page_of(client, "/q/1/").select_one("[data-care]")

    assert care is not None
    assert care.select('a[href="/help-now/"]')
    assert "emergency" in care.text or care.select('a[href^="tel:"]')
    assert bool(care.select('a[href^="tel:"]')) is bool(country)


def test_Q6_no_alarm_and_no_help_panel_where_no_answer_calls_for_it(client):
    assert page_of(client, "/q/2/").select_one("[data-care]") is None


@settings(max_examples=80, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40))
def test_Q3_any_query_string_is_refused(query):
    response = Client().get("/q/1/", QUERY_STRING=f"{query}{CANARY}")

    assert response.status_code == 400
    assert CANARY not in response.content.decode()


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=60), st.sampled_from(["GET", "HEAD"]))
def test_Q3_any_body_is_refused(body, method):
    response = Client().generic(method, "/q/2/", body, content_type="application/octet-stream")

    assert response.status_code == 400


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["q1", "q9", "self_harm", "score"]), st.text(max_size=5)),
    st.sampled_from(["POST", "PUT", "PATCH", "DELETE"]),
)
def test_Q3_other_methods_are_refused_before_anything_is_read(fields, method):
    response = Client().generic(method, "/q/1/", repr(fields))

    assert response.status_code in {400, 405}


def test_Q3_a_body_of_unknown_length_is_refused():
    assert Client().get("/q/1/", HTTP_TRANSFER_ENCODING="chunked").status_code == 400


def test_Q3_nothing_of_a_refused_request_is_logged(client, caplog):
    with caplog.at_level(logging.DEBUG):
        client.get("/q/1/", QUERY_STRING=f"q9={CANARY}")
        client.generic("GET", "/q/1/", f"q9={CANARY}")

    for record in caplog.records:
        assert CANARY not in record.getMessage()
        assert CANARY not in repr(getattr(record, "fields", ""))


def test_Q3_no_route_of_the_room_takes_an_answer(client):
    for address in (*PUBLIC, "/q/1/", "/q/2/"):
        assert client.post(address, {"q1": "3"}).status_code in {400, 403, 405}
