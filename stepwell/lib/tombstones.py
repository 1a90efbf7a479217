"""What was deleted for good, as ids in a file that no backup can roll back.

    2026-11-24 contact_letter 0b0e5c5a-...

A database that is restored brings back what was deleted since. This list lies beside
it, is only added to, and says what must go again. It holds a day, a kind and an id:
nothing of what was deleted. A line is on disk before the deletion is: a crash between
the two deletes once more, never once less.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import NamedTuple


class Tombstone(NamedTuple):
    """One thing that is gone."""

    day: date
    kind: str
    key: str


def add(path: Path, kind: str, keys: Iterable[object], day: date) -> None:
    """Note that these are gone; when this returns it is on disk."""
    add_all(path, [Tombstone(day, kind, str(key)) for key in keys])


def add_all(path: Path, stones: Iterable[Tombstone]) -> None:
    """Note several kinds at once, those that are noted already once more."""
    lines = "".join(f"{stone.day.isoformat()} {stone.kind} {stone.key}\n" for stone in stones)
    if not lines:
        return
    with _locked(path):
        torn = path.exists() and not path.read_bytes().endswith(b"\n")
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write((b"\n" if torn else b"") + lines.encode())
            file.flush()
            os.fsync(file.fileno())


def read(path: Path) -> list[Tombstone]:
    """Return every tombstone; a line that a power failure cut is left out."""
    if not path.exists():
        return []
    return list(parse(path.read_text(encoding="utf-8", errors="replace")))


def parse(text: str) -> Iterator[Tombstone]:
    """Yield the tombstones of a text."""
    for line in text.splitlines():
        day, _, rest = line.partition(" ")
        kind, _, key = rest.partition(" ")
        try:
            found = Tombstone(date.fromisoformat(day), kind, key)
        except ValueError:
            continue
        if kind and key:
            yield found


def forget(path: Path, before: date) -> None:
    """Drop tombstones from before a day; the file is whole at every moment."""
    with _locked(path):
        kept = [stone for stone in read(path) if stone.day >= before]
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(f"{s.day.isoformat()} {s.kind} {s.key}\n" for s in kept)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f".{path.name}.lock").open("w") as file:
        flock(file, LOCK_EX)
        yield
