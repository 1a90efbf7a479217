"""Writes: claim what is due, run it, say when it is due again."""

import logging
import secrets
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db.models import Q

from stepwell.apps.tasks.models import TaskState
from stepwell.apps.tasks.registry import Task, tasks

Clock = Callable[[], datetime]
SOONEST_RETRY = timedelta(minutes=1)
LATEST_RETRY = timedelta(hours=1)
log = logging.getLogger("stepwell.tasks")


def run_due(clock: Clock, *, every: Iterable[Task] | None = None) -> dict[str, bool]:
    """Run every task that is due and free; return which ran and whether it went well."""
    ran: dict[str, bool] = {}
    for task in tasks() if every is None else every:
        if task.on_every_host:
            ran[task.name] = run_here(task, clock)
            continue
        claim = _claim(task, clock())
        if claim:
            ran[task.name] = _run(task, claim, clock)
    return ran


def _claim(task: Task, now: datetime) -> str:
    """Return the sign of our claim, or nothing where the task is not due or somebody else's.

    One UPDATE decides, so two processes can never both win, on either database.
    """
    TaskState.objects.get_or_create(name=task.name, defaults={"due_at": now})
    sign = secrets.token_hex(16)
    free = Q(claimed_until=None) | Q(claimed_until__lt=now)
    won = TaskState.objects.filter(free, name=task.name, due_at__lte=now).update(
        claim=sign, claimed_until=now + task.lease, started_at=now
    )
    return sign if won else ""


def _run(task: Task, claim: str, clock: Clock) -> bool:
    failure = _failure_of(task, clock)
    _give_back(task, claim, clock(), failure)
    return not failure


def run_here(task: Task, clock: Clock) -> bool:
    """Run a task that every host does for itself; say whether it went well."""
    return not _failure_of(task, clock)


def _failure_of(task: Task, clock: Clock) -> str:
    """Run a task and return the kind of its failure, or nothing."""
    started = time.perf_counter()
    try:
        done = task.run(clock())
    except Exception as error:
        log.warning("task", exc_info=True, extra=_event(task, "task failed", started))
        return type(error).__name__
    if done or not task.on_every_host:  # a look every second that finds nothing is no event
        log.info("task", extra=_event(task, "task", started, done))
    return ""


def _give_back(task: Task, claim: str, now: datetime, failure: str) -> None:
    """Free the task, unless the lease ran out and somebody else holds it now."""
    ours = TaskState.objects.filter(name=task.name, claim=claim)
    if not failure:
        ours.update(
            claim="",
            claimed_until=None,
            due_at=now + task.every,
            finished_at=now,
            failures=0,
            failed_with="",
        )
        return
    failures = (ours.values_list("failures", flat=True).first() or 0) + 1
    ours.update(
        claim="",
        claimed_until=None,
        due_at=now + pause_after(failures),
        failures=failures,
        failed_with=failure,
    )


def pause_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: 1, 2, 4 ... minutes, then hourly."""
    doublings: int = 2 ** min(failures - 1, 10)
    return min(SOONEST_RETRY * doublings, LATEST_RETRY)


def _event(task: Task, event: str, started: float, done: object = None) -> dict[str, object]:
    ms = round((time.perf_counter() - started) * 1000, 1)
    fields: dict[str, object] = {"task": task.name, "ms": ms}
    if isinstance(done, int):  # a task that counts says how many
        fields["done"] = done
    return {"event": event, "fields": fields}
