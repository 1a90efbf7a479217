"""The room's regular work."""

from datetime import timedelta

from stepwell.apps.magazine import scheduling
from stepwell.apps.tasks.registry import register


def register_tasks() -> None:
    """Publish and take down dated articles within the minute."""
    register("magazine.schedule", every=timedelta(seconds=20), run=scheduling.do_what_is_due)
