"""The stewards' regular work."""

from datetime import datetime, timedelta

from stepwell.apps.directory.stewards import clock, evidence, register_changes
from stepwell.apps.tasks.registry import register

LEASE = timedelta(hours=2)  # a directory of millions has many names to compare


def register_tasks() -> None:
    """Look at the calendar every hour: a day begins at other times elsewhere."""
    register("directory.clock", every=timedelta(hours=1), run=clock.work)
    register("directory.evidence", every=timedelta(hours=6), run=forget)
    register("directory.registers", every=timedelta(days=1), run=register_changes.work, lease=LEASE)


def forget(now: datetime) -> int:
    """Delete documents kept for as long as EVIDENCE_KEEP_DAYS says; return how many."""
    return evidence.forget_old(now=now)
