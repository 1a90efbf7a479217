"""Writes one section of bench/RESULTS.md, below "By hand", and leaves the others alone."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

import django

RESULTS = Path(__file__).parent / "RESULTS.md"


def write_section(title: str, text: str) -> None:
    """Put a section in the place of the one with this title, or at the end."""
    whole = RESULTS.read_text(encoding="utf-8")
    heading = f"## {title}\n"
    section = f"{heading}\n{text.strip()}\n"
    before, found, rest = whole.partition(heading)
    if not found:
        RESULTS.write_text(f"{whole.rstrip()}\n\n{section}", encoding="utf-8")
        return
    following = rest.partition("\n## ")
    after = f"\n## {following[2]}" if following[1] else ""
    RESULTS.write_text(f"{before}{section}{after}", encoding="utf-8")


def circumstances() -> str:
    """Return date, versions, machine and load in a line."""
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, Django "
        f"{django.get_version()}, {os.cpu_count()} cores, {platform.machine()}, load {load} at the "
        "end of the run (1, 5, 15 minutes)"
    )


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """Return a table; all columns but the first are numbers."""
    lines = [f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 1)}"]
    lines += [f"| {' | '.join(str(one) for one in row)} |" for row in rows]
    return "\n".join(lines) + "\n"
