"""Rows follow pages: publish, edit, unpublish, delete, move, new address, privacy."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from stepwell.apps.magazine import actions, queries, starter
from stepwell.apps.magazine.models import (
    ArticleAuthor,
    ArticleDates,
    ArticlePage,
    ArticleRow,
    ArticleTag,
    MonthCount,
    RelatedArticle,
    SectionPage,
    SectionTagCount,
    TagCount,
)
from tests.apps.magazine.build import HELP, make_article, make_many

pytestmark = pytest.mark.django_db


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Return the contents of all tables that can be made again."""
    return {
        "rows": list(ArticleRow.objects.order_by("pk").values_list()),
        "texts": list(ArticleRow.objects.order_by("pk").values_list("text__body")),
        "tags": list(ArticleTag.objects.order_by("row", "tag").values_list("row", "tag")),
        "counts": list(TagCount.objects.order_by("tag").values_list()),
        "section tags": list(
            SectionTagCount.objects.order_by("section", "tag").values_list(
                "section", "tag", "articles"
            )
        ),
        "months": list(MonthCount.objects.order_by("month").values_list()),
        "authors": list(
            ArticleAuthor.objects.order_by("row", "author").values_list("row", "author")
        ),
        "related": list(
            RelatedArticle.objects.order_by("row", "position").values_list(
                "row", "to", "position", "shared"
            )
        ),
    }


def test_publishing_writes_the_row() -> None:
    page = make_article(title="Sleep and worry", tags=["autism"], text="<p>one two</p>")

    row = ArticleRow.objects.get(page=page)
    assert (row.title, row.section, row.slug) == ("Sleep and worry", "growth-psychology", page.slug)
    assert row.url == f"/growth-psychology/{page.slug}/"
    assert row.url == reverse("magazine:article", args=[row.section, row.slug])
    assert row.tags == ["autism"]
    assert row.minutes == 1
    assert not row.starter
    assert row.on_front
    assert queries.tag_counts() == {"autism": 1}


def test_a_tag_that_stands_twice_counts_once() -> None:
    page = make_article(tags=["adhd", "adhd"])

    assert ArticleRow.objects.get(page=page).tags == ["adhd"]
    assert queries.tag_counts() == {"adhd": 1}


def test_a_draft_has_no_row_and_a_later_draft_does_not_show() -> None:
    draft = make_article(publish=False)
    page = make_article(title="As published")
    page.title = "Not yet"
    page.save_revision()

    assert not ArticleRow.objects.filter(page=draft).exists()
    assert ArticleRow.objects.get(page=page).title == "As published"


def test_a_second_publish_changes_the_row_and_only_a_changed_word_moves_the_date() -> None:
    page = make_article(published_at=datetime(2026, 1, 5, tzinfo=UTC))
    ArticleDates.objects.filter(page=page).update(changed_on=date(2026, 1, 5))

    page.save_revision().publish()
    unchanged = ArticleRow.objects.get(page=page).changed_on
    page.title = "Another title"
    page.save_revision().publish()

    row = ArticleRow.objects.get(page=page)
    assert unchanged == date(2026, 1, 5)
    assert row.title == "Another title"
    assert row.changed_on > date(2026, 1, 5)
    assert row.published_on == date(2026, 1, 5)


def test_unpublishing_takes_the_row_and_every_mention_away() -> None:
    other, page = make_article(tags=["autism"]), make_article(tags=["autism"])

    page.unpublish()

    assert not ArticleRow.objects.filter(page=page).exists()
    assert queries.tag_counts() == {"autism": 1}
    assert queries.related(ArticleRow.objects.get(page=other)) == []


def test_unpublished_and_published_again_keeps_its_first_date() -> None:
    page = make_article(published_at=datetime(2026, 1, 5, tzinfo=UTC))
    page.unpublish()
    ArticlePage.objects.get(pk=page.pk).save_revision().publish()

    assert ArticleRow.objects.get(page=page).published_on == date(2026, 1, 5)


def test_deleting_takes_the_row_away_and_settles_its_neighbours() -> None:
    pages = [make_article(tags=["autism"]) for _ in range(7)]

    ArticlePage.objects.get(pk=pages[3].pk).delete()

    assert ArticleRow.objects.count() == 6
    assert queries.tag_counts() == {"autism": 6}
    before = everything()
    actions.rebuild()
    assert everything() == before


def test_deleting_a_section_takes_its_articles_away() -> None:
    make_article(section="news")
    kept = make_article(section="growth-psychology")

    SectionPage.objects.get(section="news").delete()

    assert [row.page_id for row in ArticleRow.objects.all()] == [kept.pk]


def test_moving_changes_section_and_address() -> None:
    page = make_article(section="growth-psychology", tags=["autism"])
    stays = make_article(section="growth-psychology", tags=["adhd"])

    page.move(SectionPage.objects.get(section="news"), pos="last-child")

    row = ArticleRow.objects.get(page=page)
    assert row.url == f"/news/{page.slug}/"
    assert [one.page_id for one in queries.in_section("growth-psychology")] == [stays.pk]


def test_a_new_address_changes_the_row() -> None:
    page = make_article()

    page.slug = "elsewhere"
    page.save_revision().publish()

    assert ArticleRow.objects.get(page=page).url == "/growth-psychology/elsewhere/"


def test_I8_a_private_article_leaves_the_rows_and_comes_back() -> None:
    page = make_article(section="news")
    news = SectionPage.objects.get(section="news")

    closed = PageViewRestriction.objects.create(
        page=news, restriction_type=PageViewRestriction.LOGIN
    )
    while_closed = ArticleRow.objects.filter(page=page).exists()
    page.save_revision().publish()
    published_while_closed = ArticleRow.objects.filter(page=page).exists()
    closed.delete()

    assert not while_closed
    assert not published_while_closed
    assert ArticleRow.objects.filter(page=page).exists()


def test_the_address_of_a_section_is_its_id_whatever_is_typed() -> None:
    section = starter.make_site()["news"]
    section.slug = "gossip"
    section.save()

    assert SectionPage.objects.get(pk=section.pk).slug == "news"


def test_the_front_page_shows_the_five_newest_of_each_section() -> None:
    make_many(40)
    newest = make_article(section="news")

    front = ArticleRow.objects.filter(on_front=True)

    for section in starter.sections_by_id():
        expected = queries.in_section(section).values_list("pk", flat=True)[:5]
        assert set(front.filter(section=section).values_list("pk", flat=True)) == set(expected)
    assert newest.pk in {row.pk for row in front}


def test_previous_and_next_are_each_others_inverse_and_pass_over_heavy_ones() -> None:
    same_moment = datetime(2026, 3, 1, tzinfo=UTC)
    for heavy in (False, True, False, False, True, False):
        make_article(heavy=heavy, published_at=same_moment)
    rows = list(queries.in_section("growth-psychology"))

    ends = 0
    for row in rows:
        previous, following = queries.neighbours(row)
        if row.heavy:
            assert (previous, following) == (None, None)
            continue
        ends += (previous is None) + (following is None)
        assert previous is None or queries.neighbours(previous)[1] == row
        assert following is None or queries.neighbours(following)[0] == row
        assert not any(one and one.heavy for one in (previous, following))
    assert ends == 2


def test_the_newer_article_is_next() -> None:
    old = make_article(published_at=datetime(2026, 1, 1, tzinfo=UTC))
    new = make_article(published_at=datetime(2026, 1, 2, tzinfo=UTC))

    previous, following = queries.neighbours(ArticleRow.objects.get(page=old))

    assert previous is None
    assert following is not None
    assert following.pk == new.pk


def test_related_is_up_to_six_with_the_shared_tags() -> None:
    page = make_article(tags=["autism", "adhd"])
    for _ in range(7):
        make_article(tags=["autism"], section="news")
    both = make_article(tags=["autism", "adhd"], section="news")

    found = queries.related(ArticleRow.objects.get(page=page))

    assert len(found) == 6
    assert found[0][0].pk == both.pk
    assert found[0][1] == ["adhd", "autism"]


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["new", "edit", "unpublish", "delete"]),
        st.integers(0, 5),
        st.sampled_from(["news", "growth-psychology"]),
        st.lists(st.sampled_from(["autism", "adhd"]), unique=True),
        st.booleans(),
    ),
    min_size=1,
    max_size=7,
)


@given(STEPS)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_rows_kept_step_by_step_equal_rows_made_anew(
    steps: list[tuple[str, int, str, list[str], bool]],
) -> None:
    for verb, which, section, tags, heavy in steps:
        pages = list(ArticlePage.objects.order_by("pk"))
        page = pages[which % len(pages)] if pages else None
        if verb == "new" or page is None:
            make_article(section=section, tags=tags, heavy=heavy, text=HELP, content_note="A note.")
        elif verb == "edit":
            page.tags, page.heavy = tags, heavy
            page.save_revision().publish()
        elif verb == "unpublish":
            page.unpublish()
        else:
            page.delete()
    before = everything()

    actions.rebuild()

    assert everything() == before
