"""The room's regular work."""

from datetime import timedelta

from stepwell.apps.accounts import mails
from stepwell.apps.tasks.registry import register


def register_tasks() -> None:
    """Send the mails to the staff, every minute."""
    register("accounts.mails", every=timedelta(minutes=1), run=mails.send_waiting)
