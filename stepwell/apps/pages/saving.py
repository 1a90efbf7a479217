"""The kept pages in a backup, and back from one.

A page that comes back is not believed: the folder says that nobody has looked after it, so
that the start asks the queries of every page again before any is served by us.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from stepwell.apps.pages.folder import store

INDEX = "index.sqlite3"


@contextmanager
def held_still(aside: Path) -> Iterator[list[tuple[str, Path]]]:
    """Give each file of the store with its name below PAGES_ROOT; nothing changes meanwhile.

    The index is copied to `aside`, a path for a new file.
    """
    kept = store()
    if kept is None:
        yield []
        return
    with kept.locked():
        with (
            closing(sqlite3.connect(kept.root / INDEX)) as old,
            closing(sqlite3.connect(aside)) as new,
        ):
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
        found = [(f"{kept.root.name}/{INDEX}", aside)]
        for part in (kept.files, kept.heads, kept.held):
            for file in sorted(part.rglob("*")):
                if file.is_file() and not file.name.startswith("."):
                    found.append((f"{kept.root.name}/{file.relative_to(kept.root)}", file))
        yield found


def make_unbelieved(folder: Path) -> None:
    """Have the start look at every page of a folder that came out of a backup.

    Numbers of changes begin again with an older database: those noted as followed would
    hide new ones.
    """
    for index in folder.glob(f"*/{INDEX}"):
        with closing(sqlite3.connect(index)) as found, found:
            found.execute("DELETE FROM followed")
        (index.parent / "watched").unlink(missing_ok=True)
