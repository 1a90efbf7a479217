"""What was brought in from another system: runs, what each made, and the fate of every item."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models


class RunState(models.TextChoices):
    """How far an import came."""

    UPLOADED = "uploaded", "Uploaded"
    CHECKED = "checked", "Checked, waiting for a yes"
    RUNNING = "running", "Running, or stopped halfway"
    DONE = "done", "Done"
    UNDONE = "undone", "Undone"
    REFUSED = "refused", "Refused"


class ArticleImport(models.Model):
    """One import of articles, from its first look to its end."""

    wagtail_reference_index_ignore = True

    source = models.CharField(max_length=200, blank=True)  # the address of the old site
    files = models.JSONField(default=list)  # names, without folders
    fingerprint = models.CharField(max_length=64, blank=True)  # of the files and the map
    folder = models.CharField(max_length=64, blank=True)  # under var/imports, where uploaded
    state = models.CharField(max_length=8, choices=RunState, default=RunState.RUNNING)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    report = models.JSONField(default=dict)  # counts and names of what was left out; no texts

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=RunState.values),
                name="magazine_articleimport_state_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[RunState.DONE, RunState.UNDONE])
                | models.Q(finished_at__isnull=False),
                name="magazine_articleimport_done_has_end",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["source", "state"])]
        permissions: ClassVar[Any] = [
            ("import_articles", "Can import articles and undo an import"),
        ]

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportedItem(models.Model):
    """One item of another system, and what it became here. Survives the run that made it."""

    wagtail_reference_index_ignore = True

    source = models.CharField(max_length=200)
    key = models.CharField(max_length=80)
    made_by = models.ForeignKey(ArticleImport, models.PROTECT, related_name="made")
    page = models.OneToOneField(
        "magazine.ArticlePage", models.SET_NULL, null=True, related_name="imported_from"
    )
    image = models.ForeignKey("wagtailimages.Image", models.SET_NULL, null=True, related_name="+")
    author = models.ForeignKey("magazine.Author", models.SET_NULL, null=True, related_name="+")
    place = models.CharField(max_length=320, blank=True)  # section/slug where we put it
    revision_id = models.BigIntegerField(null=True)  # the one we wrote; a later one is an editor's
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["source", "key"], name="magazine_importeditem_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.key}"


class Fate(models.TextChoices):
    """What became of one item of the files."""

    IMPORTED = "imported", "Imported"
    MERGED = "merged", "Merged into something"
    SKIPPED = "skipped", "Skipped"


class ImportedFate(models.Model):
    """What one run did with one item. Their number is the number of items in the files."""

    wagtail_reference_index_ignore = True

    run = models.ForeignKey(ArticleImport, models.CASCADE, related_name="fates")
    number = models.PositiveIntegerField()  # its place in all the files together, from 1
    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)  # post, page, attachment, nav_menu_item, ...
    fate = models.CharField(max_length=8, choices=Fate)
    reason = models.CharField(max_length=240, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["run", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["run", "number"], name="magazine_importedfate_once"),
            models.CheckConstraint(
                condition=models.Q(fate__in=Fate.values), name="magazine_importedfate_known"
            ),
            models.CheckConstraint(
                condition=models.Q(fate=Fate.IMPORTED) | ~models.Q(reason=""),
                name="magazine_importedfate_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.number} {self.fate}"
