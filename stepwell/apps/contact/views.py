"""Write to the editors, and take a letter back. No cookie, no address, nothing logged of it."""

import logging

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from stepwell.apps.contact import actions, presenters
from stepwell.apps.contact.forms import LetterForm
from stepwell.apps.contact.limits import LETTERS, WITHDRAWALS
from stepwell.lib.key_rings import SealingError
from stepwell.lib.limits import address_of, seconds_to_wait
from stepwell.lib.origin import same_origin_only

log = logging.getLogger("stepwell.contact")
REFUSED, TOO_MANY, BROKEN = 422, 429, 503


@csrf_exempt
@same_origin_only
def write(request: HttpRequest) -> HttpResponse:
    """Show the form; a page that somebody wants to correct is told by POST, never in an address."""
    context = presenters.blank(timezone.now(), request.POST.get("page", ""))
    return render(request, "contact/write.html", context)


@csrf_exempt
@same_origin_only
def send(request: HttpRequest) -> HttpResponse:
    """Store the letter and say what happens next; else show the form with all that was written."""
    if request.method != "POST":
        return redirect("contact:write")
    form = LetterForm(request.POST, now=timezone.now())
    if not form.is_valid():
        return render(request, "contact/write.html", presenters.again(form), status=REFUSED)
    where = address_of(request, settings.TRUSTED_PROXIES)
    if wait := seconds_to_wait(LETTERS, where, form.code, form.now):
        return _later(request, form, wait)
    try:
        actions.keep_letter(**form.said, code=form.code, today=form.now.date())
    except (DatabaseError, SealingError) as error:
        return _not_stored(request, form, error)
    return render(request, "contact/sent.html", presenters.sent(form))


@csrf_exempt
@same_origin_only
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take a letter back by its code. The answer is the same whether there was one or not."""
    code = request.POST.get("code", "")
    where = address_of(request, settings.TRUSTED_PROXIES)
    if code and seconds_to_wait(WITHDRAWALS, where, code, timezone.now()):
        return render(request, "contact/withdraw.html", {"wait": True}, status=TOO_MANY)
    if code:
        actions.withdraw_letter(code=code)
    return render(request, "contact/withdraw.html", {"done": bool(code)})


def _later(request: HttpRequest, form: LetterForm, wait: int) -> HttpResponse:
    log.warning("limit", extra={"event": "limit", "fields": {"route": "contact:send"}})
    context = presenters.again(form, wait=wait)
    response = render(request, "contact/write.html", context, status=TOO_MANY)
    response["Retry-After"] = str(wait)
    return response


def _not_stored(request: HttpRequest, form: LetterForm, error: Exception) -> HttpResponse:
    fields = {"route": "contact:send", "exception": type(error).__name__}
    log.error("not stored", extra={"event": "letter not stored", "fields": fields})
    context = presenters.again(form, failed=True)
    return render(request, "contact/write.html", context, status=BROKEN)
