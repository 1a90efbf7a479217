"""Tables: what came in by file, and what became of each row."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, F, Q

from stepwell.apps.directory.models.words import one_of

FIELD_CLASSES = {
    "ImportRun.id": "C",
    "ImportRun.source": "C",
    "ImportRun.file": "C",
    "ImportRun.started_at": "C",
    "ImportRun.finished_at": "C",
    "ImportRun.unchanged": "C",
    "ImportRow.id": "C",
    "ImportRow.run": "C",
    "ImportRow.line": "C",
    "ImportRow.source_id": "C",
    "ImportRow.fate": "C",
    "ImportRow.column": "C",
    "ImportRow.reason": "C",
    "ImportRow.repair": "C",
}


class Fate(models.TextChoices):
    """What became of one row of an import."""

    IMPORTED = "imported", "Imported"
    UPDATED = "updated", "Updated"
    UNCHANGED = "unchanged", "Unchanged"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LEFT_OUT = "left_out", "Left out"
    REJECTED = "rejected", "Rejected"


class ImportRun(models.Model):
    """One import: from which file, when, and what became of each row."""

    source = models.CharField(max_length=60)
    file = models.CharField(max_length=200)  # its name, never a path
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    unchanged = models.PositiveIntegerField(default=0)  # counted, not kept row by row

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(finished_at__gte=F("started_at")), name="directory_importrun_in_order"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["source", "started_at"])]

    def __str__(self) -> str:
        return f"{self.source}, {self.started_at:%Y-%m-%d %H:%M}"


class ImportRow(models.Model):
    """What became of one row, and why. Holds no contents of the row."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    source_id = models.CharField(max_length=120, blank=True)
    fate = models.CharField(max_length=9, choices=Fate)
    column = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    repair = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [one_of("fate", Fate.values)]

    def __str__(self) -> str:
        return f"row {self.line}: {self.fate}"
