"""Tables: the licences and titles that providers claim, and what was checked of them."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint, Value
from django.db.models.functions import Replace, Upper

from stepwell.apps.directory.models.providers import Provider
from stepwell.apps.directory.models.words import one_of, words
from stepwell.domain.credentials import Level, State
from stepwell.lib.constraints import both_or_neither

if TYPE_CHECKING:
    from stepwell.apps.accounts.models import Person

FIELD_CLASSES = {
    "Credential.id": "C",
    "Credential.provider": "D",
    "Credential.register": "D",
    "Credential.number": "D",
    "Credential.jurisdiction": "D",
    "Credential.state": "D",
    "Credential.level": "D",
    "Credential.checked_at": "D",
    "Credential.checked_by": "C",
    "Credential.expires_on": "D",
    "Credential.next_check_on": "C",
    "Credential.conditions": "D",
    "Credential.number_key": "C",
}


class Credential(models.Model):
    """A licence or title a provider claims, and the outcome of our check."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="credentials")
    register = models.SlugField(max_length=60)  # a file name under domain/facts/registers/
    number = models.CharField(max_length=60)
    jurisdiction = models.CharField(max_length=8)  # ISO country, or country and state
    state = models.CharField(max_length=8, choices=words(State), default=State.CLAIMED.value)
    level = models.PositiveSmallIntegerField(
        choices=[(level.value, level.name) for level in Level], default=Level.DECLARED.value
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by: "models.ForeignKey[Person | None, Person | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_on = models.DateField(null=True, blank=True)
    next_check_on = models.DateField(null=True, blank=True)
    # What the register allows only with conditions, in words; shown with the credential.
    conditions = models.CharField(max_length=400, blank=True, default="")
    number_key = models.GeneratedField(  # the number without spaces, to look it up
        expression=Upper(Replace("number", Value(" "), Value(""))),
        output_field=models.CharField(max_length=60),
        db_persist=True,
    )

    class Meta:
        constraints: ClassVar = [
            one_of("state", [word.value for word in State]),
            both_or_neither("checked_at", "checked_by"),
            CheckConstraint(
                condition=Q(level__range=(min(Level).value, max(Level).value)),
                name="directory_credential_level_known",
            ),
            CheckConstraint(
                condition=~Q(state__in=[State.VERIFIED.value, State.REFUSED.value])
                | Q(checked_at__isnull=False),
                name="directory_credential_somebody_checked",
            ),
            UniqueConstraint(
                fields=["provider", "register", "number"], name="directory_credential_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["register", "number_key"]),
            models.Index(fields=["next_check_on"]),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.number}"
