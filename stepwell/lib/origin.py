"""Refuses posts that another site sent, without a cookie or a token.

For forms that store nothing. Browsers say where a request comes from
(`Sec-Fetch-Site`, or `Origin` in older ones); programs and very old browsers
say nothing and pass, because there is nothing to protect but the visitor's
own words.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

Rest = ParamSpec("Rest")


def came_from_elsewhere(request: HttpRequest) -> bool:
    """Say whether the browser itself tells that another site sent this request."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    if origin in {None, "null"}:  # our own pages send "null": their referrer policy asks for it
        return False
    return urlsplit(origin).netloc != request.get_host()


def same_origin_only(
    view: Callable[Concatenate[HttpRequest, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """Answer 403 to a POST that another site sent."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if request.method == "POST" and came_from_elsewhere(request):
            raise PermissionDenied("This form was sent from another site.")
        return view(request, *args, **kwargs)

    return guarded
