"""The pages to browse in the page store: kept for a day, and gone as soon as a listing goes."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from stepwell.apps.directory import actions, keys
from stepwell.apps.directory.models import Listing
from stepwell.apps.pages import actions as pages
from stepwell.apps.pages import rendering, serving
from stepwell.apps.pages.store import Store
from tests.apps.directory.build import make_credential, make_listing, make_place
from tests.apps.pages.conftest import committed, kept  # noqa: F401 - fixtures

TOWN = "/find/kinds/counselling/gb/leeds/"
OTHER = "/find/kinds/counselling/gb/hull/"
PAGES = ("/find/kinds/", "/find/kinds/counselling/", "/find/kinds/counselling/gb/", TOWN)
Committed = Callable[[], AbstractContextManager[Any]]


def body(store: Store, path: str) -> bytes | None:
    """Return a page as it is served without Django, or None where it is not."""
    shelf = serving.Shelf(store.root, hosts=["testserver"], https=False, look=lambda: True)
    found = shelf.answer(rendering.environ_of(path))
    return found.body if found else None


@pytest.fixture
def listing(kept: Store) -> Listing:  # noqa: F811
    """A listing on four kept pages, and another town beside it."""
    found = make_listing(name="Here today", confirmed_on=timezone.localdate())
    make_listing(name="In Hull", place=make_place(town="Hull", district="HU1", lat=53.7, lon=-0.3))
    for path in (*PAGES, OTHER):
        rendering.make(path)
    return found


def test_pages_to_browse_are_kept(kept: Store, listing: Listing) -> None:  # noqa: F811
    for path in (*PAGES, OTHER):
        assert body(kept, path), path
    assert b"Here today" in (body(kept, TOWN) or b"")


def test_a_hidden_listing_leaves_its_kept_pages_at_once_and_other_towns_stay(
    kept: Store,  # noqa: F811
    listing: Listing,
    committed: Committed,  # noqa: F811
) -> None:
    hull = body(kept, OTHER)

    with committed():
        Listing.objects.filter(pk=listing.pk).update(standing="hidden")
        actions.make_findable([listing.pk])

    assert body(kept, TOWN) is None
    assert b"Leeds" not in (body(kept, "/find/kinds/counselling/gb/") or b"")
    assert body(kept, OTHER) == hull
    assert not (kept.files / "find/kinds/counselling/gb/leeds/index.html").exists()


def test_a_listing_of_another_kind_now_leaves_the_pages_of_the_old(
    kept: Store,  # noqa: F811
    listing: Listing,
    committed: Committed,  # noqa: F811
) -> None:
    with committed():
        Listing.objects.filter(pk=listing.pk).update(kind="life_coaching")
        actions.make_findable([listing.pk])

    assert body(kept, TOWN) is None
    assert b"Life coaching" in (body(kept, "/find/kinds/") or b"")


@pytest.mark.parametrize("ends", ["confirmation", "licence"])
def test_C6_the_clock_alone_takes_kept_pages_away(kept: Store, ends: str) -> None:  # noqa: F811
    today = timezone.localdate()
    last = today - timedelta(days=90) if ends == "confirmation" else today
    listing = make_listing(name="Here today", confirmed_on=last)
    if ends == "licence":
        make_credential(listing.provider, state="claimed", expires_on=today + timedelta(days=1))
    for path in PAGES:
        rendering.make(path)
    assert b"Here today" in (body(kept, TOWN) or b"")
    later = today + timedelta(days=1 if ends == "confirmation" else 2)

    midnight = _seconds(later)
    with mock.patch.object(serving, "time", return_value=midnight):
        assert [path for path in PAGES if body(kept, path)] == []
    with mock.patch.object(timezone, "localdate", return_value=later):
        pages.make_ended_again()

    assert TOWN not in kept.paths()
    assert not [one for one in kept.files.rglob("*") if one.is_file() and _says(one, b"leeds")]


def _seconds(day: date) -> float:
    """Return the moment at which a day begins, in UTC."""
    return (day - date(1970, 1, 1)).days * 86_400.0


def _says(file: Any, word: bytes) -> bool:
    return file.suffix not in {".br", ".gz"} and word in file.read_bytes().lower()


def test_keys_name_the_kind_the_country_and_the_town(settings: Any, db: None) -> None:
    here = make_listing()
    afar = make_listing(remote=True, serves=frozenset({"IE"}), kind="life_coaching")
    settings.KEEP_PAGES = True

    assert keys.of([here.pk, afar.pk]) == {
        "listed",
        "listed:counselling",
        "listed:counselling:GB",
        "listed:counselling:GB:leeds",
        "listed:life_coaching",
        "listed:life_coaching:IE",
        "listed:life_coaching:IE:from-afar",
    }
