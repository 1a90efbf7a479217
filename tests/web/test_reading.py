"""Which pages a replica answers, in a site with a second connection to its own database."""

import pytest
from django.conf import settings as site
from django.db import OperationalError, connections
from django.db.utils import load_backend
from django.test import Client

from stepwell.lib import replicas
from stepwell.lib.replicas import Watch
from stepwell.web.routes import register
from tests.web.addresses import ADDRESSES

REPLICA = "replica1"
MORE = {
    "web:search": "/search/",
    "directory:search": "/find/",
    "guide:plan": "/guide/plan/",
}


@pytest.fixture
def asked(settings, monkeypatch, transactional_db):
    """Every query by the connection that it went to."""
    settings.DATABASE_ROUTERS = ["stepwell.lib.replicas.Router"]
    watch = Watch(())
    watch.good = (REPLICA,)
    monkeypatch.setattr(replicas, "watch", lambda: watch)
    own = connections["default"].settings_dict
    connections[REPLICA] = load_backend(own["ENGINE"]).DatabaseWrapper({**own}, REPLICA)
    found: dict[str, list[str]] = {"default": [], REPLICA: []}

    def noting(alias):
        def note(call, sql, params, many, context):
            found[alias].append(sql)
            return call(sql, params, many, context)

        return note

    with (
        connections["default"].execute_wrapper(noting("default")),
        connections[REPLICA].execute_wrapper(noting(REPLICA)),
    ):
        yield found
    connections[REPLICA].close()
    del connections[REPLICA]


def test_pages_that_may_lag_only_read(client, asked):
    lagging = [route for route in register().routes if route.may_lag]
    assert len(lagging) > 10
    for route in lagging:
        for method in route.methods:
            address = {**ADDRESSES, **MORE}[route.name]
            answer = client.get(address) if method == "GET" else client.post(address)
            assert answer.status_code < 500, (route.name, method)
    wrote = [
        sql for sql in asked["default"] + asked[REPLICA] if not sql.lstrip("(").startswith("SELECT")
    ]
    assert wrote == []
    assert len(asked[REPLICA]) > 20


def test_a_stranger_reads_from_a_replica_and_staff_from_the_primary(
    client, asked, django_user_model
):
    client.get("/find/")
    assert asked[REPLICA]
    assert asked["default"] == []

    asked[REPLICA].clear()
    someone = Client(headers={"cookie": f"{site.SESSION_COOKIE_NAME}=whoever"})
    someone.get("/find/")
    assert asked[REPLICA] == []
    assert asked["default"]


def test_R4_a_reader_under_whom_a_replica_goes_away_is_answered(client, asked, monkeypatch):
    def gone(*_: object, **__: object) -> None:
        raise OperationalError("the server closed the connection")

    monkeypatch.setattr(connections[REPLICA], "cursor", gone)

    assert client.get("/find/").status_code == 200
    assert asked["default"]
    assert replicas.watch().good == ()


def test_a_page_that_fails_for_another_reason_is_not_asked_twice(client, asked, monkeypatch):
    client.raise_request_exception = False
    tries = []

    def broken(*_: object, **__: object) -> None:
        tries.append(1)
        raise ValueError

    monkeypatch.setattr(connections[REPLICA], "cursor", broken)

    assert client.get("/find/").status_code == 500
    assert len(tries) == 1
