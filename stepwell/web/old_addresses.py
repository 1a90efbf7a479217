"""Sends old addresses on: where nothing is found, and where the front page is asked by number."""

from collections.abc import Callable

from django.db import DatabaseError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)

from stepwell.apps.magazine import old_addresses

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def send_on(get_response: GetResponse) -> GetResponse:
    """Answer with a redirect where there was a page once; ask for one only then."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return get_response(request)
        if request.path_info == "/" and old_addresses.asks_by_number(request.GET.dict()):
            return moved(request) or get_response(request)
        response = get_response(request)
        if response.status_code != 404 or not may_be_old(request):
            return response
        return moved(request) or response

    return middleware


def may_be_old(request: HttpRequest) -> bool:
    """Return whether nothing of ours, or only the magazine, answers at this address."""
    found = request.resolver_match
    return found is None or found.view_name == "wagtail_serve" or found.namespace == "magazine"


def moved(request: HttpRequest) -> HttpResponse | None:
    """Return the redirect for an old address, or None."""
    try:
        found = old_addresses.new_address(request.get_full_path())
    except DatabaseError:
        return None  # a page that is not there needs no database
    if found is None:
        return None
    address, for_good = found
    return HttpResponsePermanentRedirect(address) if for_good else HttpResponseRedirect(address)
