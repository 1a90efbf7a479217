"""Reads: the state of regular work."""

from datetime import datetime

from django.db.models import Max

from stepwell.apps.tasks.models import TaskState
from stepwell.apps.tasks.registry import tasks


def states() -> list[TaskState]:
    """Return the state of every task that hosts share and that has been asked for once."""
    names = [task.name for task in tasks() if not task.on_every_host]
    return list(TaskState.objects.filter(name__in=names).order_by("name"))


def newest_moment() -> datetime | None:
    """Return when a task last began; None where none ever did."""
    newest: datetime | None = TaskState.objects.aggregate(newest=Max("started_at"))["newest"]
    return newest
