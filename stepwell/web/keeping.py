"""Keeps public pages as they are made: those whose route says `stored`, for everybody alike."""

import logging
import sqlite3
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import resolve

from stepwell.apps.pages import actions, inputs
from stepwell.apps.pages.folder import store
from stepwell.apps.pages.recording import Recorder, recording
from stepwell.apps.pages.store import Made
from stepwell.web.routes import route_named, route_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger("stepwell.pages")
NOT_KEPT = {"content-length", "date", "server"}


def keep_pages(get_response: GetResponse) -> GetResponse:
    """Note what a public page is made from and keep it, unless something changed meanwhile."""
    if not settings.KEEP_PAGES:
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not _asked_plainly(request) or not _may_be_kept(request.path_info):
            return get_response(request)
        try:
            known = actions.recent_changes()
        except DatabaseError:  # what needs no database is answered all the same
            return get_response(request)
        with recording() as made_from:
            response = get_response(request)
        if _is_for_everybody(request, response) and not made_from.uncovered():
            _try_to_keep(request, response, made_from, known)
        return response

    return middleware


def _try_to_keep(
    request: HttpRequest, response: HttpResponseBase, made_from: Recorder, known: set[int]
) -> None:
    """Keep a page; a full disk or a broken index is no reason to fail a reader."""
    try:
        _keep(request, response, made_from, known)
    except (OSError, sqlite3.Error, DatabaseError):
        log.warning("keep", exc_info=True, extra={"event": "page not kept", "fields": {}})


def _asked_plainly(request: HttpRequest) -> bool:
    """Say whether this is how anybody would ask at the site's own address."""
    site = urlsplit(settings.SITE_URL)
    return (
        request.method == "GET"
        and not request.META.get("QUERY_STRING")
        and request.headers.get("Host") == site.netloc
        and request.is_secure() == (site.scheme == "https")
    )


def _may_be_kept(path: str) -> bool:
    """Say whether the route of a path is one whose pages are kept; asks no database."""
    try:
        route = route_named(resolve(path).view_name)
    except Http404:
        return False
    return route is not None and route.stored


def _is_for_everybody(request: HttpRequest, response: HttpResponseBase) -> bool:
    route = route_of(request)
    return (
        route is not None
        and route.stored
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "cookie" not in response.headers.get("Vary", "").lower()
    )


def _keep(
    request: HttpRequest, response: HttpResponseBase, made_from: Recorder, known: set[int]
) -> None:
    kept, route = store(), route_of(request)
    if kept is None or route is None:
        return
    headers = {k: v for k, v in response.headers.items() if k.lower() not in NOT_KEPT}
    headers["Vary"] = "Accept-Encoding"
    try:
        queries = inputs.written(made_from.queries)
    except inputs.CannotKeep:
        return
    with kept.locked():
        answered = inputs.fingerprint(made_from.queries)
        if actions.changed_since(known, made_from.keys):
            return
        made = Made(
            request.path,
            route.name,
            response.content,  # type: ignore[attr-defined]  # not a streaming response
            headers,
            frozenset(made_from.keys),
            queries,
            answered,
            made_from.last_day,
        )
        kept.put(made)
