"""Imports a file in a process of its own and dies, without a word, at one of its statements."""

import os
import signal
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import django
from django.db import connection


def main() -> None:
    """Arguments: the statement to die at (0: none), the media folder, the exports."""
    last, media, *paths = sys.argv[1:]
    django.setup()
    count = 0

    def counted(execute, sql, params, many, context):
        nonlocal count
        count += 1
        if count == int(last):
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(counted):
        import_module("stepwell.importers.article_runs").import_wxr(
            [Path(path) for path in paths],
            clock=lambda: datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
            media_path=Path(media),
        )
    print(count)


if __name__ == "__main__":
    main()
