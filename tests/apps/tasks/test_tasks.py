"""Regular work: once at a time, on time, again after a failure. The clock is ours."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connections

from stepwell.apps.tasks import actions, loop
from stepwell.apps.tasks.models import TaskState
from stepwell.apps.tasks.registry import Task, tasks
from stepwell.web.logs import EventFormatter

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


class Clock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


def make_task(run, name: str = "a", every: timedelta = MINUTE) -> Task:
    return Task(name, every, run)


@pytest.mark.django_db
def test_a_task_runs_when_it_is_due_and_not_before():
    clock, ran = Clock(), []
    task = make_task(ran.append)

    for _ in range(7):
        actions.run_due(clock, every=[task])
        clock.move(timedelta(seconds=20))

    assert ran == [START, START + MINUTE, START + 2 * MINUTE]


@pytest.mark.django_db
def test_a_failure_is_tried_again_later_and_later_and_then_forgotten():
    clock, tries = Clock(), []

    def fail(now: datetime) -> None:
        tries.append(now)
        if len(tries) < 4:
            raise ValueError

    task = make_task(fail, every=timedelta(hours=5))
    for _ in range(20):
        actions.run_due(clock, every=[task])
        clock.move(MINUTE)

    assert [(t - START) // MINUTE for t in tries] == [0, 1, 3, 7]
    state = TaskState.objects.get(name="a")
    assert (state.failures, state.failed_with) == (0, "")
    assert state.finished_at == START + 7 * MINUTE


@pytest.mark.django_db
def test_L1_a_failure_is_logged_as_an_event_without_its_words(caplog):
    def fail(now: datetime) -> None:
        raise ValueError("canary-words")

    ran = actions.run_due(Clock(), every=[make_task(fail)])
    lines = [EventFormatter().format(one) for one in caplog.records]

    assert ran == {"a": False}
    assert any('"event": "task failed"' in line and "ValueError" in line for line in lines)
    assert not any("canary-words" in line for line in lines)
    assert TaskState.objects.get(name="a").failed_with == "ValueError"


@pytest.mark.django_db
def test_one_task_that_fails_stops_no_other():
    ran = []
    bad = make_task(lambda now: 1 / 0, "bad")

    done = actions.run_due(Clock(), every=[bad, make_task(ran.append, "good")])

    assert done == {"bad": False, "good": True}
    assert ran == [START]


@pytest.mark.django_db
def test_what_a_killed_process_held_is_free_when_the_lease_is_over():
    clock, ran = Clock(), []
    task = make_task(ran.append)
    assert actions._claim(task, clock())  # and then the process is gone

    clock.move(timedelta(minutes=14))
    actions.run_due(clock, every=[task])
    assert ran == []

    clock.move(timedelta(minutes=2))
    actions.run_due(clock, every=[task])
    assert ran == [START + timedelta(minutes=16)]


@pytest.mark.django_db
def test_a_process_that_comes_back_late_does_not_free_what_another_holds():
    clock = Clock()
    task = make_task(lambda now: None)
    late = actions._claim(task, clock())
    clock.move(timedelta(minutes=16))
    other = actions._claim(task, clock())

    actions._give_back(task, late, clock(), "")

    assert TaskState.objects.get(name="a").claim == other


@pytest.mark.django_db(transaction=True)
def test_many_processes_at_once_run_a_task_once():
    clock, ran, begin = Clock(), [], threading.Barrier(6)
    task = make_task(ran.append)
    TaskState.objects.create(name="a", due_at=START)

    def process() -> None:
        begin.wait()
        try:
            actions.run_due(clock, every=[task])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=process) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert ran == [START]


def test_pauses_double_and_end_at_an_hour():
    minutes = [actions.pause_after(n) // MINUTE for n in (1, 2, 3, 7, 50)]

    assert minutes == [1, 2, 4, 60, 60]


@pytest.mark.django_db
def test_the_loop_ends_when_told_and_outlives_a_database_that_is_away(monkeypatch):
    looks = []

    def away(clock, every):
        looks.append(1)
        raise DatabaseError

    monkeypatch.setattr(actions, "run_due", away)
    monkeypatch.setattr(loop, "close_old_connections", lambda: None)
    monkeypatch.setattr(loop, "tasks", lambda: ())
    answers = iter([False, False, True])

    loop.run_until(lambda seconds: next(answers), Clock())

    assert len(looks) == 3


def test_the_magazine_has_its_dated_articles_published_within_the_minute():
    known = {task.name: task for task in tasks()}

    assert known["magazine.schedule"].every + loop.LOOK_EVERY <= MINUTE
