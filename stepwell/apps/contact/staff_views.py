"""The editors' side: letters as a list, one to read, and what became of it."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.apps.contact import access, actions, queries
from stepwell.apps.contact.forms import SettleForm
from stepwell.apps.contact.models import Letter
from stepwell.domain.errors import DomainError
from stepwell.domain.letters import State
from stepwell.lib.key_rings import SealingError

PER_PAGE = 50


def reader_of(request: HttpRequest) -> Person:
    """Return who is signed in, if they may read letters."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    access.check_can_read_letters(request.user)
    return request.user


def letters(request: HttpRequest) -> HttpResponse:
    """List letters by date, kind and state: nothing of what they say."""
    reader_of(request)
    page = Paginator(queries.letters(), PER_PAGE).get_page(request.GET.get("p"))
    return render(request, "contact/admin/letters.html", {"page": page})


def letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Show one letter closed; by POST open it, for this one answer, and write that down."""
    reader = reader_of(request)
    found = _get(letter_id)
    context = {"letter": found, "form": SettleForm()}
    if request.method == "POST":
        try:
            context["opened"] = actions.open_letter(letter_id=letter_id, by=reader)
        except SealingError as error:
            context["problem"] = str(error)
    return render(request, "contact/admin/letter.html", context)


def settle(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Mark a letter as answered or closed."""
    reader = reader_of(request)
    found = _get(letter_id)
    form = SettleForm(request.POST)
    if request.method == "POST" and form.is_valid():
        said = {"state": State(form.cleaned_data["state"]), "reason": form.cleaned_data["reason"]}
        try:
            actions.settle_letter(letter_id=letter_id, by=reader, today=_today(), **said)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"The letter is {said['state']}.")
            return redirect("contact_letters")
    return render(request, "contact/admin/letter.html", {"letter": found, "form": form})


def _get(letter_id: UUID) -> Letter:
    found = queries.find_letter(letter_id)
    if found is None:
        raise Http404
    return found


def _today() -> date:
    return timezone.localdate()
