"""Letters, and which forms were sent. No names, no addresses of computers, no moments."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models

from stepwell.domain.letters import Kind, State
from stepwell.lib.constraints import both_or_neither
from stepwell.lib.sealing import SealedField

FIELD_CLASSES = {
    "Letter.id": "C",
    "Letter.kind": "C",
    "Letter.state": "C",
    "Letter.written_on": "C",
    "Letter.message": "A",
    "Letter.reply_to": "A",
    "Letter.page": "A",
    "Letter.code_hash": "C",
    "Letter.settled_on": "C",
    "Letter.settled_by": "C",
    "SentForm.key": "C",
    "SentForm.sent_on": "C",
}


class Letter(models.Model):
    """What somebody wrote to the editors. Message, reply address and page are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=[(kind, kind) for kind in Kind])
    state = models.CharField(
        max_length=8, choices=[(state, state) for state in State], default=State.WAITING
    )
    written_on = models.DateField()  # the day only: a moment could be laid beside other logs
    message = SealedField()
    reply_to = SealedField()  # sealed also when empty, so that nobody sees who left one
    page = SealedField()  # the public path that the letter is about, or nothing
    code_hash = models.CharField(max_length=64, unique=True)  # of the code that withdraws it
    settled_on = models.DateField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        default_permissions = ()
        permissions = [("read_letter", "Can read and settle letters to the editors")]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["written_on"], name="contact_letter_written")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[kind.value for kind in Kind]),
                name="contact_letter_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.WAITING, settled_on__isnull=True)
                | models.Q(state__in=[State.ANSWERED, State.CLOSED], settled_on__isnull=False),
                name="contact_letter_settled_with_state",
            ),
            both_or_neither("settled_on", "settled_by"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.written_on:%Y-%m-%d}"


class SentForm(models.Model):
    """A form that was stored, so that sending it again stores nothing and answers the same.

    Outlives the letter for as long as its form could be sent again: a letter that was
    withdrawn does not come back by a reload.
    """

    key = models.CharField(max_length=64, primary_key=True)  # keyed hash of form and words
    sent_on = models.DateField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"sent on {self.sent_on:%Y-%m-%d}"
