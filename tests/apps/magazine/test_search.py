"""Search over the rows: finds word beginnings, ranks simply, and no input is an error."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stepwell.apps.magazine import queries
from tests.apps.magazine.build import make_article

pytestmark = pytest.mark.django_db


def found(text: str, limit: int = 10) -> list[str]:
    return [row.title for row in queries.search(text, limit)]


def test_every_word_has_to_begin_a_word_somewhere() -> None:
    make_article(title="Sleep and worry", standfirst="When nights are long.", text="<p>Rest.</p>")
    make_article(title="Panic", standfirst="What it is.", text="<p>Worries pass.</p>")

    assert found("worr") == ["Sleep and worry", "Panic"]
    assert found("worr sleep") == ["Sleep and worry"]
    assert found("orry") == []
    assert found("nothing like it") == []


def test_title_counts_more_than_summary_and_summary_more_than_text() -> None:
    make_article(title="In the title: anger", published_at=datetime(2020, 1, 1, tzinfo=UTC))
    make_article(title="B", standfirst="Anger here.", published_at=datetime(2021, 1, 1, tzinfo=UTC))
    make_article(title="C", text="<p>anger</p>", published_at=datetime(2022, 1, 1, tzinfo=UTC))

    assert found("anger") == ["In the title: anger", "B", "C"]


def test_among_equals_the_newest_comes_first_and_the_limit_holds() -> None:
    for year in (2021, 2023, 2022):
        make_article(title=f"Anger {year}", published_at=datetime(year, 1, 1, tzinfo=UTC))

    assert found("anger", limit=2) == ["Anger 2023", "Anger 2022"]
    assert found("anger", limit=0) == []


def test_tags_are_found_by_name_and_case_and_accents_do_not_matter() -> None:
    make_article(title="Café", tags=["social-phobia"])

    assert found("SOCIAL phobia") == found("cafe") == found("CAFÉ") == ["Café"]


def test_tags_of_the_markup_are_not_words() -> None:
    make_article(title="A", text="<p>one</p><p>two <strong>three</strong></p>")

    assert found("strong") == []
    assert found("one two three") == ["A"]


def test_signs_of_the_query_language_mean_themselves() -> None:
    make_article(title="A", text="<p>plain</p>")

    assert found("%") == found("_") == found("pl_in") == found("p%n") == found('"') == []
    assert found('"plain"') == ["A"]


def test_drafts_and_unpublished_articles_are_not_found() -> None:
    make_article(title="Draft anger", publish=False)
    make_article(title="Anger gone").unpublish()

    assert found("anger") == []


def test_one_query_however_many_words(django_assert_num_queries: object) -> None:
    make_article(title="anger")

    with django_assert_num_queries(1):  # type: ignore[operator]
        found("anger and many other words that are asked at once " * 20)


@given(st.text(st.characters(exclude_categories=[]), max_size=120), st.integers(-2, 30))
@example("\x00", 5)
@example('"' * 200, 5)
@example("a" * 10_000, 5)
@example("word " * 10_000, 5)
@example("   ", 5)
@example("🙂🙂 \ud800", 5)
@example("' OR 1=1 --; DROP TABLE magazine_articlerow", 5)
@example("\\ % _ * ? ^ NEAR( )", 5)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_text_is_an_error(text: str, limit: int) -> None:
    assert queries.search(text, limit) == []
