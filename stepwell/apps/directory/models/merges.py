"""Tables: which providers turned out to be one, and what went from the one to the other."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from stepwell.apps.directory.models.credentials import Credential
from stepwell.apps.directory.models.listings import Listing
from stepwell.apps.directory.models.providers import Provider
from stepwell.lib.constraints import both_or_neither

if TYPE_CHECKING:
    from stepwell.apps.accounts.models import Person

FIELD_CLASSES = {
    "Merge.id": "C",
    "Merge.survivor": "C",
    "Merge.merged": "C",
    "Merge.by": "C",
    "Merge.at": "C",
    "Merge.undone_by": "C",
    "Merge.undone_at": "C",
    "Moved.id": "C",
    "Moved.merge": "C",
    "Moved.listing": "C",
    "Moved.credential": "C",
}


class Merge(models.Model):
    """Two providers that are one. What moved is kept, so that it can go back."""

    survivor = models.ForeignKey(Provider, models.CASCADE, related_name="merges")
    merged = models.ForeignKey(Provider, models.CASCADE, related_name="+")
    by: "models.ForeignKey[Person, Person]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    undone_by: "models.ForeignKey[Person | None, Person | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            both_or_neither("undone_at", "undone_by"),
            CheckConstraint(
                condition=~Q(survivor=F("merged")), name="directory_merge_of_two_providers"
            ),
            UniqueConstraint(
                fields=["merged"],
                condition=Q(undone_at__isnull=True),
                name="directory_merge_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.survivor_id}"


class Moved(models.Model):
    """A listing or a credential that went to the survivor."""

    merge = models.ForeignKey(Merge, models.CASCADE, related_name="moved")
    listing = models.ForeignKey(Listing, models.CASCADE, null=True, related_name="+")
    credential = models.ForeignKey(Credential, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(listing__isnull=False, credential__isnull=True)
                | Q(listing__isnull=True, credential__isnull=False),
                name="directory_moved_is_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.listing_id or self.credential_id}"
