"""The doctor: each finding is made when it is true, and only then; its words say what to do."""

import json
import stat
from datetime import UTC, date, datetime, timedelta

import pytest
from click.testing import CliRunner

from stepwell.apps.tasks import registry
from stepwell.apps.tasks.models import TaskState
from stepwell.cli import doctor as looking
from stepwell.cli import findings
from stepwell.cli.doctor import doctor
from stepwell.cli.findings import GB, Site, Work

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TODAY = NOW.date()
WELL = Site(
    debug=False,
    site_url="https://network.example",
    hosts=("network.example",),
    secret_key="abcdefghijklmnopqrstuvwxyz0123456789",
    unsigned_acknowledged=False,
    signed=True,
    contact_email="team@network.example",
    email_host="mail.network.example",
)
DONE = Work("contact.forget", NOW - timedelta(minutes=1), 0, "", running=False)


def wrong(found) -> str:
    """What was found, in one text."""
    return " ".join(f"{one.wrong} {one.todo}" for one in found)


def test_a_site_in_order_has_no_findings():
    every = [
        findings.settings(WELL), findings.mail(WELL), findings.disk(50 * GB, 100 * GB),
        findings.permissions({"keys": stat.S_IFREG | 0o600, "var": stat.S_IFDIR | 0o700}),
        findings.sealing(None), findings.database(None, []), findings.tasks([DONE], NOW),
        findings.backup(NOW - timedelta(hours=20), NOW),
        findings.facts([], [("a.toml", TODAY + timedelta(days=90))], TODAY),
        findings.clock(NOW - timedelta(seconds=1), NOW), findings.pages(GB, 50 * GB, 20.0),
    ]  # fmt: skip

    assert [list(some) for some in every] == [[] for _ in every]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"debug": True}, "Remove DEBUG"),
        ({"site_url": "http://localhost:8000"}, "not https"),
        ({"hosts": ("*",)}, "Remove ALLOWED_HOSTS"),
        ({"secret_key": "short"}, "SECRET_KEY is short"),
        ({"secret_key": "ab" * 30}, "repeats itself"),
        ({"signed": False}, "No clinician of yours has signed"),
        ({"signed": False, "unsigned_acknowledged": True}, "UNSIGNED_ACKNOWLEDGED lets it run"),
    ],
)
def test_each_setting_that_is_wrong_is_found(changed, words):
    found = list(findings.settings(WELL._replace(**changed)))

    assert len(found) == 1
    assert words in wrong(found)


def test_mail_that_goes_nowhere_is_found():
    found = list(findings.mail(WELL._replace(email_host="", contact_email="hello@example.org")))

    assert "EMAIL_HOST" in wrong(found)
    assert "CONTACT_EMAIL is still hello@example.org" in wrong(found)


@pytest.mark.parametrize(
    ("free", "total", "is_low"), [(1, 100, True), (1, 5, False), (3, 100, False)]
)
def test_a_disk_that_is_nearly_full_is_found(free, total, is_low):
    assert bool(list(findings.disk(free * GB, total * GB))) is is_low


@pytest.mark.parametrize(
    ("mode", "todo"),
    [(stat.S_IFREG | 0o640, "chmod 600 x"), (stat.S_IFDIR | 0o755, "chmod 700 x")],
)
def test_what_others_may_read_is_found(mode, todo):
    assert todo in wrong(findings.permissions({"x": mode}))


def test_late_and_failing_work_is_found():
    late = DONE._replace(due_at=NOW - timedelta(hours=5))
    failing = DONE._replace(name="directory.remind", failures=3, failed_with="TimeoutError")

    assert "waits for 5.0 hours" in wrong(findings.tasks([late, DONE], NOW))
    assert list(findings.tasks([late._replace(running=True)], NOW)) == []
    assert "directory.remind has not succeeded 3 times in a row (TimeoutError)" in wrong(
        findings.tasks([failing], NOW)
    )


def test_an_old_backup_and_none_are_found():
    assert "No backup was ever made" in wrong(findings.backup(None, NOW))
    assert "3 days old" in wrong(findings.backup(NOW - timedelta(days=3), NOW))


def test_facts_past_their_day_and_soon_due_are_two_findings():
    due = [("a.toml", TODAY - timedelta(days=1)), ("b.toml", TODAY + timedelta(days=60))]

    past, soon = findings.facts([], due, TODAY)

    assert "1 files of facts are past" in past.wrong
    assert "a.toml" in past.wrong
    assert "within 60 days" in soon.wrong
    assert "b.toml" in soon.wrong
    assert "Repair the file" in wrong(findings.facts(["x.toml: bad"], [], TODAY))


def test_a_clock_that_went_back_is_found():
    assert "timedatectl" in wrong(findings.clock(NOW + timedelta(days=1), NOW))


def test_pages_that_fill_the_disk_or_that_nobody_looks_after_are_found():
    assert "more than is free" in wrong(findings.pages(3 * GB, 2 * GB, None))
    assert "for 30 minutes" in wrong(findings.pages(0, GB, 1800.0))


def test_a_database_that_is_away_or_behind_and_keys_that_do_not_open_are_found():
    assert "does not answer (OperationalError)" in wrong(findings.database("OperationalError", []))
    assert "2 changes" in wrong(findings.database(None, ["contact.0002", "contact.0003"]))
    assert "Put the copy of your keys back" in wrong(findings.sealing("no key"))


def test_a_stamp_that_cannot_be_read_counts_as_no_backup(tmp_path):
    (tmp_path / "stamp").write_text("{")

    assert looking.last_backup(tmp_path / "stamp") is None


def test_the_days_of_the_packaged_facts_are_read():
    days = dict(looking.due_days())

    assert days["crisis_lines/de.toml"] > date(2026, 1, 1)
    assert len(days) > 100


@pytest.fixture
def folder(settings, tmp_path):
    """Let this site have a folder of its own."""
    settings.VAR, settings.PAGES_ROOT = tmp_path, tmp_path / "pages"
    settings.TOMBSTONES_FILE = tmp_path / "tombstones"
    return tmp_path


@pytest.mark.django_db
def test_the_command_tells_people_and_programs_and_ends_with_1(folder, settings):
    settings.DEBUG = True
    name = registry.tasks()[0].name
    TaskState.objects.create(name=name, due_at=datetime.now(UTC) - timedelta(days=2))

    told = CliRunner().invoke(doctor, [])
    data = CliRunner().invoke(doctor, ["--json"])

    assert told.exit_code == data.exit_code == 1
    assert "What to do: Remove DEBUG" in told.output
    found = json.loads(data.output)
    assert {"settings", "mail", "backup", "tasks"} <= {one["subject"] for one in found}
    assert "database" not in {one["subject"] for one in found}
    assert all(one["todo"] and one["why"] for one in found)


@pytest.mark.django_db
def test_the_clock_is_compared_with_what_the_database_holds(folder):
    ahead = datetime.now(UTC) + timedelta(days=2)
    TaskState.objects.create(name="a", due_at=ahead, started_at=ahead)

    found = [one.subject for one in looking.look(datetime.now(UTC))]

    assert "clock" in found


@pytest.mark.django_db
def test_keys_that_open_nothing_are_told(folder, settings):
    settings.SEALING_KEYS = ""
    settings.SEALING_KEYS_FILE = str(folder / "none")

    found = [one.wrong for one in looking.look(datetime.now(UTC)) if one.subject == "keys"]

    assert len(found) == 1
    assert "There is no file of keys" in found[0]
