"""The room's regular work."""

from datetime import datetime, timedelta

from stepwell.apps.contact import actions
from stepwell.apps.tasks.registry import register


def register_tasks() -> None:
    """Delete what is past its time, every hour."""
    register("contact.forget", every=timedelta(hours=1), run=forget)


def forget(now: datetime) -> int:
    """Delete letters kept for as long as CONTACT_KEEP_DAYS says; return how many."""
    return actions.forget_old_letters(now=now)
