"""The loop that asks what is due until it is told to stop."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import DatabaseError, close_old_connections

from stepwell.apps.tasks import actions
from stepwell.apps.tasks.actions import Clock

LOOK_EVERY = timedelta(seconds=10)
log = logging.getLogger("stepwell.tasks")


def run_until(stopped: Callable[[float], bool], clock: Clock) -> None:
    """Run what is due, then wait; `stopped` waits so many seconds and says whether to end.

    A database that is away for a while is no reason to end: the next look may find it.
    """
    while True:
        close_old_connections()
        try:
            actions.run_due(clock)
        except DatabaseError:
            log.warning("tasks", exc_info=True, extra={"event": "tasks wait", "fields": {}})
        if stopped(LOOK_EVERY.total_seconds()):
            return
