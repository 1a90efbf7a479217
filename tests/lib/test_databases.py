"""Database addresses and what they turn into."""

import sqlite3

import pytest

from stepwell.lib.databases import SQLITE_PRAGMAS, database


def test_R3_sqlite_syncs_every_commit_and_forgets_what_was_deleted(tmp_path):
    connection = sqlite3.connect(tmp_path / "a.sqlite3")
    connection.executescript(database("sqlite:////x")["OPTIONS"]["init_command"])

    asked = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "busy_timeout", "secure_delete")
    }
    assert asked == {
        "journal_mode": "wal",
        "synchronous": 2,
        "busy_timeout": 5000,
        "secure_delete": 1,
    }
    assert "trusted_schema" not in SQLITE_PRAGMAS  # see docs/exceptions.md


def test_R3_sqlite_takes_the_write_lock_at_once():
    assert database("sqlite:////x")["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


@pytest.mark.parametrize(
    ("address", "host", "port", "name", "user"),
    [
        ("postgres://ada:p%40ss@db.example:5433/network", "db.example", "5433", "network", "ada"),
        ("postgresql://ada@127.0.0.1/network", "127.0.0.1", "", "network", "ada"),
    ],
)
def test_postgresql_address_is_taken_apart(address, host, port, name, user):
    entry = database(address)

    assert (entry["HOST"], entry["PORT"], entry["NAME"], entry["USER"]) == (host, port, name, user)


def test_password_is_unquoted():
    assert database("postgres://ada:p%40ss@db/n")["PASSWORD"] == "p@ss"


def test_another_engine_is_refused_with_the_repair():
    with pytest.raises(ValueError, match="Write sqlite:///path/to/file or postgres://"):
        database("mysql://x")
