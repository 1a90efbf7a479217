"""The pages to browse: kinds, countries, towns. Public, paged, and true today."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from stepwell.apps.directory import landing_views
from stepwell.apps.directory.models import Family
from tests.apps.directory.build import make_listing, make_place, make_provider
from tests.web import structured

pytestmark = pytest.mark.django_db
TOWN = "/find/kinds/counselling/gb/leeds/"
COUNTRY = "/find/kinds/counselling/gb/"
KIND = "/find/kinds/counselling/"


@pytest.fixture
def today() -> date:
    """Today, as the pages see it."""
    return timezone.localdate()


def text(client: Client, path: str) -> str:
    """Return a page that must be there."""
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def towns_in_sitemap(client: Client) -> list[str]:
    """Return the paths of towns that search engines are told."""
    return re.findall(r"<loc>[^<]*?(/find/[^<]*)</loc>", text(client, "/sitemap-towns-1.xml"))


def test_kind_lists_countries_and_towns_with_counts(client: Client, today: date) -> None:
    make_listing(confirmed_on=today)
    make_listing(confirmed_on=today)
    make_listing(confirmed_on=today, place=make_place(country="IE", town="Cork", district=""))
    make_listing(confirmed_on=today, kind="life_coaching")

    response = client.get(KIND)
    page = response.content.decode()

    assert "public" in response["Cache-Control"]
    told = re.findall(r'href="([^"]+/)">([^<]*)</a> <small>([^<]*)', page)
    assert told == [
        ("/find/kinds/counselling/ie/cork/", "Cork", "1 listing"),
        (TOWN, "Leeds", "2 listings"),
    ]
    assert client.get("/find/kinds/no_such_kind/").status_code == 404
    assert "Life coaching" in text(client, "/find/kinds/")


def test_country_has_every_town_a_page_at_a_time(client: Client, today: date, monkeypatch) -> None:
    monkeypatch.setattr(landing_views, "TOWNS", 2)
    for town in ("Bath", "Hull", "York"):
        make_listing(confirmed_on=today, place=make_place(town=town, district=""))

    first, second = text(client, COUNTRY), text(client, f"{COUNTRY}page/2/")

    assert ("Bath" in first, "Hull" in first, "York" in first) == (True, True, False)
    assert "York" in second
    assert f'<link rel="next" href="{COUNTRY}page/2/">' in first
    assert f'<link rel="prev" href="{COUNTRY}">' in second
    assert client.get(f"{COUNTRY}page/1/")["Location"] == COUNTRY
    assert client.get(f"{COUNTRY}page/3/").status_code == 404


def test_town_has_every_listing_a_page_at_a_time(client: Client, today: date, monkeypatch) -> None:
    monkeypatch.setattr(landing_views, "LISTINGS", 2)
    for name in ("A", "B", "C"):
        make_listing(confirmed_on=today, name=f"Practice {name}")

    first, second = text(client, TOWN), text(client, f"{TOWN}page/2/")

    assert "Three listings, by name." in first
    assert ("Practice B" in first, "Practice C" in first) == (True, False)
    assert "Practice C" in second
    assert f'<link rel="next" href="{TOWN}page/2/">' in first
    assert f'<link rel="canonical" href="http://localhost:8000{TOWN}page/2/">' in second
    assert "<title>Counselling in Leeds, United Kingdom, page 2" in second
    assert client.get(f"{TOWN}page/1/").status_code == 301
    assert client.get(f"{TOWN}page/9/").status_code == 404


def test_towns_of_one_name_have_pages_of_their_own(client: Client, today: date) -> None:
    for region in ("Illinois", "Ohio"):
        place = make_place(country="US", town="Springfield", district=region, region=region)
        make_listing(confirmed_on=today, name=f"In {region}", place=place)

    page = text(client, "/find/kinds/counselling/us/springfield-ohio/")

    assert "Counselling in Springfield, Ohio, United States" in page
    assert "In Ohio" in page
    assert "In Illinois" not in page


def test_help_from_afar_stands_under_each_country_it_serves(client: Client, today: date) -> None:
    make_listing(confirmed_on=today, name="Afar", remote=True, serves=frozenset({"GB", "IE"}))

    for cc, country in (("gb", "United Kingdom"), ("ie", "Ireland")):
        page = text(client, f"/find/kinds/counselling/{cc}/from-afar/")
        assert f"Counselling by phone, video or text in {country}" in page
        assert "Afar" in page
    assert "/find/kinds/counselling/ie/from-afar/" in text(client, KIND)
    assert client.get("/find/kinds/counselling/us/from-afar/").status_code == 404


def test_structured_data_lists_what_is_shown_and_no_example(client: Client, today: date) -> None:
    make_listing(confirmed_on=today, name="Real & <b>true</b>")
    make_listing(fictional=True, name="Invented here")

    page = text(client, TOWN)
    nodes = structured.nodes(page)

    assert structured.problems(page) == []
    assert [node["@type"] for node in nodes] == ["CollectionPage", "BreadcrumbList"]
    listed = nodes[0]["mainEntity"]["itemListElement"]
    assert [one["name"] for one in listed] == ["Real & <b>true</b>"]
    assert "Invented here" not in json.dumps(nodes)
    assert 'name="robots"' not in page


def test_structured_data_says_what_the_card_says_and_rates_nobody(
    client: Client, today: date
) -> None:
    person = make_provider(name="Jo Example", type="person")
    contact = {"phone": "0113 496 0000", "email": "jo@example.org"}
    make_listing(
        provider=person,
        name="Talking with Jo",
        confirmed_on=today,
        languages=frozenset({"en", "ur"}),
        **contact,
    )
    make_listing(
        provider=person, name="By video", confirmed_on=today, remote=True, serves=frozenset({"IE"})
    )

    here, afar = text(client, TOWN), text(client, "/find/kinds/counselling/ie/from-afar/")
    assert [structured.problems(page) for page in (here, afar)] == [[], []]
    (listed,) = structured.nodes(here)[0]["mainEntity"]["itemListElement"]
    service = listed["item"]

    assert service["serviceType"] == "Counselling"
    assert service["provider"] == {"@type": "Person", "name": "Jo Example"}
    assert service["areaServed"] == {"@type": "City", "name": "Leeds"}
    assert service["availableChannel"]["availableLanguage"] == ["English", "Urdu"]
    assert "Offered by Jo Example" in here
    (remote,) = structured.nodes(afar)[0]["mainEntity"]["itemListElement"]
    assert remote["item"]["areaServed"] == {"@type": "Country", "name": "Ireland"}
    told = json.dumps([structured.nodes(here), structured.nodes(afar)])
    for absent in ("0113", "jo@", "Rating", "review", "telephone", "geo"):
        assert absent not in told


def test_town_of_examples_is_no_matter_for_search_engines(client: Client) -> None:
    make_listing(fictional=True)

    for path in (KIND, COUNTRY, TOWN):
        assert '<meta name="robots" content="noindex">' in text(client, path)
    assert towns_in_sitemap(client) == []
    assert KIND not in text(client, "/sitemap-pages.xml")


def test_sitemap_lists_towns_and_forgets_them_the_day_nothing_is_left(
    client: Client, today: date
) -> None:
    make_listing(confirmed_on=today - timedelta(days=90))
    assert towns_in_sitemap(client) == [TOWN]
    assert f"{COUNTRY}</loc>" in text(client, "/sitemap-pages.xml")
    assert "/sitemap-towns-1.xml" in text(client, "/sitemap.xml")
    assert client.get("/sitemap-towns-2.xml").status_code == 404

    with mock.patch.object(timezone, "localdate", return_value=today + timedelta(days=1)):
        assert client.get(TOWN).status_code == 404
        assert client.get(COUNTRY).status_code == 404
        assert "leeds" not in text(client, KIND)
        assert towns_in_sitemap(client) == []
        assert COUNTRY not in text(client, "/sitemap-pages.xml")


def test_redacted_place_is_known_by_its_area(client: Client, today: date) -> None:
    place = make_place(redacted=True, lat=53.123456, lon=-1.654321)
    make_listing(confirmed_on=today, place=place)

    page = text(client, TOWN)

    assert "the address is not published" in page
    assert "53.12" not in page


def test_number_of_queries_is_fixed(
    client: Client, today: date, django_assert_num_queries: Callable[..., Any]
) -> None:
    expected = {"/find/kinds/": 1, KIND: 3, COUNTRY: 3, TOWN: 4}
    for number in range(1, 40):
        terms = {Family.NEED: frozenset({"panic"})}
        make_listing(confirmed_on=today, terms=terms, place=make_place(district=f"LS{number}"))
        if number in {1, 39}:
            for path, queries in expected.items():
                with django_assert_num_queries(queries):
                    client.get(path)
