"""A database address (sqlite:///path, postgres://user@host/name) as Django settings."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

# One sync per commit: only FULL keeps an acknowledged write through a power loss.
# secure_delete: deleted words must not stay in the file.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA busy_timeout=5000;"
    "PRAGMA secure_delete=ON;"
)


def database(address: str) -> dict[str, Any]:
    """Return one entry of DATABASES; raise ValueError naming what is wrong."""
    parts = urlsplit(address)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": Path(unquote(parts.path.removeprefix("/"))),
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": SQLITE_PRAGMAS},
        }
    if parts.scheme in {"postgres", "postgresql"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ValueError(
        f"the database address starts with {parts.scheme!r}. "
        "Write sqlite:///path/to/file or postgres://user:password@host/name."
    )
