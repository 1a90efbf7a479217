"""Where is read and written when there are replicas, and which of them may answer."""

import pytest
from django.db import DatabaseError, connections, transaction

from stepwell.lib import replicas
from stepwell.lib.databases import database
from stepwell.lib.databases import replicas as entries
from stepwell.lib.replicas import Router, Watch, give_up_replica, may_lag, up_to_date

PRIMARY = "default"


@pytest.fixture
def watching(monkeypatch):
    """A watch that finds one replica good, without looking."""
    found = Watch(())
    found.good = ("replica1",)
    monkeypatch.setattr(replicas, "watch", lambda: found)
    return found


def reads() -> str:
    return Router().db_for_read(None)


def writes() -> str:
    return Router().db_for_write(None)


def test_only_a_block_that_may_lag_reads_from_a_replica(watching):
    assert reads() == PRIMARY
    with may_lag():
        assert reads() == "replica1"
        with up_to_date():
            assert reads() == PRIMARY
        assert reads() == "replica1"
    assert reads() == PRIMARY
    with up_to_date(), may_lag():
        assert reads() == PRIMARY


def test_R10_whoever_wrote_reads_what_they_wrote(watching):
    with may_lag():
        assert reads() == "replica1"
        assert writes() == PRIMARY
        assert reads() == PRIMARY
    with may_lag():
        assert reads() == "replica1"


@pytest.mark.django_db(transaction=True)
def test_a_transaction_reads_where_it_writes(watching):
    with may_lag():
        with transaction.atomic():
            assert reads() == PRIMARY
        assert reads() == "replica1"


def test_a_replica_that_fails_a_reader_is_left_out(watching, monkeypatch):
    monkeypatch.setattr(replicas, "connections", {"replica1": connections[PRIMARY], **NONE})
    with may_lag():
        give_up_replica()
        assert reads() == PRIMARY
    with may_lag():
        assert reads() == PRIMARY
    assert watching.good == ()


class Idle:
    in_atomic_block = False


NONE = {PRIMARY: Idle()}


@pytest.fixture
def looked(monkeypatch):
    """A watch over two replicas, with invented clocks and places."""
    places, clock = {PRIMARY: 100, "replica1": 100, "replica2": 100}, [1000.0]
    monkeypatch.setattr(replicas, "_ask", lambda alias, sql: places[alias])
    monkeypatch.setattr(replicas.time, "monotonic", lambda: clock[0])
    watch = Watch(("replica1", "replica2"))

    def look(seconds: float, **moved: int | None) -> tuple[str, ...]:
        clock[0] += seconds
        places.update({PRIMARY if name == "primary" else name: at for name, at in moved.items()})
        watch.look()
        return watch.good

    return look


def test_a_replica_that_falls_behind_is_left_out_and_comes_back(looked):
    assert looked(0) == ("replica1", "replica2")
    assert looked(2, primary=200, replica1=200) == ("replica1", "replica2")
    assert looked(3, primary=300, replica1=250) == ("replica1", "replica2")
    assert looked(3, primary=300, replica1=300) == ("replica1",)
    assert looked(2, replica2=300) == ("replica1", "replica2")


def test_a_replica_that_is_down_or_promoted_is_left_out(looked):
    assert looked(0, replica2=None) == ("replica1",)
    assert looked(2, replica1=None) == ()


def test_R4_replicas_go_on_while_the_primary_is_away(looked):
    looked(0)
    looked(6, primary=500, replica1=500, replica2=400)

    assert looked(2, primary=None) == ("replica1", "replica2")
    assert looked(60) == ("replica1",)


def test_nothing_is_known_of_a_replica_while_no_primary_was_ever_seen(looked):
    assert looked(0, primary=None) == ()


@pytest.mark.django_db
def test_a_server_that_does_not_answer_is_no_error(monkeypatch):
    def fail(*_: object) -> None:
        raise DatabaseError

    monkeypatch.setattr(connections[PRIMARY], "cursor", fail)
    monkeypatch.setattr(connections[PRIMARY], "close", lambda: None)
    monkeypatch.setattr(connections[PRIMARY], "close_if_unusable_or_obsolete", lambda: None)

    assert replicas._ask(PRIMARY, "SELECT 1") is None


def test_several_servers_mean_the_one_that_writes():
    entry = database("postgres://ada:p%40ss@one:5433,two,[2001:db8::3]:5434/network")

    assert entry["HOST"] == "one,two,2001:db8::3"
    assert entry["PORT"] == "5433,5432,5434"
    assert entry["PASSWORD"] == "p@ss"
    assert entry["OPTIONS"]["target_session_attrs"] == "read-write"
    assert "target_session_attrs" not in database("postgres://ada@one/network")["OPTIONS"]


def test_R10_no_statement_timeout_ends_the_wait_for_a_standby():
    """PostgreSQL calls a write done when a timeout ends that wait, though nobody holds it."""
    assert "options" not in database("postgres://a@one,two/network")["OPTIONS"]


def test_replicas_are_only_read():
    found = entries(["postgres://a@one/network", "postgres://a@two/network"])

    assert list(found) == ["replica1", "replica2"]
    assert "default_transaction_read_only=on" in found["replica2"]["OPTIONS"]["options"]
    assert not Router().allow_migrate("replica1", "magazine")
    with pytest.raises(ValueError, match="no PostgreSQL"):
        entries(["sqlite:///x"])
