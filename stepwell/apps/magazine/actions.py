"""Writes: keep the rows equal to what is published.

Wagtail's own log says who published what; these functions follow it and have
no actor of their own.
"""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page

from stepwell.apps.magazine import queries, rendering
from stepwell.apps.magazine.models import (
    ArticleDates,
    ArticlePage,
    ArticleRow,
    ArticleTag,
    RelatedArticle,
    StarterLoad,
    TagCount,
)
from stepwell.domain.related import Item, Shelf

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
    touched = shelf.put(_item(row))
    _relate(shelf, touched)
    both = [row] if before is None else [before, row]
    _settle({one.section for one in both}, {tag for one in both for tag in one.tags})


@transaction.atomic
def hide(*, page_id: int) -> None:
    """Take an article away from readers: its row, and every place that shows it."""
    row = ArticleRow.objects.filter(pk=page_id).first()
    if row is None:
        return
    shelf = queries.shelf()
    touched = shelf.take(page_id)
    row.delete()
    _relate(shelf, touched)
    _settle({row.section}, row.tags)


@transaction.atomic
def show_below(page: Page) -> None:
    """Do `show` for every article in the tree below `page`, itself included."""
    for article in ArticlePage.objects.descendant_of(page, inclusive=True).iterator():
        show(article)


@transaction.atomic
def rebuild() -> int:
    """Make all rows again from the published pages; return how many there are."""
    ArticleRow.objects.all().delete()
    TagCount.objects.all().delete()
    for page in ArticlePage.objects.live().public().iterator():
        _store(page)
    shelf = queries.shelf()
    _relate(shelf, shelf.items)
    items = shelf.items.values()
    _settle({item.section for item in items}, {tag for item in items for tag in item.tags})
    return len(items)


def _store(page: ArticlePage) -> ArticleRow:
    """Write row, text and tags of one article; return the row."""
    starter = StarterLoad.objects.filter(page=page).exists()
    row = rendering.row_of(page, page.get_parent().slug, _dates(page), starter=starter)
    row.save()
    rendering.text_of(page).save()
    ArticleTag.objects.filter(row=row).delete()
    ArticleTag.objects.bulk_create(
        ArticleTag(row=row, tag=tag, published_at=row.published_at) for tag in row.tags
    )
    return row


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
    return Item(row.page_id, row.section, frozenset(row.tags), row.heavy, published)


def _relate(shelf: Shelf, touched: Iterable[int]) -> None:
    """Write the suggestions of the articles named, where they still stand on the shelf."""
    RelatedArticle.objects.filter(row__in=list(touched)).delete()
    RelatedArticle.objects.bulk_create(
        RelatedArticle(row_id=page_id, to_id=one.id, position=at, shared=one.shared)
        for page_id in touched
        if page_id in shelf.items
        for at, one in enumerate(shelf.related(page_id))
    )


def _settle(sections: Collection[str], tags: Collection[str]) -> None:
    """Mark the newest of each section for the front page and count each tag again."""
    for section in sections:
        in_section = queries.in_section(section)
        newest = list(in_section.values_list("page_id", flat=True)[:ON_FRONT])
        in_section.filter(on_front=True).exclude(pk__in=newest).update(on_front=False)
        in_section.filter(pk__in=newest, on_front=False).update(on_front=True)
    for tag in tags:
        count = ArticleTag.objects.filter(tag=tag).count()
        TagCount.objects.update_or_create(tag=tag, defaults={"articles": count})
    TagCount.objects.filter(articles=0).delete()
