"""A database address (sqlite:///path, postgres://user@host/name) as Django settings."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

# One sync per commit: only FULL keeps an acknowledged write through a power loss.
# secure_delete: deleted words must not stay in the file.
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA busy_timeout=5000;"
    "PRAGMA secure_delete=ON;"
)
# A server that has gone is noticed in seconds, also where nothing answers for it. No
# statement_timeout: one that ends the wait for a synchronous standby would have PostgreSQL
# call a write done that no standby holds.
PATIENCE = {
    "connect_timeout": 3,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
COPY = "-c statement_timeout=5000 -c default_transaction_read_only=on"


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
        return _postgresql(parts)
    raise ValueError(
        f"the database address starts with {parts.scheme!r}. "
        "Write sqlite:///path/to/file or postgres://user:password@host/name."
    )


def replicas(addresses: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return entries of DATABASES for copies that are only read, replica1 and so on."""
    found = {}
    for number, address in enumerate(addresses, start=1):
        entry = database(address)
        if not entry["ENGINE"].endswith("postgresql"):
            raise ValueError(
                "a replica is no PostgreSQL. Write postgres://user:password@host/name."
            )
        entry["OPTIONS"]["options"] = COPY
        found[f"replica{number}"] = {**entry, "TEST": {"MIRROR": "default"}}
    return found


def _postgresql(parts: SplitResult) -> dict[str, Any]:
    """Return the entry of an address that names one server or several: the one that writes."""
    login, _, servers = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    places = [urlsplit(f"//{server}") for server in servers.split(",")]
    several = len(places) > 1
    ports = [str(place.port or ("5432" if several else "")) for place in places]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": ",".join(place.hostname or "" for place in places),
        "PORT": ",".join(ports),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**PATIENCE, **({"target_session_attrs": "read-write"} if several else {})},
    }
