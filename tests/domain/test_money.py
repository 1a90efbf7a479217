"""Amounts of money: read as written, told as a plain number, nothing guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain.money import MOST, currency_in, read_amount, written


@pytest.mark.parametrize(
    ("text", "currency", "expected"),
    [
        ("80", "EUR", 8000),
        ("80.5", "GBP", 8050),
        ("80,50 €", "EUR", 8050),
        ("£1,200", "GBP", 120000),
        ("1.200,00", "EUR", 120000),
        ("1,200.00", "USD", 120000),
        ("5000", "JPY", 5000),
        ("1,200", "JPY", 1200),
        ("1.250", "KWD", 1250),
        ("EUR 90", "EUR", 9000),
        ("80-120", "EUR", None),
        ("from 80", "EUR", None),
        ("", "EUR", None),
        ("80.505", "EUR", 8050500),
        ("0.5", "JPY", None),
        ("99999999999", "EUR", None),
    ],
)
def test_an_amount_is_read(text: str, currency: str, expected: int | None) -> None:
    assert read_amount(text, currency) == expected


@given(st.integers(0, MOST), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_what_is_told_is_read_again(amount: int, currency: str) -> None:
    assert read_amount(written(amount, currency), currency) == amount


@given(st.text(max_size=20))
def test_no_text_is_an_error(text: str) -> None:
    assert read_amount(text, "EUR") is None or read_amount(text, "EUR") >= 0
    assert len(currency_in(text)) in {0, 3}


def test_a_bare_dollar_names_no_currency() -> None:
    assert (currency_in("$80"), currency_in("80 €"), currency_in("80 aud")) == ("", "EUR", "AUD")
