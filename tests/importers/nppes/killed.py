"""Runs an import that kills itself with signal 9 at a chosen statement. For test_killed.py.

python -m tests.importers.nppes.killed FOLDER POINT      (0: not at all; prints the number)
"""

import os
import signal
import sys
from functools import partial
from pathlib import Path

import django


def main(folder: Path, point: int) -> int:
    """Import a folder; return how many statements it took."""
    django.setup()
    from django.db import connection
    from django.utils import timezone

    from stepwell.importers.nppes import child, load
    from stepwell.importers.registers import import_nppes

    child.read_blocks = partial(child.read_blocks, block=16 * 1024)
    load.TOGETHER = 2
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


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), int(sys.argv[2])))
