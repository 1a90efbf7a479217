"""Writes what a long run of matching has shown into docs/proof/matching.md."""

import os
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from pathlib import Path

from django.db import connection

REPORT = Path(__file__).parents[3] / "docs" / "proof" / "matching.md"
MARK = "|---|---|---|---|---|\n"


def tell(what: str, seeds: str, counted: str) -> None:
    """Write a line, in the place of the one that said the same of this database before."""
    version = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[connection.vendor]
    load = os.getloadavg()[0]
    when = f"{datetime.now(UTC):%Y-%m-%d}, load {load:.0f}"
    line = f"| {what} | {version} | {seeds} | {counted} | {when} |\n"
    with REPORT.open("r+", encoding="utf-8") as file:
        flock(file, LOCK_EX)
        head, mark, body = file.read().partition(MARK)
        start = f"| {what} | {version} |"
        lines = [one for one in body.splitlines(keepends=True) if not one.startswith(start)]
        file.seek(0)
        file.write(head + mark + "".join(sorted([*lines, line])))
        file.truncate()
