"""Writes: ask providers whether their listings are still right, once for each occasion.

A row is stored before a mail goes out. What the mail server surely did not take is
tried again at the next run; where nobody can know whether it took it (the process died,
the line broke) nothing is sent again and a steward is told. So nobody gets a mail twice,
and nothing is lost.
"""

import smtplib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from stepwell.apps.directory.freshness.actions import start_of
from stepwell.apps.directory.freshness.links import address_of_link
from stepwell.apps.directory.freshness.mails import mail_to
from stepwell.apps.directory.models import Cause, Listing
from stepwell.apps.directory.models.freshness import (
    Confirmation,
    MailState,
    Reminder,
    ReminderMail,
)
from stepwell.apps.directory.queries import publishable
from stepwell.apps.directory.stewards.cases import open_case
from stepwell.domain.freshness import Occasion, reminder_due, shown_until
from stepwell.domain.matching import CONFIRM_DAYS

MOST_AT_ONCE = 400  # addresses a run; the next run takes the rest
LOST_AFTER = timedelta(hours=1)  # a mail that is still being sent then never says what became of it
LOOK_BACK = timedelta(days=30)  # how long after its end a listing still opens a case
NO_MAIL = "This site sends no mail. Copy the link and send it by hand, or call."
NO_ADDRESS = "There is no address to write to. Find one, or call."
REFUSED = "The mail server refused the address. Find another one, or call."
UNSURE = "Nobody can say whether the mail went out. It is not sent again by itself."
LAPSED = "Nobody confirmed it in 90 days. It is hidden until somebody does."


class Due(NamedTuple):
    """That a provider has to be asked about a listing."""

    listing: Listing
    occasion: Occasion
    days: int = 0


class MailIsDown(Exception):
    """The mail server did not take it, and may take it later."""


def remind(now: datetime) -> dict[str, int]:
    """Ask about everything that is due; return how many mails went and cases were opened."""
    today = timezone.localdate(now)
    told = sum(_tell_of_lost(now))
    told += _tell_of_lapsed(today)
    by_address: dict[str, list[Due]] = defaultdict(list)
    for due in due_on(today):
        by_address[due.listing.provider.contact_email.strip().casefold()].append(due)
    told += sum(_tell(due, NO_ADDRESS, today) for due in by_address.pop("", []))
    if not settings.EMAIL_HOST:
        told += sum(_tell(due, NO_MAIL, today) for some in by_address.values() for due in some)
        return {"mails": 0, "cases": told}
    return {"mails": _send_all(by_address, now) if by_address else 0, "cases": told}


def due_on(today: date) -> list[Due]:
    """Return what is due on a day and was not yet asked."""
    found = list(_grown_old(today))
    asked = {due.listing.pk for due in found}
    return [*found, *(due for due in _full_until(today) if due.listing.pk not in asked)]


def _grown_old(today: date) -> Iterator[Due]:
    """Yield the listings of which a reminder is due."""
    days = settings.LISTING_REMIND_DAYS
    for at, day in enumerate(days):
        last = days[at + 1] - 1 if at + 1 < len(days) else CONFIRM_DAYS
        span = (today - timedelta(days=last), today - timedelta(days=day))
        old = publishable().filter(fictional=False, confirmed_on__range=span)
        for listing in _not_asked(old, Occasion.REMINDER, day):
            assert listing.confirmed_on is not None
            assert reminder_due(listing.confirmed_on, today, days) == day
            yield Due(listing, Occasion.REMINDER, day)


def _full_until(today: date) -> Iterator[Due]:
    """Yield the listings that were full until a day that has come, in the last month."""
    said = Confirmation.objects.filter(
        listing=OuterRef("pk"),
        confirmed_on=OuterRef("confirmed_on"),
        full_until__range=(today - LOOK_BACK, today),
    )
    full = publishable().filter(Exists(said), accepting="no", fictional=False)
    for listing in _not_asked(full, Occasion.FULL_UNTIL, 0):
        yield Due(listing, Occasion.FULL_UNTIL)


def _not_asked(listings: QuerySet[Listing], occasion: Occasion, days: int) -> QuerySet[Listing]:
    """Return those about which nobody was asked on this occasion since the last confirmation."""
    asked = Reminder.objects.filter(
        listing=OuterRef("pk"),
        confirmed_on=OuterRef("confirmed_on"),
        occasion=occasion,
        days=days,
    )
    found = listings.filter(~Exists(asked)).select_related("provider")
    return found.order_by("confirmed_on", "pk")[: 10 * MOST_AT_ONCE]


def _send_all(by_address: dict[str, list[Due]], now: datetime) -> int:
    """Send to each address what it is due, over one connection; stop where mail is down."""
    sent = 0
    connection = get_connection()
    try:
        connection.open()
        for address, due in list(by_address.items())[:MOST_AT_ONCE]:
            sent += send(address, due, now, connection)
    except (OSError, smtplib.SMTPException) as error:
        raise MailIsDown from error
    finally:
        connection.close()
    return sent


def send(address: str, due: list[Due], now: datetime, connection: BaseEmailBackend) -> bool:
    """Send one mail about some listings, unless the address got one today.

    Raises MailIsDown where the server surely did not take it: then nothing is kept of it.
    """
    mail = _claim(address, due, now)
    if mail is None:
        return False
    links = [address_of_link(one.listing, now) for one in due]
    confirmed = [one.listing.confirmed_on for one in due if one.listing.confirmed_on]
    ends = shown_until(min(confirmed)) if confirmed else None
    try:
        mail_to(address, links, ends, connection).send()
    except Exception as error:
        _settle_failure(mail, due, error, timezone.localdate(now))
        return False
    ReminderMail.objects.filter(pk=mail.pk).update(state=MailState.SENT)
    return True


@transaction.atomic(durable=True)
def _claim(address: str, due: list[Due], now: datetime) -> ReminderMail | None:
    """Store that a mail goes to this address today; None where one did, or another process is."""
    key = salted_hmac("directory.reminder", address, algorithm="sha256").hexdigest()
    mail, new = ReminderMail.objects.get_or_create(
        address_key=key, day=timezone.localdate(now), defaults={"claimed_at": now}
    )
    if not new:
        return None
    Reminder.objects.bulk_create(_row(one, mail) for one in due)
    return mail


def _settle_failure(mail: ReminderMail, due: list[Due], error: Exception, today: date) -> None:
    """Keep what is known of a mail that did not go."""
    if _is_for_later(error):
        mail.delete()  # with its reminders: all of it is due again
        raise MailIsDown from error
    if _is_refused(error):
        ReminderMail.objects.filter(pk=mail.pk).update(state=MailState.REFUSED)
        _open_cases(due, REFUSED, today)
        return
    ReminderMail.objects.filter(pk=mail.pk).update(state=MailState.UNKNOWN)
    _open_cases(due, UNSURE, today)
    if isinstance(error, (OSError, smtplib.SMTPException)):
        raise MailIsDown from error  # the line is broken: what follows would be lost as well


def _is_refused(error: Exception) -> bool:
    """Say whether the server refused for good."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def _is_for_later(error: Exception) -> bool:
    """Say whether the server surely did not take it, and may do so later."""
    said_no = (
        smtplib.SMTPRecipientsRefused,
        smtplib.SMTPSenderRefused,
        smtplib.SMTPDataError,
        smtplib.SMTPConnectError,
        smtplib.SMTPHeloError,
        smtplib.SMTPAuthenticationError,
        ConnectionRefusedError,
    )
    return isinstance(error, said_no) and not _is_refused(error)


def _tell_of_lost(now: datetime) -> Iterator[int]:
    """Open cases for mails of which nobody can say whether they went out."""
    today = timezone.localdate(now)
    lost = ReminderMail.objects.filter(
        state=MailState.SENDING, claimed_at__range=(now - LOOK_BACK, now - LOST_AFTER)
    )
    for mail in lost.prefetch_related("reminders__listing__provider"):
        rows = mail.reminders.all()
        due = [Due(row.listing, Occasion(row.occasion), row.days) for row in rows]
        yield _open_cases(due, UNSURE, today)
        ReminderMail.objects.filter(pk=mail.pk).update(state=MailState.UNKNOWN)


def _tell_of_lapsed(today: date) -> int:
    """Open a case for each listing that is hidden since nobody confirmed it."""
    ended = today - timedelta(days=CONFIRM_DAYS)
    span = (ended - LOOK_BACK, ended - timedelta(days=1))
    old = publishable().filter(fictional=False, confirmed_on__range=span)
    return sum(
        _tell(Due(listing, Occasion.LAPSED), LAPSED, today)
        for listing in _not_asked(old, Occasion.LAPSED, 0)
    )


@transaction.atomic
def _tell(due: Due, detail: str, today: date) -> int:
    """Tell a steward instead of the provider, once for each occasion."""
    row = _row(due, None)
    _, new = Reminder.objects.get_or_create(
        listing=row.listing,
        confirmed_on=row.confirmed_on,
        occasion=row.occasion,
        days=row.days,
    )
    return _open_cases([due], detail, today) if new else 0


def _open_cases(due: Iterable[Due], detail: str, today: date) -> int:
    """Open a case for each listing; one that is open already stays as it is."""
    opened = 0
    for one in due:
        open_case(
            cause=Cause.CONFIRMATION,
            provider=one.listing.provider,
            listing=one.listing,
            key=f"ask:{one.listing.pk}",
            detail=detail,
            at=start_of(today),
        )
        opened += 1
    return opened


def _row(due: Due, mail: ReminderMail | None) -> Reminder:
    return Reminder(
        mail=mail,
        listing=due.listing,
        confirmed_on=due.listing.confirmed_on,
        occasion=due.occasion,
        days=due.days,
    )
