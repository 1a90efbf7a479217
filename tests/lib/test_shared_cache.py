"""The cache of all hosts, in a real Redis of our own: counts together, fails to memory."""

import pickle
import shutil
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import redis as client
from django.core.cache import caches

from stepwell.lib import limits, shared_cache
from stepwell.lib.limits import Limit, seconds_to_wait
from stepwell.lib.shared_cache import SharedCache

SERVER = shutil.which("redis-server") or shutil.which("valkey-server")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LIMIT = Limit("things", at_once=8, one_every=timedelta(minutes=3))


def start(port: int, folder) -> subprocess.Popen[bytes]:
    command = [
        SERVER,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    for _ in range(100):
        try:
            client.Redis(port=port).ping()
            break
        except client.ConnectionError:
            time.sleep(0.02)
    return process


def stop(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait(10)


def free_port() -> int:
    if SERVER is None:
        pytest.skip("neither redis-server nor valkey-server is installed")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A running server; gives its port."""
    port = free_port()
    process = start(port, tmp_path_factory.mktemp("redis"))
    yield port
    stop(process)


def cache_at(port: int) -> SharedCache:
    shared_cache._rests_until[0] = 0.0
    return SharedCache(f"redis://127.0.0.1:{port}/0", {})


def test_two_hosts_see_the_same(server):
    one, other = cache_at(server), cache_at(server)

    one.set("a", ("x", 1.5), timeout=60)
    assert other.get("a") == ("x", 1.5)
    assert not other.add("a", "again")
    assert other.touch("a", 10)
    assert other.delete("a")
    assert one.get("a", "nothing") == "nothing"
    one.set("b", 1)
    other.clear()
    assert one.get("b") is None


def test_F7_hosts_count_together_and_no_count_is_lost(server, monkeypatch):
    """Eight threads, each a host with a connection and a lock of its own."""
    cache_at(server).clear()

    class Anyone:
        def __enter__(self): ...
        def __exit__(self, *_): ...

    monkeypatch.setattr(limits, "_lock", Anyone())

    class PerThread:
        def __getattr__(self, name):
            return getattr(caches["shared"], name)

    monkeypatch.setitem(
        caches.settings,
        "shared",
        {
            "BACKEND": "stepwell.lib.shared_cache.SharedCache",
            "LOCATION": f"redis://127.0.0.1:{server}/0",
        },
    )
    monkeypatch.setattr(limits, "cache", PerThread())
    with ThreadPoolExecutor(8) as hosts:
        waits = list(
            hosts.map(lambda n: seconds_to_wait(LIMIT, "192.0.2.7", str(n), NOW), range(16))
        )

    assert sorted(waits)[:9] == [0] * 8 + [180]


@pytest.mark.parametrize("state", ["nobody listens", "somebody listens and says nothing"])
def test_R4_a_cache_that_does_not_answer_costs_no_reader_more_than_a_moment(state):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if state.startswith("somebody"):
            silent.listen()
        cache = cache_at(silent.getsockname()[1])
        began = time.perf_counter()

        cache.set("a", "in memory")
        assert cache.get("a") == "in memory"
        assert cache.add("b", 1)
        for _ in range(100):
            cache.get("a")
        assert time.perf_counter() - began < 1
        cache.clear()
        assert cache.get("a") is None


def test_a_cache_that_comes_back_is_used_again(tmp_path):
    port = free_port()
    process = start(port, tmp_path)
    cache = cache_at(port)
    cache.set("a", "before")
    stop(process)

    assert cache.get("a") is None
    cache.set("a", "in memory")
    assert cache.get("a") == "in memory"

    process = start(port, tmp_path)
    assert cache.get("a") == "in memory"  # it rests for some seconds
    shared_cache._rests_until[0] = 0.0
    assert cache.get("a") is None
    cache.set("a", "after")
    assert cache_at(port).get("a") == "after"
    stop(process)


def test_what_somebody_else_wrote_into_the_cache_is_never_opened(server):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("it was run",))

    cache = cache_at(server)
    cache.set("a", "ours")
    raw = client.Redis(port=server)
    (name,) = raw.keys("*:a")
    for forged in (pickle.dumps(Trap()), pickle.dumps(Trap()).hex().encode(), b"\xff", b"5"):
        raw.set(name, forged)
        assert cache.get("a", "nothing") == "nothing"
        assert not raw.exists(name)
