"""Finding a self-test by topic, need or tag, and the pages that say there is none."""

from collections import Counter
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client

from stepwell.apps.selftests import finder
from stepwell.domain import guidance, instruments, missing_tests, tags

TESTS = instruments.instruments()
TAGS = sorted(tags.tags())
NEEDS = sorted(guidance.needs())
MISSING = sorted(missing_tests.missing())
pytestmark = pytest.mark.django_db


def page_of(client: Client, address: str) -> Tag:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def listed_in(page: Tag) -> list[str]:
    """Return the ids of the tests that a page lists, in its order."""
    return [link["href"].split("/")[2] for link in page.select("main .named a")]


def test_every_test_stands_once_and_short_ones_come_first():
    rows = [row for topic in finder.topics() for row in topic.rows]

    assert Counter(row.id for row in rows) == Counter(list(TESTS))
    for topic in finder.topics():
        assert all(a.questions <= b.questions for a, b in pairwise(topic.rows))
    assert finder.OTHERS not in {topic.name for topic in finder.topics()}


def test_the_index_tells_length_and_count_of_each_and_leads_to_every_way(client):
    page = page_of(client, "/self-tests/")

    assert sorted(listed_in(page)) == sorted(TESTS)
    phq9 = page.select_one('main .named a[href="/self-tests/phq-9/"]').parent.text
    assert "10 questions, about 3 minutes" in phq9  # with the one that adds no points
    assert TESTS["phq-9"].measures in phq9
    assert "2 more may be shown" in page.text
    ways = {link["href"] for link in page.select("main a")}
    assert {f"/self-tests/about/{one}/" for one in TAGS} <= ways
    assert {f"/self-tests/for/{one}/" for one in NEEDS} <= ways


@pytest.mark.parametrize("tag_id", TAGS)
def test_every_tag_of_the_network_leads_to_a_test_and_never_to_nothing(client, tag_id):
    page = page_of(client, f"/self-tests/about/{tag_id}/")

    assert listed_in(page)
    assert page.select(f'main a[href="/tags/{tag_id}/"]')
    says_none = page.h1.text == getattr(missing_tests.missing().get(tag_id), "title", "")
    assert says_none is (tag_id in missing_tests.missing())
    carried = {one.id for one in TESTS.values() if tag_id in one.tags}
    assert carried <= set(listed_in(page))


@pytest.mark.parametrize("tag_id", MISSING)
def test_where_no_good_test_exists_the_page_says_why_and_offers_what_is_near(client, tag_id):
    one = missing_tests.missing()[tag_id]
    page = page_of(client, f"/self-tests/about/{tag_id}/")

    assert one.why in page.text
    assert "no answer to the question itself" in page.text
    assert one.source.citation in page.text
    for instead in one.instead:
        assert instead.because in page.text
    for link in one.links:
        assert page.select(f'main a[href="{link.url}"]')
    not_checked = "not yet checked against its source" in page.text
    assert not_checked is (one.source.checked == "recalled")


def test_the_pages_that_a_missing_test_points_to_are_there(client):
    addresses = {link.url for one in missing_tests.missing().values() for link in one.links}

    for address in {*addresses, *(f"/tags/{one}/" for one in TAGS)}:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("need_id", NEEDS)
def test_every_need_shows_its_tests_or_says_that_there_is_none(client, need_id):
    need = guidance.needs()[need_id]
    page = page_of(client, f"/self-tests/for/{need_id}/")

    expected = {one.id for one in TESTS.values() if need_id in one.needs}
    assert need.label in page.h1.text
    assert set(listed_in(page)) == expected
    assert ("There is no test for this here" in page.text) is (not expected)
    assert page.select('main a[href="/guide/"]')
    assert page.select('main a[href="/help-now/"]')


@pytest.mark.parametrize("address", ["/self-tests/about/autsm/", "/self-tests/for/low-moood/"])
def test_what_is_not_in_the_vocabulary_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/self-tests/about/autism/", "/self-tests/for/low_mood/"])
def test_the_finder_takes_nothing_in_and_leaves_nothing(client, address):
    page = page_of(client, address)

    assert not page.select("main form")
    assert not client.cookies
    assert client.post(address, {"q1": "3"}).status_code in {403, 405}


# --- words on the pages about one test -------------------------------------------------------


@pytest.mark.parametrize("name", sorted(TESTS))
def test_an_intro_claims_no_more_about_copies_and_time_than_is_known(client, name):
    one = TESTS[name]
    text = page_of(client, f"/self-tests/{name}/").text

    assert "independent cop" not in text
    assert ("about the same days twice" in text) is one.names_a_period
    assert ("The form names no span of days" in text) is not one.names_a_period
    owners = any(copy.owners for copy in one.checked_against)
    assert ("not yet compared them with the owner's own form" in text) is not owners
    assert ("archived copy of the owner's own page" in text) is owners


def test_a_scale_of_one_question_speaks_of_one(client):
    for name, one in TESTS.items():
        if any(len(scale.items) == 1 for scale in one.scales):
            assert (
                "Without an answer to it there is no score."
                in page_of(client, f"/self-tests/{name}/").text
            )


def test_the_ledger_explains_how_well_each_licence_is_known(client):
    page = page_of(client, "/self-tests/licences/")

    standings = Counter(one.licence.standing.value for one in TESTS.values())
    standings.update(one.licence.standing.value for one in instruments.pending().values())
    told = {"owner": "the owner's words", "quoted": "one quotation", "partial": "in part"}
    for standing, words in told.items():
        assert page.text.count(f"How well we know: {words}.") == standings[standing] > 0
    for words in ("One quotation.", "In part.", "The owner's words."):
        assert any(strong.text == words for strong in page.select("main li > strong"))


def test_the_ledger_shows_both_statements_of_the_owner_of_the_core_10(client):
    page = page_of(client, "/self-tests/licences/")
    card = next(one for one in page.select(".card") if "CORE-10" in one.h2.text)

    assert "CC BY-ND 4.0" in card.text
    assert "CC BY-NC-ND 4.0" in card.text
    assert "cannot be withdrawn" in card.text
    assert "A host that charges money should ask the owner first." in card.text
