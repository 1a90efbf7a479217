"""The map of care: every page answers from facts alone."""

import re

import pytest
from django.test import Client
from django.utils.html import escape

from stepwell.domain import approaches, professions, support
from stepwell.domain.jurisdictions import jurisdictions

LISTS = [
    "/support/",
    "/support/choose/",
    "/support/confidentiality/",
    "/support/therapy/",
    "/support/professions/",
    "/support/approaches/",
]
KINDS = [f"/support/{kind_id}/" for kind_id in support.kinds()]
PROFESSIONS = [f"/support/professions/{found}/" for found in professions.professions()]
APPROACHES = [f"/support/approaches/{found}/" for found in approaches.approaches()]
IN_COUNTRIES = [
    f"/support/{path}/in/{cc}/"
    for path in ("psychotherapy", "self_help", "professions/counsellor", "professions/life_coach")
    for cc in [*(code.lower() for code in jurisdictions()), "fr"]
]
COMPARISONS = [
    "/support/psychotherapy/vs/life_coaching/",
    "/support/psychotherapy/vs/counselling/in/de/",
    "/support/counsellor/vs/clinical_psychologist/in/gb/",
    "/support/counsellor/vs/clinical_psychologist/in/fr/",
]
EVERY = LISTS + KINDS + PROFESSIONS + APPROACHES + IN_COUNTRIES + COMPARISONS


@pytest.mark.parametrize("address", EVERY)
def test_page_answers_without_database_cookie_or_answer(address: str, client: Client) -> None:
    # Without the django_db mark, any query would fail this test.
    response = client.get(address)
    page = response.content.decode()

    assert response.status_code == 200
    assert page.count("<h1") == 1
    assert not response.cookies
    assert 'method="post"' not in page[page.index("<main") : page.index("</main>")]
    assert '<link rel="canonical" href="http' in page
    assert "Cell(" not in page
    assert "&lt;" not in page


@pytest.mark.parametrize("address", EVERY)
def test_title_begins_with_the_heading(address: str, client: Client) -> None:
    page = client.get(address).content.decode()

    heading = re.search(r"<h1>(.*?)</h1>", page, re.S)
    title = re.search(r"<title>(.*?)</title>", page, re.S)
    assert heading
    assert title
    assert title[1].startswith(heading[1])


@pytest.mark.parametrize("address", KINDS + PROFESSIONS + APPROACHES)
def test_fact_page_ends_with_source_check_and_date(address: str, client: Client) -> None:
    page = client.get(address).content.decode()

    ending = page[page.index("Where this comes from") :]
    assert "Source: " in ending
    assert "23 November 2026" in ending
    assert "due again" in ending


@pytest.mark.parametrize("kind_id", support.kinds())
def test_kind_page_shows_every_dimension_as_a_visitor_may_see_it(
    kind_id: str, client: Client
) -> None:
    kind = support.kind(kind_id)

    page = client.get(f"/support/{kind_id}/")

    shown = dict(page.context["facts"])
    assert len(shown) == 7
    for _, told in kind.dimensions.cells(kind.source):
        assert told in shown.values()


def test_recalled_statement_carries_the_warning(client: Client) -> None:
    page = client.get("/support/warmline/").content.decode()

    assert "not yet checked against its source" in page


def test_recalled_training_is_not_shown(client: Client) -> None:
    page = client.get("/support/warmline/").content.decode()

    assert support.kind("warmline").dimensions.training.text not in page
    assert "We could not check this." in page


@pytest.mark.parametrize("limit_id", support.limits())
def test_confidentiality_page_names_each_limit(limit_id: str, client: Client) -> None:
    page = client.get("/support/confidentiality/")

    limit = support.limits()[limit_id]
    told = {one["limit"].id: one["told"] for one in page.context["limits"]}
    assert told[limit_id] == limit.cell()


def test_no_page_says_guaranteed(client: Client) -> None:
    said = [address for address in EVERY if b"guarantee" in client.get(address).content.lower()]

    assert said == []


def test_therapy_page_places_every_kind_once(client: Client) -> None:
    page = client.get("/support/therapy/")

    fields = ("psychotherapy", "may_be", "other_treatment", "support")
    placed = [kind.id for field in fields for kind in page.context[field]]
    assert sorted(placed) == sorted(support.kinds())


def test_country_without_rules_says_so_and_offers_those_we_have(client: Client) -> None:
    page = client.get("/support/professions/counsellor/in/fr/").content.decode()

    assert "We hold no checked rules for France" in page
    assert "not protected by law" not in page.lower()
    for code in jurisdictions():
        assert f"/support/professions/counsellor/in/{code.lower()}/" in page


def test_page_without_a_country_states_no_countrys_rule(client: Client) -> None:
    page = client.get("/support/professions/counsellor/").content.decode()

    assert "We cannot tell until you choose a country" in page


@pytest.mark.parametrize("cc", ["GB", "zz", "uk"])
def test_letters_that_are_no_country_are_no_page(cc: str, client: Client) -> None:
    assert client.get(f"/support/psychotherapy/in/{cc}/").status_code == 404


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("/support/counseling/", "counselling"),
        ("/support/professions/counselor/", "counsellor"),
        ("/support/approaches/cbtt/", "cbt"),
        ("/support/psychotherapie/vs/life_coaching/", "psychotherapy"),
    ],
)
def test_unknown_id_is_404_and_names_the_nearest(address: str, near: str, client: Client) -> None:
    response = client.get(address)

    assert response.status_code == 404
    assert near in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/support/counselling/vs/counsellor/", "/support/counselling/vs/counselling/"]
)
def test_two_that_cannot_be_compared_are_refused_with_the_repair(
    address: str, client: Client
) -> None:
    response = client.get(address)

    assert response.status_code == 400
    assert "Choose two" in response.content.decode()


@pytest.mark.parametrize("address", COMPARISONS)
def test_comparison_shows_the_verdict_and_every_row(address: str, client: Client) -> None:
    page = client.get(address)

    found = page.context["comparison"]
    assert len(page.context["rows"]) == 7
    assert [row["first"] for row in page.context["rows"]] == [row.a for row in found.rows]
    assert "compare" in page.content.decode()
    assert found.verdict.split(":")[0] in page.content.decode()


def test_both_orders_have_one_canonical_address(client: Client) -> None:
    one = client.get("/support/psychotherapy/vs/counselling/").context["canonical"]
    other = client.get("/support/counselling/vs/psychotherapy/").context["canonical"]

    assert one == other


def test_country_without_rules_points_to_the_page_without_one(client: Client) -> None:
    here = client.get("/support/psychotherapy/in/fr/").context["canonical"]
    anywhere = client.get("/support/psychotherapy/").context["canonical"]

    assert here == anywhere


@pytest.mark.parametrize("country", ["", "GB"])
def test_choosing_two_leads_to_their_comparison(country: str, client: Client) -> None:
    sent = {"a": "psychotherapy", "b": "life_coaching", "country": country}

    response = client.get("/support/choose/", sent)

    tail = "in/gb/" if country else ""
    assert response.status_code == 302
    assert response["Location"] == f"/support/psychotherapy/vs/life_coaching/{tail}"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"a": "psychotherapy"}, "Choose two of one sort"),
        ({"a": "psychotherapy", "b": "counsellor"}, "Choose two of one sort"),
        ({"a": "psychotherapy", "b": "psychotherapy"}, "the same one twice"),
        ({"a": "<script>", "b": "https://elsewhere.example"}, "Choose two of one sort"),
    ],
)
def test_choosing_badly_says_what_is_missing_and_leads_nowhere(
    sent: dict[str, str], words: str, client: Client
) -> None:
    response = client.get("/support/choose/", sent)

    assert response.status_code == 200
    assert words in response.content.decode()
    assert "elsewhere.example" not in response.content.decode()


def test_a_country_we_hold_no_rules_for_is_not_chosen(client: Client) -> None:
    sent = {"a": "psychotherapy", "b": "life_coaching", "country": "//elsewhere.example"}

    response = client.get("/support/choose/", sent)

    assert response["Location"] == "/support/psychotherapy/vs/life_coaching/"


@pytest.mark.parametrize("approach_id", sorted({row.approach for row in approaches.evidence()}))
def test_only_checked_strengths_are_shown(approach_id: str, client: Client) -> None:
    rows = [row for row in approaches.evidence() if row.approach == approach_id]

    page = client.get(f"/support/approaches/{approach_id}/").content.decode()

    for text in {row.strength.text for row in rows if row.strength.text}:
        checked = [row for row in rows if row.strength_cell().text == text]
        assert page.count(f">{escape(text)}<") == len(checked)


def test_every_internal_link_of_these_pages_stays_in_a_room_that_exists(client: Client) -> None:
    rooms = ("/support/", "/guide/", "/find/", "/help-now/")
    page = client.get("/support/psychotherapy/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]

    links = [link for link in re.findall(r'href="(/[^"]*)"', main) if link != "/"]
    assert links
    assert all(link.startswith(rooms) for link in links)
