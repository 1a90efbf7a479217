"""Publishing in spite of a finding: for this text only, with a reason, never silently."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models


class PublishOverride(models.Model):
    """An editor's written reason to publish one text in spite of what the checks found."""

    page = models.ForeignKey("magazine.ArticlePage", models.CASCADE, related_name="overrides")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text_hash = models.CharField(max_length=64)  # another word, and the checks ask again
    checks = models.JSONField()  # ids of what was found
    reason = models.CharField(max_length=400)

    class Meta:
        permissions: ClassVar[Any] = [
            ("override_publish_checks", "Can publish in spite of a finding, with a reason")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="magazine_publishoverride_has_a_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {', '.join(self.checks)}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new override; one that is stored cannot be changed."""
        if self.pk is not None:
            raise TypeError("An override cannot be changed. Give another one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: it goes with its page only."""
        raise TypeError("An override cannot be deleted.")
