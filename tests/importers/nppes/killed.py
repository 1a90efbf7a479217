"""Runs imports that are killed with signal 9. For test_killed.py.

Reads lines `POINT FOLDER`, forks for each, and answers with how the import ended, how
many statements it took and how many milliseconds. POINT is a statement before which the
import kills itself, 0 for none, or negative: after so many milliseconds it is killed
from outside, wherever it is. With the argument `small`, blocks are small enough for
files of a few hundred rows to have many.
"""

import os
import signal
import sys
import time
from functools import partial
from pathlib import Path

import django


def imported(folder: Path, point: int) -> int:
    """Import a folder; return how many statements it took."""
    from django.db import connection
    from django.utils import timezone

    from stepwell.importers.registers import import_nppes

    taken = 0

    def count(execute, sql, params, many, context):
        nonlocal taken
        taken += 1
        if taken == point:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        import_nppes(folder, clock=timezone.now)
    return taken


def forked(folder: Path, point: int) -> tuple[int, int, int]:
    """Import in a process of its own; return exit code, statements and milliseconds."""
    back, out = os.pipe()
    started = time.monotonic()
    if (process := os.fork()) == 0:
        os.write(out, str(imported(folder, point)).encode())
        os._exit(0)
    os.close(out)
    if point < 0:
        time.sleep(-point / 1000)
        os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    passed = int((time.monotonic() - started) * 1000)
    with os.fdopen(back) as told:
        return os.waitstatus_to_exitcode(status), int(told.read() or 0), passed


def main(*, small: bool) -> None:
    """Answer until the input ends. No connection is open here, so that none is shared."""
    django.setup()
    from stepwell.importers.nppes import child, load

    if small:
        child.read_blocks = partial(child.read_blocks, block=16 * 1024)
        load.TOGETHER = 2
    for line in sys.stdin:
        point, folder = line.rstrip("\n").split(" ", 1)
        print(*forked(Path(folder), int(point)), flush=True)


if __name__ == "__main__":
    main(small="small" in sys.argv)
