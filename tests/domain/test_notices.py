"""Notices: where they may stand, which stands there, and that nothing knows the reader."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain import loading, notices, tags
from stepwell.domain.errors import FactError
from stepwell.domain.notices import MOST, Offer, Place, choose, verdict

TODAY = date(2026, 11, 24)
ARTICLE = Place("magazine:article", section="news", tags=frozenset({"mental-fatigue"}))
SECTIONS = ("news", "growth-psychology", "")
ROUTES = (
    "magazine:home", "magazine:section", "magazine:article", "magazine:tag", "guide:plan",
    "crisis:index", "selftests:intro", "sealed:answer", "directory:search", "web:search",
    "contact:write", "web:about", "support:kind", "search:find", "something:new", "none",
)  # fmt: skip
PLACES = st.builds(
    Place,
    route=st.sampled_from(ROUTES),
    section=st.sampled_from(SECTIONS),
    tags=st.frozensets(st.sampled_from(sorted(tags.tags())), max_size=3),
    heavy=st.booleans(),
    noted=st.booleans(),
)
OFFERS = st.lists(
    st.builds(
        Offer,
        id=st.integers(1, 40),
        from_on=st.dates(TODAY - timedelta(9), TODAY + timedelta(9)),
        until_on=st.none() | st.dates(TODAY - timedelta(9), TODAY + timedelta(9)),
        active=st.booleans(),
        on_front=st.booleans(),
        sections=st.frozensets(st.sampled_from(SECTIONS[:2])),
    ),
    max_size=12,
    unique_by=lambda offer: offer.id,
)


@given(OFFERS, PLACES)
def test_no_notice_stands_where_none_may(offers: list[Offer], place: Place) -> None:
    chosen = choose(offers, place, TODAY)

    if chosen:
        assert place.route in {"magazine:home", "magazine:section", "magazine:article"}
        assert not place.heavy
        assert not place.noted
        assert not place.tags & {"depression", "lovelorn", "adolescent-psychology"}


@given(OFFERS, PLACES)
def test_at_most_two_and_each_runs_and_is_booked_there(offers: list[Offer], place: Place) -> None:
    by_id = {offer.id: offer for offer in offers}

    chosen = choose(offers, place, TODAY)

    assert len(chosen) == len(set(chosen)) <= MOST
    for one in map(by_id.__getitem__, chosen):
        assert one.active
        assert one.from_on <= TODAY <= (one.until_on or TODAY)
        assert place.section in one.sections if place.section else one.on_front


@given(OFFERS, PLACES)
def test_everybody_sees_the_same_all_day(offers: list[Offer], place: Place) -> None:
    assert choose(offers, place, TODAY) == choose(list(reversed(offers)), place, TODAY)


def test_those_that_are_booked_take_turns() -> None:
    offers = [Offer(n, TODAY, on_front=True) for n in range(5)]
    days = [TODAY + timedelta(day) for day in range(5)]

    seen = [one for day in days for one in choose(offers, Place("magazine:home"), day)]

    assert {seen.count(n) for n in range(5)} == {2}


def test_a_notice_runs_from_its_first_to_its_last_day() -> None:
    offer = Offer(1, TODAY, TODAY + timedelta(1), sections=frozenset({"news"}))

    shown = [bool(choose([offer], ARTICLE, TODAY + timedelta(day))) for day in (-1, 0, 1, 2)]

    assert shown == [False, True, True, False]


@pytest.mark.parametrize("route", ROUTES)
def test_every_page_has_a_family_with_a_reason(route: str) -> None:
    assert verdict(Place(route)).reason


def test_a_page_that_nobody_thought_of_carries_none() -> None:
    assert not verdict(Place("something:new")).allowed


def test_a_file_without_a_last_word_is_refused(tmp_path, monkeypatch) -> None:
    (tmp_path / "notices.toml").write_text("never_with_tags = []\nfamilies = []\n")
    loading.use_folders([tmp_path])
    try:
        with pytest.raises(FactError, match="the last one needs"):
            notices.check()
    finally:
        loading.use_folders([])
