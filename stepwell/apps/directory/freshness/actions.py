"""Writes by providers with a link, and by visitors: confirm, stop, report, answer.

What visitors do is not in the audit: its moments would say when somebody wrote. What a
provider does with a link is, as done by the software.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from stepwell.apps.audit.actions import record
from stepwell.apps.directory.actions import make_findable
from stepwell.apps.directory.models import Case, Cause, Listing
from stepwell.apps.directory.models.freshness import (
    Confirmation,
    How,
    Report,
    SentReport,
    VisitorAnswer,
)
from stepwell.apps.directory.stewards.cases import open_case
from stepwell.domain.freshness import (
    ACCEPTING,
    ANSWERS_KEPT,
    PROBLEM_WORDS,
    Answered,
    News,
    Problem,
    is_urgent,
)
from stepwell.domain.offers import Consent, Standing
from stepwell.lib import tombstones
from stepwell.lib.sealing import seal_into

TOMBSTONE = "directory_report"  # the kind under which a report's words are noted as gone
FORMS_KEPT = timedelta(days=4)  # longer than a form may lie open
URGENT = "Urgent"  # in front of a case's detail; stewards look at these first


class Told(NamedTuple):
    """What a provider says about new people."""

    news: News
    weeks: int | None = None
    full_until: date | None = None


@transaction.atomic
def confirm(*, listing: Listing, today: date, told: Told | None = None) -> None:
    """Write down that a listing is still right today, as its provider says by a link.

    Saying the same again on the same day changes nothing. A listing that its provider
    took off, or that a steward has hidden, is not shown again by it.
    """
    now = Listing.objects.select_for_update().get(pk=listing.pk)
    until = told.full_until if told else None
    said, new = Confirmation.objects.get_or_create(
        listing=now, confirmed_on=today, how=How.LINK, defaults={"full_until": until}
    )
    wanted = {"confirmed_on": today, **(_news(told, today) if told else {})}
    changed = {name: value for name, value in wanted.items() if getattr(now, name) != value}
    if told and said.full_until != until:
        Confirmation.objects.filter(pk=said.pk).update(full_until=until)
        new = True
    if changed:
        Listing.objects.filter(pk=now.pk).update(**changed)
        _mark_cases(now, f"Confirmed by the provider on {today:%Y-%m-%d}, after this was opened.")
        make_findable([now.pk])
    if new or changed:
        about = f"; new people: {told.news}" if told else ""
        reason = f"by the link in a mail{about}"
        record(by=None, verb="confirmed", thing=f"listing:{now.pk}", reason=reason)


def _news(told: Told, today: date) -> dict[str, object]:
    """Return what changes in the row of a listing."""
    weeks = told.weeks if told.news is News.WAITING else None
    accepting = ACCEPTING[told.news].value
    return {"accepting": accepting, "accepting_on": today, "wait_weeks": weeks}


def _mark_cases(listing: Listing, detail: str) -> None:
    """Tell in the open cases about it that nobody needs to ask any more."""
    waiting = Case.objects.filter(listing=listing, settled_at=None, cause=Cause.CONFIRMATION)
    waiting.filter(key__startswith="ask:").update(detail=detail)


@transaction.atomic
def stop(*, listing: Listing, today: date) -> None:
    """Hide a listing at once because its provider wishes it, and withdraw the consent."""
    kept = Listing.objects.filter(pk=listing.pk).exclude(standing=Standing.WITHDRAWN)
    shown = kept.exclude(standing=Standing.HIDDEN, consent=Consent.NONE)
    if not shown.update(standing=Standing.HIDDEN, consent=Consent.NONE):
        return
    make_findable([listing.pk])
    record(
        by=None,
        verb="made hidden",
        thing=f"listing:{listing.pk}",
        reason="The provider wished it, by the link in a mail. Consent withdrawn.",
    )
    open_case(
        cause=Cause.CONFIRMATION,
        provider=listing.provider,
        listing=listing,
        key=f"stopped:{listing.pk}",
        detail="The provider does not want to be listed. It is hidden; consent is withdrawn.",
        at=start_of(today),
    )


def report(
    *,
    listing: Listing,
    problem: Problem,
    words: str,
    key: str,
    today: date,
    by_provider: bool = False,
) -> None:
    """Store what somebody told of a listing, sealed; when this returns it is on disk.

    The same form is stored once, however often and at once it comes. Hides nothing.
    """
    with transaction.atomic(durable=True):
        _, new = SentReport.objects.get_or_create(key=key, defaults={"sent_on": today})
        if not new:
            return
        case = _case_of(listing, problem, today, by_provider=by_provider)
        row = Report(
            listing=listing, case=case, problem=problem, by_provider=by_provider, said_on=today
        )
        seal_into(row, told=words)
        row.save(force_insert=True)
        if problem is Problem.UNREACHABLE:
            _look_whether_urgent(listing, today)


def _case_of(listing: Listing, problem: Problem, today: date, *, by_provider: bool) -> Case:
    """Return the open case for reports of this kind."""
    detail = f"Reported: {PROBLEM_WORDS[problem]}."
    if problem is Problem.UNSAFE:
        detail = f"{URGENT}. {detail} Read it first."
    if by_provider:
        detail = "The provider says that something is wrong."
    return open_case(
        cause=Cause.CONFIRMATION if by_provider else Cause.PROBLEM,
        provider=listing.provider,
        listing=listing,
        key=f"{'wrong' if by_provider else problem}:{listing.pk}",
        detail=detail,
        at=start_of(today),
        audited=False,
    )


def _look_whether_urgent(listing: Listing, today: date) -> None:
    """Open an urgent case once several open reports say that they cannot be reached."""
    waiting = Report.objects.filter(
        listing=listing, problem=Problem.UNREACHABLE, by_provider=False, case__settled_at=None
    )
    days = set(waiting.values_list("said_on", flat=True))
    if is_urgent(days):
        open_case(
            cause=Cause.PROBLEM,
            provider=listing.provider,
            listing=listing,
            key=f"urgent:{listing.pk}",
            detail=f"{URGENT}. On {len(days)} different days somebody could not reach them.",
            at=start_of(today),
            audited=False,
        )


@transaction.atomic
def answer(*, listing: Listing, said: Answered, key: str, today: date) -> None:
    """Count whether a visitor got an answer; of each listing the latest 20 are kept."""
    _, new = SentReport.objects.get_or_create(key=key, defaults={"sent_on": today})
    if not new:
        return
    VisitorAnswer.objects.create(listing=listing, said=said, said_on=today)
    counted = VisitorAnswer.objects.filter(listing=listing).order_by("-pk")
    old = counted.values_list("pk", flat=True)[ANSWERS_KEPT:]
    VisitorAnswer.objects.filter(pk__in=list(old)).delete()


@transaction.atomic
def forget(*, now: datetime) -> int:
    """Take away the words of reports whose time is over; return how many."""
    today = timezone.localdate(now)
    SentReport.objects.filter(sent_on__lt=today - FORMS_KEPT).delete()
    last = today - timedelta(days=settings.REPORT_KEEP_DAYS)
    told = Report.objects.filter(said_on__lte=last, told__isnull=False)
    ids = list(told.values_list("pk", flat=True))
    tombstones.add(Path(settings.TOMBSTONES_FILE), TOMBSTONE, ids, today)
    forgotten = Report.objects.filter(pk__in=ids).update(told=None)
    if forgotten:
        record(by=None, verb="forgot", thing="reports", reason=f"{forgotten} past their time")
    return forgotten


@transaction.atomic
def forget_again(keys: Iterable[str]) -> int:
    """Take away the words of reports that a restored backup brought back; return how many."""
    found = Report.objects.filter(pk__in=[UUID(key) for key in keys], told__isnull=False)
    return found.update(told=None)


def start_of(day: date) -> datetime:
    """Return the first moment of a day: the moment of a visitor's report is nobody's business."""
    return timezone.make_aware(datetime.combine(day, time()))
