"""Writes by stewards: send a link, copy one, write down a call, read what was reported."""

import smtplib
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.actions import record
from stepwell.apps.directory.access import check_can_settle_listing
from stepwell.apps.directory.actions import NotPossible, make_findable
from stepwell.apps.directory.freshness.access import check_can_read_reports
from stepwell.apps.directory.freshness.links import address_of_link
from stepwell.apps.directory.freshness.reminders import Due, MailIsDown, send
from stepwell.apps.directory.models import Case, Cause, Listing, Outcome
from stepwell.apps.directory.models.freshness import Confirmation, How, Report, SaidBy, TrialCall
from stepwell.apps.directory.stewards.cases import settle_case
from stepwell.domain.freshness import Occasion, Takes
from stepwell.lib.key_rings import SealingError
from stepwell.lib.sealing import opened

OLDEST_CALL = timedelta(days=14)  # a call is written down while it is remembered


class Opened(NamedTuple):
    """A report in plain words, for one reader and one page."""

    report: Report
    told: str


def send_link(*, listing: Listing, by: Person, now: datetime) -> None:
    """Mail a link to the provider now, unless their address got a mail today."""
    check_can_settle_listing(by)
    address = listing.provider.contact_email.strip().casefold()
    if not address:
        raise NotPossible("There is no address to write to. Copy the link, or call.")
    if not settings.EMAIL_HOST:
        raise NotPossible("This site sends no mail. Copy the link and send it yourself.")
    _check_can_be_confirmed(listing)
    try:
        with get_connection() as connection:
            sent = send(address, [Due(listing, Occasion.BY_HAND)], now, connection)
    except (MailIsDown, OSError, smtplib.SMTPException):
        raise NotPossible("The mail server does not answer. Try again later, or call.") from None
    if not sent:
        raise NotPossible("This address got a mail today already, or refused it. See below.")
    record(by=by, verb="sent confirm link", thing=f"listing:{listing.pk}")


def make_link(*, listing: Listing, by: Person, now: datetime) -> str:
    """Return the address of a new link, to be sent by hand; that it was made is written down."""
    check_can_settle_listing(by)
    _check_can_be_confirmed(listing)
    record(by=by, verb="made confirm link", thing=f"listing:{listing.pk}")
    return address_of_link(listing, now)


@transaction.atomic
def confirm_by_phone(
    *, listing: Listing, by: Person, on: date, said_by: SaidBy, now: datetime
) -> None:
    """Write down that somebody said on the phone that a listing is right, and settle its cases."""
    check_can_settle_listing(by)
    _check_can_be_confirmed(listing)
    _check_day(on, timezone.localdate(now))
    Confirmation.objects.get_or_create(
        listing=listing, confirmed_on=on, how=How.PHONE, defaults={"said_by": said_by, "by": by}
    )
    older = Listing.objects.filter(pk=listing.pk).exclude(confirmed_on__gte=on)
    older.update(confirmed_on=on)
    make_findable([listing.pk])
    record(by=by, verb="confirmed", thing=f"listing:{listing.pk}", reason=f"by phone on {on}")
    asked = Case.objects.filter(listing=listing, settled_at=None, cause=Cause.CONFIRMATION)
    for case in asked.filter(key=f"ask:{listing.pk}"):
        settle_case(case=case, outcome=Outcome.CORRECTED, note="Confirmed by phone.", by=by, at=now)


@transaction.atomic
def write_down_call(
    *, listing: Listing, by: Person, on: date, reached: bool, takes: Takes, now: datetime
) -> None:
    """Write down a test call; the same person counts once a day for a listing."""
    check_can_settle_listing(by)
    _check_day(on, timezone.localdate(now))
    if not reached and takes is not Takes.UNKNOWN:
        raise NotPossible("Whoever was not reached said nothing about new people.")
    _, new = TrialCall.objects.get_or_create(
        listing=listing, called_on=on, by=by, defaults={"reached": reached, "takes": takes}
    )
    if not new:
        raise NotPossible("You have written down a call to them on that day already.")
    record(by=by, verb="made test call", thing=f"listing:{listing.pk}")


@transaction.atomic
def open_reports(*, listing: Listing, by: Person) -> list[Opened]:
    """Return what was told about a listing, in plain words, and write down who read it."""
    check_can_read_reports(by)
    kept = Report.objects.filter(listing=listing, told__isnull=False).select_related("case")
    found = []
    for report in kept.order_by("-said_on", "pk"):
        record(by=by, verb="read", thing=f"report:{report.pk}")
        try:
            told = opened(report, "told")
        except SealingError as error:
            told = f"This report does not open. {error}"
        found.append(Opened(report, told))
    return found


def _check_can_be_confirmed(listing: Listing) -> None:
    if listing.fictional:
        raise NotPossible("This is an example. Nobody can confirm it.")


def _check_day(on: date, today: date) -> None:
    if not today - OLDEST_CALL <= on <= today:
        raise NotPossible(f"Write down a call within {OLDEST_CALL.days} days, and not before it.")
