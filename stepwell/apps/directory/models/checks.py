"""Tables: what was seen of a licence or title, by whom, and what they made of it."""

from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q

from stepwell.apps.directory.models.credentials import Credential
from stepwell.apps.directory.models.words import one_of, words
from stepwell.domain.credentials import Level, State
from stepwell.lib.sealing import SealedField

if TYPE_CHECKING:
    from stepwell.apps.accounts.models import Person

FIELD_CLASSES = {
    "Evidence.id": "C",
    "Evidence.credential": "C",
    "Evidence.type": "C",
    "Evidence.issuer": "C",
    "Evidence.purpose": "C",
    "Evidence.number": "A",
    "Evidence.file": "A",
    "Evidence.media_type": "C",
    "Evidence.size": "C",
    "Evidence.sha256": "C",
    "Evidence.added_at": "C",
    "Evidence.added_by": "C",
    "Evidence.decided_at": "C",
    "Evidence.deleted_at": "C",
    "CredentialCheck.id": "C",
    "CredentialCheck.credential": "C",
    "CredentialCheck.evidence": "C",
    "CredentialCheck.by": "C",
    "CredentialCheck.at": "C",
    "CredentialCheck.level": "C",
    "CredentialCheck.outcome": "C",
    "CredentialCheck.note": "C",
}


class EvidenceType(models.TextChoices):
    """What sort of document it is."""

    LICENCE = "licence", "A licence or its card"
    CERTIFICATE = "certificate", "A certificate or diploma"
    LETTER = "letter", "A letter of the register or an employer"
    EXTRACT = "extract", "An extract of the register"
    OTHER = "other", "Something else"


class Evidence(models.Model):
    """A document that shows a licence or title. Its file and number are sealed, and go in time."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    credential = models.ForeignKey(Credential, models.CASCADE, related_name="evidence")
    type = models.CharField(max_length=12, choices=EvidenceType)
    issuer = models.CharField(max_length=120)
    purpose = models.CharField(max_length=200)
    number = SealedField(null=True)  # as seen on the document
    file = SealedField(null=True)  # in base64; None once it was deleted
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()  # in bytes
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField()
    added_by: "models.ForeignKey[Person, Person]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            one_of("type", EvidenceType.values),
            CheckConstraint(
                condition=Q(deleted_at__isnull=True, file__isnull=False)
                | Q(deleted_at__isnull=False, file__isnull=True, number__isnull=True),
                name="directory_evidence_there_or_deleted",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["deleted_at", "decided_at"])]

    def __str__(self) -> str:
        return f"{EvidenceType(self.type).label}, {self.sha256[:12]}"


class CredentialCheck(models.Model):
    """One person's word on a credential: what they looked at, and what it showed."""

    credential = models.ForeignKey(Credential, models.CASCADE, related_name="checks")
    evidence = models.ForeignKey(
        Evidence, models.CASCADE, null=True, blank=True, related_name="checks"
    )
    by: "models.ForeignKey[Person, Person]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    level = models.PositiveSmallIntegerField(choices=[(one.value, one.name) for one in Level])
    outcome = models.CharField(max_length=8, choices=words(State))
    note = models.CharField(max_length=400)

    class Meta:
        constraints: ClassVar = [
            one_of("outcome", [word.value for word in State]),
            CheckConstraint(
                condition=Q(level__range=(min(Level).value, max(Level).value)),
                name="directory_credentialcheck_level_known",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["credential", "at"])]

    def __str__(self) -> str:
        return f"{self.outcome} by {self.by_id}"
