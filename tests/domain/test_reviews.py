"""What a signed review is worth: truth tables over texts, events and days."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain.reviews import (
    Badge,
    NoSignature,
    Outcome,
    ReviewState,
    Scope,
    Signed,
    check_due,
    months_later,
    review_standing,
    settled,
    signature,
)

DUE = date(2029, 3, 3)


@dataclass
class Row:
    """A published text."""

    review_state: str = "current"
    reviewer: str = "Ann"
    reviewed_on: date | None = date(2026, 3, 3)
    review_due: date | None = DUE


def review(
    number: int = 1,
    text: str = "a",
    *,
    outcome: Outcome = Outcome.APPROVED,
    scope: Scope = Scope.WHOLE,
    carried: tuple[str, ...] = (),
) -> Signed:
    return Signed(number, outcome, scope, text, frozenset(carried))


ASKED = Outcome.CHANGES_ASKED
TABLE = [
    ("nobody read it", [], ReviewState.NONE),
    ("this text was approved", [review()], ReviewState.CURRENT),
    ("another text was approved", [review(text="b")], ReviewState.CHANGED),
    ("only parts were read", [review(scope=Scope.PARTS)], ReviewState.NONE),
    ("changes were asked", [review(outcome=ASKED)], ReviewState.NONE),
    ("carried over a typing error", [review(text="b", carried=("a",))], ReviewState.CURRENT),
    ("approved, then another", [review(2, "b"), review(1, "a")], ReviewState.CHANGED),
    ("approved, then parts", [review(2, "b", scope=Scope.PARTS), review(1)], ReviewState.CURRENT),
    ("approved, then doubted", [review(2, outcome=ASKED), review(1)], ReviewState.NONE),
    ("doubted in part", [review(2, outcome=ASKED, scope=Scope.PARTS), review()], ReviewState.NONE),
    ("another draft doubted", [review(2, "b", outcome=ASKED), review(1)], ReviewState.CURRENT),
    ("doubted, then approved", [review(2), review(1, outcome=ASKED)], ReviewState.CURRENT),
]


@pytest.mark.parametrize(("case", "events", "state"), TABLE, ids=[case for case, *_ in TABLE])
def test_only_the_newest_approval_of_the_whole_of_this_text_counts(
    case: str, events: list[Signed], state: ReviewState
) -> None:
    found, by = settled("a", events)

    assert found == state
    assert (by is None) == (state is ReviewState.NONE)


HASHES = st.sampled_from("abc")
EVENTS = st.builds(
    Signed,
    id=st.integers(1, 9),
    outcome=st.sampled_from(Outcome),
    scope=st.sampled_from(Scope),
    text_hash=HASHES,
    carried_to=st.frozensets(HASHES, max_size=1),
)


@given(st.lists(EVENTS, max_size=5))
def test_a_current_review_is_always_one_of_this_very_text(events: list[Signed]) -> None:
    state, by = settled("a", events)

    if state is ReviewState.CURRENT:
        assert by is not None
        assert by.outcome is Outcome.APPROVED
        assert by.scope is Scope.WHOLE
        assert "a" in by.covers


@pytest.mark.parametrize(
    ("day", "badge"),
    [
        (DUE - timedelta(days=1), Badge.CURRENT),
        (DUE, Badge.CURRENT),
        (DUE + timedelta(days=1), Badge.OVERDUE),
    ],
)
def test_a_review_is_overdue_the_day_after_its_date(day: date, badge: Badge) -> None:
    standing = review_standing(Row(), day)

    assert standing.badge is badge
    assert standing.may_be_claimed == (badge is Badge.CURRENT)
    assert (standing.reviewer, standing.review_due) == ("Ann", DUE)


@pytest.mark.parametrize(
    ("row", "badge"),
    [
        (Row("none", "", None, None), Badge.NONE),
        (Row("changed", "", None, None), Badge.CHANGED),
        (Row("changed", "Ann", date(2026, 3, 3), DUE), Badge.CHANGED),
    ],
)
def test_nothing_is_claimed_for_another_text(row: Row, badge: Badge) -> None:
    standing = review_standing(row, date(2026, 3, 4))

    assert (standing.badge, standing.reviewer, standing.reviewed_on) == (badge, "", None)
    assert not standing.may_be_claimed


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 11, 24), 36, date(2029, 11, 24)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_months_are_counted_by_the_calendar(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@pytest.mark.parametrize(
    ("due", "months", "allowed"),
    [
        (date(2029, 11, 24), 36, True),
        (date(2029, 11, 25), 36, False),
        (date(2029, 11, 25), 60, False),  # never more than three years, whatever the host sets
        (date(2027, 11, 25), 12, False),
        (date(2026, 11, 25), 36, True),
        (date(2026, 11, 24), 36, False),
    ],
)
def test_the_next_review_is_due_within_the_months_of_the_site(
    due: date, months: int, allowed: bool
) -> None:
    day = date(2026, 11, 24)
    if allowed:
        check_due(day, due, months)
        return
    with pytest.raises(NoSignature, match="by "):
        check_due(day, due, months)


def test_a_signature_says_who_and_where_to_check() -> None:
    assert signature("Ann", "nurse", "NMC", "12") == "Ann, nurse (NMC, 12)"
