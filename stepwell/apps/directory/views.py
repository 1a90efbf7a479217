"""HTTP only: read what was asked, find what fits, answer. Nothing is stored or logged."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from stepwell.apps.directory import queries, searching
from stepwell.apps.directory.forms import SearchForm, search_form
from stepwell.apps.directory.freshness import queries as freshness
from stepwell.apps.directory.presenters import listing_page
from stepwell.domain.freshness import answer_words
from stepwell.lib.origin import same_origin_only


@csrf_exempt
@same_origin_only
def search(request: HttpRequest) -> HttpResponse:
    """The search and, once asked by POST, the listings that fit."""
    form = search_form(request.POST.dict()) if request.method == "POST" else SearchForm()
    found = (
        searching.results(form, timezone.localdate()) if form.is_bound and form.is_valid() else {}
    )
    return render(request, "directory/search.html", {"form": form, **found})


def listing(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """One listing: what it is, who checked what, how private it is, how to reach it."""
    today = timezone.localdate()
    found = queries.find_listing(listing_id, today)
    if found is None:
        raise Http404
    answered = answer_words(freshness.answers_of(listing_id))
    shown = {**listing_page.listing_page(found, today), "answered": answered}
    return render(request, "directory/listing.html", shown)
