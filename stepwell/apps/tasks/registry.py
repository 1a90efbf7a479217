"""The tasks that rooms register when they start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

LEASE = timedelta(minutes=15)


@dataclass(frozen=True)
class Task:
    """Regular work: `run` gets the moment and does what is due by then.

    A process that dies keeps the task for `lease`, so it must be longer than the work takes.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], object]
    lease: timedelta = LEASE


_tasks: dict[str, Task] = {}


def register(
    name: str,
    *,
    every: timedelta,
    run: Callable[[datetime], object],
    lease: timedelta = LEASE,
) -> None:
    """Have `run` called every so often, in one process at a time. Call it in AppConfig.ready."""
    _tasks[name] = Task(name, every, run, lease)


def tasks() -> tuple[Task, ...]:
    """Return every task by name."""
    return tuple(_tasks[name] for name in sorted(_tasks))
