"""Where snapshots lie, how one takes the place of another, and how it is opened.

A snapshot is a folder. It is written under another name, brought to disk, renamed, and
only then named in `current`: whoever is killed on the way leaves the old one in use. Who
has a snapshot open keeps reading it after its files are taken away.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import Any

import numpy as np

from stepwell.apps.directory.finding.columns import ROW, Array
from stepwell.apps.directory.snapshot.layout import VERSION

CURRENT = "current"
MANIFEST = "manifest.json"
FINISHED, MAKING = "columns-", "making-"
KEPT = 2  # the one in use, and the one before, which somebody may be opening


class NoSnapshot(Exception):
    """There is no snapshot that can be used. Says why; holds nothing of a search."""


@dataclass(frozen=True)
class Snapshot:
    """An open snapshot: its arrays by name, mapped and not read."""

    name: str
    rows: int
    watermark: int
    built_at: datetime
    arrays: dict[str, Array]


@contextmanager
def only_builder(folder: Path) -> Iterator[bool]:
    """Hold the right to build here for as long as the block lasts; False when another has it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            flock(lock, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def begin(folder: Path) -> Path:
    """Return a new folder to write in; what killed builds left is taken away."""
    for left in folder.glob(f"{MAKING}*"):
        shutil.rmtree(left, ignore_errors=True)
    made = folder / f"{MAKING}{os.getpid()}"
    made.mkdir()
    return made


def finish(folder: Path, made: Path, manifest: dict[str, Any]) -> str:
    """Bring what was written to disk and let it be the current snapshot; return its name."""
    sizes = {file.name: file.stat().st_size for file in sorted(made.iterdir())}
    told = {**manifest, "layout": VERSION, "row": ROW.descr.__repr__(), "sizes": sizes}
    (made / MANIFEST).write_text(json.dumps(told), encoding="utf-8")
    for file in made.iterdir():
        to_disk(file)
    to_disk(made)
    number = 1 + max((number_of(one) for one in folder.glob(f"{FINISHED}*")), default=0)
    name = f"{FINISHED}{number}"
    made.rename(folder / name)
    pointer = folder / f"{CURRENT}.new"
    pointer.write_text(name, encoding="utf-8")
    to_disk(pointer)
    pointer.replace(folder / CURRENT)
    to_disk(folder)
    remove_older(folder)
    return name


def number_of(snapshot: Path) -> int:
    """Return the number of a snapshot's folder."""
    number = snapshot.name.removeprefix(FINISHED)
    return int(number) if number.isdigit() else 0


def to_disk(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_older(folder: Path) -> None:
    """Take away all snapshots but the newest ones."""
    for old in sorted(folder.glob(f"{FINISHED}*"), key=number_of)[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)


def current(folder: Path) -> str:
    """Return the name of the snapshot in use; raise NoSnapshot."""
    try:
        return (folder / CURRENT).read_text(encoding="utf-8").strip()
    except OSError:
        raise NoSnapshot("no snapshot was made yet") from None


def opened(folder: Path, name: str) -> Snapshot:
    """Open a snapshot; raise NoSnapshot when it is torn, of another layout, or gone."""
    try:
        told = json.loads((folder / name / MANIFEST).read_text(encoding="utf-8"))
        if told["layout"] != VERSION or told["row"] != ROW.descr.__repr__():
            raise NoSnapshot("the snapshot is of another version")
        for file, size in told["sizes"].items():
            if (folder / name / file).stat().st_size != size:
                raise NoSnapshot("a file of the snapshot is torn")
        arrays = {
            file.removesuffix(".npy"): np.load(folder / name / file, mmap_mode="r")
            for file in told["sizes"]
        }
        built_at = datetime.fromisoformat(told["built_at"])
        return Snapshot(name, told["rows"], told["watermark"], built_at, arrays)
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise NoSnapshot(f"the snapshot cannot be read ({type(error).__name__})") from None
