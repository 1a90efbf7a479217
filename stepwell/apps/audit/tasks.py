"""The room's regular work."""

from datetime import timedelta

from stepwell.apps.audit import checkpoints
from stepwell.apps.audit.linking import link
from stepwell.apps.tasks.registry import register


def register_tasks() -> None:
    """Link what a crash left waiting, every minute; a checkpoint every day."""
    register("audit.link", every=timedelta(minutes=1), run=lambda now: link())
    register("audit.checkpoint", every=timedelta(days=1), run=checkpoints.write)
