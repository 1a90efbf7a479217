"""Lays rows that belong together by id aside on disk, and hands them out joined.

The tables of a bundle come in any order and may be larger than memory. They go
into a temporary SQLite file, which vanishes with the import.
"""

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

from stepwell.importers.hsds.tables import BELONGS_TO, PARTS

Json = Mapping[str, Any]
TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16000;
CREATE TABLE part (n INTEGER PRIMARY KEY, tab TEXT, id TEXT, line INTEGER, body TEXT);
CREATE TABLE link (owner TEXT, tab TEXT, n INTEGER);
"""
INDEXES = """
CREATE INDEX IF NOT EXISTS part_by_id ON part (tab, id);
CREATE INDEX IF NOT EXISTS part_of_any ON part (id);
CREATE INDEX IF NOT EXISTS link_by_owner ON link (owner, tab);
CREATE INDEX IF NOT EXISTS link_by_row ON link (n);
"""


class Orphan(NamedTuple):
    """A row that belongs to nothing in the file."""

    table: str
    id: str
    line: int


class Shelf:
    """Rows by table, id and owner."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="stepwell-hsds-")
        self.rows = sqlite3.connect(Path(self.folder.name) / "rows.sqlite3", isolation_level=None)
        self.rows.executescript(TABLES)
        self.rows.execute("BEGIN")
        self.indexed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget everything."""
        self.rows.close()
        self.folder.cleanup()

    def put(self, table: str, row: Json, line: int) -> None:
        """Lay one row aside."""
        body = json.dumps(row, default=str)
        n = self.rows.execute(
            "INSERT INTO part (tab, id, line, body) VALUES (?, ?, ?, ?)",
            (table, key_of(row, "id"), line, body),
        ).lastrowid
        owners = {key_of(row, name) for name in BELONGS_TO[table]} - {None}
        self.rows.executemany(
            "INSERT INTO link VALUES (?, ?, ?)", [(owner, table, n) for owner in owners]
        )

    def get(self, table: str, row: Json, name: str) -> dict[str, Any] | None:
        """Return the row whose id stands in another row under a name, or None."""
        key = key_of(row, name)
        if key is None:
            return None
        found = self._ask("SELECT body FROM part WHERE tab = ? AND id = ? LIMIT 1", table, key)
        return next((json.loads(body) for (body,) in found), None)

    def of(self, table: str, row: Json) -> list[dict[str, Any]]:
        """Return the rows of a table that belong to a row, in the order of the file."""
        owner = key_of(row, "id")
        if owner is None:
            return []
        found = self._ask(
            "SELECT body FROM link JOIN part USING (n) WHERE owner = ? AND link.tab = ? ORDER BY n",
            owner, table,
        )  # fmt: skip
        return [json.loads(body) for (body,) in found]

    def all(self, table: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield line and row of a whole table, in the order of the file."""
        last = 0
        while True:
            some = self._ask(
                "SELECT n, line, body FROM part WHERE tab = ? AND n > ? ORDER BY n LIMIT 200",
                table, last,
            ).fetchall()  # fmt: skip
            for _, line, body in some:
                yield line, json.loads(body)
            if not some:
                return
            last = some[-1][0]

    def orphans(self) -> Iterator[Orphan]:
        """Yield the rows of parts whose every owner is missing."""
        marks = ", ".join("?" for _ in PARTS)
        found = self._ask(
            f"SELECT tab, id, line FROM part AS one WHERE tab IN ({marks}) AND NOT EXISTS ("  # noqa: S608
            "SELECT 1 FROM link JOIN part AS owner ON owner.id = link.owner "
            "WHERE link.n = one.n AND owner.n <> one.n) ORDER BY n",
            *PARTS,
        )
        for table, key, line in found:
            yield Orphan(table, key or "", line)

    def _ask(self, question: str, *values: Any) -> sqlite3.Cursor:
        if not self.indexed:
            self.rows.executescript(INDEXES)
            self.indexed = True
        return self.rows.execute(question, values)


def key_of(row: Json, name: str) -> str | None:
    """Return the id that stands in a row under a name, or None for what is no id."""
    key = row.get(name)
    if not isinstance(key, str) or not key:
        return None
    return key.encode("utf-8", "replace").decode()  # half a character cannot be stored
