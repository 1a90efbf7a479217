"""HTTP only: read what was asked, find what fits, answer. Nothing is stored or logged."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from stepwell.apps.directory import presenters, queries
from stepwell.apps.directory.finding import searching
from stepwell.apps.directory.finding.engine import PAGE
from stepwell.apps.directory.forms import SearchForm, search_form
from stepwell.apps.directory.freshness import queries as freshness
from stepwell.domain import support
from stepwell.domain.freshness import answer_words
from stepwell.lib.origin import same_origin_only

MOST_ON_LANDING = 500


@csrf_exempt
@same_origin_only
def search(request: HttpRequest) -> HttpResponse:
    """The search and, once asked by POST, the listings that fit."""
    form = search_form(request.POST.dict()) if request.method == "POST" else SearchForm()
    found = results(form) if form.is_bound and form.is_valid() else {}
    return render(request, "directory/search.html", {"form": form, **found})


def results(form: SearchForm) -> dict[str, Any]:
    """Return one page of listings, how many each gate removed, and what would give more."""
    today = timezone.localdate()
    wanted = form.preferences()
    page = form.cleaned_data["page"] or 1
    found = searching.search(wanted, page=page, today=today, site=settings.SITE_NAME)
    shown = queries.in_this_order(found.ids)
    return {
        "found": found.total,
        "more": found.more,
        "listings": presenters.cards(shown, wanted, today),
        "removed": presenters.funnel(found.funnel),
        "what_if": presenters.what_if(found.total, found.what_if),
        "facets": found.facets,
        "next_page": page + 1 if found.total > page * PAGE else None,
        "previous_page": page - 1,
    }


def listing(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """One listing: what it is, who checked what, how private it is, how to reach it."""
    today = timezone.localdate()
    found = queries.find_listing(listing_id, today)
    if found is None:
        raise Http404
    answered = answer_words(freshness.answers_of(listing_id))
    context = {**presenters.listing_page(found, today), "answered": answered}
    return render(request, "directory/listing.html", context)


def kind(request: HttpRequest, kind_id: str) -> HttpResponse:
    """Every listing of one kind, by town: a page to browse, not a personal search."""
    found = support.kind(kind_id)
    listings = queries.listings_of_kind(kind_id, timezone.localdate())[:MOST_ON_LANDING]
    context = {"kind": found, "towns": presenters.by_town(listings)}
    return render(request, "directory/kind.html", context)
