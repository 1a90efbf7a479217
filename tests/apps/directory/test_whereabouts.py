"""Finding near a place that somebody types, whether or not anything is listed there."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from stepwell.apps.directory import whereabouts
from stepwell.domain.place_names import Known, called, spellings
from stepwell.domain.places import distance_km
from stepwell.importers.places.load import replace
from tests.apps.directory.build import make_listing, make_place

pytestmark = pytest.mark.django_db
TOWNS = [
    Known("GB", "Leeds", "ENG", "", 53.796, -1.548, 540_000),
    Known("GB", "Newcastle upon Tyne", "ENG", "", 54.973, -1.614, 190_000),
    Known("AU", "Newcastle", "02", "", -32.927, 151.776, 320_000),
    Known("DE", "Köln", "07", "", 50.933, 6.95, 1_000_000),
    Known("US", "Portland", "OR", "", 45.523, -122.676, 650_000),
    Known("US", "Portland", "ME", "", 43.657, -70.259, 68_000),
    Known("GB", "St Ives", "ENG", "", 50.211, -5.480, 11_000),
    Known("CA", "Montréal", "10", "", 45.509, -73.588, 1_800_000),
]
DISTRICTS = [
    Known("US", "New York", "NY", "10115", 40.811, -73.964, 0),
    Known("DE", "Berlin", "BE", "10115", 52.532, 13.384, 0),
    Known("GB", "Leeds", "England", "LS1", 53.797, -1.551, 0),
    Known("IE", "Dublin", "Leinster", "D02", 53.339, -6.253, 0),
    Known("CA", "Toronto", "Ontario", "M5V", 43.640, -79.395, 0),
    Known("AU", "Sydney", "New South Wales", "2000", -33.860, 151.210, 0),
    Known("LV", "Riga", "", "LV-1010", 56.957, 24.104, 0),
]


@pytest.fixture(autouse=True)
def _places() -> None:
    """Know some places."""
    told = [(one, spellings(one.name)) for one in TOWNS + DISTRICTS]
    replace("cities", "made up", "1", told, datetime(2026, 11, 24, tzinfo=UTC))


def text(response: HttpResponse) -> str:
    """Return the page."""
    return response.content.decode()


def taken(typed: str, country: str = "", which: str = "") -> str:
    """Return the place that a text is taken for."""
    one = whereabouts.place_meant(typed, country, which).taken
    return called(one) if one else ""


@pytest.mark.parametrize(
    ("typed", "country", "found"),
    [
        ("leeds", "", "Leeds, England, United Kingdom"),
        ("KOELN", "", "Köln, North Rhine-Westphalia, Germany"),
        ("köln", "DE", "Köln, North Rhine-Westphalia, Germany"),
        ("montreal", "", "Montréal, Quebec, Canada"),
        ("Saint Ives", "", "St Ives, England, United Kingdom"),
        ("Newcastle", "", "Newcastle, New South Wales, Australia"),
        ("Newcastle", "GB", "Newcastle upon Tyne, England, United Kingdom"),
        ("Portland", "", "Portland, OR, United States"),
        ("Portland, ME", "", "Portland, ME, United States"),
        ("Portland me", "US", "Portland, ME, United States"),
        ("Newcastle, England", "", "Newcastle upon Tyne, England, United Kingdom"),
        ("ls1 4ap", "", "Leeds (LS1), England, United Kingdom"),
        ("D02 AF30", "IE", "Dublin (D02), Leinster, Ireland"),
        ("M5V2T6", "", "Toronto (M5V), Ontario, Canada"),
        ("2000", "AU", "Sydney (2000), New South Wales, Australia"),
        ("10115", "DE", "Berlin (10115), Germany"),
        ("10115-0001", "US", "New York (10115), NY, United States"),
        ("LV-1010", "", "Riga (LV-1010), Latvia"),
        ("Leeds", "US", ""),
        ("Atlantis", "", ""),
        ("%", "", ""),
        ("\x00", "", ""),
    ],
)
def test_place_is_found_by_what_people_type(typed: str, country: str, found: str) -> None:
    assert taken(typed, country) == found


def test_both_countries_of_a_postcode_are_offered() -> None:
    choices = whereabouts.place_meant("10115", "").choices

    assert {one.country for one in choices} == {"US", "DE"}


@pytest.mark.parametrize("typed", ["Leds", "Ledes", "eleds", "Leedss"])
def test_slip_of_the_pen_is_met_with_a_question(client: Client, typed: str) -> None:
    page = text(client.post("/find/", {"place": typed}))

    assert "Did you mean Leeds, England, United Kingdom" in page


def test_unknown_place_is_an_error_with_a_next_step(client: Client) -> None:
    page = text(client.post("/find/", {"place": "Qzxwv"}))

    assert "We do not know this place. Try the nearest larger town" in page


def test_search_starts_where_nothing_is_listed(client: Client) -> None:
    today = timezone.localdate()
    near = make_place(country="GB", town="Garforth", district="LS25", lat=53.79, lon=-1.38)
    far = make_place(country="GB", town="Hull", district="HU1", lat=53.74, lon=-0.33)
    make_listing(name="Near by", place=near, confirmed_on=today)
    make_listing(name="Far away", place=far, confirmed_on=today)

    page = text(client.post("/find/", {"place": "Leeds"}))

    assert "Near by" in page
    assert "Far away" not in page
    assert "Distances are measured from Leeds, England, United Kingdom." in page


def test_several_places_of_a_name_are_asked_about(client: Client) -> None:
    today = timezone.localdate()
    oregon = make_place(country="US", town="Gresham", district="97030", lat=45.5, lon=-122.43)
    maine = make_place(country="US", town="Portland", district="04101", lat=43.66, lon=-70.26)
    make_listing(name="West", place=oregon, confirmed_on=today)
    make_listing(name="East", place=maine, confirmed_on=today)

    first = text(client.post("/find/", {"place": "Portland", "remote": "no"}))
    options = re.findall(r'<option value="(US [^"]*)"[^>]*>([^<]*)<', first)
    second = text(
        client.post("/find/", {"place": "Portland", "remote": "no", "which": options[1][0]})
    )

    assert [name for _, name in options] == [
        "Portland, OR, United States",
        "Portland, ME, United States",
    ]
    assert "West" in first and "East" not in first  # noqa: PT018
    assert "East" in second and "West" not in second  # noqa: PT018
    assert re.search(r'<label for="which">', second)


def test_choice_that_is_none_of_them_is_no_answer(client: Client) -> None:
    response = client.post("/find/", {"place": "Portland", "which": "<script>"})

    assert "measured from Portland, OR" in text(response)
    assert "<script>" not in text(response).partition("Portland")[2].partition("</main>")[0]


def test_one_place_asks_nothing(client: Client) -> None:
    page = text(client.post("/find/", {"place": "Leeds"}))

    assert 'name="which"' not in page
    assert "GeoNames (geonames.org), CC BY 4.0" in page


def test_listed_place_without_a_point_counts_as_there() -> None:
    unknown = make_place(country="GB", town="Leeds", district="", lat=None)
    other = make_place(country="GB", town="Leeds", district="ME17", lat=51.25, lon=0.61)

    meant = whereabouts.place_meant("Leeds", "")

    assert unknown in meant.listed
    assert other not in meant.listed  # another Leeds, in Kent


def test_look_up_takes_two_queries(django_assert_max_num_queries: Callable[..., Any]) -> None:
    with django_assert_max_num_queries(2):
        whereabouts.place_meant("Newcastle", "")
    with django_assert_max_num_queries(3):
        whereabouts.place_meant("Newcastle, England", "")


def test_distance_is_measured_from_the_point_itself() -> None:
    leeds = whereabouts.place_meant("Leeds", "GB").taken
    newcastle = whereabouts.place_meant("Newcastle", "GB").taken

    assert leeds and newcastle  # noqa: PT018
    assert distance_km(leeds.point, newcastle.point) == pytest.approx(131, abs=1)


def test_c1_what_is_typed_is_logged_nowhere(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for typed in ("Canarystadt", "Canarystadt, DE", "Newcastle"):
        client.post("/find/", {"place": typed, "which": "Canarychoice"})

    told = caplog.text + str([vars(record) for record in caplog.records])

    assert "anarystadt" not in told
    assert "Canarychoice" not in told
    assert "ewcastle" not in told
