"""Too many requests at once: who can wait is told so, and nobody waits for help (TRUST R7).

The web server has more threads than may be busy with pages, so that help now, the exit, reports
and letters always find one; kept pages are answered before anything is counted here.
"""

from collections.abc import Callable
from functools import lru_cache
from threading import Lock

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import resolve
from django.utils import timezone

from stepwell.web import errors
from stepwell.web.middleware import set_headers
from stepwell.web.routes import route_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def let_some_wait(get_response: GetResponse) -> GetResponse:
    """Answer 503 where MOST_AT_ONCE requests are being answered, but for what is urgent."""
    lock, inside = Lock(), 0
    refuse = set_headers(_busy)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        nonlocal inside
        with lock:
            inside += 1
            crowded = inside > settings.MOST_AT_ONCE
        try:
            return refuse(request) if crowded and not _is_urgent(request) else get_response(request)
        finally:
            with lock:
                inside -= 1

    return middleware


def _is_urgent(request: HttpRequest) -> bool:
    """Say whether nobody may be told to wait for this; notes the route for what comes after."""
    if request.path_info.startswith(settings.STATIC_URL):
        return True
    try:
        request.resolver_match = resolve(request.path_info)
    except Http404:
        return False
    route = route_of(request)
    return route is not None and route.urgent


def _busy(request: HttpRequest) -> HttpResponse:
    """Say that we are busy; a form comes back with what was written."""
    if request.method == "POST":
        response = errors.page(request, 503, kept=errors.what_was_sent(request))
    else:
        body = _busy_page(timezone.localdate().isoformat(), settings.HOME_COUNTRY)
        response = HttpResponse(body, status=503)
    response["Retry-After"] = str(errors.SECONDS_TO_WAIT)
    return response


@lru_cache(maxsize=2)
def _busy_page(today: str, country: str) -> bytes:
    """Return the page once for all: making it is what a busy site has no time for."""
    request = HttpRequest()
    request.META["SERVER_NAME"], request.META["SERVER_PORT"] = "localhost", "80"
    return errors.page(request, 503).content
