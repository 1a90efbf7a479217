"""Databases with every migration applied, made once and copied: migrating takes half a minute.

Nothing is taken on trust: whatever a copy lacks, Django's own `migrate` adds to it afterwards.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
KEPT = ROOT / ".venv" / "migrated"


def key() -> str:
    """Return a hash of all that the tables come from."""
    told = sha256((ROOT / "requirements" / "run.txt").read_bytes())
    for path in sorted((ROOT / "stepwell").rglob("migrations/*.py")):
        told.update(path.read_bytes())
    return told.hexdigest()[:16]


def environment(**named: str) -> dict[str, str]:
    """Return the environment of a process with a site of its own."""
    known = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {
        **known,
        "DJANGO_SETTINGS_MODULE": "stepwell.config.settings",
        "SECRET_KEY": "for tests only",
        "UNSIGNED_ACKNOWLEDGED": "yes",
        "PYTHONPATH": str(ROOT),
        **named,
    }


def migrate(**named: str) -> None:
    """Apply every migration to the database that the environment names."""
    command = [sys.executable, "-m", "django", "migrate", "--skip-checks", "--verbosity", "0"]
    subprocess.run(command, env=environment(**named), check=True)


def sqlite() -> Path:
    """Return a migrated file, made by the first process that asks."""
    file = KEPT / f"{key()}.sqlite3"
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            for old in KEPT.glob("*.sqlite3*"):
                old.unlink()
            making = KEPT / "making"
            shutil.rmtree(making, ignore_errors=True)
            making.mkdir()
            migrate(STEPWELL_VAR=str(making), DATABASE_URL=f"sqlite:///{making}/{file.name}")
            (making / file.name).replace(file)
            shutil.rmtree(making)
    return file


def postgresql(connection: Any) -> str:
    """Return the name of a migrated database on the same server, made by the first that asks."""
    known = connection.settings_dict
    name = f"{known['NAME']}_migrated"
    place = f"{known['HOST'] or '127.0.0.1'}:{known['PORT'] or 5432}"
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock, connection._nodb_cursor() as cursor:
        fcntl.flock(lock, fcntl.LOCK_EX)
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name],
        )
        if cursor.fetchone() != (key(),):
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f'CREATE DATABASE "{name}"')
            address = f"postgres://{known['USER']}:{known['PASSWORD']}@{place}/{name}"
            migrate(STEPWELL_VAR=str(KEPT), DATABASE_URL=address)
            cursor.execute(f"COMMENT ON DATABASE \"{name}\" IS '{key()}'")
    return name


def copy_for_tests(connection: Any, patch: Any) -> None:
    """Let Django's creation of the test database begin with a copy."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = postgresql(connection)
        return
    clear = connection.creation._create_test_db

    def copied(*told: Any, **named: Any) -> str:
        name = clear(*told, **named)
        shutil.copyfile(sqlite(), name)
        return str(name)

    patch.setattr(connection.creation, "_create_test_db", copied)
