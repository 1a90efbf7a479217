"""Tables: who confirmed a listing when, which mails went out, and what was reported of it.

Of visitors only days are kept, no moments: a moment could be laid beside other logs.
"""

from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from stepwell.apps.directory.models.cases import Case
from stepwell.apps.directory.models.listings import Listing
from stepwell.apps.directory.models.words import one_of, words
from stepwell.domain.freshness import Answered, Occasion, Problem, Takes
from stepwell.lib.sealing import SealedField

if TYPE_CHECKING:
    from stepwell.apps.accounts.models import Person

FIELD_CLASSES = {
    "Confirmation.id": "C",
    "Confirmation.listing": "C",
    "Confirmation.confirmed_on": "D",
    "Confirmation.how": "C",
    "Confirmation.said_by": "C",
    "Confirmation.full_until": "D",
    "Confirmation.by": "C",
    "ReminderMail.id": "C",
    "ReminderMail.address_key": "C",
    "ReminderMail.day": "C",
    "ReminderMail.state": "C",
    "ReminderMail.claimed_at": "C",
    "Reminder.id": "C",
    "Reminder.mail": "C",
    "Reminder.listing": "C",
    "Reminder.confirmed_on": "C",
    "Reminder.occasion": "C",
    "Reminder.days": "C",
    "Report.id": "C",
    "Report.listing": "C",
    "Report.case": "C",
    "Report.problem": "C",
    "Report.by_provider": "C",
    "Report.said_on": "C",
    "Report.told": "A",
    "SentReport.key": "C",
    "SentReport.sent_on": "C",
    "VisitorAnswer.id": "C",
    "VisitorAnswer.listing": "C",
    "VisitorAnswer.said": "C",
    "VisitorAnswer.said_on": "C",
    "TrialCall.id": "C",
    "TrialCall.listing": "C",
    "TrialCall.called_on": "C",
    "TrialCall.reached": "C",
    "TrialCall.takes": "C",
    "TrialCall.by": "C",
}


class How(models.TextChoices):
    """How a listing was confirmed."""

    LINK = "link", "By the link in a mail"
    PHONE = "phone", "By phone, written down by a steward"


class SaidBy(models.TextChoices):
    """Who confirmed it on the phone: a role, never a name."""

    PROVIDER = "provider", "The provider"
    STAFF = "staff", "Somebody who works there"


class Confirmation(models.Model):
    """That a listing was still right on a day, and on whose word."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="confirmations")
    confirmed_on = models.DateField()
    how = models.CharField(max_length=5, choices=How)
    said_by = models.CharField(max_length=8, choices=SaidBy, default=SaidBy.PROVIDER)
    full_until = models.DateField(null=True, blank=True)
    by: "models.ForeignKey[Person | None, Person | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            one_of("how", How.values),
            one_of("said_by", SaidBy.values),
            CheckConstraint(
                condition=Q(how=How.LINK, by__isnull=True) | Q(how=How.PHONE, by__isnull=False),
                name="directory_confirmation_by_phone_says_who",
            ),
            UniqueConstraint(
                fields=["listing", "confirmed_on", "how"], name="directory_confirmation_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id} on {self.confirmed_on}"


class MailState(models.TextChoices):
    """What became of a mail."""

    SENDING = "sending", "On its way"
    SENT = "sent", "Taken by the mail server"
    REFUSED = "refused", "Refused for good"
    UNKNOWN = "unknown", "Nobody can say whether it went"


class ReminderMail(models.Model):
    """One mail to one address on one day. The row is there before the mail goes out.

    A process that dies in between leaves it `sending`: then nobody can say whether the
    mail went, so it is not sent again and a steward is told.
    """

    address_key = models.CharField(max_length=64)  # a keyed hash; the address stands elsewhere
    day = models.DateField()
    state = models.CharField(max_length=7, choices=MailState, default=MailState.SENDING)
    claimed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            one_of("state", MailState.values),
            UniqueConstraint(
                fields=["address_key", "day"], name="directory_remindermail_one_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.state}"


class Reminder(models.Model):
    """That the provider, or a steward where there is no mail, was asked about a listing."""

    mail = models.ForeignKey(
        ReminderMail, models.CASCADE, null=True, blank=True, related_name="reminders"
    )
    listing = models.ForeignKey(Listing, models.CASCADE, related_name="reminders")
    confirmed_on = models.DateField(null=True)  # the confirmation that grows old
    occasion = models.CharField(max_length=8, choices=words(Occasion))
    days = models.PositiveSmallIntegerField(default=0)  # after the confirmation, for reminders

    class Meta:
        constraints: ClassVar = [
            one_of("occasion", [word.value for word in Occasion]),
            UniqueConstraint(
                fields=["listing", "confirmed_on", "occasion", "days"],
                condition=~Q(occasion=Occasion.BY_HAND.value),
                name="directory_reminder_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.listing_id}: {self.occasion} {self.days}"


class Report(models.Model):
    """What somebody told us about a listing. The words are sealed, and go before the row does."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    listing = models.ForeignKey(Listing, models.CASCADE, related_name="reports")
    case = models.ForeignKey(Case, models.CASCADE, related_name="reports")
    problem = models.CharField(max_length=11, choices=words(Problem))
    by_provider = models.BooleanField(default=False)
    said_on = models.DateField()
    told = SealedField(null=True)  # sealed also when empty; null once its time is over

    class Meta:
        default_permissions = ()
        permissions: ClassVar = [("read_report", "Can read reports of problems with listings")]
        constraints: ClassVar = [one_of("problem", [word.value for word in Problem])]
        indexes: ClassVar = [models.Index(fields=["said_on"], name="directory_report_said")]

    def __str__(self) -> str:
        return f"{self.problem} of {self.said_on:%Y-%m-%d}"


class SentReport(models.Model):
    """A form that was stored, so that sending it again stores nothing and answers the same."""

    key = models.CharField(max_length=64, primary_key=True)  # keyed hash of form and words
    sent_on = models.DateField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"sent on {self.sent_on:%Y-%m-%d}"


class VisitorAnswer(models.Model):
    """Whether one visitor got an answer: a word and a day, the latest 20 of a listing."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="visitor_answers")
    said = models.CharField(max_length=10, choices=words(Answered))
    said_on = models.DateField()

    class Meta:
        default_permissions = ()
        constraints: ClassVar = [one_of("said", [word.value for word in Answered])]

    def __str__(self) -> str:
        return f"{self.said} on {self.said_on:%Y-%m-%d}"


class TrialCall(models.Model):
    """A call by a steward, as somebody who looks for help would make it."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="trial_calls")
    called_on = models.DateField()
    reached = models.BooleanField()
    takes = models.CharField(max_length=7, choices=words(Takes))
    by: "models.ForeignKey[Person, Person]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            one_of("takes", [word.value for word in Takes]),
            # Whoever was not reached said nothing about new people.
            CheckConstraint(
                condition=Q(reached=True) | Q(takes=Takes.UNKNOWN.value),
                name="directory_trialcall_unreached_says_nothing",
            ),
            UniqueConstraint(
                fields=["listing", "called_on", "by"], name="directory_trialcall_once_a_day"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["called_on"], name="directory_trialcall_day")]

    def __str__(self) -> str:
        return f"{self.listing_id} on {self.called_on}"
