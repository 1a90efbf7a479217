"""A provider confirms by a link; a visitor reports. No cookie, no address, nothing logged of it."""

import logging
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from stepwell.apps.directory import queries as directory
from stepwell.apps.directory.freshness import actions, presenters
from stepwell.apps.directory.freshness.accuracy import figures
from stepwell.apps.directory.freshness.forms import (
    AnsweredForm,
    NewsForm,
    PlainForm,
    ReportForm,
    StopForm,
    TokenForm,
    WrongForm,
    key_of,
)
from stepwell.apps.directory.freshness.limits import ANSWERS, REPORTS
from stepwell.apps.directory.freshness.links import Link, find_link
from stepwell.apps.directory.models import Listing
from stepwell.domain.freshness import Problem
from stepwell.lib.key_rings import SealingError
from stepwell.lib.limits import Limit, address_of, seconds_to_wait
from stepwell.lib.origin import same_origin_only

log = logging.getLogger("stepwell.directory")
REFUSED, TOO_MANY, BROKEN = 422, 429, 503


@csrf_exempt
@same_origin_only
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Show a provider their listing and what they can say of it. Opening the link changes nothing.

    Programs that look into mails open every link in them; so only a press of a button counts.
    """
    link = find_link(token, timezone.now())
    if link is None:
        return _gone(request)
    if request.method == "POST":
        ended = presenters.is_ended(link.listing)
        done = redirect("directory:confirmed", token, "stopped")
        return done if ended else _said(request, link, token)
    return _kept_out_of_indexes(
        render(
            request,
            "directory/freshness/confirm.html",
            presenters.confirm_page(link, token, timezone.localdate()),
        )
    )


def confirmed(request: HttpRequest, token: str, done: str) -> HttpResponse:
    """Say what came of an answer."""
    link = find_link(token, timezone.now())
    if link is None or done not in presenters.DONE:
        return _gone(request)
    context = presenters.done_page(link, token, done, timezone.localdate())
    return _kept_out_of_indexes(render(request, "directory/freshness/confirmed.html", context))


def _said(request: HttpRequest, link: Link, token: str) -> HttpResponse:
    """Do what a provider chose, then lead on, so that a reload sends nothing again."""
    today, listing, say = timezone.localdate(), link.listing, request.POST.get("say", "")
    form = _form_of(say, request, today)
    if form is not None and not form.is_valid():
        context = presenters.confirm_page(link, token, today, {say: form})
        return render(request, "directory/freshness/confirm.html", context, status=REFUSED)
    if say == "right":
        actions.confirm(listing=listing, today=today)
    elif isinstance(form, NewsForm):
        actions.confirm(listing=listing, today=today, told=form.told)
    elif isinstance(form, StopForm):
        actions.stop(listing=listing, today=today)
    elif isinstance(form, WrongForm):
        return _wrong(request, link, token, form)
    else:
        return redirect("directory:confirm", token)
    return redirect("directory:confirmed", token, "stopped" if say == "stop" else say)


def _form_of(say: str, request: HttpRequest, today: Any) -> PlainForm | None:
    if say == "people":
        return NewsForm(request.POST, today=today)
    kinds: dict[str, type[PlainForm]] = {"wrong": WrongForm, "stop": StopForm}
    return kinds[say](request.POST) if say in kinds else None


def _wrong(request: HttpRequest, link: Link, token: str, form: WrongForm) -> HttpResponse:
    """Store what a provider says is wrong."""
    words, today = form.cleaned_data["words"], timezone.localdate()
    key = key_of("provider", token, words)
    if wait := _wait(request, REPORTS, key):
        return _later(request, link, token, form, wait)
    actions.report(
        listing=link.listing,
        problem=Problem.OTHER,
        words=words,
        key=key,
        today=today,
        by_provider=True,
    )
    return redirect("directory:confirmed", token, "wrong")


def _later(
    request: HttpRequest, link: Link, token: str, form: WrongForm, wait: int
) -> HttpResponse:
    form.add_error("words", f"Too much came at once. Send it again in {-(-wait // 60)} minutes.")
    context = presenters.confirm_page(link, token, timezone.localdate(), {"wrong": form})
    response = render(request, "directory/freshness/confirm.html", context, status=TOO_MANY)
    response["Retry-After"] = str(wait)
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    """Answer the same for a link that is wrong, over, or made for another address."""
    return render(request, "directory/freshness/gone.html", status=404)


def _kept_out_of_indexes(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@csrf_exempt
@same_origin_only
def report(request: HttpRequest, listing_id: UUID) -> HttpResponse:
    """Report a problem with a listing, or say whether they answered. No account."""
    now = timezone.now()
    listing = directory.find_listing(listing_id, timezone.localdate(now))
    if listing is None:
        raise Http404
    if request.method != "POST":
        return _report_page(request, listing, None)
    answers = "answered" in request.POST
    form = (AnsweredForm if answers else ReportForm)(request.POST, now=now)
    if not form.is_valid():
        return _report_page(request, listing, form, status=REFUSED)
    if isinstance(form, ReportForm) and form.help_comes_first:
        return _report_page(request, listing, form)
    return _stored(request, listing, form)


def _stored(request: HttpRequest, listing: Listing, form: TokenForm) -> HttpResponse:
    """Store it, then say so; a limit or a failure keeps what was written."""
    limit = REPORTS if isinstance(form, ReportForm) else ANSWERS
    if wait := _wait(request, limit, form.key):
        response = _report_page(request, listing, form, wait=wait, status=TOO_MANY)
        response["Retry-After"] = str(wait)
        return response
    said, today = form.cleaned_data, timezone.localdate(form.now)
    try:
        if isinstance(form, ReportForm):
            told = {"problem": said["problem"], "words": said["words"]}
            actions.report(listing=listing, key=form.key, today=today, **told)
        else:
            actions.answer(listing=listing, said=said["answered"], key=form.key, today=today)
    except (DatabaseError, SealingError) as error:
        fields = {"route": "directory:report", "exception": type(error).__name__}
        log.error("not stored", extra={"event": "report not stored", "fields": fields})
        return _report_page(request, listing, form, failed=True, status=BROKEN)
    return redirect("directory:reported")


def _wait(request: HttpRequest, limit: Limit, key: str) -> int:
    """Return how long somebody has to wait, and log that a limit was hit."""
    where = address_of(request, settings.TRUSTED_PROXIES)
    wait = seconds_to_wait(limit, where, key, timezone.now())
    if wait:
        log.warning("limit", extra={"event": "limit", "fields": {"limit": limit.name}})
    return wait


def _report_page(
    request: HttpRequest, listing: Listing, form: TokenForm | None, status: int = 200, **more: Any
) -> HttpResponse:
    context = presenters.report_page(listing, timezone.now(), form, **more)
    return render(request, "directory/freshness/report.html", context, status=status)


def reported(request: HttpRequest) -> HttpResponse:
    """Say what happens next, the same for all reports."""
    context = presenters.reported_page(timezone.localdate())
    return render(request, "directory/freshness/reported.html", context)


def accuracy(request: HttpRequest) -> HttpResponse:
    """How many listings are confirmed, how old that is, what was reported and what came of it."""
    context = {"figures": figures(timezone.localdate())}
    return render(request, "directory/freshness/accuracy.html", context)
