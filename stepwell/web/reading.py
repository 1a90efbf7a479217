"""Which requests may be answered by a replica of the database: routes that say `may_lag`."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponseBase

from stepwell.lib.replicas import give_up_replica, may_lag
from stepwell.web.routes import route_of


class ReadFromReplicas:
    """Has pages read from a replica that only read and may be some seconds old.

    Whoever is signed in reads from the primary, so that they see what they wrote; so does
    every page that is made for the store.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with ExitStack() as until_answered:
            request.until_answered = until_answered  # type: ignore[attr-defined]
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Choose where this request reads."""
        route = route_of(request)
        if route and route.may_lag and settings.SESSION_COOKIE_NAME not in request.COOKIES:
            request.until_answered.enter_context(may_lag())  # type: ignore[attr-defined]

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        """Ask again, once and at the primary, where a server went away under a reader."""
        route, match = route_of(request), request.resolver_match
        only_reads = request.method in {"GET", "HEAD"} or (route is not None and route.may_lag)
        lost = isinstance(error, OperationalError | InterfaceError)
        if not (lost and only_reads) or match is None:
            return None
        give_up_replica()
        answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        return answer
