"""How names of places are folded, parted and told apart."""

import pytest

from stepwell.domain.place_names import Known, apart, called, fold, is_in, regions, spellings
from stepwell.domain.places import districts_meant, postcode_district

LONDON = Known("GB", "London", "ENG", "", 51.509, -0.126, 9_000_000)
LONDON_CA = Known("CA", "London", "08", "", 42.983, -81.233, 350_000)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Ives", "saint ives"),
        ("Saint-Étienne", "ST ETIENNE"),
        ("Sankt Augustin", "St. Augustin"),
        ("Köln", "koln"),
        ("Stratford-upon-Avon", "stratford upon avon"),
        ("  King's   Lynn ", "kings lynn"),
        ("Mt. Pleasant", "Mount Pleasant"),
        ("São Paulo", "sao paulo"),
    ],
)
def test_spellings_of_one_name_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other) != ""


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Köln", "Koeln"),
        ("Düsseldorf", "Duesseldorf"),
        ("Newcastle upon Tyne", "Newcastle"),
        ("Frankfurt am Main", "Frankfurt"),
        ("Freiburg im Breisgau", "freiburg"),
    ],
)
def test_a_place_is_found_by_other_spellings(name: str, typed: str) -> None:
    assert {fold(name), fold(typed)} <= spellings(name)


def test_a_word_at_the_beginning_shortens_nothing() -> None:
    assert spellings("Am Ende") == {"am ende"}
    assert spellings("!!!") == frozenset()


def test_largest_comes_first_and_twins_go() -> None:
    near = LONDON._replace(lat=51.6, size=10)

    assert apart([LONDON_CA, near, LONDON]) == [LONDON, LONDON_CA]


def test_a_town_is_no_twin_of_a_district() -> None:
    district = LONDON._replace(district="EC1A", size=0)

    assert apart([LONDON, district]) == [LONDON, district]


@pytest.mark.parametrize("where", ["ontario", "canada", "ca"])
def test_region_or_country_tells_one_from_another(where: str) -> None:
    assert is_in(LONDON_CA, where)
    assert not is_in(LONDON, where)


def test_names_for_people() -> None:
    assert called(LONDON_CA) == "London, Ontario, Canada"
    assert called(LONDON._replace(district="EC1A")) == "London (EC1A), England, United Kingdom"
    assert called(Known("FR", "Paris", "11", "", 48.85, 2.35, 2_000_000)) == "Paris, France"
    assert called(Known("US", "Salem", "OR", "", 44.9, -123.0, 1)) == "Salem, OR, United States"


def test_regions_are_credited() -> None:
    assert "CC BY 4.0" in regions().credit
    assert regions().source.licence == "CC BY 4.0"


@pytest.mark.parametrize(
    ("country", "postcode", "district"),
    [
        ("US", "10001-1234", "10001"),
        ("GB", "ls1 4ap", "LS1"),
        ("IE", "D02 AF30", "D02"),
        ("CA", "m5v 2t6", "M5V"),
        ("AU", "2000", "2000"),
        ("DE", "10115", "10115"),
        ("PT", "1000-205", "1000"),
        ("LV", "LV-1010", "LV-1010"),
        ("NL", "1012 JS", "1012"),
    ],
)
def test_postcodes_become_districts(country: str, postcode: str, district: str) -> None:
    assert postcode_district(country, postcode) == district
    assert district in districts_meant(postcode, country)
