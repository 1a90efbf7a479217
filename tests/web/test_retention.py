"""TRUST D3: each row of the table of retention has a job, which deletes exactly what is old."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from django.conf import settings as site
from django.contrib.auth.models import Permission
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from stepwell.apps.accounts.models import Person
from stepwell.apps.contact.models import Letter
from stepwell.apps.directory.freshness import actions as freshness
from stepwell.apps.directory.models import Evidence, EvidenceType
from stepwell.apps.directory.models.freshness import Report
from stepwell.apps.directory.stewards import evidence
from stepwell.apps.tasks.actions import run_due
from stepwell.apps.tasks.registry import tasks
from stepwell.domain.freshness import Problem
from stepwell.web import retention
from tests.apps.contact.build import make_letter
from tests.apps.directory.build import make_credential, make_listing

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FIRST = datetime(2026, 3, 1, 9, tzinfo=UTC)


class Case(NamedTuple):
    """How to make a row on a day, and how many still hold what is to go."""

    make: Callable[[datetime, int], Any]
    left: Callable[[], int]


def letter(at: datetime, number: int) -> None:
    make_letter(code=f"code{number}", written_on=at.date())


def report(at: datetime, number: int) -> None:
    said = {"problem": Problem.OTHER, "words": "words", "key": f"key{number}"}
    freshness.report(listing=make_listing(), today=at.date(), **said)


def document(at: datetime, number: int) -> None:
    person = Person.objects.create(username=f"steward{number}")
    person.user_permissions.add(Permission.objects.get(codename="change_credential"))
    row = evidence.add_evidence(
        credential=make_credential(make_listing().provider), type=EvidenceType.LICENCE,
        issuer="Example register", number="1", purpose="to check", content=b"%PDF-1.7 x",
        by=person, at=at,
    )  # fmt: skip
    Evidence.objects.filter(pk=row.pk).update(decided_at=at)


CASES = {
    "CONTACT_KEEP_DAYS": Case(letter, lambda: Letter.objects.count()),
    "REPORT_KEEP_DAYS": Case(report, lambda: Report.objects.exclude(told=None).count()),
    "EVIDENCE_KEEP_DAYS": Case(document, lambda: Evidence.objects.exclude(file=None).count()),
}


def job_of(setting: str) -> Callable[[datetime], object]:
    kept = next(one for one in retention.table() if one.days == setting)
    return next(task.run for task in tasks() if task.name == kept.job)


def test_D3_each_row_has_a_job_that_is_registered_or_says_why_not():
    names = {task.name for task in tasks()}

    for kept in retention.table():
        assert bool(kept.job) != bool(kept.no_job), kept.what
        assert not kept.job or kept.job in names, kept.job
        assert not kept.days or kept.job, f"{kept.days} is read by no job"


def test_D3_each_setting_of_the_table_is_one_of_the_site_and_has_a_case_here():
    assert {kept.days for kept in retention.table() if kept.days} == set(CASES)
    assert all(getattr(site, name) > 0 for name in CASES)


@pytest.mark.parametrize("days", [5, 40])
@pytest.mark.parametrize("setting", CASES)
def test_D3_past_the_limit_exactly_the_old_rows_go(settings, setting: str, days: int):
    setattr(settings, setting, days)
    case, job = CASES[setting], job_of(setting)
    for number in range(3):
        case.make(FIRST + number * DAY, number)

    assert case.left() == 3
    job(FIRST + (days - 1) * DAY)
    assert case.left() == 3
    for gone in (1, 2, 3):
        # An hour past: letters go on the day, documents at the moment.
        assert job(FIRST + (days + gone - 1) * DAY + timedelta(hours=1)) == 1
        assert case.left() == 3 - gone


def test_D3_sessions_that_are_over_are_deleted():
    for ends in (-1, 1):
        store = SessionStore()
        store.set_expiry(ends * 3600)
        store.save()

    run = next(task.run for task in tasks() if task.name == "web.sessions")

    assert run(datetime.now(UTC)) == 1
    assert Session.objects.count() == 1


def test_D3_a_run_reports_how_many_went_and_nothing_else(settings, caplog):
    settings.CONTACT_KEEP_DAYS = 5
    letter(FIRST, 1)
    chosen = [task for task in tasks() if task.name == "contact.forget"]

    with caplog.at_level("INFO", logger="stepwell.tasks"):
        run_due(lambda: FIRST + 9 * DAY, every=chosen)

    fields = caplog.records[-1].fields
    assert fields["done"] == 1
    assert set(fields) == {"task", "ms", "done"}
