"""How often somebody may do something, without keeping who they are.

A network (the first 24 bits of an IPv4 address, 48 of an IPv6 one) is known by a
hash under a key made for one day, kept in memory only and worth nothing without
the site's own; on the next day nobody can say any more which network a hash stood
for. The limit is a bucket: some at once, then one at a time, so that a school or a
shelter behind one address waits its turn and is never shut out. With a cache that
hosts share they count together.
"""

import hmac
import math
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from threading import Lock

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

DAY = 24 * 60 * 60
REMEMBERED = 60  # recent things per network; doing one of them again is free
_lock = Lock()


@dataclass(frozen=True)
class Limit:
    """So many at once, then one every so often."""

    name: str
    at_once: int
    one_every: timedelta


def seconds_to_wait(limit: Limit, address: str, thing: str, now: datetime) -> int:
    """Return 0 and count `thing`, or return how many seconds to wait; then nothing is counted.

    The same `thing` is counted once, however often it comes.
    """
    key = f"limit-{limit.name}-{hash_of_network(address, now)}"
    with _lock, _our_turn(key):
        level, at, things = cache.get(key, (0.0, now.timestamp(), ()))
        every = limit.one_every.total_seconds()
        level = max(0.0, level - (now.timestamp() - at) / every)
        if thing in things:
            return 0
        if level > limit.at_once - 1:
            waiting: float = (level - (limit.at_once - 1)) * every
            return math.ceil(waiting)
        kept = (*things, thing)[-REMEMBERED:]
        cache.set(key, (level + 1, now.timestamp(), kept), timeout=DAY)
    return 0


@contextmanager
def _our_turn(key: str) -> Iterator[None]:
    """Keep other processes from the same count for a moment; nobody waits long for it."""
    ours = False
    for _ in range(20):
        ours = cache.add(f"{key}-held", 1, timeout=1)
        if ours:
            break
        time.sleep(0.01)
    yield
    if ours:
        cache.delete(f"{key}-held")


def hash_of_network(address: str, now: datetime) -> str:
    """Return the day's name of the network that an address lies in."""
    return hmac.new(_key_of(now), network_of(address).encode(), sha256).hexdigest()[:32]


def network_of(address: str) -> str:
    """Return the network of an address; one that cannot be read stands for all such."""
    try:
        parsed = ip_address(address.strip())
    except ValueError:
        return "unknown"
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    length = 24 if parsed.version == 4 else 48
    return str(ip_network(f"{parsed}/{length}", strict=False))


def address_of(request: HttpRequest, proxies: int = 0) -> str:
    """Return where a request comes from, through as many proxies as are our own."""
    passed = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(passed) >= proxies and passed[-proxies].strip():
        return passed[-proxies].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def _key_of(now: datetime) -> bytes:
    """Return the key of the day; the key of the day before is forgotten."""
    day = now.date()
    cache.delete(f"limits-key-{day - timedelta(days=1)}")
    name, fresh = f"limits-key-{day}", secrets.token_bytes(32)
    key = cache.get(name)
    if key is None:
        key = fresh if cache.add(name, fresh, timeout=DAY) else cache.get(name, fresh)
    return hmac.new(settings.SECRET_KEY.encode(), key, sha256).digest()
