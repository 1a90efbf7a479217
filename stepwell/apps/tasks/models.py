"""When each task ran and when it is due: one narrow row a task, which is also its lock."""

from django.db import models

FIELD_CLASSES = {
    "TaskState.name": "C",
    "TaskState.due_at": "C",
    "TaskState.claimed_until": "C",
    "TaskState.claim": "C",
    "TaskState.started_at": "C",
    "TaskState.finished_at": "C",
    "TaskState.failures": "C",
    "TaskState.failed_with": "C",
}


class TaskState(models.Model):
    """One task. Who sets `claim` while it is due and unclaimed may run it until `claimed_until`."""

    name = models.CharField(max_length=80, primary_key=True)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    claim = models.CharField(max_length=32, blank=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)  # the last time it went well
    failures = models.PositiveIntegerField(default=0)  # in a row
    failed_with = models.CharField(max_length=120, blank=True)  # the kind of exception, no words

    def __str__(self) -> str:
        return f"{self.name}: due {self.due_at:%Y-%m-%d %H:%M:%S}"
