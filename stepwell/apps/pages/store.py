"""The folder of kept pages and its index: which page was made from what.

    <root>/files/   the pages, as any web server can serve them
    <root>/heads/   for each page its headers and the hash of every form, for our own server
    <root>/held/    pages out of service until it is known whether a change touches them
    <root>/index.sqlite3

The folder belongs to one machine and can be deleted at any time: it is made again.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import date
from fcntl import LOCK_EX, flock
from hashlib import sha256
from pathlib import Path
from time import time
from typing import NamedTuple

from stepwell.apps.pages import files

TABLES = """
CREATE TABLE IF NOT EXISTS page (
    path TEXT PRIMARY KEY, queries TEXT, inputs TEXT, until TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS made_from (key TEXT, path TEXT, PRIMARY KEY (key, path)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS of_path ON made_from (path);
CREATE TABLE IF NOT EXISTS followed (change INTEGER PRIMARY KEY, at TEXT);
CREATE TABLE IF NOT EXISTS held (path TEXT PRIMARY KEY) WITHOUT ROWID;
"""
SOME = 500


class Made(NamedTuple):
    """A page as it was made, and from what."""

    path: str
    route: str
    body: bytes
    headers: Mapping[str, str]
    keys: frozenset[str]
    queries: str
    inputs: str
    last_day: date


class Store:
    """One folder of pages. Every change of it happens under its lock."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.synced = True  # whether each page waits until the disk holds it
        self._open: sqlite3.Connection | None = None  # while many pages are written
        self.seen: object = None  # the changes that this process last saw followed
        self.files, self.heads, self.held = (root / part for part in ("files", "heads", "held"))
        root.mkdir(parents=True, exist_ok=True)
        new = not (root / "index.sqlite3").exists()
        with self._index() as index:
            index.executescript(TABLES)
        if new:  # what changed before this holds nothing that is kept
            self.watched()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let no other process or thread change the folder meanwhile."""
        with (self.root / "lock").open("w") as file:
            flock(file, LOCK_EX)
            yield

    @contextmanager
    def many(self) -> Iterator[None]:
        """Write many pages: through one connection, and the disk is waited for once, at the end."""
        self.synced = False
        try:
            with closing(sqlite3.connect(self.root / "index.sqlite3", timeout=20)) as self._open:
                self._open.execute("PRAGMA journal_mode=WAL")
                self._open.execute("PRAGMA synchronous=OFF")
                yield
        finally:
            self._open, self.synced = None, True
            os.sync()

    @contextmanager
    def _index(self) -> Iterator[sqlite3.Connection]:
        if self._open is not None:
            with self._open:
                yield self._open
            return
        with closing(sqlite3.connect(self.root / "index.sqlite3", timeout=20)) as index:
            index.execute("PRAGMA journal_mode=WAL")
            with index:
                yield index

    def give_up(self) -> None:
        """Let nobody be served anything of this folder. Needs no space on the disk."""
        aside = self.root.with_name(f"{self.root.name}.given-up")
        shutil.rmtree(aside, ignore_errors=True)
        with suppress(OSError):
            self.root.rename(aside)

    def put(self, made: Made) -> None:
        """Keep a page. Until its head is written nobody is served anything of it by us."""
        file = files.file_of(made.path)
        self._take_away([made.path])
        with self._index() as index:
            self._forget(index, [made.path])
            row = (made.path, made.queries, made.inputs, made.last_day.isoformat())
            index.execute("INSERT INTO page VALUES (?, ?, ?, ?)", row)
            keys = [(key, made.path) for key in made.keys]
            index.executemany("INSERT INTO made_from VALUES (?, ?)", keys)
        files.write(self.files / file, made.body, synced=self.synced)
        head = json.dumps(
            {
                "route": made.route,
                "headers": list(made.headers.items()),
                "until": made.last_day.isoformat(),
                "forms": self._hashes(self.files / file),
            }
        )
        files.write_head(self.heads / file, head, synced=self.synced)

    @staticmethod
    def _hashes(file: Path) -> dict[str, str]:
        found = {}
        for form, suffix in {"": "", **files.SUFFIXES}.items():
            with suppress(FileNotFoundError):
                body = file.with_name(file.name + suffix).read_bytes()
                found[form] = sha256(body).hexdigest()
        return found

    def watched(self) -> None:
        """Note that changes were followed up to now."""
        (self.root / "watched").touch()

    def seconds_unwatched(self) -> float:
        """Return how long ago changes were last followed; for ever where they never were."""
        with suppress(FileNotFoundError):
            return time() - (self.root / "watched").stat().st_mtime
        return float("inf")

    def made_from(self, keys: Iterable[str]) -> list[str]:
        """Return the pages that were made from any of these keys."""
        wanted, found = list(keys), set[str]()
        with self._index() as index:
            for at in range(0, len(wanted), SOME):
                some = wanted[at : at + SOME]
                marks = ",".join("?" * len(some))
                sql = f"SELECT path FROM made_from WHERE key IN ({marks})"  # noqa: S608 - marks only
                found.update(path for (path,) in index.execute(sql, some))
        return sorted(found)

    def paths(self) -> list[str]:
        """Return every page that is known, in service or held."""
        with self._index() as index:
            return [path for (path,) in index.execute("SELECT path FROM page ORDER BY path")]

    def ended(self, today: date) -> list[str]:
        """Return the pages whose last day is over."""
        sql = "SELECT path FROM page WHERE until < ? ORDER BY path"
        with self._index() as index:
            return [path for (path,) in index.execute(sql, (today.isoformat(),))]

    def held_paths(self) -> list[str]:
        """Return the pages that are out of service until they are looked at."""
        with self._index() as index:
            return [path for (path,) in index.execute("SELECT path FROM held ORDER BY path")]

    def is_held(self, path: str) -> bool:
        """Say whether a page is out of service and was not looked at yet."""
        with self._index() as index:
            found = index.execute("SELECT 1 FROM held WHERE path = ?", (path,)).fetchone()
        return found is not None

    def hold(self, paths: Iterable[str]) -> None:
        """Take pages out of service; they may come back."""
        wanted = list(paths)
        with self._index() as index:
            index.executemany("INSERT OR IGNORE INTO held VALUES (?)", [(one,) for one in wanted])
        for path in wanted:
            file = files.file_of(path)
            files.move(self.heads / file, self.held / "heads" / file)
            files.move(self.files / file, self.held / "files" / file)

    def put_back(self, path: str) -> None:
        """Put a held page back into service as it was."""
        file = files.file_of(path)
        files.move(self.held / "files" / file, self.files / file)
        files.move(self.held / "heads" / file, self.heads / file)
        with self._index() as index:
            index.execute("DELETE FROM held WHERE path = ?", (path,))

    def drop(self, paths: Iterable[str]) -> None:
        """Take pages away for good."""
        wanted = list(paths)
        self._take_away(wanted)
        with self._index() as index:
            self._forget(index, wanted)

    def _take_away(self, paths: Iterable[str]) -> None:
        for path in paths:
            file = files.file_of(path)
            for place in (self.heads, self.files, self.held / "heads", self.held / "files"):
                files.remove(place / file)

    @staticmethod
    def _forget(index: sqlite3.Connection, paths: Iterable[str]) -> None:
        for table in ("page", "made_from", "held"):
            sql = f"DELETE FROM {table} WHERE path = ?"  # noqa: S608 - our own names
            index.executemany(sql, [(one,) for one in paths])

    def inputs_of(self, path: str) -> tuple[str, str]:
        """Return a page's queries and what they answered when it was made."""
        with self._index() as index:
            row = index.execute("SELECT queries, inputs FROM page WHERE path = ?", (path,))
            queries, inputs = row.fetchone()
        return queries, inputs

    def followed(self) -> set[int]:
        """Return the changes that were followed here already."""
        with self._index() as index:
            return {change for (change,) in index.execute("SELECT change FROM followed")}

    def follow(self, changes: Iterable[tuple[int, str]], *, forget_before: str) -> None:
        """Remember changes, by number and moment, as followed; forget those that are too old."""
        with self._index() as index:
            index.executemany("INSERT OR IGNORE INTO followed VALUES (?, ?)", list(changes))
            index.execute("DELETE FROM followed WHERE at < ?", (forget_before,))
