"""Append-only: who did what to which thing, when and why. Ids and reasons, no contents."""

from typing import Any

from django.conf import settings
from django.db import models

FIELD_CLASSES = {
    "Event.id": "C",
    "Event.at": "C",
    "Event.by": "C",
    "Event.verb": "C",
    "Event.thing": "C",
    "Event.reason": "C",
}


class Event(models.Model):
    """One thing done. `by` is empty for what the software did by itself."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verb = models.CharField(max_length=40)
    thing = models.CharField(max_length=120)
    reason = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [models.Index(fields=["thing", "at"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.thing}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new event; one that is stored cannot be changed."""
        if self.pk is not None:
            raise TypeError("An audit event cannot be changed. Record another one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: the log only grows."""
        raise TypeError("An audit event cannot be deleted.")
