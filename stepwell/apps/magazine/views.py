"""The magazine's pages. What the rows do not know is left to Wagtail: redirects, private pages."""

from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from wagtail.views import serve

from stepwell.apps.magazine import presenters, queries
from stepwell.domain import tags
from stepwell.domain.errors import UnknownFact

PER_PAGE = 12


def home(request: HttpRequest) -> HttpResponse:
    """Show the front page."""
    shown = presenters.home(queries.front_words(), queries.front_rows(), queries.tag_counts())
    return render(request, "magazine/home.html", shown)


def latest(request: HttpRequest, number: int = 1) -> HttpResponse:
    """Show all articles, the newest first."""
    page = _page(queries.latest(), number)
    shown = presenters.listing("Latest articles", "latest")
    return render(request, "magazine/latest.html", {"page": page, **shown})


def tag(request: HttpRequest, tag_id: str, number: int = 1) -> HttpResponse:
    """Show the articles with one tag."""
    try:
        found = tags.tag(tag_id)
    except UnknownFact as error:
        raise Http404 from error
    page = _page(queries.with_tag(tag_id), number)
    rows = [one.row for one in page]
    shown = presenters.listing(f"Articles about {found.name}", "tag", tag_id)
    return render(request, "magazine/tag.html", {"tag": found, "page": page, "rows": rows, **shown})


def author(request: HttpRequest, slug: str, number: int = 1) -> HttpResponse:
    """Show who an author is and what they wrote."""
    found = queries.find_author(slug)
    if found is None:
        raise Http404
    page = _page(queries.written_by(found), number)
    rows = [one.row for one in page]
    return render(request, "magazine/author.html", {"rows": rows, **presenters.author(found, page)})


def section(request: HttpRequest, section_id: str, number: int = 1) -> HttpResponse:
    """Show a section; an address that is no section is left to Wagtail."""
    intro = queries.section_intro(section_id)
    if intro is None:
        return left_to_wagtail(request)
    page = _page(queries.in_section(section_id), number)
    return render(request, "magazine/section.html", presenters.section(section_id, intro, page))


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
    return render(request, "magazine/article.html", shown)


def first_page(request: HttpRequest, name: str, **where: str) -> HttpResponse:
    """Send page 1 of a list to the list's own address."""
    return redirect(f"magazine:{name}", permanent=True, **where)


def sitemap_index(request: HttpRequest) -> HttpResponse:
    """Name the sitemaps."""
    names = ("magazine:sitemap_articles", "magazine:sitemap_news")
    return _xml(request, "sitemap_index", {"paths": [reverse(name) for name in names]})


def sitemap_articles(request: HttpRequest) -> HttpResponse:
    """List the front page, the sections and every article."""
    return _xml(request, "sitemap_articles", {"rows": queries.latest().iterator()})


def sitemap_news(request: HttpRequest) -> HttpResponse:
    """List what was first published in the last two days, as news sitemaps ask."""
    return _xml(request, "sitemap_news", {"rows": queries.recent(timezone.now())})


def left_to_wagtail(request: HttpRequest) -> HttpResponse:
    """Return what Wagtail serves at this path, or 404."""
    response: HttpResponse = serve(request, request.path_info.lstrip("/"))
    return response


def _page(found: QuerySet[Any], number: int) -> "Page[Any]":
    try:
        return Paginator(found, PER_PAGE).page(number)
    except InvalidPage as error:
        raise Http404 from error


def _xml(request: HttpRequest, name: str, shown: dict[str, object]) -> HttpResponse:
    origin = f"{request.scheme}://{request.get_host()}"
    return render(
        request, f"magazine/{name}.xml", {**shown, "origin": origin}, content_type="application/xml"
    )
