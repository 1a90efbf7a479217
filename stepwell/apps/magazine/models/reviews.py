"""Reviews as events: who read which text, and what they said. Rows are added, never changed."""

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models

from stepwell.domain.reviews import Outcome, Scope


class AppendOnly(models.QuerySet[Any]):
    """Rows that can be added and read."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: what was signed stays as it was signed."""
        raise TypeError("A review cannot be changed. Sign another one.")

    def delete(self) -> NoReturn:
        """Refuse: the history only grows."""
        raise TypeError("A review cannot be deleted.")


class Event(models.Model):
    """What both kinds of event share: the page, the text as it was read, and its fingerprint."""

    # The page may be unpublished or deleted: its history stays, so no row guards the other.
    page = models.ForeignKey(
        "magazine.ArticlePage", models.DO_NOTHING, related_name="+", db_constraint=False
    )
    at = models.DateTimeField(auto_now_add=True)
    revision_id = models.BigIntegerField()  # may be purged later: the text is kept here
    text_hash = models.CharField(max_length=64)
    text = models.TextField()  # canonical JSON; its SHA-256 is text_hash

    objects = AppendOnly.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new event; one that is stored cannot be changed."""
        if self.pk is not None:
            raise TypeError("A review cannot be changed. Sign another one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: the history only grows."""
        raise TypeError("A review cannot be deleted.")


class ReviewEvent(Event):
    """A clinician read a text and signed what they found. The names are those of that day."""

    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    shown_name = models.CharField(max_length=120)
    title = models.CharField(max_length=120)  # profession, in words
    register = models.CharField(max_length=200)
    registration_number = models.CharField(max_length=60)
    interests = models.TextField(blank=True)
    scope = models.CharField(max_length=5, choices=[(one, one) for one in Scope])
    parts = models.TextField(blank=True)  # which, where not the whole
    outcome = models.CharField(max_length=13, choices=[(one, one) for one in Outcome])
    note = models.TextField(blank=True)  # to the editors; readers never see it
    reviewed_on = models.DateField()
    review_due = models.DateField(null=True)

    class Meta:
        permissions: ClassVar[Any] = [
            ("sign_review", "Can sign reviews, with a clinician's profile")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["page", "-at", "-id"], name="magazine_review_of_page")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(review_due=None)
                | models.Q(review_due__gt=models.F("reviewed_on")),
                name="magazine_reviewevent_due_after_review",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="approved", review_due__isnull=False)
                | models.Q(outcome="changes_asked", review_due=None),
                name="magazine_reviewevent_due_if_approved",
            ),
            models.CheckConstraint(
                condition=models.Q(scope="whole", parts="")
                | models.Q(scope="parts") & ~models.Q(parts=""),
                name="magazine_reviewevent_names_its_parts",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="approved") | ~models.Q(note=""),
                name="magazine_reviewevent_says_what_to_change",
            ),
            models.CheckConstraint(
                condition=~models.Q(shown_name="")
                & ~models.Q(title="")
                & ~models.Q(register="")
                & ~models.Q(registration_number=""),
                name="magazine_reviewevent_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.outcome} {self.reviewed_on}"


class TypingErrorEvent(Event):
    """A second person found that only typing errors were changed: the review holds on.

    `text` is the new one. Who changed it and who confirmed it are never the same person.
    """

    review = models.ForeignKey(ReviewEvent, models.PROTECT, related_name="carried")
    old_hash = models.CharField(max_length=64)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        permissions: ClassVar[Any] = [
            ("confirm_typing_error", "Can confirm that only typing errors were changed")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(changed_by=models.F("confirmed_by")),
                name="magazine_typingerror_second_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(old_hash=models.F("text_hash")),
                name="magazine_typingerror_two_texts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.old_hash[:8]} to {self.text_hash[:8]}"
