"""How a web process leaves: it says so, goes on answering for a while, and then stops.

A web server in front keeps connections open. One that is closed at the moment of a new
request fails that request, so while we leave every answer closes its own connection.
"""

import os
import signal
import threading
from pathlib import Path
from typing import Any

from django.conf import settings

from stepwell.lib.leaving import SIGN


def make_it_graceful(server: Any, port: int) -> None:
    """Let a SIGTERM wait DRAIN_SECONDS before it stops the server. Ctrl-C stops it at once."""
    if not settings.DRAIN_SECONDS:
        return
    sign = Path(settings.VAR) / f"leaving-{port}"
    sign.unlink(missing_ok=True)
    os.environ[SIGN] = str(sign)
    stop = server.signal_handler_interrupt

    def leave(number: int, frame: Any) -> None:
        if number != signal.SIGTERM or sign.exists():
            stop()
            return
        sign.touch()
        threading.Timer(settings.DRAIN_SECONDS, stop).start()

    server.signal_handler_interrupt = leave
