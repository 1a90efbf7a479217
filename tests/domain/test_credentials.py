"""Credentials: states, levels, check digits and the form of numbers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain import credentials
from stepwell.domain.credentials import Form, Held, Level, State

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("1234567893", True),  # the publisher's own example
        ("2900000003", True),
        ("1234567890", False),  # check digit
        ("3234567892", False),  # first digit
        ("123456789", False),  # length
        ("12345 67893", False),  # inner space
        ("", False),
        ("１２３４５６７８９３", False),  # digits of another alphabet
    ],
)
def test_npi_follows_the_published_rule(number: str, expected: bool) -> None:
    assert credentials.is_npi(number) is expected


@given(st.from_regex(r"[12][0-9]{8}", fullmatch=True))
def test_npi_has_exactly_one_check_digit_for_every_start(start: str) -> None:
    ends = [digit for digit in "0123456789" if credentials.is_npi(start + digit)]

    assert len(ends) == 1


@given(
    st.from_regex(r"[12][0-9]{8}", fullmatch=True),
    st.integers(0, 9),
    st.integers(0, 9),
)
def test_npi_with_one_wrong_digit_is_refused(start: str, place: int, digit: int) -> None:
    number = next(start + end for end in "0123456789" if credentials.is_npi(start + end))
    slipped = number[:place] + str(digit) + number[place + 1 :]

    assert credentials.is_npi(slipped) is (slipped == number)


@pytest.mark.parametrize(
    ("register", "number", "expected"),
    [
        ("us_nppes", "1234567893", Form.VALID),
        ("us_nppes", "1234567890", Form.INVALID),
        ("au_ahpra", "MED0000932846", Form.VALID),
        ("au_ahpra", "psy0001234567", Form.VALID),  # case is set right first
        ("au_ahpra", "PSY123", Form.INVALID),
        ("gb_hcpc", "PYL123456", Form.VALID),
        ("gb_hcpc", "PH 123456", Form.VALID),
        ("gb_hcpc", "OT4321", Form.VALID),
        ("gb_hcpc", "XX12345", Form.INVALID),
        ("gb_hcpc", "PYL1234567", Form.INVALID),
        ("gb_bacp", "12345", Form.CANNOT_TELL),
    ],
)
def test_form_of_numbers(register: str, number: str, expected: Form) -> None:
    assert credentials.form_of(register, number) is expected


def test_every_format_accepts_its_own_example() -> None:
    credentials.check()

    assert sum(credentials.counts()["number formats"].values()) == len(credentials.formats())


def test_every_state_and_level_has_words() -> None:
    assert set(credentials.STATE_WORDS) == set(State)
    assert set(credentials.LEVEL_WORDS) == set(Level)
    assert set(credentials.NEXT_STATES) == set(State)


@given(st.sampled_from(State), st.sampled_from(State))
def test_check_raises_exactly_where_can_says_no(state: State, new: State) -> None:
    if credentials.can_become(state, new):
        credentials.check_can_become(state, new)
    else:
        with pytest.raises(credentials.ImpossibleChange, match="Choose"):
            credentials.check_can_become(state, new)


def test_refused_credential_never_becomes_verified_in_one_step() -> None:
    assert not credentials.can_become(State.REFUSED, State.VERIFIED)


@given(st.sampled_from(State), st.sampled_from(Level), st.integers(-400, 400))
def test_credential_past_its_end_never_stands(state: State, level: Level, days: int) -> None:
    held = Held(state=state, level=level, expires_on=TODAY + timedelta(days=days))

    if days < 0:
        assert not credentials.stands(held, TODAY)
        assert not credentials.is_checked(held, TODAY)
    else:
        assert credentials.stands(held, TODAY) is (state in {State.CLAIMED, State.VERIFIED})


@pytest.mark.parametrize("level", Level)
def test_only_a_look_at_more_than_the_form_counts_as_checked(level: Level) -> None:
    held = Held(state=State.VERIFIED, level=level)

    assert credentials.is_checked(held, TODAY) is (level >= Level.EVIDENCE_SEEN)
