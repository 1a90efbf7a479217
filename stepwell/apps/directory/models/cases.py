"""Tables: what a steward has to look at, and what came of it."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from stepwell.apps.directory.models.credentials import Credential
from stepwell.apps.directory.models.listings import Listing
from stepwell.apps.directory.models.providers import Provider
from stepwell.apps.directory.models.words import one_of
from stepwell.lib.constraints import both_or_neither

if TYPE_CHECKING:
    from stepwell.apps.accounts.models import Person

FIELD_CLASSES = {
    "Case.id": "C",
    "Case.cause": "C",
    "Case.provider": "C",
    "Case.listing": "C",
    "Case.credential": "C",
    "Case.key": "C",
    "Case.detail": "C",
    "Case.opened_at": "C",
    "Case.settled_at": "C",
    "Case.settled_by": "C",
    "Case.outcome": "C",
    "Case.note": "C",
}


class Cause(models.TextChoices):
    """Why a steward has to look."""

    PROBLEM = "problem", "Somebody reported a problem"
    EXCLUDED = "excluded", "Found on an exclusion list"
    DEACTIVATED = "deactivated", "No longer active in the register"
    DUPLICATE = "duplicate", "May be there twice"
    REGISTER = "register", "Found in our copy of the register"
    EXPIRY = "expiry", "A licence or title ends"
    CONFIRMATION = "confirmation", "Nobody confirms it"


class Outcome(models.TextChoices):
    """What came of it."""

    OPEN = "", "Open"
    CORRECTED = "corrected", "Corrected"
    HIDDEN = "hidden", "Hidden"
    MERGED = "merged", "Merged"
    UNFOUNDED = "unfounded", "Nothing to do"


class Case(models.Model):
    """Something about a provider that a steward has to look at."""

    cause = models.CharField(max_length=12, choices=Cause)
    provider = models.ForeignKey(Provider, models.CASCADE, related_name="cases")
    listing = models.ForeignKey(
        Listing, models.CASCADE, null=True, blank=True, related_name="cases"
    )
    credential = models.ForeignKey(
        Credential, models.CASCADE, null=True, blank=True, related_name="cases"
    )
    # What makes two open cases the same, so that a daily check opens one and not thirty.
    key = models.CharField(max_length=120)
    detail = models.CharField(max_length=400, blank=True)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by: "models.ForeignKey[Person | None, Person | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True, default="")
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [
            one_of("cause", Cause.values),
            one_of("outcome", Outcome.values),
            both_or_neither("settled_at", "settled_by"),
            CheckConstraint(
                condition=Q(settled_at__isnull=True, outcome="")
                | (Q(settled_at__isnull=False) & ~Q(outcome="")),
                name="directory_case_settled_says_how",
            ),
            UniqueConstraint(
                fields=["cause", "key"],
                condition=Q(settled_at__isnull=True),
                name="directory_case_open_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["outcome", "opened_at"])]

    def __str__(self) -> str:
        return f"{Cause(self.cause).label}: {self.provider_id}"
