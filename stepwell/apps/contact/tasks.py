"""The room's regular work."""

from datetime import datetime, timedelta

from stepwell.apps.contact import actions
from stepwell.apps.tasks.registry import register


def register_tasks() -> None:
    """Delete what is past its time, every hour."""
    register("contact.forget", every=timedelta(hours=1), run=forget)


def forget(now: datetime) -> None:
    """Delete letters that were kept for as long as CONTACT_KEEP_DAYS says."""
    actions.forget_old_letters(now=now)
