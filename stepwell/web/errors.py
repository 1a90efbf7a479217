"""Error pages: what to do next, help now, and nothing of the machinery (TRUST P9)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

WORDS = {
    400: ("We could not read that", "Something in the request was not in a form we can use."),
    403: ("This is not open to you", "The page refused the request. Nothing was stored."),
    404: ("There is no page here", "The address may be old, or a letter may be missing."),
    429: ("Please wait a moment", "Many requests came at once. Try again in a minute."),
    500: ("Something broke on our side", "It is not your fault. Please try again in a minute."),
    503: ("We are busy right now", "Please try again in a minute."),
}


def page(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """Return the error page for `status`; `detail` is shown as plain text."""
    title, words = WORDS[status]
    context = {"title": title, "words": words, "detail": detail}
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
    """The page for 500."""
    return page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose token is missing or old."""
    return page(request, 403, "Open the form again and send it once more.")
