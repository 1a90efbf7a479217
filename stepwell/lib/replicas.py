"""Reads from streaming replicas of PostgreSQL, where an answer may be some seconds old.

Everything reads from the primary unless a block says `may_lag()`. Inside it a replica
answers that has reached where the primary was a few seconds ago; a write sends the rest of
the block to the primary. A replica that is down, behind or promoted is left out.
"""

import logging
import random
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

log = logging.getLogger("stepwell.replicas")
EVERY = 2.0  # seconds between two looks
MOST_BEHIND = 5.0  # seconds; one that is farther behind is left out
_source: ContextVar[str | None] = ContextVar("source", default=None)


@contextmanager
def may_lag() -> Iterator[None]:
    """Let reads inside the block come from a replica, unless `up_to_date` holds around it."""
    token = _source.set(_source.get() or watch().choose())
    try:
        yield
    finally:
        _source.reset(token)


@contextmanager
def up_to_date() -> Iterator[None]:
    """Have everything inside the block read from the primary."""
    token = _source.set(DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        _source.reset(token)


def give_up_replica() -> None:
    """Leave out the replica that this block reads from, and go on with the primary."""
    alias = _source.get()
    if alias and alias != DEFAULT_DB_ALIAS:
        watch().leave_out(alias)
        connections[alias].close()
        _source.set(DEFAULT_DB_ALIAS)


class Router:
    """Tells Django where to read and to write."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """Return the replica of this block, or the primary."""
        alias = _source.get()
        if alias is None or connections[DEFAULT_DB_ALIAS].in_atomic_block:
            return DEFAULT_DB_ALIAS
        return alias

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Return the primary; what follows in the same block reads its own write."""
        if _source.get() is not None:
            _source.set(DEFAULT_DB_ALIAS)
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        """Rows of a replica are rows of the primary."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """Only the primary is changed; replicas follow."""
        return db == DEFAULT_DB_ALIAS


class Watch:
    """Which replicas may be read, looked at every few seconds beside the requests."""

    def __init__(self, aliases: tuple[str, ...]) -> None:
        self.good: tuple[str, ...] = ()
        self._aliases = aliases
        self._reached: deque[tuple[float, int]] = deque(maxlen=60)  # when, and up to where
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def choose(self) -> str:
        """Return one of the good replicas, or the primary where none is."""
        if self._aliases and self._thread is None:
            self._begin()
        good = self.good
        return random.choice(good) if good else DEFAULT_DB_ALIAS  # noqa: S311 - no secret

    def _begin(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True, name="replicas")
                self._thread.start()

    def _run(self) -> None:
        while True:
            self.look()
            time.sleep(EVERY)

    def leave_out(self, alias: str) -> None:
        """Read no more from a replica until the next look finds it well."""
        self.good = tuple(one for one in self.good if one != alias)

    def look(self) -> None:
        """Ask the primary where it is, and each replica how far it came."""
        now = time.monotonic()
        at = _ask(DEFAULT_DB_ALIAS, "SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
        if at is not None:
            self._reached.append((now, at))
        good = tuple(alias for alias in self._aliases if self._is_good(alias, now))
        if good != self.good:
            fields = {"in_use": len(good), "of": len(self._aliases)}
            log.info("replicas", extra={"event": "replicas", "fields": fields})
        self.good = good

    def _is_good(self, alias: str, now: float) -> bool:
        """Say whether a replica follows and has reached what it has to.

        Where the primary is away, that is the last place where it was seen.
        """
        came = _ask(alias, "SELECT pg_last_wal_replay_lsn() - '0/0' WHERE pg_is_in_recovery()")
        return came is not None and bool(self._reached) and came >= self._needed(now)

    def _needed(self, now: float) -> int:
        old = [place for when, place in self._reached if now - when >= MOST_BEHIND]
        return old[-1] if old else self._reached[0][1]


@cache
def watch() -> Watch:
    """Return this process's watch over the replicas of the settings."""
    return Watch(tuple(alias for alias in settings.DATABASES if alias != DEFAULT_DB_ALIAS))


def _ask(alias: str, sql: str) -> int | None:
    connection = connections[alias]
    try:
        connection.close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute(sql)
            row = cursor.fetchone()
    except Error:
        connection.close()
        return None
    return None if row is None or row[0] is None else int(row[0])
