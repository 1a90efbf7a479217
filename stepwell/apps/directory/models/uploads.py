"""Tables: a CSV that a steward uploaded, from its first look to its import."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

from stepwell.apps.directory.models.words import one_of

if TYPE_CHECKING:
    from stepwell.apps.accounts.models import Person

FIELD_CLASSES = {
    "ListingUpload.id": "C",
    "ListingUpload.file": "C",
    "ListingUpload.folder": "C",
    "ListingUpload.state": "C",
    "ListingUpload.typed": "C",
    "ListingUpload.mapping": "C",
    "ListingUpload.report": "C",
    "ListingUpload.started_at": "C",
    "ListingUpload.by": "C",
}


class UploadState(models.TextChoices):
    """How far an upload came."""

    UPLOADED = "uploaded", "Waits for a mapping"
    CHECKED = "checked", "Looked at, waits for a yes"
    CONFIRMED = "confirmed", "Will be imported in a minute"
    DONE = "done", "Imported"
    REFUSED = "refused", "Refused"


class ListingUpload(models.Model):
    """One CSV of listings: where it lies, what a steward typed, what would become of it."""

    wagtail_reference_index_ignore = True

    file = models.CharField(max_length=200)  # its name, never a path
    folder = models.CharField(max_length=64, blank=True)  # under var/imports; empty: deleted
    state = models.CharField(max_length=9, choices=UploadState, default=UploadState.UPLOADED.value)
    typed = models.JSONField(default=dict)  # the mapping form as it was last sent
    mapping = models.TextField(blank=True)  # TOML
    report = models.JSONField(default=dict)  # counts and reasons by row; no contents
    started_at = models.DateTimeField()
    by: "models.ForeignKey[Person | None, Person | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [one_of("state", UploadState.values)]

    def __str__(self) -> str:
        return f"{self.file}: {self.state}"
