"""A scratch file that holds what one pass over the exports has to remember for the next.

A SQLite file on disk, so that memory stays the same for ten posts and for a
million. It is deleted when the import ends.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

_TABLES = """
CREATE TABLE item (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL, post_id TEXT NOT NULL,
    parent TEXT NOT NULL, fate TEXT NOT NULL, reason TEXT NOT NULL, section TEXT NOT NULL,
    slug TEXT NOT NULL, digest TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL
);
CREATE INDEX item_key ON item (key);
CREATE INDEX item_place ON item (section, slug);
CREATE TABLE address (address TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE picture (
    post_id TEXT PRIMARY KEY, number INTEGER NOT NULL, path TEXT NOT NULL, url TEXT NOT NULL,
    alt TEXT NOT NULL, caption TEXT NOT NULL, title TEXT NOT NULL, parent TEXT NOT NULL,
    link TEXT NOT NULL, used INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX picture_path ON picture (path);
CREATE INDEX picture_parent ON picture (parent);
CREATE TABLE reusable (
    post_id TEXT PRIMARY KEY, number INTEGER NOT NULL, content TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE taken (section TEXT, slug TEXT, PRIMARY KEY (section, slug)) WITHOUT ROWID;
CREATE TABLE known (key TEXT PRIMARY KEY, section TEXT, slug TEXT, gone INTEGER) WITHOUT ROWID;
CREATE TABLE used_reusable (number INTEGER PRIMARY KEY);
"""


class Planned(NamedTuple):
    """What was planned for one item."""

    number: int
    key: str
    kind: str
    post_id: str
    parent: str
    fate: str  # a Fate, or "" while it is open
    reason: str
    section: str
    slug: str
    digest: str
    file: str
    line: int


class FoundPicture(NamedTuple):
    """An attachment of the export."""

    post_id: str
    number: int
    path: str  # below uploads/, of the original
    url: str
    alt: str
    caption: str
    title: str
    parent: str
    link: str
    used: int


class Index:
    """Open it with `with`; it is gone afterwards."""

    def __enter__(self) -> "Index":
        self._folder = tempfile.TemporaryDirectory(prefix="stepwell-wxr-")
        self.db = sqlite3.connect(Path(self._folder.name) / "index.sqlite3", isolation_level=None)
        self.db.execute("PRAGMA journal_mode=OFF")
        self.db.execute("PRAGMA synchronous=OFF")
        self.db.execute("PRAGMA cache_size=-1000")
        self.db.executescript(_TABLES)
        self.db.execute("BEGIN")
        return self

    def __exit__(self, *told: object) -> None:
        self.db.close()
        self._folder.cleanup()

    def add(self, planned: Planned) -> None:
        """Remember what is planned for an item."""
        self.db.execute("INSERT INTO item VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", planned)

    def planned(self, number: int) -> Planned:
        """Return what is planned for the item with this number."""
        return Planned(*self._one("SELECT * FROM item WHERE number = ?", number))

    def first_with_key(self, key: str) -> Planned | None:
        """Return the first item with this key."""
        found = self._find("SELECT * FROM item WHERE key = ? ORDER BY number LIMIT 1", key)
        return Planned(*found) if found else None

    def settle(self, number: int, fate: str, reason: str) -> None:
        """Write down the fate of an item."""
        self.db.execute(
            "UPDATE item SET fate = ?, reason = ? WHERE number = ?", (fate, reason[:240], number)
        )

    def add_address(self, address: str, number: int) -> None:
        """Remember an old address of an item; the first item keeps it."""
        if address and address != "/":
            self.db.execute("INSERT OR IGNORE INTO address VALUES (?,?)", (address, number))

    def page_at(self, address: str) -> str:
        """Return our path for an old address, or ""."""
        found = self._find(
            "SELECT section, slug FROM item JOIN address USING (number) WHERE address = ?", address
        )
        return f"/{found[0]}/{found[1]}/" if found and found[0] else ""

    def add_picture(self, picture: FoundPicture) -> None:
        """Remember an attachment; of two with one id the first counts."""
        self.db.execute("INSERT OR IGNORE INTO picture VALUES (?,?,?,?,?,?,?,?,?,?)", picture)

    def picture(self, post_id: str, path: str) -> FoundPicture | None:
        """Return an attachment by its id, or else by the path of its file."""
        found = self._find("SELECT * FROM picture WHERE post_id = ?", post_id) if post_id else None
        if found is None and path:
            found = self._find("SELECT * FROM picture WHERE path = ? LIMIT 1", path)
        return FoundPicture(*found) if found else None

    def pictures_of(self, post_id: str) -> dict[str, str]:
        """Return the attachments that hang below a post: id and path."""
        sql = "SELECT post_id, path FROM picture WHERE parent = ? ORDER BY number LIMIT 200"
        return dict(self.db.execute(sql, (post_id,)).fetchall())

    def use_picture(self, post_id: str) -> None:
        """Remember that an article shows this attachment."""
        self.db.execute("UPDATE picture SET used = used + 1 WHERE post_id = ?", (post_id,))

    def add_reusable(self, post_id: str, number: int, content: str) -> None:
        """Remember a reusable block."""
        self.db.execute("INSERT OR IGNORE INTO reusable VALUES (?,?,?)", (post_id, number, content))

    def reusable(self, post_id: str) -> str:
        """Return the content of a reusable block, or "", and remember that it was asked for."""
        found = self._find("SELECT content, number FROM reusable WHERE post_id = ?", post_id)
        if not found:
            return ""
        self.db.execute("INSERT OR IGNORE INTO used_reusable VALUES (?)", (found[1],))
        return str(found[0])

    def reusable_was_used(self, number: int) -> bool:
        """Say whether an article took in this reusable block."""
        return bool(self._find("SELECT 1 FROM used_reusable WHERE number = ?", number))

    def know(self, key: str, section: str, slug: str, *, gone: bool) -> None:
        """Remember an item that was imported before, and where its page stands now."""
        row = (key, section, slug, int(gone))
        self.db.execute("INSERT OR REPLACE INTO known VALUES (?,?,?,?)", row)

    def known(self, key: str) -> tuple[str, str, bool] | None:
        """Return section and slug of an item imported before, and whether its page is gone."""
        found = self._find("SELECT section, slug, gone FROM known WHERE key = ?", key)
        return (str(found[0]), str(found[1]), bool(found[2])) if found else None

    def take(self, section: str, slug: str) -> bool:
        """Take an address if it is free; say whether it was."""
        with suppress(sqlite3.IntegrityError):
            self.db.execute("INSERT INTO taken VALUES (?,?)", (section, slug))
            return True
        return False

    def fates(self) -> Iterator[Planned]:
        """Yield every item in the order of the files."""
        last = 0
        while rows := self.db.execute(
            "SELECT * FROM item WHERE number > ? ORDER BY number LIMIT 500", (last,)
        ).fetchall():
            last = rows[-1][0]
            yield from (Planned(*row) for row in rows)

    def counts(self) -> dict[tuple[str, str], int]:
        """Return how many items of each kind met each fate."""
        sql = "SELECT kind, fate, count(*) FROM item GROUP BY kind, fate ORDER BY kind, fate"
        return {(kind, fate): count for kind, fate, count in self.db.execute(sql)}

    def _find(self, sql: str, *told: object) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self.db.execute(sql, told).fetchone()
        return found

    def _one(self, sql: str, *told: object) -> tuple[Any, ...]:
        found = self._find(sql, *told)
        if found is None:
            raise LookupError(f"the index holds no {told}")
        return found
