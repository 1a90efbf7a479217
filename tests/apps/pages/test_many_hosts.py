"""Two hosts with one database: neither serves a page that the other changed."""

import os
import time

import pytest
from django.db import DatabaseError

from stepwell.apps.pages import actions, folder, rendering
from stepwell.apps.pages.models import Change
from stepwell.apps.pages.serving import UNFOLLOWED, Shelf
from stepwell.apps.pages.store import Store
from tests.apps.magazine.build import make_article


@pytest.fixture
def hosts(kept, settings, tmp_path, monkeypatch):
    """Two stores of one site; calling the fixture with 0 or 1 makes this process that host."""
    # A test's transaction must stay open.
    monkeypatch.setattr(actions, "close_old_connections", lambda: None)
    stores = [kept, Store(tmp_path / "other" / kept.root.name)]

    def be(number: int) -> Store:
        monkeypatch.setattr(actions, "store", lambda: stores[number])
        monkeypatch.setattr("stepwell.web.keeping.store", lambda: stores[number])
        return stores[number]

    be(0)
    return be


def shelf_of(host: Store) -> Shelf:
    return Shelf(host.root, hosts=["testserver"], https=False, look=actions.may_serve)


def body(shelf: Shelf, path: str) -> bytes | None:
    found = shelf.answer(rendering.environ_of(path))
    return found.body if found else None


def nobody_followed(host: Store, seconds: float = UNFOLLOWED + 1) -> None:
    then = time.time() - seconds
    os.utime(host.root / "watched", (then, then))


@pytest.fixture
def edited(hosts, committed):
    """An article kept on both hosts, then edited on the first; gives path and second host."""
    page = make_article(title="Before")
    for number in (0, 1):
        hosts(number)
        rendering.make(page.row.url)
    hosts(0)
    page.title = "After"
    with committed():
        page.save_revision().publish()
    return page.row.url, hosts(1)


def test_a_host_that_looks_takes_away_what_another_changed(edited):
    path, other = edited
    assert b"Before" in body(shelf_of(other), path)

    actions.look()

    assert body(shelf_of(other), path) is None
    actions.settle(other)
    assert b"After" in body(shelf_of(other), path)


def test_a_host_on_which_nobody_looks_serves_nothing_old(edited):
    """The web process asks for itself when its last sure moment is over."""
    path, other = edited
    shelf = shelf_of(other)
    assert b"Before" in body(shelf, path)

    nobody_followed(other)
    shelf._sure_until = 0.0

    assert body(shelf, path) is None
    assert other.is_held(path)


def test_R4_pages_are_served_while_the_database_is_away(edited, monkeypatch):
    path, other = edited
    nobody_followed(other)
    asked = []

    def away(*_: object, **__: object) -> None:
        asked.append(1)
        raise DatabaseError

    monkeypatch.setattr(Change.objects, "filter", away)
    shelf = shelf_of(other)

    assert [b"Before" in body(shelf, path) for _ in range(5)] == [True] * 5
    assert len(asked) == 1  # and nobody waits for it again and again


def test_a_host_that_cannot_follow_serves_nothing(edited, monkeypatch):
    path, other = edited
    nobody_followed(other)

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(other, "hold", full)

    assert body(shelf_of(other), path) is None
    assert not other.root.exists()


def test_a_host_that_was_away_for_hours_believes_no_page(edited):
    path, other = edited
    Change.objects.all().delete()  # forgotten meanwhile
    nobody_followed(other, seconds=2 * 60 * 60)

    actions.look()

    assert body(shelf_of(other), path) is None
    actions.settle(other)
    assert b"After" in body(shelf_of(other), path)


def test_a_look_that_finds_nothing_new_opens_no_index(
    edited, monkeypatch, django_assert_num_queries
):
    _, other = edited
    actions.look()
    monkeypatch.setattr(other, "followed", lambda: pytest.fail("looked through"))

    nobody_followed(other)
    with django_assert_num_queries(1):
        actions.look()
    assert other.seconds_unwatched() < 1


def test_a_change_that_is_seen_late_is_followed(edited):
    """A transaction may take a number first and end last."""
    path, other = edited
    actions.look()
    Change.objects.create(pk=10_000, key="section:nowhere")
    actions.look()
    actions.settle(other)
    assert b"After" in body(shelf_of(other), path)

    Change.objects.create(pk=9_000, key=actions.EVERYTHING)
    actions.look()

    assert body(shelf_of(other), path) is None


def test_the_folder_of_pages_is_not_named_after_servers_and_passwords(settings):
    settings.CACHE_URL = "redis://here/0"
    folder.release.cache_clear()
    before = folder.release()
    settings.CACHE_URL = "redis://elsewhere/0"
    settings.DATABASE_REPLICAS = ["postgres://elsewhere/network"]
    folder.release.cache_clear()

    assert folder.release() == before
    folder.release.cache_clear()
