"""The loop that asks what is due until it is told to stop."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from django.db import DatabaseError, close_old_connections, connections

from stepwell.apps.tasks import actions
from stepwell.apps.tasks.actions import Clock
from stepwell.apps.tasks.registry import Task, tasks

LOOK_EVERY = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(seconds=30)
SECONDS_TO_END = 5
log = logging.getLogger("stepwell.tasks")


def run_until(stopped: Callable[[float], bool], clock: Clock) -> None:
    """Run what is due, then wait; `stopped` waits so many seconds and says whether to end.

    A database that is away for a while is no reason to end: the next look may find it.
    What every host does for itself runs beside it, so that no long work holds it up.
    """
    shared = [task for task in tasks() if not task.on_every_host]
    with _beside(clock):
        while True:
            close_old_connections()
            try:
                actions.run_due(clock, every=shared)
            except DatabaseError:
                log.warning("tasks", exc_info=True, extra={"event": "tasks wait", "fields": {}})
            if stopped(LOOK_EVERY.total_seconds()):
                return


@contextmanager
def _beside(clock: Clock) -> Iterator[None]:
    """Repeat each task of this host in a thread of its own for as long as the block lasts."""
    over = Event()
    here = [task for task in tasks() if task.on_every_host]
    threads = [Thread(target=_repeat, args=(task, clock, over), daemon=True) for task in here]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(SECONDS_TO_END)


def _repeat(task: Task, clock: Clock, over: Event) -> None:
    pause = task.every
    while not over.wait(pause.total_seconds()):
        close_old_connections()
        well = actions.run_here(task, clock)
        pause = task.every if well else min(2 * pause, LONGEST_PAUSE)
    connections.close_all()
