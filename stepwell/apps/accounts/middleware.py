"""Holds the staff's sessions to their rules; readers have none and are let through at once."""

import secrets
import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import suspend_request
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from stepwell.apps.accounts import actions, queries, sessions
from stepwell.apps.accounts.limits import TRIES
from stepwell.lib.limits import address_of, seconds_to_wait

OWN = "/staff/"  # one's own account: the way to a second step
ADMIN = "/admin/"
# Whoever changes accounts has proven who they are within the last minutes (TRUST A8).
ACCOUNTS = ("/admin/users/", "/admin/groups/", "/admin/clinicians/")
QUIET = "wagtailadmin_editing_sessions"  # asked by an open tab by itself: nobody clicked


class StaffSessions:
    """Ends sessions by the clock, asks for the second step, and slows down who tries many."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not _signed_in(request):
            return self.get_response(request)
        if sessions.is_over(request, time.time()):
            logout(request)
        elif sessions.lacks_factor(request):
            if queries.has_factor(sessions.person_of(request)):
                logout(request)  # came in by a door that did not ask for it: there is none
            elif request.path_info.startswith(ADMIN):
                return redirect("mfa_index")
            elif not request.path_info.startswith(OWN):
                request.user = AnonymousUser()
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Write down the click; refuse what comes too often, or what needs a proof first."""
        match = request.resolver_match
        if match is None:
            return None
        if request.method == "POST" and match.view_name in TRIES:
            return _wait(request, match.view_name)
        if not _signed_in(request):
            return None
        if QUIET not in match.namespaces:
            sessions.touch(request, time.time())
        guarded = request.user.is_superuser and request.path_info.startswith(ACCOUNTS)
        if guarded and get_adapter(request).is_reauthentication_required(app="accounts"):
            methods = get_adapter(request).get_reauthentication_methods(request.user)
            asked: HttpResponse = suspend_request(request, methods[0]["url"])
            return asked
        return None


def _signed_in(request: HttpRequest) -> bool:
    # Without a cookie nothing looks at the session: what readers get does not vary by cookies.
    has_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES
    return has_cookie and request.user.is_authenticated


def _wait(request: HttpRequest, name: str) -> HttpResponse | None:
    """Answer 429 to a network that tries too much; a shared one waits its turn (TRUST F7)."""
    where, now = address_of(request, settings.TRUSTED_PROXIES), timezone.now()
    seconds = seconds_to_wait(TRIES[name], where, secrets.token_hex(8), now)
    if not seconds:
        return None
    actions.note_limit(name=name, where=where, now=now)
    response = render(request, "accounts/wait.html", {"seconds": seconds}, status=429)
    response["Retry-After"] = str(seconds)
    return response
