"""Tables: which rows of the search changed, for snapshots that were made before."""

from typing import ClassVar

from django.db import models
from django.utils import timezone

FIELD_CLASSES = {
    "RowChange.id": "C",
    "RowChange.listing": "C",
    "RowChange.at": "C",
}


class RowChange(models.Model):
    """The rows of one listing changed, or (where none is named) those of all."""

    listing = models.UUIDField(null=True)  # no foreign key: it outlives the listing
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["at"], name="directory_rowchange_at")]

    def __str__(self) -> str:
        return str(self.listing or "all")
