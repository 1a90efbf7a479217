"""What a listing costs and how long one waits, in words."""

from datetime import date, timedelta
from typing import Any

import pytest

from stepwell.apps.directory import offer_words
from stepwell.apps.directory.models import Listing

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, ""),
        ({"sliding_scale": True}, "On a sliding scale"),
        ({"fee_from": 6000, "fee_to": 6000, "currency": "GBP"}, "GBP 60"),
        ({"fee_from": 6050, "currency": "USD"}, "From USD 60.50"),
        ({"fee_to": 5000, "currency": "EUR", "sliding_scale": True},
         "Up to EUR 50 on a sliding scale"),
        ({"fee_from": 0, "fee_to": 9000, "currency": "JPY"}, "JPY 0 to JPY 9000"),
    ],
)  # fmt: skip
def test_fee_is_told_with_its_currency(said: dict[str, Any], words: str) -> None:
    assert offer_words.fee(Listing(**said)) == words


def test_wait_and_free_places_are_told_with_their_day_and_only_while_it_is_recent() -> None:
    told = Listing(wait_weeks=1, accepting_on=TODAY, seats_open=0, seats_on=TODAY)
    later = TODAY + timedelta(days=15)

    assert offer_words.wait(told, TODAY) == "About 1 week (said on 24 November 2026)"
    assert offer_words.seats(told, TODAY) == "0 free (counted on 24 November 2026)"
    assert (offer_words.wait(told, later), offer_words.seats(told, later)) == ("", "")
