"""Argon2id with a cap: who signs in must not take the machine away from who reads (TRUST A1)."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

from stepwell.domain.errors import DomainError

AT_ONCE = 2  # hashes in one process; a host runs no more processes than it has cores
WAITING = 1  # further ones that wait; `stepwell run` has four threads, so one is left for readers
PATIENCE = 3.0  # seconds that one waits for its turn


class TooManyHashes(DomainError):
    """So many people sign in at this moment that this one has to come again."""

    retry_after = math.ceil(PATIENCE)


class Gate:
    """Lets so many in at once, so many wait for so long, and sends the others away."""

    def __init__(self, at_once: int, waiting: int, patience: float) -> None:
        self._inside = BoundedSemaphore(at_once)
        self._here = BoundedSemaphore(at_once + waiting)
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Hold a turn; raise TooManyHashes where none comes in time."""
        if not self._here.acquire(blocking=False):
            raise TooManyHashes("Many people sign in at this moment.")
        try:
            if not self._inside.acquire(timeout=self._patience):
                raise TooManyHashes("Many people sign in at this moment.")
            try:
                yield
            finally:
                self._inside.release()
        finally:
            self._here.release()


gate = Gate(AT_ONCE, WAITING, PATIENCE)


class CappedArgon2(Argon2PasswordHasher):
    """Argon2id with 46 MiB and one pass (one of OWASP's equal choices), behind the gate."""

    time_cost = 1
    memory_cost = 47_104  # KiB
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Return the hash of a new password."""
        with gate.turn():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Say whether this is the password."""
        with gate.turn():
            return super().verify(password, encoded)
