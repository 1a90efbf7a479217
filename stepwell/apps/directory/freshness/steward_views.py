"""The stewards' pages of freshness: what waits for a word, one listing, and its reports."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.apps.directory.access import check_can_settle_listing
from stepwell.apps.directory.freshness import access, presenters, queries, steward_actions
from stepwell.apps.directory.freshness.steward_forms import CallForm, PhoneForm
from stepwell.apps.directory.models import Listing
from stepwell.domain.errors import DomainError
from stepwell.domain.matching import CONFIRM_DAYS

PER_PAGE = 50
# What is written down of a call: its form, what is done, what is said then.
WRITTEN_DOWN: dict[str, tuple[type[forms.Form], Callable[..., None], str]] = {
    "phone": (PhoneForm, steward_actions.confirm_by_phone, "The listing is confirmed."),
    "call": (CallForm, steward_actions.write_down_call, "The call is written down."),
}


def waiting(request: HttpRequest) -> HttpResponse:
    """List what nobody has confirmed for long, the oldest first."""
    check_can_settle_listing(_steward_of(request))
    oldest = min(settings.LISTING_REMIND_DAYS, default=CONFIRM_DAYS)
    found = queries.waiting_for_a_word(timezone.localdate(), oldest)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("p"))
    shown = {"title": "Not confirmed lately", "page": page, "oldest": oldest}
    return render(request, "directory/admin/freshness.html", shown)


def listing(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Show what is known of one listing's freshness; by POST do one thing about it."""
    steward = _steward_of(request)
    check_can_settle_listing(steward)
    found = _get(listing_id)
    context: dict[str, Any] = {"phone": PhoneForm(), "call": CallForm()}
    if request.method == "POST":
        done = _do(request, steward, found, context)
        if done:
            messages.success(request, done)
            return redirect("directory_freshness_of", listing_id)
    return render(request, "directory/admin/freshness_of.html", {**_known(found), **context})


def _do(request: HttpRequest, by: Person, listing: Listing, context: dict[str, Any]) -> str:
    """Do what was asked and return what is said of it; nothing where it is shown on the page."""
    do = request.POST.get("do", "")
    said: dict[str, Any] = {"listing": listing, "by": by, "now": timezone.now()}
    if do in WRITTEN_DOWN:
        kind, act, words = WRITTEN_DOWN[do]
        form = context[do] = kind(request.POST)
        return words if form.is_valid() and _written_down(form, act, said) else ""
    try:
        if do == "send":
            steward_actions.send_link(**said)
            return "The link is on its way."
        if do == "link":
            context["link"] = steward_actions.make_link(**said)
    except DomainError as error:
        context["problem"] = str(error)
    return ""


def _written_down(form: forms.Form, act: Callable[..., None], said: dict[str, Any]) -> bool:
    """Write a call down, or say on its form why it cannot be."""
    try:
        act(**said, **form.cleaned_data)
    except DomainError as error:
        form.add_error(None, str(error))
    return form.is_valid()


def reports(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Show the reports about a listing closed; by POST open them, for this one answer."""
    steward = _steward_of(request)
    access.check_can_read_reports(steward)
    found = _get(listing_id)
    context: dict[str, Any] = {"listing": found, "reports": queries.reports_of(found)}
    if request.method == "POST":
        context["opened"] = steward_actions.open_reports(listing=found, by=steward)
    return render(request, "directory/admin/reports.html", context)


def _known(listing: Listing) -> dict[str, Any]:
    return {
        "listing": listing,
        "confirmations": queries.confirmations_of(listing),
        "reminders": queries.reminders_of(listing),
        "calls": queries.calls_of(listing),
        "reports": queries.reports_of(listing),
        "answers": presenters.answers(queries.answers_of(listing.pk)),
        "can_mail": bool(settings.EMAIL_HOST and listing.provider.contact_email),
    }


def _steward_of(request: HttpRequest) -> Person:
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def _get(listing_id: UUID) -> Listing:
    found = queries.find_with_provider(listing_id)
    if found is None:
        raise Http404
    return found
