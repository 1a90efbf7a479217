"""The regular work of freshness."""

from datetime import datetime, timedelta

from stepwell.apps.directory.freshness import actions, reminders
from stepwell.apps.tasks.registry import register


def register_tasks() -> None:
    """Ask providers, and delete what is past its time."""
    register("directory.remind", every=timedelta(minutes=15), run=reminders.remind)
    register("directory.forget", every=timedelta(hours=1), run=forget)


def forget(now: datetime) -> int:
    """Take away words of reports kept for as long as REPORT_KEEP_DAYS says; return how many."""
    return actions.forget(now=now)
