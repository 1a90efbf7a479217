"""Every public address of the magazine, for whoever makes all pages at once."""

from collections.abc import Iterable, Iterator
from math import ceil

from django.urls import reverse

from stepwell.apps.magazine import queries
from stepwell.apps.magazine.models import ArticleRow
from stepwell.apps.magazine.views import PER_PAGE
from stepwell.domain.sections import sections
from stepwell.domain.tags import tags


def every_address() -> Iterator[str]:
    """Yield the path of every list, article, feed and sitemap that is published now."""
    for name in ("home", "tags", "authors", "archive", "sitemap_lists", "rss", "atom"):
        yield reverse(f"magazine:{name}")
    yield from _paged("latest", {}, queries.latest().count())
    yield from _of_sections()
    counts = queries.tag_counts()
    for tag in tags():
        yield from _paged("tag", {"tag_id": tag}, counts.get(tag, 0))
        yield from _feeds("tag", {"tag_id": tag})
    for author in queries.writing_authors():
        where = {"slug": author.slug}
        yield from _paged("author", where, queries.written_by(author).count())
        yield from _feeds("author", {"author_slug": author.slug})
    for month, articles in queries.month_counts():
        where = {"year": f"{month:%Y}", "month": f"{month:%m}"}
        yield from _paged("month", where, articles)
    for number, _ in queries.article_files():
        yield reverse("magazine:sitemap_articles", args=[number])
    rows = ArticleRow.objects.order_by("pk").only("section", "slug")
    yield from (row.url for row in rows.iterator())


def _of_sections() -> Iterator[str]:
    for section in sections():
        if queries.section_intro(section.id) is not None:
            where = {"section_id": section.id}
            yield from _paged("section", where, queries.in_section(section.id).count())
            yield from _feeds("section", where)


def _paged(name: str, where: dict[str, str], articles: int) -> Iterable[str]:
    yield reverse(f"magazine:{name}", kwargs=where)
    for number in range(2, ceil(articles / PER_PAGE) + 1):
        yield reverse(f"magazine:{name}_page", kwargs={**where, "number": number})


def _feeds(name: str, where: dict[str, str]) -> Iterable[str]:
    return (reverse(f"magazine:{name}_{form}", kwargs=where) for form in ("rss", "atom"))
