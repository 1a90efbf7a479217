"""On which of our days a licence counts for the last time."""

from datetime import date

import pytest

from stepwell.domain import day_starts
from stepwell.domain.countries import names
from stepwell.domain.day_starts import countries_with_the_whole_day, last_day

WINTER, SUMMER = date(2026, 12, 31), date(2026, 6, 30)


@pytest.mark.parametrize(
    ("jurisdiction", "ends_on", "counts_until"),
    [
        ("GB", WINTER, WINTER),  # the day begins with ours
        ("GB", SUMMER, date(2026, 6, 29)),  # an hour before ours
        ("US-CA", WINTER, WINTER),  # eight hours after ours
        ("US", SUMMER, SUMMER),
        ("DE", WINTER, date(2026, 12, 30)),
        ("AU-NSW", WINTER, date(2026, 12, 30)),
        ("gb", WINTER, WINTER),
        ("INT", WINTER, date(2026, 12, 30)),  # nobody can tell: the safer side
        ("", WINTER, date(2026, 12, 30)),
    ],
)
def test_last_day_counts_where_all_of_it_does(
    jurisdiction: str, ends_on: date, counts_until: date
) -> None:
    assert last_day(ends_on, jurisdiction) == counts_until


def test_what_has_no_end_has_no_last_day() -> None:
    assert last_day(None, "GB") is None


@pytest.mark.parametrize("day", [WINTER, SUMMER, date(2026, 3, 28), date(2026, 10, 24)])
def test_list_of_countries_says_the_same(day: date) -> None:
    whole = countries_with_the_whole_day(day)

    assert whole == {code for code in names() if last_day(day, code) == day}
    assert {"US", "IS"} <= whole


def test_zones_are_there_and_of_countries() -> None:
    day_starts.check()
    assert set(day_starts.zones()) <= set(names())
    assert set(names()) - set(day_starts.zones()) <= {"BV", "HM"}  # nobody lives there
