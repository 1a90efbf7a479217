"""Freshness: days, links, reminders, shares with their intervals, words."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain import freshness, matching
from stepwell.domain.freshness import Answered

MONDAY = date(2026, 10, 19)
CLOCKS_CHANGE = date(2026, 10, 25)
DAYS = (60, 75, 85)


@pytest.mark.parametrize(("age", "holds"), [(-1, False), (0, True), (21, True), (22, False)])
def test_link_holds_for_21_days_over_a_change_of_the_clocks(age: int, holds: bool) -> None:
    assert MONDAY < CLOCKS_CHANGE < freshness.last_day_of_link(MONDAY)

    assert freshness.link_holds(MONDAY, MONDAY + timedelta(days=age)) is holds


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-5, 200))
def test_lapsed_is_the_gate_of_the_search_seen_from_the_other_side(day: date, age: int) -> None:
    today = day + timedelta(days=age)

    shown = matching.is_recent(day, today, matching.CONFIRM_DAYS)

    assert freshness.is_lapsed(day, today) is (not shown and age >= 0)


@pytest.mark.parametrize(
    ("age", "due"),
    [
        (59, None),
        (60, 60),
        (74, 60),
        (75, 75),
        (84, 75),
        (85, 85),
        (90, 85),
        (91, None),
        (-1, None),
    ],
)
def test_reminder_due_is_the_latest_and_none_after_the_listing_is_hidden(
    age: int, due: int | None
) -> None:
    assert freshness.reminder_due(MONDAY, MONDAY + timedelta(days=age), DAYS) == due


@pytest.mark.parametrize("days", [(75, 60), (60, 60), (0,), (91,)])
def test_reminder_days_that_make_no_sense_are_refused(days: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="rising numbers from 1 to 90"):
        freshness.check_reminder_days(days)


def test_reminder_days_may_be_few_or_none() -> None:
    freshness.check_reminder_days(())
    freshness.check_reminder_days((90,))


@pytest.mark.parametrize(
    ("hits", "of", "lowest", "highest"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(
    hits: int, of: int, lowest: float, highest: float
) -> None:
    """Newcombe (1998), table I, method 3; the four pairs are recalled."""
    found = freshness.wilson(hits, of)

    assert found is not None
    assert found.lowest == pytest.approx(lowest, abs=0.00005)
    assert found.highest == pytest.approx(highest, abs=0.00005)


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_wilson_lies_around_the_share_and_is_the_same_from_both_ends(
    tried: tuple[int, int],
) -> None:
    hits, of = tried
    found, other = freshness.wilson(hits, of), freshness.wilson(of - hits, of)

    assert found is not None
    assert other is not None
    assert 0 <= found.lowest <= found.share <= found.highest <= 1
    assert found.lowest == pytest.approx(1 - other.highest)


def test_unknown_is_said_and_is_not_nought() -> None:
    assert freshness.wilson(0, 0) is None
    assert freshness.interval_words(0, 0) == freshness.percent(0, 0) == "not known"
    assert freshness.median_days([]) is None
    assert freshness.percent(0, 7) == "0 %"
    assert freshness.median_days([0, 3]) == 1.5


def test_urgent_counts_days_and_not_reports() -> None:
    days = [MONDAY, MONDAY, MONDAY, MONDAY + timedelta(days=1)]

    assert not freshness.is_urgent(days)
    assert freshness.is_urgent([*days, MONDAY + timedelta(days=9)])


def test_few_answers_say_nothing_and_five_are_counted_with_their_dates() -> None:
    four = [(Answered.SOON, MONDAY)] * 4

    assert "Not enough" in freshness.answer_words([])
    assert freshness.answer_words(four) == freshness.answer_words([])
    assert freshness.answer_words([*four, (Answered.NOT_AT_ALL, MONDAY + timedelta(days=40))]) == (
        "5 visitors told us, from 19 October 2026 to 28 November 2026: 4 got an answer within two "
        "working days, 0 later, 1 not at all."
    )
