"""Links for reviewers outside: each to one draft, for a few days. Who opens one is not kept."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from wagtail.models import Revision


class PreviewLink(models.Model):
    """A link to one text as it was saved. The address itself is not kept: it is signed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    page = models.ForeignKey("magazine.ArticlePage", models.CASCADE, related_name="+")
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["page", "-made_at"], name="magazine_preview_of_page")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")),
                name="magazine_previewlink_ends_after_it_is_made",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: until {self.expires_at}"

    def opens(self, now: Any) -> bool:
        """Say whether the link works at this moment."""
        return bool(self.revoked_at is None and now < self.expires_at)
