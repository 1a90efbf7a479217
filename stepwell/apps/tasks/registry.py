"""The tasks that rooms register when they start."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

LEASE = timedelta(minutes=15)


@dataclass(frozen=True)
class Task:
    """Regular work: `run` gets the moment and does what is due by then.

    A process that dies keeps the task for `lease`, so it must be longer than the work takes.
    Work `on_every_host` looks after what each machine has of its own, and is claimed by nobody.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], object]
    lease: timedelta = LEASE
    on_every_host: bool = False


_tasks: dict[str, Task] = {}


def register(
    name: str,
    *,
    every: timedelta,
    run: Callable[[datetime], object],
    lease: timedelta = LEASE,
    on_every_host: bool = False,
) -> None:
    """Have `run` called every so often, in one process at a time. Call it in AppConfig.ready."""
    _tasks[name] = Task(name, every, run, lease, on_every_host)


def tasks() -> tuple[Task, ...]:
    """Return every task by name."""
    return tuple(_tasks[name] for name in sorted(_tasks))
