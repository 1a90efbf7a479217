"""How many requests there were and how long they took: by class of page and status, in buckets.

No path, no address, no person: a count is shown in tens, so that one visitor's journey moves
nothing that could be told from another's (TRUST L5). Each process counts in a small file of its
own, mapped into memory: nothing is written to a log or a network, a killed process loses no
count, and whoever shows the numbers adds the files up.
"""

import mmap
import os
import secrets
import struct
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from django.conf import settings

from stepwell.web.routes import PageClass

CLASSES = tuple(one.value for one in PageClass)
GROUPS = ("2xx", "3xx", "4xx", "5xx")
BUCKETS = (5, 10, 25, 50, 100, 250, 500, 1_000, 5_000)  # milliseconds, and what took longer
WIDTH = len(BUCKETS) + 1
SLOTS = len(CLASSES) * len(GROUPS) * WIDTH
NUMBER = struct.Struct("<Q")
SHOWN_IN = 10
_lock = Lock()
_mine: tuple[int, mmap.mmap] | None = None  # of which process, and its file


def folder() -> Path:
    """Return where processes keep their counts."""
    return Path(settings.VAR) / "counts"


def count(page_class: str, status: int, ms: float) -> None:
    """Count one request, where somebody looks at the numbers."""
    if not settings.PRIVATE_PORT or not 200 <= status < 600:
        return
    row = CLASSES.index(page_class) * len(GROUPS) + status // 100 - 2
    at = (row * WIDTH + bisect_left(BUCKETS, ms)) * NUMBER.size
    with _lock:
        held = _own()
        NUMBER.pack_into(held, at, NUMBER.unpack_from(held, at)[0] + 1)


def _own() -> mmap.mmap:
    """Return the counts of this process; made at its first request."""
    global _mine
    if _mine is None or _mine[0] != os.getpid():  # a forked process begins its own
        folder().mkdir(parents=True, exist_ok=True)
        path = folder() / f"{os.getpid()}-{secrets.token_hex(4)}"
        path.write_bytes(bytes(SLOTS * NUMBER.size))
        with path.open("r+b") as file:
            _mine = os.getpid(), mmap.mmap(file.fileno(), 0)
    return _mine[1]


def begin_again() -> None:
    """Drop the counts of earlier starts. Call it before any process counts."""
    for path in folder().glob("*-*"):
        path.unlink(missing_ok=True)


def totals() -> list[int]:
    """Return the counts of all processes of this machine, added up."""
    found = [0] * SLOTS
    for path in folder().glob("*-*"):
        raw = path.read_bytes()
        if len(raw) == SLOTS * NUMBER.size:
            found = [a + b for a, (b,) in zip(found, NUMBER.iter_unpack(raw), strict=True)]
    return found


def lines() -> Iterator[str]:
    """Yield the counts as Prometheus reads them: a histogram for each class and status."""
    yield "# HELP stepwell_request_seconds Answered requests by class of page and status, in tens."
    yield "# TYPE stepwell_request_seconds histogram"
    found = totals()
    for row in range(len(CLASSES) * len(GROUPS)):
        kind, status = CLASSES[row // len(GROUPS)], GROUPS[row % len(GROUPS)]
        label = f'class="{kind}",status="{status}"'
        so_far = 0
        for place, number in enumerate(found[row * WIDTH : (row + 1) * WIDTH]):
            so_far += number
            limit = f"{BUCKETS[place] / 1000:g}" if place < len(BUCKETS) else "+Inf"
            yield f'stepwell_request_seconds_bucket{{{label},le="{limit}"}} {in_tens(so_far)}'
        yield f"stepwell_request_seconds_count{{{label}}} {in_tens(so_far)}"


def in_tens(number: int) -> int:
    """Return a count as it is shown: whole tens only."""
    return number // SHOWN_IN * SHOWN_IN
