"""Places: districts instead of postcodes, and distances on the globe."""

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain import places
from stepwell.domain.places import Point

points = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("country", "postcode", "district"),
    [
        ("GB", "SW1A 1AA", "SW1A"),
        ("GB", "ls1", "LS1"),
        ("GB", "LS14AP", "LS1"),
        ("US", "02139-4307", "02139"),
        ("US", "02139", "02139"),
        ("US", "2139", ""),
        ("CA", "m5s 1a1", "M5S"),
        ("IE", "D02 AF30", "D02"),
        ("IE", "D6W", "D6W"),
        ("AU", "3000", "3000"),
        ("DE", "04103", "04103"),
        ("US", "ABC 1234", ""),
        ("NL", "1011 AB", "1011"),
        ("GB", "", ""),
    ],
)
def test_postcode_is_cut_to_its_district(country: str, postcode: str, district: str) -> None:
    assert places.postcode_district(country, postcode) == district


@given(st.from_regex(r"[A-Z]{1,2}[0-9] ?[0-9][A-Z]{2}", fullmatch=True))
def test_last_part_of_a_british_postcode_never_stays(postcode: str) -> None:
    district = places.postcode_district("GB", postcode)

    assert district
    assert not district.endswith(postcode[-3:])


def test_text_without_country_may_mean_several_districts() -> None:
    assert places.districts_meant("10115", "") == {"10115"}
    assert places.districts_meant("Leeds", "GB") == frozenset()


@given(points, points)
def test_distance_is_symmetric_and_at_most_half_the_way_round(one: Point, other: Point) -> None:
    there, back = places.distance_km(one, other), places.distance_km(other, one)

    assert there == pytest.approx(back)
    assert 0 <= there <= places.EARTH_RADIUS_KM * pi + 1e-6


def test_distance_across_the_date_line_and_the_pole() -> None:
    across = places.distance_km(Point(0, 179.5), Point(0, -179.5))
    over = places.distance_km(Point(89.5, 0), Point(89.5, 180))

    assert across == pytest.approx(111.195, abs=0.01)
    assert over == pytest.approx(111.195, abs=0.01)
