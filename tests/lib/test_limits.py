"""Limits: a turn for everybody, and nothing kept of who it was."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from stepwell.lib.limits import Limit, address_of, hash_of_network, network_of, seconds_to_wait

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LIMIT = Limit("things", at_once=3, one_every=timedelta(minutes=3))


@pytest.fixture(autouse=True)
def nothing_yet() -> None:
    cache.clear()


def wait(thing: object, now: datetime = NOW, address: str = "192.0.2.7") -> int:
    return seconds_to_wait(LIMIT, address, str(thing), now)


def test_F7_some_at_once_then_one_at_a_time() -> None:
    assert [wait(thing) for thing in range(5)] == [0, 0, 0, 180, 180]
    assert wait("later", NOW + timedelta(minutes=1)) == 120
    assert wait("later", NOW + timedelta(minutes=3)) == 0
    assert wait("more", NOW + timedelta(minutes=3)) == 180


def test_F7_whoever_waits_as_told_is_let_in() -> None:
    now = NOW
    for thing in range(200):
        now += timedelta(seconds=wait(thing, now))
        assert wait(thing, now) == 0


def test_the_same_thing_counts_once() -> None:
    assert [wait("same") for _ in range(50)] == [0] * 50
    assert wait("other") == 0


def test_another_network_is_not_held_up() -> None:
    for thing in range(4):
        wait(thing)

    assert wait("theirs", address="198.51.100.1") == 0
    assert wait("neighbour", address="192.0.2.250") == 180


def test_F7_the_key_is_dropped_every_day() -> None:
    today, again = hash_of_network("192.0.2.7", NOW), hash_of_network("192.0.2.7", NOW)
    tomorrow = hash_of_network("192.0.2.7", NOW + timedelta(days=1))
    back = hash_of_network("192.0.2.7", NOW)

    assert today == again
    assert len({today, tomorrow, back}) == 3  # yesterday's name cannot be made again


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.0/24"),
        ("2001:db8:1:2::7", "2001:db8:1::/48"),
        ("::ffff:192.0.2.7", "192.0.2.0/24"),
        ("", "unknown"),
        ("no address", "unknown"),
    ],
)
def test_an_address_stands_for_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


@given(st.text())
def test_no_text_fails_as_an_address(text: str) -> None:
    assert network_of(text)


@pytest.mark.parametrize(
    ("proxies", "passed", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),  # anybody can write this header
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "1.1.1.1, 203.0.113.9", "203.0.113.9"),
        (2, "203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_only_our_own_proxies_are_believed(proxies: int, passed: str, address: str) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": passed})

    assert address_of(request, proxies) == address


def test_L7_what_is_counted_is_gone_after_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr(cache, "set", lambda key, value, timeout: kept.append(timeout))

    wait("thing")

    assert kept
    assert max(kept) <= 24 * 60 * 60
