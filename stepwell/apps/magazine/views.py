"""The magazine's pages. What the rows do not know is left to Wagtail: redirects, private pages."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from wagtail.views import serve

from stepwell.apps.magazine import cards, keys, notice_queries, presenters, queries
from stepwell.apps.magazine.vocabulary import section_of
from stepwell.design.cards import Card
from stepwell.domain import tags
from stepwell.domain.errors import UnknownFact
from stepwell.domain.tags import Tag

PER_PAGE = 12
FOR_EVER = "public, max-age=31536000, immutable"


def home(request: HttpRequest) -> HttpResponse:
    """Show the front page."""
    shown = presenters.home(queries.front_words(), queries.front_rows(), queries.tag_counts())
    shown["notices"] = notice_queries.at_home(timezone.localdate())
    return render(request, "magazine/home.html", shown)


def latest(request: HttpRequest, number: int = 1) -> HttpResponse:
    """Show all articles, the newest first."""
    page = _page(queries.latest(), number)
    return _list(request, "latest", page, presenters.latest(list(page)))


def tag_index(request: HttpRequest) -> HttpResponse:
    """Show every tag."""
    return render(request, "magazine/tags.html", presenters.tag_index(queries.tag_counts()))


def tag(request: HttpRequest, tag_id: str, number: int = 1) -> HttpResponse:
    """Show the articles with one tag."""
    found = _known_tag(tag_id)
    page = _page(queries.with_tag(tag_id), number)
    return _list(request, "tag", page, presenters.tag(found, _rows(page)))


def author_index(request: HttpRequest) -> HttpResponse:
    """Show every author who has a published article."""
    shown = presenters.author_index(queries.writing_authors(with_roles=True))
    return render(request, "magazine/authors.html", shown)


def author(request: HttpRequest, slug: str, number: int = 1) -> HttpResponse:
    """Show who an author is and what they wrote."""
    found = queries.find_author(slug)
    if found is None:
        raise Http404
    page = _page(queries.written_by(found), number)
    return _list(request, "author", page, presenters.author(found, _rows(page)))


def archive(request: HttpRequest) -> HttpResponse:
    """Show the months that have articles."""
    return render(request, "magazine/archive.html", presenters.archive(queries.month_counts()))


def archive_month(request: HttpRequest, year: int, month: int, number: int = 1) -> HttpResponse:
    """Show the articles of a month; a month without any is no page."""
    first = _first_day(year, month)
    older, here, newer = queries.months_around(first)
    if not here:
        raise Http404
    page = _page(queries.in_month(first), number)
    shown = presenters.archive_month(first, list(page), older=older, newer=newer)
    return _list(request, "month", page, shown)


def section(request: HttpRequest, section_id: str, number: int = 1) -> HttpResponse:
    """Show a section; an address that is no section is left to Wagtail."""
    intro = queries.section_intro(section_id)
    if intro is None:
        return left_to_wagtail(request)
    page = _page(queries.in_section(section_id), number)
    used = queries.section_tags(section_id)
    shown = presenters.section(section_id, intro, list(page), used)
    shown["notices"] = notice_queries.in_section(section_id, timezone.localdate())
    return _list(request, "section", page, shown)


def article(request: HttpRequest, section_id: str, slug: str) -> HttpResponse:
    """Show an article; an address without a row is left to Wagtail."""
    row = queries.find_article(section_id, slug)
    if row is None:
        return left_to_wagtail(request)
    previous, following = queries.neighbours(row)
    related = queries.related(row)
    shown = presenters.article(
        row, row.text, previous=previous, following=following, related=related
    )
    shown["notices"] = notice_queries.below_article(row, row.text, timezone.localdate())
    return render(request, "magazine/article.html", shown)


def sponsors(request: HttpRequest) -> HttpResponse:
    """Show who advertises here, and where nobody may."""
    found = notice_queries.sponsors(timezone.localdate())
    return render(request, "magazine/sponsors.html", presenters.sponsors(found))


def first_page(request: HttpRequest, name: str, **where: str) -> HttpResponse:
    """Send page 1 of a list to the list's own address."""
    return redirect(f"magazine:{name}", permanent=True, **where)


def section_card(request: HttpRequest, version: str, section_id: str) -> HttpResponse:
    """Answer the social card of a section."""
    if queries.section_intro(section_id) is None:
        raise Http404
    return _card(cards.of_section(section_of(section_id)), version)


def article_card(request: HttpRequest, version: str, section_id: str, slug: str) -> HttpResponse:
    """Answer the social card of an article."""
    row = queries.find_article(section_id, slug)
    if row is None:
        raise Http404
    return _card(cards.of_article(row, noted=bool(row.text.content_note)), version)


def sitemap_lists(request: HttpRequest) -> HttpResponse:
    """List the front page, the sections, tags, authors and months."""
    paths = presenters.list_paths(
        queries.used_tags(), queries.writing_authors(), queries.used_months()
    )
    return _xml(request, "sitemap_lists", {"paths": paths})


def sitemap_articles(request: HttpRequest, number: int) -> HttpResponse:
    """List articles, the oldest first, so that a file that is full stays as it is."""
    rows = queries.articles_of_file(number)
    if number > 1 and not rows.exists():
        raise Http404
    return _xml(request, "sitemap_articles", {"rows": rows.iterator()})


def sitemap_news(request: HttpRequest) -> HttpResponse:
    """List what was first published in the last two days, as news sitemaps ask."""
    return _xml(request, "sitemap_news", {"rows": queries.recent(timezone.now())})


def left_to_wagtail(request: HttpRequest) -> HttpResponse:
    """Return what Wagtail serves at this path, or 404."""
    response: HttpResponse = serve(request, request.path_info.lstrip("/"))
    return response


def _known_tag(tag_id: str) -> Tag:
    try:
        return tags.tag(tag_id)
    except UnknownFact as error:
        raise Http404 from error


def _first_day(year: int, month: int) -> date:
    try:
        return date(year, month, 1)
    except ValueError as error:
        raise Http404 from error


def _page(found: QuerySet[Any], number: int) -> "Page[Any]":
    try:
        page = Paginator(queries.narrow(found, queries.LISTED), PER_PAGE).page(number)
    except InvalidPage as error:
        raise Http404 from error
    keys.shown(getattr(one, "row", one) for one in page)
    return page


def _rows(page: Iterable[Any]) -> list[Any]:
    return [one.row for one in page]


def _list(
    request: HttpRequest, name: str, page: "Page[Any]", shown: dict[str, Any]
) -> HttpResponse:
    return render(request, f"magazine/{name}.html", {"page": page, **shown})


def _card(card: Card, version: str) -> HttpResponse:
    if not card.title or card.version != version:
        raise Http404("An older card.")
    headers = {"Cache-Control": FOR_EVER}
    return HttpResponse(cards.content(card), content_type="image/png", headers=headers)


def _xml(request: HttpRequest, name: str, shown: dict[str, object]) -> HttpResponse:
    return render(request, f"magazine/{name}.xml", shown, content_type="application/xml")
