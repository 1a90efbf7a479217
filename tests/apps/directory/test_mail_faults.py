"""The mail server down, resetting or slow: nothing is lost, and no reader waits."""

import smtplib
import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from stepwell.apps.directory.freshness import reminders
from stepwell.apps.directory.models.freshness import ReminderMail
from tests.apps.directory.test_freshness_reminders import NOW, make
from tests.faulty import Proxy, proxy_to

pytestmark = pytest.mark.django_db


class MailServer(socketserver.StreamRequestHandler):
    """Takes every mail."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in iter(self.rfile.readline, b""):
            if line.upper().startswith(b"DATA"):
                self.wfile.write(b"354 go on\r\n")
                for part in iter(self.rfile.readline, b".\r\n"):
                    if part.startswith(b"Subject:"):
                        self.server.taken.append(part)
            self.wfile.write(b"250 yes\r\n")
            if line.upper().startswith(b"QUIT"):
                return


@pytest.fixture
def mail(settings: Any) -> Iterator[tuple[Proxy, list[bytes]]]:
    """A mail server behind the proxy, and what it took."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer) as server:
        server.daemon_threads, server.taken = True, []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with proxy_to("127.0.0.1", server.server_address[1]) as proxy:
            settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", proxy.port
            settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT = False, 2
            yield proxy, server.taken
        server.shutdown()


@pytest.mark.parametrize("mode", ["down", "resetting", "slow"])
def test_R4_mail_away_nothing_is_lost_and_nobody_waits(mail, client: Client, mode: str) -> None:
    proxy, taken = mail
    make(60)
    proxy.delay = 0.1 if mode == "slow" else 0
    proxy.turn(mode)
    if mode == "slow":
        assert reminders.remind(NOW)["mails"] == 1
    else:
        with pytest.raises(reminders.MailIsDown) as raised:
            reminders.remind(NOW)
        assert isinstance(raised.value.__cause__, OSError | smtplib.SMTPException)
        assert not ReminderMail.objects.exists()  # all of it is due again
        assert client.get("/help-now/").status_code == 200
        proxy.turn("well")
        assert reminders.remind(NOW)["mails"] == 1

    assert len(taken) == 1
