"""Related articles: close in topic, stable in time, heavy topics never chained."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepwell.domain import related
from stepwell.domain.related import COMMONEST, MOST, Item, Shelf, says_what_helps


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
    helping: bool = False,
    published: float | None = None,
) -> Item:
    day = float(item_id) if published is None else published
    return Item(item_id, section, frozenset(tags.split()), heavy, day, helping)


ITEMS = st.builds(
    Item,
    id=st.integers(1, 60),
    section=st.sampled_from(["news", "growth"]),
    tags=st.frozensets(st.sampled_from("abcd"), max_size=3),
    heavy=st.booleans(),
    published=st.integers(0, 9).map(float),
    helping=st.booleans(),
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


def test_a_rare_tag_counts_more_than_a_common_one() -> None:
    common = [item(number, tags="b") for number in range(10, 40)]
    shelf = Shelf.of([item(1, tags="a b"), item(2, tags="b"), item(50, tags="a"), *common])

    assert shelf.related(1)[0].id == 50
    assert shelf.points("a") > shelf.points("b")


def test_a_tag_outweighs_the_section_however_common_it_is() -> None:
    many = [item(number, tags="a", section="news") for number in range(100, 9_000)]
    shelf = Shelf.of([item(1, tags="a"), item(2), *many])

    assert shelf.points("a") == COMMONEST
    assert shelf.related(1)[0].shared == ("a",)


def test_a_tag_named_like_a_section_counts_little_and_hardly_where_both_stand_in_it() -> None:
    shelf = Shelf.of(
        [
            item(1, tags="growth-psychology a", section="growth-psychology"),
            item(2, tags="growth-psychology", section="growth-psychology"),
            item(3, tags="growth-psychology", section="news"),
            item(4, tags="a", section="news"),
        ]
    )

    assert shelf.points("growth-psychology") == COMMONEST
    assert [one.id for one in shelf.related(1)] == [4, 2, 3]


def test_one_that_helps_moves_up_into_every_three() -> None:
    near = [item(number, tags="a b") for number in range(2, 10)]
    helping = [item(number, helping=True) for number in (20, 21)]
    shelf = Shelf.of([item(1, tags="a b"), *near, *helping])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(related, "REACH", 20)

        found = [one.id for one in shelf.related(1)]

    assert found == [2, 3, 20, 4, 5, 21]


@given(SHELVES)
def test_among_every_three_one_helps_where_one_is_left(items: list[Item]) -> None:
    shelf = Shelf.of(items)

    for one in items:
        reached = {shelf.items[other] for other in shelf.within_reach(one)}
        left = {other for other in reached if not (one.heavy and other.heavy)}
        found = [shelf.items[other.id] for other in shelf.related(one.id)]
        for start in range(0, len(found), 3):
            group = found[start : start + 3]
            assert any(each.helping for each in group) or not any(each.helping for each in left)
            left -= set(group)


@pytest.mark.parametrize(
    ("heading", "helps"),
    [
        ("What you can do", True),
        ("Small things that help", True),
        ("Things to try", True),
        ("How to check someone", True),
        ("A first step you can take", True),
        ("Does it help", False),
        ("What happened", False),
        ("What the words mean", False),
        ("Why it happens", False),
    ],
)
def test_headings_say_whether_a_text_helps(heading: str, helps: bool) -> None:
    assert says_what_helps([heading]) is helps


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
