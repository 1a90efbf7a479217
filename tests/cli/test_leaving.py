"""R10: a web process that is to stop says so, answers for a while, and closes its lines."""

import signal
import time

import pytest

from stepwell.cli import leaving, private
from stepwell.lib.leaving import SIGN, is_leaving


class Server:
    def __init__(self) -> None:
        self.stopped = 0

    def signal_handler_interrupt(self, *_: object) -> None:
        self.stopped += 1


@pytest.fixture
def server(settings, tmp_path, monkeypatch):
    settings.VAR, settings.DRAIN_SECONDS = tmp_path, 0.2
    monkeypatch.setenv(SIGN, "")
    (tmp_path / "leaving-8000").touch()  # left behind by one that was killed
    found = Server()
    leaving.make_it_graceful(found, 8000)
    return found


def test_R10_it_says_so_first_and_stops_later(server):
    assert not is_leaving()

    server.signal_handler_interrupt(signal.SIGTERM, None)

    assert is_leaving()
    assert private.ready().status == 503
    assert server.stopped == 0
    time.sleep(0.5)
    assert server.stopped == 1


def test_somebody_at_the_keyboard_or_in_a_hurry_does_not_wait(server):
    server.signal_handler_interrupt(signal.SIGINT, None)
    assert server.stopped == 1
    server.signal_handler_interrupt(signal.SIGTERM, None)
    server.signal_handler_interrupt(signal.SIGTERM, None)
    assert server.stopped == 2
    time.sleep(0.4)


@pytest.mark.django_db
def test_R10_answers_close_their_lines_while_it_leaves(server, monkeypatch):
    from stepwell.config import wsgi
    from stepwell.web import first

    found = first.Answer("web:about", "200 OK", [("X", "y")], b"")
    monkeypatch.setattr(wsgi, "_kept", object())
    monkeypatch.setattr(first, "answer", lambda kept, environ: found)
    told: list[dict[str, str]] = []

    wsgi.application({}, lambda status, headers: told.append(dict(headers)))
    server.signal_handler_interrupt(signal.SIGTERM, None)
    wsgi.application({}, lambda status, headers: told.append(dict(headers)))

    assert [headers.get("Connection") for headers in told] == [None, "close"]
    time.sleep(0.4)
