"""Related articles: close in topic, stable in time, heavy topics never chained."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepwell.domain import related
from stepwell.domain.related import MOST, Item, Shelf


@pytest.fixture(autouse=True, scope="module")
def short_reach() -> Iterator[None]:
    """Make the reach so short that small shelves already go beyond it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(related, "REACH", 3)
        yield


def item(
    item_id: int,
    *,
    tags: str = "",
    section: str = "growth",
    heavy: bool = False,
    published: float | None = None,
) -> Item:
    day = float(item_id) if published is None else published
    return Item(item_id, section, frozenset(tags.split()), heavy, day)


ITEMS = st.builds(
    Item,
    id=st.integers(1, 60),
    section=st.sampled_from(["news", "growth"]),
    tags=st.frozensets(st.sampled_from("abcd"), max_size=3),
    heavy=st.booleans(),
    published=st.integers(0, 9).map(float),
)
SHELVES = st.lists(ITEMS, max_size=50, unique_by=lambda one: one.id)


def test_more_shared_tags_come_first_and_say_why() -> None:
    shelf = Shelf.of([item(1, tags="a b"), item(2, tags="a"), item(3, tags="a b"), item(4)])

    found = shelf.related(1)

    assert [(one.id, one.shared) for one in found] == [(3, ("a", "b")), (2, ("a",)), (4, ())]


def test_the_same_section_decides_between_equal_tags() -> None:
    far = item(2, tags="a", section="news")
    shelf = Shelf.of([item(1, tags="a"), far, item(3, tags="a")])

    assert [one.id for one in shelf.related(1)] == [3, 2]


def test_the_nearest_in_time_wins_a_tie_not_the_newest() -> None:
    shelf = Shelf.of([item(number, tags="a") for number in range(1, 30)])

    assert {one.id for one in shelf.related(10)} == {7, 8, 9, 11, 12, 13}


@given(SHELVES)
def test_heavy_never_leads_to_heavy_and_nothing_to_itself(items: list[Item]) -> None:
    shelf = Shelf.of(items)

    for one in items:
        found = shelf.related(one.id)
        assert len(found) <= MOST
        assert one.id not in {other.id for other in found}
        assert not any(one.heavy and shelf.items[other.id].heavy for other in found)


@given(SHELVES, ITEMS)
@settings(max_examples=300)
def test_putting_one_changes_only_the_lists_it_names(items: list[Item], new: Item) -> None:
    shelf = Shelf.of(items)
    before = {one.id: shelf.related(one.id) for one in items}

    touched = shelf.put(new)

    whole = Shelf.of([*(one for one in items if one.id != new.id), new])
    for item_id in whole.items:
        old = before.get(item_id, ())
        now = whole.related(item_id)
        assert shelf.related(item_id) == now
        assert now == old or item_id in touched


@given(SHELVES.filter(bool))
def test_taking_one_changes_only_the_lists_it_names(items: list[Item]) -> None:
    shelf = Shelf.of(items)
    before = {one.id: shelf.related(one.id) for one in items}

    touched = shelf.take(items[0].id)

    whole = Shelf.of(items[1:])
    for item_id in whole.items:
        assert shelf.related(item_id) == whole.related(item_id)
        assert whole.related(item_id) == before[item_id] or item_id in touched


def test_taking_what_is_not_there_touches_nothing() -> None:
    assert Shelf().take(1) == frozenset()
