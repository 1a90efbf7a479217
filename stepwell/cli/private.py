"""The private listener: /healthz, /readyz and /metrics, on this machine only.

It is a process of its own beside the web server, so that it answers while the server is
busy. It is not in the register of routes: nothing of it is reachable from outside.
"""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import click
import django
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection

from stepwell.lib.leaving import is_leaving

ADDRESS = "127.0.0.1"
SECONDS_TO_ANSWER = 2
SECONDS_TO_STOP = 5


class Said(NamedTuple):
    """What the listener answers."""

    status: int
    text: str


@click.command(hidden=True)
@click.option("--web", help="HOST:PORT of the web server that it speaks for.")
@click.option("--with-parent", is_flag=True, hidden=True, help="Stop when the parent has gone.")
def private(web: str | None, with_parent: bool) -> None:
    """Answer /healthz, /readyz and /metrics on PRIVATE_PORT of this machine, until stopped."""
    django.setup()
    if not settings.PRIVATE_PORT:
        raise click.ClickException("PRIVATE_PORT is not set. Write a free port into .env.")
    with ThreadingHTTPServer((ADDRESS, settings.PRIVATE_PORT), handler(web)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        import_module("stepwell.cli.tasks").stopped(with_parent)(float(2**31))
        server.shutdown()


def handler(web: str | None) -> type[BaseHTTPRequestHandler]:
    """Return what answers requests for this web server."""
    answers: dict[str, Callable[[], Said]] = {
        "/healthz": lambda: health(web),
        "/readyz": ready,
        "/metrics": metrics,
    }

    class Handler(BaseHTTPRequestHandler):
        """Answers GET and HEAD; writes no log."""

        timeout = SECONDS_TO_ANSWER
        server_version, sys_version = "", ""

        def do_GET(self) -> None:
            try:
                said = answers.get(self.path, lambda: Said(404, "not here\n"))()
            finally:
                close_old_connections()
            body = said.text.encode()
            self.send_response(said.status)
            self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 - the library's names

        def log_message(self, *told: Any) -> None:
            """Write nothing."""

    return Handler


def health(web: str | None) -> Said:
    """Say whether the web server takes connections. Asks no database."""
    if web is not None:
        host, _, port = web.rpartition(":")
        try:
            socket.create_connection((host, int(port)), SECONDS_TO_ANSWER).close()
        except OSError:
            return Said(503, "the web server takes no connections\n")
    return Said(200, "ok\n")


def ready() -> Said:
    """Say whether requests may be sent here: the database answers, with all migrations seen."""
    if is_leaving():
        return Said(503, "this process is about to stop\n")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        waiting = import_module("stepwell.cli.doctor").waiting_migrations()
    except DatabaseError:
        return Said(503, "the database does not answer\n")
    if waiting:
        return Said(503, f"{len(waiting)} migrations wait\n")
    return Said(200, "ok\n")


def metrics() -> Said:
    """Return the numbers of this machine in Prometheus' text form."""
    lines = list(import_module("stepwell.web.counting").lines())
    try:
        lines += [*_tasks(datetime.now(UTC)), *_pages()]
    except DatabaseError:
        lines.append("stepwell_database_up 0")
    else:
        lines.append("stepwell_database_up 1")
    return Said(200, "\n".join([*lines, *_backup(datetime.now(UTC)), ""]))


def _tasks(now: datetime) -> Iterator[str]:
    """Yield of each piece of regular work how late it is, and how often it failed in a row."""
    works = list(import_module("stepwell.cli.doctor").works(now))
    yield "# TYPE stepwell_task_late_seconds gauge"
    for work in works:
        late = max(0.0, (now - work.due_at).total_seconds())
        yield f'stepwell_task_late_seconds{{task="{work.name}"}} {late:.0f}'
    yield "# TYPE stepwell_task_failures gauge"
    for work in works:
        yield f'stepwell_task_failures{{task="{work.name}"}} {work.failures}'


def _pages() -> Iterator[str]:
    """Yield how many pages are kept, and how many are out of service until they are looked at."""
    kept = import_module("stepwell.apps.pages.folder").store()
    if kept is not None:
        yield "# TYPE stepwell_pages_kept gauge"
        yield f"stepwell_pages_kept {len(kept.paths())}"
        yield "# TYPE stepwell_pages_held gauge"
        yield f"stepwell_pages_held {len(kept.held_paths())}"


def _backup(now: datetime) -> Iterator[str]:
    """Yield how old the newest good backup is; nothing where none was made here."""
    doctor = import_module("stepwell.cli.doctor")
    last = doctor.last_backup(Path(settings.VAR) / doctor.STAMP)
    if last is not None:
        yield "# TYPE stepwell_backup_age_seconds gauge"
        yield f"stepwell_backup_age_seconds {(now - last).total_seconds():.0f}"


@contextmanager
def beside(host: str, port: int) -> Iterator[None]:
    """Run the listener as a child for as long as the block lasts, where a port is set for it."""
    if not settings.PRIVATE_PORT:
        yield
        return
    import_module("stepwell.web.counting").begin_again()
    web = f"{ADDRESS if host in {'0.0.0.0', '::'} else host}:{port}"  # noqa: S104 - compared only
    command = [sys.executable, "-m", "stepwell.cli.main", "private", "--with-parent", "--web", web]
    child = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own program
    try:
        yield
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            child.kill()
