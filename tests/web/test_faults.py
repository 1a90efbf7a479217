"""The database down, slow, resetting, read-only or full: reading goes on, forms keep the text."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import perf_counter
from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, connections
from django.test import Client

from stepwell.apps.contact.models import Letter, SentForm
from stepwell.apps.pages import rendering
from stepwell.apps.pages.serving import Shelf
from stepwell.domain import instruments
from stepwell.web import first
from tests.apps.contact.build import CANARY, filled
from tests.apps.pages.conftest import kept
from tests.faulty import Proxy, proxy_to

__all__ = ["kept"]
SEALED = f"/q/{next(iter(instruments.instruments().values())).code}/"
WITHOUT_A_DATABASE = ("/help-now/", "/help-now/gb/", "/guide/", "/exit/", "/contact/", SEALED)


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def db(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database without a transaction around it, so that its line may break; swept by hand."""
    with django_db_blocker.unblock():
        yield
        Letter.objects.all().delete()
        SentForm.objects.all().delete()
        connection.close()


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@contextmanager
def through(proxy: Proxy) -> Iterator[None]:
    """Let Django speak to its database through the proxy."""
    there = connection.settings_dict
    before = there["HOST"], there["PORT"], there["CONN_HEALTH_CHECKS"]
    connection.close()
    there["HOST"], there["PORT"] = "127.0.0.1", str(proxy.port)
    try:
        yield
    finally:
        proxy.turn("well")
        there["HOST"], there["PORT"], there["CONN_HEALTH_CHECKS"] = before
        connections.close_all()


@contextmanager
def read_only() -> Iterator[None]:
    """A database that takes no writes."""
    sqlite = connection.vendor == "sqlite"
    on, off = (
        ("PRAGMA query_only=1", "PRAGMA query_only=0")
        if sqlite
        else (f"SET default_transaction_read_only = {state}" for state in ("on", "off"))
    )
    with connection.cursor() as cursor:
        cursor.execute(on)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(off)


@contextmanager
def full() -> Iterator[None]:
    """A database file that cannot grow."""
    if connection.vendor != "sqlite":
        pytest.skip("a full disk of PostgreSQL is not tried: it reports the same class of error")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE ballast (filling BLOB)")
        (pages,) = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count={pages}")
        with suppress(OperationalError):
            while True:
                cursor.execute("INSERT INTO ballast VALUES (zeroblob(4000))")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count=4294967294")
            cursor.execute("DROP TABLE ballast")


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def check_reading_goes_on(client: Client, kept: Any) -> None:
    """What needs no database, and what is kept, is answered."""
    for path in WITHOUT_A_DATABASE:
        assert client.get(path).status_code in {200, 303}, path
    shelf = Shelf(kept.root, hosts=["testserver"], https=False, look=lambda: True)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/about/", "HTTP_HOST": "testserver"}
    found = first.answer(shelf, environ)
    assert found is not None
    assert found.status == "200 OK"


def check_text_is_kept(client: Client) -> None:
    """A letter, a code and a search come back with what was written, and with help."""
    letter = client.post("/contact/send/", filled(message=f"{CANARY} and\nmore"))
    assert letter.status_code == 503
    assert f"{CANARY} and\nmore" in letter.content.decode().replace("\r", "")
    assert "was not sent" in words(letter)
    code = client.post("/contact/withdraw/", {"code": f"{CANARY}-code"})
    assert code.status_code == 503
    assert f'name="code" value="{CANARY}-code"' in code.content.decode()
    for response in (letter, code):
        assert 'class="care"' in response.content.decode()


def check_no_500(client: Client) -> None:
    """A page that needs the database says when to come back, and where help is."""
    response = client.get("/latest/")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert 'class="care"' in response.content.decode()
    search = client.post("/search/", {"words": f"{CANARY} words"})
    assert search.status_code == 503
    assert f"{CANARY} words" in search.content.decode()


@pytest.mark.parametrize("mode", ["down", "resetting"])
def test_R4_database_away_reading_goes_on(kept, client: Client, mode: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no line that could break")
    rendering.make("/about/")
    there = connection.settings_dict
    with proxy_to(there["HOST"], int(there["PORT"] or 5432)) as proxy, through(proxy):
        assert client.get("/latest/").status_code == 200
        proxy.turn(mode)

        check_reading_goes_on(client, kept)
        check_text_is_kept(client)
        check_no_500(client)

        proxy.turn("well")
        assert client.get("/latest/").status_code == 200
        assert client.post("/contact/send/", filled()).status_code == 200
    assert Letter.objects.count() == 1


def test_R4_database_slow_pages_that_need_none_do_not_wait(kept, client: Client) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no line that could be slow")
    rendering.make("/about/")
    there = connection.settings_dict
    with proxy_to(there["HOST"], int(there["PORT"] or 5432)) as proxy, through(proxy):
        assert client.get("/latest/").status_code == 200
        proxy.delay = 0.3
        proxy.turn("slow")
        began = perf_counter()

        check_reading_goes_on(client, kept)

        assert perf_counter() - began < 1.5  # seven pages, of which none asked the database
        assert client.post("/contact/send/", filled()).status_code == 200
    assert Letter.objects.count() == 1


@pytest.mark.parametrize("trouble", [read_only, full])
def test_R5_without_writes_pages_read_and_forms_keep_the_text(kept, client, trouble) -> None:
    rendering.make("/about/")
    with trouble():
        check_reading_goes_on(client, kept)
        assert client.get("/latest/").status_code == 200
        assert client.post("/search/", {"words": "rest"}).status_code == 200
        letter = client.post("/contact/send/", filled(message=f"{CANARY} words " * 200))
        assert letter.status_code == 503
        assert f"{CANARY} words" in letter.content.decode()
        assert 'class="care"' in letter.content.decode()

    assert not Letter.objects.exists()
    assert client.post("/contact/send/", filled()).status_code == 200
