"""The HSDS door over HTTP: reads, pages, searches, refusals, and what may never leave."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepwell.apps.directory.actions import make_findable
from stepwell.domain import hsds_profile as profile
from tests.api.hsds_build import CANARY, make_directory, make_hidden, term
from tests.apps.directory.build import make_listing, make_place

pytestmark = pytest.mark.django_db
LISTS = ["services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms"]


@pytest.fixture
def there() -> Any:
    """One of everything, and what is hidden."""
    found = make_directory(timezone.localdate())
    hidden = make_hidden(timezone.localdate())
    make_findable([one.pk for one in (*found.values(), *hidden)])
    return found


def read(client: Client, address: str, status: int = 200) -> Any:
    """Return the JSON of an address."""
    response = client.get(f"/hsds/{address}")
    assert response.status_code == status, response.content
    return json.loads(response.content)


def post(client: Client, address: str, status: int = 200, **asked: Any) -> Any:
    """Return the JSON of a search."""
    response = client.post(f"/hsds/{address}", json.dumps(asked), content_type="application/json")
    assert response.status_code == status, response.content
    return json.loads(response.content)


def names(page: dict[str, Any]) -> set[str]:
    """Return the names of the services on a page."""
    return {one["name"] for one in page["contents"]}


def test_base_names_version_profile_and_description(client: Client) -> None:
    said = read(client, "")

    assert said["version"] == "3.1"
    assert read(client, "profile")["extends"] == "3.1"
    described = read(client, "openapi.json")
    for name in LISTS:
        assert {"get", "post"} <= set(described["paths"][f"/{name}"])
        assert "search" not in str(described["paths"][f"/{name}"]["get"]["parameters"])


def test_whole_service_says_everything(client: Client, there: Any) -> None:
    said = read(client, f"services/{there['whole'].pk}")

    codes = {
        (one["taxonomy_term"]["taxonomy"], one["taxonomy_term"]["code"]): one.get("value")
        for one in said["attributes"]
    }
    assert codes[profile.KIND, "counselling"] is None
    assert codes[profile.REACH, "both"] is None
    assert codes[profile.WAIT, "weeks"] == "6"
    assert codes[profile.CHECKED, "register_match"] is None
    assert (profile.NEED, "low_mood") in codes
    assert (profile.SAFE_CONTACT, "withheld_number") in codes
    assert [one["amount"] for one in said["cost_options"]] == [35, 60.5]
    assert said["capacities"][0]["available"] == 2
    assert said["phones"][0]["number"] == "01632 960001"
    assert said["metadata"][0]["last_action_type"] == "confirm"
    address = said["service_at_locations"][0]["location"]["addresses"][0]
    assert (address["address_1"], address["city"]) == ("1 Open Road", "Leeds")
    own = said["organization"]["attributes"]
    held = {one["taxonomy_term"]["code"]: one.get("value") for one in own}
    assert held["gb_hcpc"] == "PYL12345"
    assert (held["state"], held["level"]) == ("verified", "register_match")


def test_examples_are_marked_and_redacted_places_are_areas(client: Client, there: Any) -> None:
    made_up = read(client, f"services/{there['example'].pk}")
    refuge = read(client, f"service_at_locations/{there['redacted'].pk}")

    assert made_up["description"].endswith(profile.EXAMPLE)
    assert "stepwell_fictional" in str(made_up["attributes"])
    assert "assured_date" not in made_up
    assert refuge["location"]["location_type"] == "postal"
    assert refuge["location"]["addresses"][0]["address_1"] == ""
    assert "stepwell_redacted" in str(refuge["location"]["attributes"])


def test_nothing_hidden_leaves_by_any_address(client: Client, there: Any) -> None:
    texts = []
    for name in LISTS:
        for asked in ("", "?full=true", "?full_service=true", "?format=ndjson", "?minimal=true"):
            response = client.get(f"/hsds/{name}{asked}")
            body = getattr(response, "streaming_content", None)
            texts.append(b"".join(body) if body else response.content)
        texts.append(client.post(f"/hsds/{name}", {"search": CANARY}).content)
    for listing in make_hidden(timezone.localdate()):
        for name in ("services", "service_at_locations"):
            assert client.get(f"/hsds/{name}/{listing.pk}").status_code == 404
        assert client.get(f"/hsds/organizations/{listing.provider_id}").status_code == 404

    whole = b"".join(texts).decode()
    assert "Talking" in whole
    assert CANARY.casefold() not in whole.casefold()


@pytest.mark.parametrize(
    "address",
    [
        "services",
        "services?full=true",
        "service_at_locations?full=true",
        "organizations",
        "organizations?full_service=true",
    ],
)
def test_questions_to_the_database_do_not_grow(
    client: Client, django_assert_max_num_queries: Any, address: str
) -> None:
    today = timezone.localdate()
    for number in range(12):
        make_listing(place=make_place(town=f"Town {number}"), confirmed_on=today)

    with django_assert_max_num_queries(6):
        page = read(client, address)

    assert page["size"] == 12


def test_pages_hold_everything_once_and_say_where_they_are(client: Client, there: Any) -> None:
    pages = [read(client, f"services?per_page=3&page={number}") for number in (1, 2, 3)]

    keys = [one["id"] for page in pages for one in page["contents"]]
    assert sorted(keys) == sorted(str(one.pk) for one in there.values())
    assert [(page["first_page"], page["last_page"], page["empty"]) for page in pages] == [
        (True, False, False), (False, True, False), (False, True, True),
    ]  # fmt: skip
    assert {page["total_items"] for page in pages} == {4}
    assert {page["total_pages"] for page in pages} == {2}


def test_empty_directory_is_an_empty_page(client: Client) -> None:
    page = read(client, "services")

    assert (page["total_items"], page["total_pages"], page["empty"]) == (0, 0, True)
    assert page["last_page"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"taxonomy_term_id": (profile.NEED, "low_mood")}, {"Talking"}),
        ({"taxonomy_term_id": (profile.REACH, "remote")}, {"Online"}),
        ({"taxonomy_term_id": (profile.COST, "free")}, {"Refuge"}),
        ({"taxonomy_term_id": (profile.REDACTED, "yes")}, {"Refuge"}),
        ({"taxonomy_term_id": (profile.FICTIONAL, "yes")}, {"Made up"}),
        ({"taxonomy_term_id": (profile.REGISTER, "gb_hcpc")}, {"Talking"}),
        ({"taxonomy_term_id": (profile.CHECKED, "register_match")}, {"Talking"}),
        ({"taxonomy_term_id": (profile.PROVIDER, "person")}, {"Talking"}),
        ({"taxonomy_term_id": (profile.SLIDING, "yes")}, {"Talking"}),
        ({"taxonomy_term_id": "no-term"}, set()),
        ({"modified_after": "2999-01-01T00:00:00Z"}, set()),
        ({"search": "refuge"}, {"Refuge"}),
        ({"search": "zebra"}, set()),
    ],
)
def test_services_are_found(
    client: Client, there: Any, asked: dict[str, Any], expected: set[str]
) -> None:
    sent = {
        name: term(*value) if isinstance(value, tuple) else value for name, value in asked.items()
    }

    assert names(post(client, "services", **sent)) == expected


@pytest.mark.parametrize("key", profile.taxonomies())
def test_every_taxonomy_and_term_can_be_asked_for(client: Client, there: Any, key: str) -> None:
    one = profile.taxonomies()[key]

    found = read(client, f"services?taxonomy_id={one.id}")["total_items"]
    terms = [read(client, f"services?taxonomy_term_id={each.id}") for each in one.terms[:3]]

    assert all(page["total_items"] <= max(found, 4) for page in terms)
    assert read(client, f"taxonomies/{one.id}")["name"] == key
    assert read(client, f"taxonomy_terms/{one.terms[0].id}")["taxonomy"] == key


def test_places_around_a_postcode_are_found_by_post_only(client: Client, there: Any) -> None:
    near = post(client, "service_at_locations", postcode="LS1 4AP", proximity=20000)
    far = post(client, "service_at_locations", postcode="LS1", proximity=60000)

    assert {one["service"]["name"] for one in near["contents"]} == {"Talking", "Made up"}
    assert {one["service"]["name"] for one in far["contents"]} == {"Talking", "Made up", "Refuge"}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("parameter", ["search", "postcode", "proximity"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_C1_what_somebody_looks_for_never_stands_in_an_address(
    client: Client, name: str, parameter: str, method: str
) -> None:
    response = getattr(client, method)(f"/hsds/{name}?{parameter}=sadness")

    said = json.loads(response.content)
    assert (response.status_code, said["status"]) == (400, 400)
    assert "POST" in said["detail"]
    assert "sadness" not in str(said)
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "query",
    [
        "page=0", "page=x", "per_page=101", "per_page=0", "format=xml", "minimal=maybe",
        "organization_id=1", "modified_after=yesterday", "nonsense=1", "page=1&page=2",
        "modified_after=0001-01-01T00:00:00%2B14:00", "page=" + "9" * 300,
    ],
)  # fmt: skip
def test_what_cannot_be_answered_is_told(client: Client, query: str) -> None:
    response = client.get(f"/hsds/services?{query}")

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("body", ["[]", "{", "3", '{"page": []}', "[" * 5000, '{"search": null}'])
def test_bodies_that_say_nothing_are_refused(client: Client, body: str) -> None:
    response = client.post("/hsds/services", body, content_type="application/json")

    assert response.status_code == 400


def test_large_bodies_are_refused(client: Client) -> None:
    response = client.post("/hsds/services", "a" * 20_000, content_type="application/json")

    assert response.status_code == 400


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    st.dictionaries(
        st.sampled_from(
            ["page", "per_page", "search", "full", "format", "taxonomy_term_id", "taxonomy_id",
             "organization_id", "modified_after", "postcode", "proximity", "minimal"]
        ),
        st.text(max_size=30) | st.integers() | st.booleans() | st.floats() | st.none(),
        max_size=4,
    )
)  # fmt: skip
def test_no_search_breaks_the_door(client: Client, asked: dict[str, Any]) -> None:
    body = json.dumps(asked)

    for name in ("services", "service_at_locations", "organizations", "taxonomy_terms"):
        response = client.post(f"/hsds/{name}", body, content_type="application/json")

        assert response.status_code in {200, 400}


def test_lines_hold_everything_without_pages(client: Client, there: Any) -> None:
    response = client.get("/hsds/services?format=ndjson&full=true&per_page=1")

    rows = [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]
    assert {row["name"] for row in rows} == {"Talking", "Online", "Refuge", "Made up"}
    assert all(row["attributes"] for row in rows)


def test_one_answer_has_a_mark_and_is_not_sent_twice(client: Client, there: Any) -> None:
    address = f"/hsds/services/{there['whole'].pk}"
    first = client.get(address)

    again = client.get(address, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert first["Cache-Control"] == "public, max-age=60"
    assert client.head(address).status_code == 200
    assert "Access-Control-Allow-Origin" not in first


def test_lists_are_kept_by_nobody(client: Client) -> None:
    for name in LISTS:
        response = client.get(f"/hsds/{name}")

        assert response["Cache-Control"] == "no-store"
        assert not response.cookies


def test_whatever_else_is_told_to_be_missing(client: Client) -> None:
    for address in ("nothing/here", "services/not-a-uuid", f"taxonomies/{profile.NAMESPACE}"):
        assert read(client, address, 404)["title"] == "Not found"
    assert client.delete("/hsds/services").status_code == 405
