"""Error pages: what to do next, help now, and nothing of the machinery (TRUST P9, R4, R5).

What a visitor wrote is shown again, ready to be sent once more.
"""

import errno
import sys
from typing import NamedTuple

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from stepwell.lib.origin import came_from_elsewhere
from stepwell.web.routes import route_of

WORDS = {
    400: ("We could not read that", "Something in the request was not in a form we can use."),
    403: ("This is not open to you", "The page refused the request. Nothing was stored."),
    404: ("There is no page here", "The address may be old, or a letter may be missing."),
    405: ("This address takes no such request", "Open one of the pages below instead."),
    429: ("Please wait a moment", "Many requests came at once. Try again in a minute."),
    500: ("Something broke on our side", "It is not your fault. Please try again in a minute."),
    503: ("We are busy right now", "Please try again in a minute. Pages without forms still work."),
}
SECONDS_TO_WAIT = 30
# A database that is away, slow or takes no writes; a disk that is full or takes none.
AWAY = (OperationalError, InterfaceError, InternalError)
DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}


class Kept(NamedTuple):
    """A field as it was sent; what somebody wrote is shown, choices go along unseen."""

    name: str
    value: str
    shown: bool


def page(
    request: HttpRequest, status: int, detail: str = "", kept: list[Kept] | None = None
) -> HttpResponse:
    """Return the error page for `status`; `detail` and `kept` are shown as plain text."""
    title, words = WORDS[status]
    context = {"title": title, "words": words, "detail": detail, "kept": kept}
    return render(request, "web/error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for 400."""
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for 403."""
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for 404."""
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for 500; for 503 where the database or the disk does not serve us."""
    if not passes_by_itself(sys.exception()):
        return page(request, 500, kept=what_was_sent(request))
    response = page(request, 503, kept=what_was_sent(request))
    response["Retry-After"] = str(SECONDS_TO_WAIT)
    return response


def passes_by_itself(error: BaseException | None) -> bool:
    """Say whether the same request may well succeed later, as it is."""
    return isinstance(error, AWAY) or (isinstance(error, OSError) and error.errno in DISK)


def what_was_sent(request: HttpRequest) -> list[Kept]:
    """Return the fields of a visitor's form; none of a form of another site, or with a password."""
    route = route_of(request)
    if route is None or "visitor" not in route.roles or request.method != "POST":
        return []
    if came_from_elsewhere(request) or any("password" in name for name in request.POST):
        return []
    return [
        Kept(name, value, shown=len(value.split()) > 1)
        for name, values in request.POST.lists()
        for value in values
    ]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose token is missing or old."""
    return page(request, 403, "Open the form again and send it once more.")
