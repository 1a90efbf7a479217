"""Append-only: who did what to which thing, when and why. Ids and reasons, no contents.

An event is written without a place in the chain, and gets it right after its transaction
(linking.py). Then it never changes again, but for the two parts that can be erased.
The database refuses the rest by itself (guards.py).
"""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models

FIELD_CLASSES = {
    "Event.id": "C",
    "Event.at": "C",
    "Event.by": "B",
    "Event.verb": "C",
    "Event.thing": "C",
    "Event.reason": "B",
    "Event.position": "C",
    "Event.before": "C",
    "Event.hash": "C",
    "Event.by_salt": "C",
    "Event.by_seal": "C",
    "Event.reason_salt": "C",
    "Event.reason_seal": "C",
    "Head.id": "C",
    "Head.count": "C",
    "Head.hash": "C",
}


class AppendOnly(models.QuerySet[Any]):
    """Rows that can be added and read."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: what was done stays as it was written."""
        raise TypeError("An audit event cannot be changed. Record another one.")

    def delete(self) -> NoReturn:
        """Refuse: the log only grows."""
        raise TypeError("An audit event cannot be deleted.")


class Event(models.Model):
    """One thing done. `by` is empty for what the software did by itself, or once erased."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    verb = models.CharField(max_length=40)
    thing = models.CharField(max_length=120)
    reason = models.CharField(max_length=400, blank=True)

    # The place in the chain: from 1, without gaps; empty until the event is linked.
    position = models.PositiveBigIntegerField(null=True, unique=True, editable=False)
    before = models.CharField(max_length=64, blank=True, editable=False)
    hash = models.CharField(max_length=64, blank=True, editable=False)
    by_salt = models.CharField(max_length=32, blank=True, editable=False)  # empty: erased
    by_seal = models.CharField(max_length=64, blank=True, editable=False)
    reason_salt = models.CharField(max_length=32, blank=True, editable=False)  # empty: erased
    reason_seal = models.CharField(max_length=64, blank=True, editable=False)

    objects: ClassVar[Any] = AppendOnly.as_manager()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["thing", "at"]),
            # A handful of rows; without it every link would read the whole log.
            models.Index(
                fields=["id"], condition=models.Q(position=None), name="audit_event_waiting"
            ),
        ]

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

    @property
    def who(self) -> str:
        """Return who did it, in words."""
        if self.by is not None:
            return str(self.by)
        return "somebody (erased)" if self.hash and not self.by_salt else "the software"


class Head(models.Model):
    """The end of the chain: one row, locked by whoever links."""

    count = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.count} events"


def rows() -> "models.QuerySet[Event]":
    """Return the events past the refusals above: for linking and erasing, in this room only."""
    return models.QuerySet(Event)
