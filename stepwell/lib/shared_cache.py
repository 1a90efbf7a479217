"""A cache that all hosts share, and this process's memory for as long as it does not answer.

Nothing that a page needs lies only in a cache, so a cache that is down costs speed and makes
limits count each process for itself. What comes out of it is signed, so that whoever can
write into the cache cannot have anything run here.
"""

import pickle
import time
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.core.signing import BadSignature, Signer
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

RESTS = 5.0  # seconds for which a cache that did not answer is left alone
PATIENCE = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}  # seconds
_rests_until = [0.0]  # for all threads of this process


class Signed:
    """Turns values into bytes that only this site can have made."""

    def __init__(self) -> None:
        self._signer = Signer(salt="stepwell.shared_cache")

    def dumps(self, value: object) -> bytes:
        """Return a value as signed bytes."""
        told = pickle.dumps(value).hex()
        return self._signer.sign(told).encode()

    def loads(self, data: bytes) -> Any:
        """Return the value of bytes that we signed; raise BadSignature for others."""
        try:
            told = self._signer.unsign(data.decode())
        except UnicodeDecodeError as error:
            raise BadSignature from error
        return pickle.loads(bytes.fromhex(told))  # noqa: S301 - signed by us


class SharedCache(BaseCache):
    """Valkey or Redis at `LOCATION`; memory beside it while it is away."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        once_more = {"retry": Retry(NoBackoff(), 1)}  # the server may have closed an idle line
        options = {"serializer": Signed, **PATIENCE, **once_more}
        self._shared = RedisCache(server, {**params, "OPTIONS": options})
        self._memory = LocMemCache("beside the shared cache", dict(params))

    def _either(self, name: str, key: str, *given: Any, **named: Any) -> Any:
        if time.monotonic() >= _rests_until[0]:
            try:
                return getattr(self._shared, name)(key, *given, **named)
            except BadSignature:
                self._shared.delete(key, version=named.get("version"))
                return named.get("default")
            except (RedisError, OSError):
                _rests_until[0] = time.monotonic() + RESTS
        return getattr(self._memory, name)(key, *given, **named)

    def add(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> bool:
        """Keep a value where there is none; say whether it was kept."""
        return bool(self._either("add", key, value, timeout=timeout, version=version))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return the value, or `default`."""
        return self._either("get", key, default=default, version=version)

    def set(
        self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> None:
        """Keep a value."""
        self._either("set", key, value, timeout=timeout, version=version)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value for longer."""
        return bool(self._either("touch", key, timeout=timeout, version=version))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Take a value away."""
        return bool(self._either("delete", key, version=version))

    def clear(self) -> None:
        """Empty both."""
        self._memory.clear()
        if time.monotonic() >= _rests_until[0]:
            try:
                self._shared.clear()
            except (RedisError, OSError):
                _rests_until[0] = time.monotonic() + RESTS
