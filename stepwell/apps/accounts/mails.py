"""Mails to the staff: a link for a new password, and notices of changes.

They are left here sealed and sent by the task, so that no answer waits for a mail server. Each
could stand on a postcard: it names neither what this site is about nor what was changed to what.
"""

import smtplib
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from stepwell.apps.accounts.models import StaffMail
from stepwell.lib.sealing import opened, seal_into

KEEP = timedelta(hours=1)  # a link ends then; a notice that could not go is in the log
MOST_AT_ONCE = 50
FOOT = "\n\nIf that was not you, tell who looks after accounts on your site, now.\n"
RESET = """Hello,

somebody asked for a new password for your account. This link holds for an hour:

{link}

It asks for your second step afterwards, as always. If you did not ask, do nothing.
"""


class Kind(StrEnum):
    """What a mail is about. The value is its subject."""

    RESET = "A new password"
    PASSWORD = "Your password was changed"  # noqa: S105
    ADDRESS = "Your address was changed"
    FACTOR = "Your second step was changed"


def leave(kind: Kind, *, to: str, link: str = "") -> None:
    """Leave a mail for the task. Where no mail server is set, nothing is left."""
    if not to or not settings.EMAIL_HOST:
        return
    text = RESET.format(link=link) if kind is Kind.RESET else f"Hello,\n\n{kind}." + FOOT
    mail = StaffMail(kind=kind.name)
    seal_into(mail, address=to, text=text)
    mail.save(force_insert=True)


def send_waiting(now: datetime) -> int:
    """Send what is waiting, each once; return how many. What is older than an hour goes unsent."""
    StaffMail.objects.filter(left_at__lt=now - KEEP).delete()
    sent = 0
    for mail in StaffMail.objects.order_by("left_at", "pk")[:MOST_AT_ONCE]:
        try:
            sent += _send(mail)
        except (OSError, smtplib.SMTPException):
            break  # the mail server is down: the next call tries again
    return sent


@transaction.atomic
def _send(mail: StaffMail) -> bool:
    """Take a mail out and send it; where that fails, it is back."""
    to, text = opened(mail, "address"), opened(mail, "text")
    if not StaffMail.objects.filter(pk=mail.pk).delete()[0]:
        return False
    EmailMessage(
        subject=Kind[mail.kind].value,
        body=text,
        from_email=settings.MAIL_FROM,
        to=[to],
        headers={"Auto-Submitted": "auto-generated"},
        connection=get_connection(),
    ).send()
    return True
