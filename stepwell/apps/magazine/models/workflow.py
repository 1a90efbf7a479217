"""The step of the workflow that a clinician takes."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from wagtail.models import Task, TaskState

from stepwell.apps.magazine import access


class ClinicalReviewTask(Task):
    """Waits for a signed review. Its approval is the signature itself, never a mere click.

    The signature has a page of its own, which shows the text that is signed
    (`review_views.sign`); Wagtail's own buttons are left out, and its requests refused.
    """

    class Meta:
        verbose_name = "clinician's review"
        verbose_name_plural = "clinicians' reviews"

    @classmethod
    def get_description(cls) -> str:
        """Return what an administrator reads when choosing a kind of task."""
        return "A clinician with a profile reads the whole text and signs what they found"

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        """Let clinicians open the text and comment on it while it is theirs to read."""
        return access.can_sign(user)

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Keep the text as it is while a clinician reads it."""
        return not (user.is_superuser or access.can_sign(user))

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Offer none: signing has its own page."""
        return []

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> "QuerySet[TaskState]":
        """Return what waits, for those who may sign."""
        waiting = TaskState.STATUS_IN_PROGRESS if access.can_sign(user) else None
        found: QuerySet[TaskState] = self.task_states.filter(status=waiting)
        return found

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> None:
        """Refuse: a review without its signature is none."""
        raise PermissionDenied("Sign the review on its own page.")
