"""A made magazine of any size: article pages in Wagtail's tree, and the rows readers are shown.

Texts are of made words; every article has three parts, three references, two tags, one author.
Social cards are not drawn: no page view needs one, and 20,000 of them take minutes.
"""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.utils.html import strip_tags
from wagtail.models import Locale, Page

from bench.search_texts import WORDS, vocabulary
from stepwell.apps.magazine import actions, queries, starter
from stepwell.apps.magazine.models import (
    ArticleAuthor,
    ArticleDates,
    ArticlePage,
    ArticleRow,
    ArticleTag,
    ArticleText,
    Author,
    Byline,
    Reference,
    SectionPage,
)
from stepwell.apps.search import actions as search
from stepwell.apps.search.documents import Document
from stepwell.domain.tags import tags

SEED, SOME, WRITERS = 6, 1_000, 40
PARTS, PARAGRAPHS, WORDS_EACH = 3, 3, 70
NEWEST = datetime(2026, 11, 20, 9, tzinfo=UTC)


class Words:
    """Made texts, the same in every run."""

    def __init__(self) -> None:
        self.chance = random.Random(SEED)  # noqa: S311
        self.words = vocabulary()
        self.weights = list(accumulate(1 / rank for rank in range(1, WORDS + 1)))

    def text(self, length: int) -> str:
        """Return a sentence."""
        return " ".join(self.chance.choices(self.words, cum_weights=self.weights, k=length))

    def body(self) -> str:
        """Return a text of three parts as Wagtail stores it."""
        return json.dumps(
            [{"type": "part", "value": {"heading": self.text(4), "text": self._paragraphs()}}]
            * PARTS
        )

    def _paragraphs(self) -> str:
        return "".join(f"<p>{self.text(WORDS_EACH)}.</p>" for _ in range(PARAGRAPHS))


def fill(articles: int, first: int = 0) -> None:
    """Make articles from number `first` to `articles`, spread over the sections."""
    words = Words()
    writers = [actions.author_named(f"Writer {number}") for number in range(WRITERS)]
    places = list(starter.make_site().values())
    made = [_page(number, places, words) for number in range(first, articles)]
    for some in _batches(made, SOME):
        Page.objects.bulk_create(_as_page(one) for one in some)
    numbers = dict(Page.objects.filter(depth=4).values_list("path", "pk"))
    for one in made:
        one.pk = one.page_ptr_id = numbers[one.path]
    _insert(ArticlePage, made)
    _insert_around(made, writers, words, first)
    for place in places:
        Page.objects.filter(pk=place.pk).update(numchild=articles // len(places) + 1)
    _show(made)


def _show(made: list[ArticlePage]) -> None:
    """Write what readers are shown, as `actions.rebuild` does, many rows at a time."""
    sections = {place.path: place.section for place in SectionPage.objects.all()}
    moments = dict(ArticleDates.objects.values_list("page_id", "published_at"))
    authors = {
        one.page_id: one.author for one in Byline.objects.select_related("author").iterator()
    }
    texts = {}
    for some in _batches(made, SOME):
        rows, documents = [], []
        for page in some:
            row = _row(page, sections[page.path[:-4]], moments[page.pk], authors[page.pk])
            rows.append(row)
            documents.append(_document(row, page))
            texts[page.pk] = ArticleText(row_id=page.pk, body=_html(page), references=[])
        ArticleRow.objects.bulk_create(rows)
        ArticleText.objects.bulk_create(texts.pop(row.pk) for row in rows)
        ArticleTag.objects.bulk_create(
            ArticleTag(row=row, tag=tag, published_at=row.published_at)
            for row in rows for tag in row.tags
        )  # fmt: skip
        ArticleAuthor.objects.bulk_create(
            ArticleAuthor(row=row, author=authors[row.pk], published_at=row.published_at)
            for row in rows
        )
        search.put(documents)
    shelf = queries.shelf()
    actions._relate(shelf, shelf.items)
    actions._settle(queries.latest().only("section", "tags", "published_at"))


def _row(page: ArticlePage, section: str, at: datetime, author: Author) -> ArticleRow:
    told = {"name": author.name, "slug": author.slug, "is_team": False}
    return ArticleRow(
        page_id=page.pk, section=section, slug=page.slug, title=page.title,
        standfirst=page.standfirst, author=author.name, authors=[told], published_at=at,
        changed_on=at.date(), minutes=4, tags=page.tags,
    )  # fmt: skip


def _html(page: ArticlePage) -> str:
    return "".join(
        f'<h2 id="part-{at}">{one.value["heading"]}</h2>{one.value["text"].source}'
        for at, one in enumerate(page.body)
    )


def _document(row: ArticleRow, page: ArticlePage) -> Document:
    return Document(
        family="article", key=str(row.pk), title=row.title, summary=row.standfirst,
        body=strip_tags(_html(page)), section=row.section, tags=tuple(row.tags), url=row.url,
        published_on=row.published_on,
    )  # fmt: skip


def _batches(made: list[ArticlePage], size: int) -> Iterator[tuple[ArticlePage, ...]]:
    left = iter(made)
    while some := tuple(islice(left, size)):
        yield some


def _page(number: int, places: list[SectionPage], words: Words) -> ArticlePage:
    place = places[number % len(places)]
    title, slug = words.text(6).capitalize(), f"made-{number}"
    return ArticlePage(
        title=title, draft_title=title, slug=slug, url_path=f"{place.url_path}{slug}/",
        path=ArticlePage._get_path(place.path, place.depth + 1, number + 1),
        depth=place.depth + 1, live=True, locale=Locale.get_default(),
        content_type=ContentType.objects.get_for_model(ArticlePage),
        standfirst=words.text(15)[:220], tags=words.chance.sample(sorted(tags()), 2),
        body=words.body(),
    )  # fmt: skip


def _as_page(one: ArticlePage) -> Page:
    """Return the part of an article that lies in the table of all pages."""
    names = [field.attname for field in Page._meta.concrete_fields if field.name != "id"]
    return Page(**{name: getattr(one, name) for name in names})


def _insert_around(
    made: list[ArticlePage], writers: list[Author], words: Words, first: int
) -> None:
    """Write the dates, the authors and the references of articles."""
    for at, some in enumerate(_batches(made, SOME)):
        moments = [
            NEWEST - timedelta(hours=6 * (first + at * SOME + place)) for place in range(len(some))
        ]
        ArticleDates.objects.bulk_create(
            ArticleDates(page=one, published_at=moment, changed_on=moment.date(), text_hash="")
            for one, moment in zip(some, moments, strict=True)
        )
        Byline.objects.bulk_create(
            Byline(page=one, author=words.chance.choice(writers), sort_order=0) for one in some
        )
        Reference.objects.bulk_create(_references(some, words))


def _references(some: tuple[ArticlePage, ...], words: Words) -> Iterator[Reference]:
    for one in some:
        for place in range(3):
            yield Reference(
                page=one, sort_order=place, authors="Example, A.", title=words.text(8),
                year=2000 + place, doi=f"10.1000/made.{one.pk}.{place}",
            )  # fmt: skip


def _insert(model: type[Model], made: list[ArticlePage]) -> None:
    """Write the rows of a model below another one, which `bulk_create` does not."""
    for some in _batches(made, SOME):
        fields = model._meta.local_concrete_fields
        QuerySet(model)._insert(list(some), fields=fields, using="default")
