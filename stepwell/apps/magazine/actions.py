"""Writes: keep the rows equal to what is published.

Wagtail's own log says who published what; these functions follow it and have
no actor of their own.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.text import slugify
from wagtail.images.models import AbstractImage
from wagtail.models import Page

from stepwell.apps.magazine import cards, keys, queries, rendering, reviewing
from stepwell.apps.magazine.models import (
    ArticleAuthor,
    ArticleDates,
    ArticlePage,
    ArticleRow,
    ArticleTag,
    Author,
    MonthCount,
    RelatedArticle,
    SectionTagCount,
    StarterLoad,
    TagCount,
)
from stepwell.apps.pages import actions as pages
from stepwell.apps.search import actions as search
from stepwell.domain.related import Item, Shelf

FAMILY = "article"  # what search calls them
BATCH = 500
ON_FRONT = 5  # per section: a lead and a list of four


@transaction.atomic
def show(page: ArticlePage) -> None:
    """Make the rows say what `page` says now; a page that is not public loses its row."""
    if not page.live or queries.is_restricted(page):
        hide(page_id=page.pk)
        return
    shelf = queries.shelf()
    before = ArticleRow.objects.filter(pk=page.pk).first()
    row = _store(page)
    search.put([rendering.document_of(page, row)])
    others = _relate(shelf, shelf.put(_item(row)))
    _settle([row] if before is None else [before, row])
    _tell_pages(before, row, {*others, *_beside(before), *_beside(row)})


@transaction.atomic
def hide(*, page_id: int) -> None:
    """Take an article away from readers: its row, and every place that shows it."""
    before = ArticleRow.objects.filter(pk=page_id).first()
    if before is None:
        return
    shelf = queries.shelf()
    touched, beside = shelf.take(page_id), _beside(before)
    cards.drop(cards.of_article(before, noted=False))
    ArticleRow.objects.filter(pk=page_id).delete()
    search.remove([(FAMILY, str(page_id))])
    others = _relate(shelf, touched)
    _settle([before])
    _tell_pages(before, None, {*others, *beside})


@transaction.atomic
def show_below(page: Page) -> None:
    """Do `show` for every article in the tree below `page`, itself included."""
    for article in ArticlePage.objects.descendant_of(page, inclusive=True).iterator():
        show(article)


@transaction.atomic
def show_written_by(author: Author) -> None:
    """Do `show` for every article with this name above it, so that a new name is seen."""
    for article in ArticlePage.objects.filter(bylines__author=author, live=True).distinct():
        show(article)


@transaction.atomic
def author_named(name: str, *, source: str = "", about: str = "", is_team: bool = False) -> Author:
    """Return the profile from `source`, or else the one with this name; make it where none is.

    A profile that is there stays as its editors left it. `source` names the author
    in the system an import reads; two sources never share a profile.
    """
    known = Author.objects.filter(source=source) if source else Author.objects.filter(name=name)
    found = known.first()
    if found:
        return found
    slug = _free_slug(name)
    return Author.objects.create(name=name, slug=slug, source=source, about=about, is_team=is_team)


def _free_slug(name: str) -> str:
    base = slugify(name)[:100].strip("-") or "author"
    slug, count = base, 2
    while Author.objects.filter(slug=slug).exists():
        slug, count = f"{base}-{count}", count + 1
    return slug


@transaction.atomic
def show_picture(image: AbstractImage, *, before: str) -> None:
    """Do `show` for every article that shows `image`, whose file was called `before`."""
    shows = Q(cover_image=image) | Q(row__text__body__contains=before)
    for page in ArticlePage.objects.filter(shows, row__isnull=False).iterator():
        show(page)


@transaction.atomic
def rebuild() -> int:
    """Make all rows again from the published pages; return how many there are."""
    for model in (ArticleRow, TagCount, SectionTagCount, MonthCount):
        model._default_manager.all().delete()
    shown = ArticlePage.objects.live().public().iterator()
    search.replace([FAMILY], (rendering.document_of(page, _store(page)) for page in shown))
    shelf = queries.shelf()
    _relate(shelf, shelf.items)
    _settle(queries.latest().only("section", "tags", "published_at"))
    pages.touch([pages.EVERYTHING])
    return len(shelf.items)


def make_all_findable(progress: Callable[[int], None]) -> dict[str, int]:
    """Let search hold exactly the articles that readers are shown; return what changed."""
    pages = ArticlePage.objects.filter(row__isnull=False).select_related("row")
    shown = pages.iterator(chunk_size=200)
    found = (rendering.document_of(page, page.row) for page in shown)
    return search.replace([FAMILY], found, progress)


def _store(page: ArticlePage) -> ArticleRow:
    """Write row, text and tags of one article; return the row."""
    starter = StarterLoad.objects.filter(page=page).exists()
    dates = _dates(page)
    row = rendering.row_of(page, page.get_parent().slug, dates, starter=starter)
    text = rendering.text_of(page)
    reviewing.mark(row, text, rendering.written_as(page), dates.text_hash)
    row.save()
    text.save()
    cards.keep(cards.of_article(row, noted=bool(page.content_note)))
    _list(
        row, ArticleAuthor, "author_id", dict.fromkeys(one.author_id for one in page.bylines.all())
    )
    _list(row, ArticleTag, "tag", row.tags)
    return row


def _list(row: ArticleRow, model: type[Model], field: str, values: Iterable[Any]) -> None:
    """Let the lists of tags or authors hold the row; what is right already stays as it is."""
    wanted = {(value, row.published_at) for value in values}
    there = {
        (value, at): pk
        for pk, value, at in model._default_manager.filter(row=row).values_list(
            "pk", field, "published_at"
        )
    }
    wrong = [pk for entry, pk in there.items() if entry not in wanted]
    model._default_manager.filter(pk__in=wrong).delete()
    model._default_manager.bulk_create(
        model(row=row, published_at=at, **{field: value})
        for value, at in sorted(wanted - there.keys())
    )


def _beside(row: ArticleRow | None) -> list[int]:
    """Return the articles that show `row` as the one before or after them."""
    return [] if row is None else [one.pk for one in queries.neighbours(row) if one is not None]


def _tell_pages(before: ArticleRow | None, after: ArticleRow | None, others: Iterable[int]) -> None:
    pages.touch([*keys.touched_by(before, after), *(f"article:{one}" for one in others)])


def _dates(page: ArticlePage) -> ArticleDates:
    """Return the dates of an article; a publish that changed a word moves `changed_on`."""
    text_hash, now = rendering.hash_of(page), timezone.now()
    first = {"published_at": now, "changed_on": timezone.localdate(now), "text_hash": text_hash}
    dates, _ = ArticleDates.objects.get_or_create(page=page, defaults=first)
    if dates.text_hash != text_hash:
        dates.changed_on, dates.text_hash = timezone.localdate(now), text_hash
        dates.save(update_fields=["changed_on", "text_hash"])
    return dates


def _item(row: ArticleRow) -> Item:
    published = row.published_at.timestamp()
    return Item(row.page_id, row.section, frozenset(row.tags), row.heavy, published, row.helping)


def _relate(shelf: Shelf, touched: Iterable[int]) -> set[int]:
    """Write the suggestions of the articles named; return those whose suggestions are others."""
    standing = [page_id for page_id in touched if page_id in shelf.items]
    wanted = {
        page_id: [(at, one.id, list(one.shared)) for at, one in enumerate(shelf.related(page_id))]
        for page_id in standing
    }
    there: dict[int, list[tuple[int, int, list[str]]]] = {page_id: [] for page_id in standing}
    for at in range(0, len(standing), BATCH):
        found = RelatedArticle.objects.filter(row__in=standing[at : at + BATCH])
        for row, *one in found.values_list("row_id", "position", "to_id", "shared"):
            there[row].append(tuple(one))
    others = {page_id for page_id in standing if wanted[page_id] != there[page_id]}
    RelatedArticle.objects.filter(row__in=others).delete()
    RelatedArticle.objects.bulk_create(
        RelatedArticle(row_id=page_id, to_id=to, position=position, shared=shared)
        for page_id in sorted(others)
        for position, to, shared in wanted[page_id]
    )
    return others


def _settle(changed: Iterable[ArticleRow]) -> None:
    """Mark the newest of each section and count again what the changed rows are counted in."""
    rows = list(changed)
    sections, tags = {row.section for row in rows}, {tag for row in rows for tag in row.tags}
    for section in sections:
        _mark_front(section)
    for tag in tags:
        tagged = ArticleTag.objects.filter(tag=tag)
        _keep_count(TagCount, tagged.count(), tag=tag)
        for section in sections:
            _keep_count(
                SectionTagCount,
                tagged.filter(row__section=section).count(),
                section=section,
                tag=tag,
            )
    for month in {row.month for row in rows}:
        _keep_count(MonthCount, queries.in_month(month).count(), month=month)


def _mark_front(section: str) -> None:
    in_section = queries.in_section(section)
    newest = list(in_section.values_list("page_id", flat=True)[:ON_FRONT])
    in_section.filter(on_front=True).exclude(pk__in=newest).update(on_front=False)
    in_section.filter(pk__in=newest, on_front=False).update(on_front=True)


def _keep_count(model: type[Model], articles: int, **of: Any) -> None:
    """Write how many there are; what has none has no row."""
    if articles:
        model._default_manager.update_or_create(**of, defaults={"articles": articles})
    else:
        model._default_manager.filter(**of).delete()
