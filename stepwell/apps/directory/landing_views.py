"""HTTP only: the pages to browse. Public, and the same for everybody."""

from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from stepwell.apps.directory import landing_queries
from stepwell.apps.directory.presenters import landing_pages
from stepwell.domain import countries, support

MOST_TOWNS = 500  # that the page of a kind looks at; the pages of countries have them all
TOWNS = 200
LISTINGS = 30


def kinds(request: HttpRequest) -> HttpResponse:
    """Every kind of support, with how many are listed."""
    counts = landing_queries.counts_by_kind(timezone.localdate())
    shown = landing_pages.all_kinds(support.kinds().values(), counts)
    return render(request, "directory/kinds.html", shown)


def kind(request: HttpRequest, kind_id: str) -> HttpResponse:
    """One kind of support, by country and town."""
    found, today = support.kind(kind_id), timezone.localdate()
    shown = landing_pages.one_kind(
        found,
        landing_queries.counts_by_country(found.id, today),
        landing_queries.most_listed(found.id, today, MOST_TOWNS),
        landing_queries.served(found.id, today),
    )
    return render(request, "directory/kind.html", shown)


def country(request: HttpRequest, kind_id: str, cc: str, number: int | None = None) -> HttpResponse:
    """A page of the towns of one country in which a kind is listed."""
    if number == 1:
        return redirect("directory:kind_in", kind_id, cc, permanent=True)
    found, code, today = support.kind(kind_id), known(cc), timezone.localdate()
    afar = landing_queries.served(found.id, today, code)
    towns = landing_queries.towns(found.id, today, code).order_by("place__slug")
    page = page_of(towns, TOWNS, number)
    if not page.paginator.count and not afar:
        raise Http404("Nothing is listed there.")
    page.object_list = [landing_queries.Town(*row) for row in page]
    return render(
        request, "directory/country.html", landing_pages.one_country(found, code, page, afar)
    )


def town(
    request: HttpRequest, kind_id: str, cc: str, slug: str, number: int | None = None
) -> HttpResponse:
    """A page of the listings of one kind in one town."""
    if number == 1:
        return redirect("directory:town", kind_id, cc, slug, permanent=True)
    found, code, today = support.kind(kind_id), known(cc), timezone.localdate()
    listings = landing_queries.listings_in(found.id, code, slug, today)
    page = page_of(listings, LISTINGS, number)
    if not page.paginator.count:
        raise Http404("Nothing is listed there.")
    shown = landing_pages.one_town(found, code, slug, page, today)
    return render(request, "directory/town.html", shown)


def known(cc: str) -> str:
    """Return a country's code, written in small letters in addresses."""
    code = cc.upper()
    if cc != cc.lower() or not countries.is_country(code):
        raise Http404("No such country.")
    return code


def page_of(found: Any, per_page: int, number: int | None) -> "Page[Any]":
    """Return one page of what was found."""
    try:
        return Paginator(found, per_page).page(number or 1)
    except InvalidPage as error:
        raise Http404("No such page.") from error
