"""How long the chain was, and its last hash, day by day, in a file apart from the database.

Whoever holds the database can cut off the end of the chain, or make all of it anew. A line
that was written before shows both, if the file (or a copy on another machine) is not in
the same hands. Lines are only ever added, each forced to the disk.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from stepwell.apps.audit.linking import link
from stepwell.apps.audit.models import Head


class Checkpoint(NamedTuple):
    """The end of the chain at one moment."""

    at: str
    length: int
    hash: str


def write(now: datetime) -> Checkpoint | None:
    """Add a line for the chain as it is now; return None where nothing was ever linked."""
    link()
    head = Head.objects.filter(pk=1).first()
    if head is None or not head.count:
        return None
    one = Checkpoint(now.isoformat(timespec="seconds"), head.count, head.hash)
    path = Path(settings.AUDIT_CHECKPOINTS_FILE)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # A line that a crash cut short must not swallow this one: begin on a line of its own.
        os.write(file, f"\n{json.dumps(one._asdict())}\n".encode())
        os.fsync(file)
    finally:
        os.close(file)
    return one


def read() -> list[Checkpoint]:
    """Return every whole line; one that a crash cut short counts as not written."""
    path = Path(settings.AUDIT_CHECKPOINTS_FILE)
    lines = path.read_text().splitlines() if path.exists() else []
    return [one for one in map(_parsed, lines) if one is not None]


def _parsed(line: str) -> Checkpoint | None:
    try:
        return Checkpoint(**json.loads(line))
    except (ValueError, TypeError):
        return None
