"""`stepwell tasks`: the regular work alone, for hosts who run it beside their web servers."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module

import click
import django

SECONDS_TO_STOP = 20


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then stop; for a host's own cron.")
@click.option("--with-parent", is_flag=True, hidden=True, help="Stop when the parent has gone.")
def tasks(once: bool, with_parent: bool) -> None:
    """Do the regular work: scheduled publishing, expiry, and what rooms have registered."""
    django.setup()
    # Models can only be imported after the set-up.
    now = import_module("django.utils.timezone").now
    if once:
        ran = import_module("stepwell.apps.tasks.actions").run_due(now)
        for name, well in ran.items():
            click.echo(f"{name}: {'done' if well else 'failed, will be tried again'}")
        if not ran:
            click.echo("Nothing is due.")
        raise SystemExit(0 if all(ran.values()) else 1)
    import_module("stepwell.apps.tasks.loop").run_until(stopped(with_parent), now)


def stopped(with_parent: bool) -> Callable[[float], bool]:
    """Return what waits and says whether to end: at a signal, or when the parent has gone."""
    stop, parent = threading.Event(), os.getppid()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())

    def wait(seconds: float) -> bool:
        for _ in range(max(1, int(seconds))):
            if stop.wait(1) or (with_parent and os.getppid() != parent):
                return True
        return False

    return wait


@contextmanager
def beside() -> Iterator[None]:
    """Run the loop as a child for as long as the block lasts, and not a moment longer."""
    command = [sys.executable, "-m", "stepwell.cli.main", "tasks", "--with-parent"]
    child = subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own program
    try:
        yield
    finally:
        child.terminate()
        try:
            child.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            child.kill()
