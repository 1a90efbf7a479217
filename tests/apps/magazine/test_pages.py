"""What editors may write: refusals at clean, and how a text is rendered for readers."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from stepwell.apps.magazine import rendering, validation, words
from stepwell.apps.magazine.blocks import FigureBlock, HelpsBlock
from stepwell.apps.magazine.models import (
    ArticlePage,
    ArticleRow,
    HomePage,
    Reference,
    RelatedArticle,
    SectionPage,
)
from tests.apps.magazine.build import make_article


@pytest.mark.django_db
def test_an_unknown_tag_is_refused() -> None:
    page = make_article(publish=False)
    page.tags = ["depresion"]

    with pytest.raises(ValidationError, match="depression"):
        page.full_clean()


def test_pages_have_their_one_place() -> None:
    assert HomePage.allowed_parent_page_models() == [Page]
    assert HomePage.allowed_subpage_models() == [SectionPage]
    assert SectionPage.allowed_parent_page_models() == [HomePage]
    assert SectionPage.allowed_subpage_models() == [ArticlePage]
    assert ArticlePage.allowed_parent_page_models() == [SectionPage]
    assert ArticlePage.allowed_subpage_models() == []


@pytest.mark.parametrize(
    "address", ["/guide/", "/support/a/vs/b/", "https://example.org/x?y=1", "http://example.org"]
)
def test_a_link_within_and_a_link_outside_are_taken(address: str) -> None:
    validation.check_link(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "guide/",
        "//example.org/",
        "/\\example.org",
        "javascript:alert(1)",
        "https://",
        "data:x",
        "https://example.org/a b",
        "http://[",
        "/a b",
    ],
)
def test_any_other_link_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        validation.check_link(address)


def test_helps_refuses_a_bad_link_and_a_fifth_link() -> None:
    block = HelpsBlock()
    good = {"label": "The guide", "url": "/guide/"}

    for links in ([{"label": "x", "url": "javascript:x"}], [good] * 5, []):
        with pytest.raises(ValidationError):
            block.clean(block.to_python({"links": links}))
    block.clean(block.to_python({"links": [good] * 4}))


@pytest.mark.django_db
def test_W3_a_picture_needs_words_or_is_marked_decorative() -> None:
    image = get_image_model().objects.create(title="x", file=get_test_image_file())
    block = FigureBlock()

    def value(**told: object) -> object:
        return block.to_python({"picture": {"image": image.pk, **told}, "caption": ""})

    with pytest.raises(ValidationError):
        block.clean(value(alt_text="", decorative=False))
    block.clean(value(alt_text="A well with steps", decorative=False))
    block.clean(value(alt_text="", decorative=True))


@pytest.mark.django_db
def test_parts_are_numbered_and_anchors_hang_on_headings() -> None:
    page = make_article(publish=False)
    page.body = [
        ("part", {"heading": "Who helps?", "text": "<p>a</p>"}),
        ("quote", {"words": "Words & signs", "speaker": "Ben"}),
        ("part", {"heading": "Who helps?", "text": "<p>b</p>"}),
        ("part", {"heading": "?", "text": "<p>c</p>"}),
    ]

    text = rendering.text_of(page)

    assert text.contents == [
        ["part-who-helps", "Who helps?"],
        ["part-who-helps-2", "Who helps?"],
        ["part", "?"],
    ]
    assert '<h2 id="part-who-helps-2">2. Who helps?</h2>' in text.body
    assert "Words &amp; signs" in text.body


@pytest.mark.django_db
def test_marks_link_to_references_that_exist_and_never_inside_a_tag() -> None:
    reference = Reference(authors="A", title="B", year=2020)
    page = make_article(
        text='<p>Known [1], unknown [2] <a href="/x/[1]">[1]</a></p>',
        references=[reference],
        publish=False,
    )

    body = rendering.text_of(page).body

    assert 'Known<sup><a href="#reference-1">1</a></sup>, unknown [2]' in body
    assert 'href="/x/[1]"' in body


@pytest.mark.django_db
def test_folded_passages_stay_out_of_search_and_reading_time() -> None:
    page = make_article(publish=False)
    page.body = [("content_note", {"topic": "A topic", "text": "<p>canary</p>"})]

    row, text = rendering.draft(page)

    assert "<details" in text.body
    assert "canary" in text.body
    assert "canary" not in rendering.document_of(page, row).body


@pytest.mark.parametrize(("count", "minutes"), [(0, 1), (200, 1), (201, 2), (1_000, 5)])
def test_minutes_are_whole_and_at_least_one(count: int, minutes: int) -> None:
    assert words.minutes_to_read("word " * count) == minutes


@pytest.mark.django_db
def test_the_database_refuses_what_cannot_be() -> None:
    page = make_article()
    row = ArticleRow.objects.get(page=page)
    wrong = [
        lambda: Reference.objects.create(page=page, authors="A", title="B", year=22),
        lambda: RelatedArticle.objects.create(row=row, to=row, position=0),
        lambda: ArticleRow.objects.filter(page=page).update(review_state="current"),
        lambda: ArticleRow.objects.filter(page=page).update(
            reviewed_on="2026-01-01", review_due="2027-01-01"
        ),
    ]

    for attempt in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
