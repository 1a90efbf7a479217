"""The stewards' pages in the admin: read the request, call an action, go back to the list."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.apps.directory import access, actions, claims
from stepwell.apps.directory.stewards import queries
from stepwell.apps.directory.stewards.forms import CredentialForm, ReasonForm
from stepwell.domain.credentials import State
from stepwell.domain.errors import DomainError
from stepwell.domain.offers import Standing

SETTLE = "directory/admin/settle.html"


def steward_of(request: HttpRequest) -> Person:
    """Return who is signed in; the admin lets nobody else come this far."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def claims_page(request: HttpRequest, number: int = 1) -> HttpResponse:
    """Show which listings promise more than stands behind them, a page at a time."""
    access.check_can_settle_listing(steward_of(request))
    page = claims.page(number)
    checked = claims.checked(page, timezone.localdate())
    shown = {"title": "What listings promise", "page": page, "checked": checked}
    return render(request, "directory/admin/claims.html", shown)


def settle_listing(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Hide a listing, or show it again."""
    steward = steward_of(request)
    access.check_can_settle_listing(steward)
    listing = queries.find_for_steward(listing_id)
    if listing is None or listing.standing == Standing.WITHDRAWN:
        raise Http404
    hidden = listing.standing == Standing.HIDDEN
    act = actions.show_listing if hidden else actions.hide_listing
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        act(listing=listing, by=steward, reason=form.cleaned_data["reason"])
        messages.success(request, f"{listing.name} is {'shown' if hidden else 'hidden'}.")
        return redirect("directory_listings:index")
    title = f"{'Show' if hidden else 'Hide'}: {listing.name}"
    return render(request, SETTLE, {"form": form, "title": title})


def settle_credential(request: HttpRequest, credential_id: int) -> HttpResponse:
    """Write down what a check of a credential showed."""
    steward = steward_of(request)
    access.check_can_settle_credential(steward)
    credential = queries.find_credential(credential_id)
    if credential is None:
        raise Http404
    form = CredentialForm(request.POST or None, state=State(credential.state))
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.settle_credential(credential=credential, by=steward, at=timezone.now(), **said)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{credential} is {said['state']}.")
            return redirect("directory_credentials:index")
    return render(request, SETTLE, {"form": form, "title": f"Check: {credential}"})
