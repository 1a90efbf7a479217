"""What is found, in which order, on whichever database the suite runs."""

from datetime import date

import pytest
from django.test import Client

from stepwell.apps.search import queries
from stepwell.apps.search.queries import Filters
from tests.apps.search.build import day, put, titles

pytestmark = pytest.mark.django_db


def test_title_counts_more_than_summary_and_tags_and_these_more_than_the_text() -> None:
    put("In the text", body="about anger", published_on=day(4))
    put("In the tags", tags=("anger",), published_on=day(2))
    put("Anger in the title", published_on=day(1))

    assert titles("anger") == ["Anger in the title", "In the tags", "In the text"]


def test_stems_are_found_from_any_form() -> None:
    put("Worries at night")

    assert titles("worried") == titles("worry") == titles("WORRYING") == ["Worries at night"]


def test_the_word_itself_comes_before_its_synonym() -> None:
    put("Burnout", published_on=day(1))
    put("Worn out", published_on=day(2))

    assert titles("burnout") == ["Burnout", "Worn out"]
    assert titles("worn out") == ["Worn out", "Burnout"]


def test_words_side_by_side_come_before_scattered_ones() -> None:
    put("A", body="first date and other things", published_on=day(1))
    put("B", body="date of the first thing", published_on=day(2))

    assert titles("first date")[0] == "A"


def test_among_equals_the_newest_comes_first() -> None:
    for number in (2, 3, 1):
        put(f"Anger {'abc'[number - 1]}", published_on=day(number))

    assert titles("anger") == ["Anger c", "Anger b", "Anger a"]


def test_an_unfinished_word_is_taken_as_a_beginning() -> None:
    put("Mindfulness for beginners")

    assert titles("mindfuln") == ["Mindfulness for beginners"]


@pytest.mark.parametrize("typed", ["anxeity", "anxity", "anxietty", "anixety", "ANXEITY"])
def test_typing_errors_are_looked_past_and_told(typed: str) -> None:
    put("Living with anxiety")

    found = queries.find(typed)

    assert found.instead == "anxiety"
    assert titles(typed) == ["Living with anxiety"]
    assert titles(typed, exact=True) == []


def test_words_written_as_one_are_parted() -> None:
    put("Habits that hold")

    assert queries.find("habitsthat").instead == "habits that"


def test_a_word_that_is_there_is_never_corrected() -> None:
    put("Anxieti")  # stands somewhere, however odd
    put("Anxiety")

    assert queries.find("anxieti").instead == ""


def test_no_correction_puts_a_delicate_word_into_anybodys_mouth() -> None:
    put("A page", body="suicide overdose noose")

    for typed in ("suicade", "overdoze", "noosee"):
        assert queries.find(typed).instead == ""


def test_all_words_come_before_some_words() -> None:
    put("Sleep", published_on=day(9))
    put("Sleep and shift work in nurses", published_on=day(1))

    assert titles("sleep nurses")[0] == "Sleep and shift work in nurses"


def test_section_and_tag_narrow_articles_down() -> None:
    put("Anger one", section="news", tags=("adhd",))
    put("Anger two", section="growth-psychology")
    put("Anger management", family="kind", key="k")

    assert titles("anger", filters=Filters(section="news")) == ["Anger one"]
    assert titles("anger", filters=Filters(tag="adhd")) == ["Anger one"]
    assert titles("anger", filters=Filters(section="news", tag="autism")) == []
    assert len(titles("anger")) == 3


def test_candidates_are_bounded_and_the_title_still_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "CANDIDATES", dict.fromkeys(queries.CANDIDATES, 5))
    put("Anger", published_on=date(2020, 1, 1))
    for number in range(20):
        put(f"Other {number}", body="anger", published_on=day(number))

    found = titles("anger")

    assert found[0] == "Anger"
    assert len(found) == 5
    assert "Other 19" in found


@pytest.mark.parametrize("asked", ["anger", "anger sleep nurses boss", "angr"])
def test_a_search_costs_few_queries(django_assert_max_num_queries: object, asked: str) -> None:
    put("Anger and sleep of a boss", body="nurses")
    titles(asked)

    with django_assert_max_num_queries(6):  # type: ignore[operator]
        titles(asked)


def test_typing_costs_two_queries(django_assert_num_queries: object) -> None:
    put("Anger")

    with django_assert_num_queries(2):  # type: ignore[operator]
        assert [hit.title for hit in queries.begun("ang")] == ["Anger"]


def test_the_search_page_keeps_its_menu_and_every_link_leads_somewhere(client: Client) -> None:
    put("Anger")

    page = client.post("/search/", {"words": "anger"}).content.decode()

    assert 'href=""' not in page
    assert 'href="/growth-psychology/"' in page
