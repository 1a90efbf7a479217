"""What surrounds every page: one log line, the headers of its class, its methods, its errors."""

import logging
import secrets
import time
from collections.abc import Callable
from typing import Any

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
)

from stepwell.apps.accounts.hashing import TooManyHashes
from stepwell.domain.errors import DomainError, UnknownFact
from stepwell.web import counting, errors
from stepwell.web.routes import PageClass, group_of, route_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger("stepwell.request")

SITE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
# Wagtail's admin is not ready for Trusted Types and needs inline scripts and frames of its own.
ADMIN_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; "
    "media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
FEATURES = """
accelerometer autoplay browsing-topics camera
display-capture encrypted-media fullscreen gamepad geolocation gyroscope hid idle-detection
identity-credentials-get local-fonts magnetometer microphone midi payment picture-in-picture
publickey-credentials-get screen-wake-lock serial storage-access usb xr-spatial-tracking
"""
PERMISSIONS = ", ".join(f"{feature}=()" for feature in FEATURES.split())
HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": PERMISSIONS,
}
# Under no-referrer browsers post with "Origin: null", and the token check refuses it.
CHANGED = {
    "admin": {"X-Frame-Options": "SAMEORIGIN", "Referrer-Policy": "same-origin"},
    "sign-in": {
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": PERMISSIONS.replace(
            "publickey-credentials-get=()",
            "publickey-credentials-create=(self), publickey-credentials-get=(self)",
        ),
    },
}


def page_class_of(request: HttpRequest) -> PageClass:
    """Return the class of the page that this request is for.

    A request that matches no route is treated as sensitive: nobody may keep it.
    """
    route = route_of(request)
    if route:
        return route.page_class
    group = group_of(request.path_info.removeprefix("/"))
    return group.page_class if group else PageClass.SENSITIVE


def log_requests(get_response: GetResponse) -> GetResponse:
    """Write one line per request with the fields of TRUST L1 and nothing else."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        fields: dict[str, Any] = {
            "route": match.view_name if match and match.view_name else "none",
            "class": page_class_of(request).value,
            "status": response.status_code,
            "ms": round((time.perf_counter() - started) * 1000, 1),
            "request": secrets.token_hex(8),
        }
        log.info("request", extra={"event": "request", "fields": fields})
        counting.count(fields["class"], fields["status"], fields["ms"])
        return response

    return middleware


def set_headers(get_response: GetResponse) -> GetResponse:
    """Give every answer the headers of its class, whatever its status (TRUST P4, P5, X1)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        group = group_of(request.path_info.removeprefix("/"))
        kind = group.policy if group else "site"
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        for name, value in CHANGED.get(kind, {}).items():
            response.headers[name] = value
        policy = ADMIN_POLICY if kind == "admin" else SITE_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        _set_caching(request, response)
        return response

    return middleware


def _set_caching(request: HttpRequest, response: HttpResponseBase) -> None:
    kept = page_class_of(request) is PageClass.PUBLIC and response.status_code < 400
    if not kept:
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers.setdefault("Cache-Control", "public, max-age=60")


def _carries_something(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return bool(request.META.get("QUERY_STRING")) or length != "0"


class RouteRules:
    """Holds requests to the methods their route declares; turns domain errors into pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer 405 where the register does not allow the method.

        A sealed page takes nothing from a visitor: whoever sends a body or a query
        is refused before anything looks at it (TRUST Q3).
        """
        route = route_of(request)
        if route is None:
            return None
        if route.page_class is PageClass.SEALED and _carries_something(request):
            return HttpResponseBadRequest()
        allowed = {*route.methods, "OPTIONS"} | ({"HEAD"} if "GET" in route.methods else set())
        if request.method in allowed:
            return None
        refused = errors.page(request, 405)
        refused["Allow"] = ", ".join(sorted(allowed))
        return refused

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn what the domain refuses into a page that says what to do next."""
        if isinstance(error, UnknownFact):
            return errors.page(request, 404, str(error))
        if isinstance(error, TooManyHashes):
            response = errors.page(request, 503, str(error))
            response["Retry-After"] = str(error.retry_after)
            return response
        if isinstance(error, DomainError):
            return errors.page(request, 400, str(error))
        return None
