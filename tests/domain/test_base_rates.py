"""What a score over the line means at a base rate: by hand, and whatever the figures."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain.base_rates import PARTS, in_parts, who_have_it

SHARES = st.integers(0, PARTS)
RATES = st.integers(0, 100)


@pytest.mark.parametrize(
    ("of_100", "found", "cleared", "expected"),
    [
        (10, 0.88, 0.85, 39),  # 8.8 of 8.8 + 13.5
        (5, 0.88, 0.85, 24),  # 4.4 of 4.4 + 14.25
        (20, 0.88, 0.85, 59),  # 17.6 of 17.6 + 12: 59.46
        (10, 0.83, 0.84, 37),  # 8.3 of 8.3 + 14.4
        (50, 0.5, 0.5, 50),
        (1, 1.0, 0.01, 1),  # 1 of 1 + 98.01
        (25, 0.75, 0.75, 50),  # 18.75 of 37.5
        (1, 0.1, 0.9, 1),
        (10, 1.0, 1.0, 100),
    ],
)
def test_counts_are_those_worked_by_hand(of_100, found, cleared, expected):
    assert who_have_it(of_100, in_parts(found), in_parts(cleared)) == expected


def test_a_half_is_rounded_up():
    # 1 of 8 people over the line: 12.5 of 100
    assert who_have_it(50, 1000, 3000) == 13


def test_where_nobody_would_score_so_high_there_is_no_count():
    assert who_have_it(10, 0, PARTS) is None
    assert who_have_it(0, PARTS, PARTS) is None


@given(RATES, SHARES, SHARES)
def test_counts_lie_between_0_and_100_and_next_to_the_exact_share(of_100, found, cleared):
    count = who_have_it(of_100, found, cleared)

    if count is None:
        return
    wrongly = (100 - of_100) * (PARTS - cleared)
    exact = Fraction(100 * of_100 * found, of_100 * found + wrongly)
    assert 0 <= count <= 100
    assert abs(count - exact) <= Fraction(1, 2)


@given(st.integers(0, 99), SHARES, SHARES)
def test_counts_never_fall_as_the_base_rate_rises(of_100, found, cleared):
    before = who_have_it(of_100, found, cleared)
    after = who_have_it(of_100 + 1, found, cleared)

    assert before is None or after is None or before <= after


@given(st.integers(1, 99), SHARES)
def test_a_line_that_tells_nothing_leaves_the_base_rate_as_it_is(of_100, found):
    count = who_have_it(of_100, found, PARTS - found)

    assert count in {of_100, None}


@given(st.floats(0, 1))
def test_a_share_in_parts_is_the_nearest_ten_thousandth(share):
    assert abs(in_parts(share) / PARTS - share) <= 0.5 / PARTS + 1e-12
