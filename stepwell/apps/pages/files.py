"""A page as files: as it is, and compressed as browsers take it. Whole or absent, never half."""

import gzip
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import brotli

SUFFIXES = {"br": ".br", "gzip": ".gz"}  # in the order in which they are offered
QUALITY = 5  # of brotli's 11: a seventh longer than the best, and fifteen times as quick
SMALLEST = 256  # bytes; below, compressing makes nothing shorter


def file_of(path: str) -> str:
    """Return the name of a page's file inside the folder, for the path of its address."""
    return path.lstrip("/") + ("index.html" if path.endswith("/") else "")


def write(file: Path, body: bytes, *, synced: bool) -> None:
    """Write a page and its compressed forms. A name appears when its file is complete.

    The plain file comes last: where it stands, the others do. `synced` waits until the disk
    holds them, so that a power failure leaves no name without its bytes.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    for suffix, content in _forms(body):
        _place(file.with_name(file.name + suffix), content, synced=synced)


def write_head(file: Path, head: str, *, synced: bool) -> None:
    """Write the head of a page, whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    _place(file, head.encode(), synced=synced)


def _place(file: Path, content: bytes, *, synced: bool) -> None:
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    with draft.open("wb") as out:
        out.write(content)
        if synced:
            out.flush()
            os.fsync(out.fileno())
    draft.replace(file)


def _forms(body: bytes) -> Iterator[tuple[str, bytes]]:
    if len(body) >= SMALLEST:
        yield ".br", brotli.compress(body, quality=QUALITY)
        yield ".gz", gzip.compress(body, compresslevel=9, mtime=0)
    yield "", body


def remove(file: Path) -> None:
    """Take a page away in all its forms, the plain one first."""
    for suffix in ("", *SUFFIXES.values()):
        with suppress(FileNotFoundError):
            file.with_name(file.name + suffix).unlink()


def move(file: Path, to: Path) -> None:
    """Move a page in all its forms; what is not there is not moved."""
    to.parent.mkdir(parents=True, exist_ok=True)
    for suffix in (*SUFFIXES.values(), ""):
        with suppress(FileNotFoundError):
            file.with_name(file.name + suffix).replace(to.with_name(to.name + suffix))
