"""L5 and R11: the private listener answers for the server, and its numbers tell of nobody."""

import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import timedelta
from http.client import HTTPConnection
from http.server import ThreadingHTTPServer

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from stepwell.cli import private
from stepwell.web import counting
from tests.conftest import ROOT


@pytest.fixture
def counted(settings, tmp_path, monkeypatch):
    """Count into a folder of this test."""
    settings.VAR, settings.PRIVATE_PORT = tmp_path, 1
    settings.PAGES_ROOT = tmp_path / "pages"
    monkeypatch.setattr(counting, "_mine", None)
    return tmp_path


def metric(name: str) -> str:
    """One number of /metrics."""
    found = re.search(rf"^{re.escape(name)} (.+)$", private.metrics().text, re.M)
    return found[1] if found else ""


def test_requests_are_counted_by_class_status_and_time(counted):
    for _ in range(20):
        counting.count("public", 200, 3)
    for _ in range(10):
        counting.count("public", 200, 30)
    counting.count("sensitive", 503, 99_999)

    told = "\n".join(counting.lines())

    label = 'class="public",status="2xx"'
    assert f'stepwell_request_seconds_bucket{{{label},le="0.005"}} 20\n' in told
    assert f'stepwell_request_seconds_bucket{{{label},le="0.05"}} 30\n' in told
    assert f'stepwell_request_seconds_bucket{{{label},le="+Inf"}} 30\n' in told
    assert f"stepwell_request_seconds_count{{{label}}} 30\n" in told
    assert counting.totals()[-1 - counting.WIDTH * len(counting.GROUPS)] == 1  # counted, not shown


def test_L5_one_journey_leaves_no_distinguishable_series(counted, client, db):
    for _ in range(30):
        counting.count("public", 200, 3)
    before = "\n".join(counting.lines())
    canary = "canary-of-a-visitor"

    client.get("/contact/", headers={"user-agent": canary})
    client.get(f"/{canary}/?q={canary}")
    client.post("/find/", {"place": canary})

    assert "\n".join(counting.lines()) == before
    assert sum(counting.totals()) == 33
    held = b"".join(path.read_bytes() for path in counting.folder().iterdir())
    assert canary.encode() not in held
    assert canary not in private.metrics().text


def test_counts_of_several_processes_are_added_up_and_outlive_a_killed_one(counted):
    code = (
        "import os, django; django.setup(); from stepwell.web import counting\n"
        "for _ in range(10): counting.count('public', 200, 1)\n"
        "os.kill(os.getpid(), 9)"
    )
    there = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PRIVATE_PORT": "1"}
    there["STEPWELL_VAR"] = str(counted)
    for _ in range(2):
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=there, check=False)
    for _ in range(10):
        counting.count("public", 200, 1)

    assert sum(counting.totals()) == 30
    counting.begin_again()
    assert sum(counting.totals()) == 0


def test_nothing_is_counted_where_nobody_looks(counted, settings):
    settings.PRIVATE_PORT = 0

    counting.count("public", 200, 1)

    assert not counting.folder().exists()


@pytest.mark.django_db
def test_R11_ready_says_when_a_migration_waits_and_when_the_database_is_away(monkeypatch):
    assert private.ready() == (200, "ok\n")

    MigrationRecorder(connection).record_unapplied("contact", "0001_letters")
    waiting = private.ready()

    def away(*told):
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", away)
    assert (waiting.status, private.ready().status) == (503, 503)
    assert private.metrics().text.count("stepwell_database_up 0") == 1


@pytest.mark.django_db
def test_metrics_tell_of_tasks_pages_and_the_backup(counted, settings):
    from django.utils import timezone

    from stepwell.apps.tasks import registry
    from stepwell.apps.tasks.models import TaskState

    name = registry.tasks()[0].name
    TaskState.objects.create(name=name, due_at=timezone.now() - timedelta(hours=1), failures=2)
    (counted / "last-backup.json").write_text('{"at": "2026-11-24T00:00:00+00:00"}')

    assert int(metric(f'stepwell_task_late_seconds{{task="{name}"}}')) >= 3600
    assert metric(f'stepwell_task_failures{{task="{name}"}}') == "2"
    assert metric("stepwell_database_up") == "1"
    assert metric("stepwell_backup_age_seconds")


def test_health_is_that_of_the_web_server(settings):
    with closing(socket.create_server(("127.0.0.1", 0))) as web:
        port = web.getsockname()[1]
        assert private.health(f"127.0.0.1:{port}").status == 200

    assert private.health(f"127.0.0.1:{port}").status == 503


def test_the_listener_answers_over_http_and_names_no_software(counted):
    with ThreadingHTTPServer((private.ADDRESS, 0), private.handler(None)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        ask = HTTPConnection(private.ADDRESS, server.server_port, timeout=5)
        for path, status in (("/healthz", 200), ("/secret", 404), ("/healthz?x=1", 404)):
            ask.request("GET", path)
            answer = ask.getresponse()
            assert answer.status == status
            assert "Python" not in (answer.headers["Server"] or "")
            answer.read()
            ask.close()
        server.shutdown()


def test_the_listener_is_a_process_on_this_machine_only(tmp_path):
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    there = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PRIVATE_PORT": str(port)}
    there["STEPWELL_VAR"] = str(tmp_path)
    command = [sys.executable, "-m", "stepwell.cli.main", "private"]
    with subprocess.Popen(command, cwd=ROOT, env=there) as running:
        until, status = time.monotonic() + 60, 0
        while not status and time.monotonic() < until:
            time.sleep(0.2)
            ask = HTTPConnection("127.0.0.1", port, timeout=5)
            try:
                ask.request("GET", "/healthz")
                status = ask.getresponse().status
            except OSError:
                continue
            finally:
                ask.close()
        listening = subprocess.run(
            ["cat", "/proc/net/tcp"], capture_output=True, text=True, check=True
        ).stdout
        running.terminate()

    assert status == 200
    assert f"0100007F:{port:04X}" in listening
    assert f"00000000:{port:04X}" not in listening
    assert running.returncode == 0
