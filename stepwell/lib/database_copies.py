"""A consistent copy of the database while the site runs, and the way back.

SQLite: its own online backup, inside one read transaction, so that writers go on and
the copy is of one moment. PostgreSQL: pg_dump and pg_restore, which must be installed;
dump and content hash share one snapshot.
"""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connections, transaction
from django.db.utils import load_backend

PAGES_AT_A_TIME = 2_000
COPY = "copy"  # the alias under which a copied database is read
Told = Callable[[int, int], None]


class CopyError(Exception):
    """A database cannot be copied or put back. The message says why, and the repair."""


def name_of(vendor: str) -> str:
    """Return the name of the file that holds a copy."""
    return "stepwell.sqlite3" if vendor == "sqlite" else "stepwell.dump"


def copy_sqlite(source: Path, target: Path, told: Told) -> None:
    """Copy a database file as of one moment into a new file, and look it through."""
    try:
        _copy_sqlite(source, target, told)
    except sqlite3.Error as error:
        raise CopyError(
            f"The database could not be copied ({error}). Is the disk full? No file was made."
        ) from error
    check_sqlite(target)


def _copy_sqlite(source: Path, target: Path, told: Told) -> None:
    target.touch(0o600)
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on: one moment
        old.backup(
            new, pages=PAGES_AT_A_TIME, progress=lambda _, left, all_: told(all_ - left, all_)
        )
        new.execute("PRAGMA journal_mode=DELETE")


def check_sqlite(path: Path) -> None:
    """Raise CopyError where a database file is damaged."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            found = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise CopyError(f"The copy of the database is damaged ({found}). Make another backup.")


@contextmanager
def opened_sqlite(path: Path) -> Iterator[str]:
    """Give the alias under which a copied file can be read like the site's own."""
    known = {**connections["default"].settings_dict, "NAME": path}
    known["OPTIONS"] = {"init_command": "PRAGMA query_only=ON;"}
    connections[COPY] = load_backend(known["ENGINE"]).DatabaseWrapper(known, COPY)
    try:
        yield COPY
    finally:
        connections[COPY].close()
        del connections[COPY]


@contextmanager
def one_moment() -> Iterator[str]:
    """Give the name of a PostgreSQL snapshot that this connection reads meanwhile."""
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def dump_postgresql(target: Path, snapshot: str) -> None:
    """Write a dump of that snapshot in pg_dump's own form."""
    target.touch(0o600)
    _run("pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={target}", _database())


def load_postgresql(source: Path) -> None:
    """Put a dump into the site's empty database, whole or not at all."""
    asked = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run("pg_restore", *asked, f"--dbname={_database()}", str(source))


def _database() -> str:
    return str(connections["default"].settings_dict["NAME"])


def _environment() -> dict[str, str]:
    """Return how to reach the database: the password in no command line, where others see it."""
    known: dict[str, Any] = connections["default"].settings_dict
    told = {f"PG{name}": str(known[name]) for name in ("HOST", "PORT", "USER", "PASSWORD")}
    return {**os.environ, **{name: value for name, value in told.items() if value}}


def _run(program: str, *told: str) -> None:
    path = shutil.which(program)
    if path is None:
        raise CopyError(
            f"{program} is not installed here. Install PostgreSQL's client programs, of the "
            "version of your server or newer, and run this again."
        )
    done = subprocess.run(  # noqa: S603 - our own arguments
        [path, *told], env=_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise CopyError(f"{program} did not succeed: {said[-1] if said else 'it said nothing'}")
