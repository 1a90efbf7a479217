"""The directory over FHIR: valid, only what is shown, found by what it names, never a 500."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepwell.api.fhir.directory_shelf import SHELVES
from stepwell.apps.accounts.models import Person
from stepwell.apps.directory.models import Family, Listing
from tests.apps.directory.build import (
    checked,
    make_credential,
    make_listing,
    make_place,
    make_provider,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)
FHIR = "application/fhir+json; charset=utf-8"


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch):
    """It is the day of the builders."""
    monkeypatch.setattr(timezone, "localdate", lambda: AT.date())


def read(client: Client, address: str, status: int = 200) -> dict[str, Any]:
    """Return a resource, valid FHIR whatever its status."""
    return valid(client.get(address), status)


def valid(response: Any, status: int = 200) -> dict[str, Any]:
    resource = json.loads(response.content)
    assert (response.status_code, response["Content-Type"]) == (status, FHIR), resource
    assert response["Cache-Control"] == "no-store"
    get_fhir_model_class(resource["resourceType"]).model_validate_json(response.content)
    return resource


def found(client: Client, query: str) -> list[dict[str, Any]]:
    bundle = read(client, f"/fhir/{query}")
    return [
        entry["resource"] for entry in bundle.get("entry", []) if entry["search"]["mode"] == "match"
    ]


def ids(client: Client, query: str) -> list[str]:
    return [one["id"] for one in found(client, query)]


def everything(client: Client) -> str:
    """Return all that the door tells without being asked for anything."""
    return json.dumps([found(client, f"{kind}?_count=100") for kind in SHELVES])


@pytest.fixture
def jo(client: Client) -> Listing:
    """A person with a checked licence and one listing that says all there is to say."""
    ada = Person.objects.create(username="ada")
    provider = make_provider(name="Jo Example", type="person")
    make_credential(
        provider,
        register="us_nppes",
        number="1234567893",
        state="verified",
        level=4,
        **checked(ada, AT),
    )
    make_credential(provider, number="PYL1")
    return make_listing(
        provider=provider,
        place=make_place(street="1 Open Road"),
        kind="counselling",
        about="Talking & listening.",
        remote=True,
        phone="01632 960001",
        email="jo@example.org",
        web="https://example.org/",
        cost="low",
        cost_note="By income",
        accepting="yes",
        accepting_on=AT.date(),
        minimum_age=18,
        languages=frozenset({"en", "pl"}),
        serves=frozenset({"GB"}),
        terms={
            Family.NEED: frozenset({"low_mood"}),
            Family.APPROACH: frozenset({"cbt"}),
            Family.FORMAT: frozenset({"video"}),
            Family.ACCESS: frozenset({"step_free"}),
            Family.PAYER: frozenset({"employer"}),
        },
    )


@pytest.fixture
def clinic() -> Listing:
    """An organisation's listing at another place."""
    provider = make_provider(name="Clinic Example")
    place = make_place(town="York", district="YO1", lat=53.96, lon=-1.08)
    return make_listing(provider=provider, place=place, kind="support_group", name="Group")


@pytest.mark.usefixtures("jo", "clinic")
@pytest.mark.parametrize("kind", SHELVES)
def test_each_resource_is_valid_and_is_read_where_the_search_says(
    client: Client, kind: str
) -> None:
    bundle = read(client, f"/fhir/{kind}")

    assert bundle["entry"]
    for entry in bundle["entry"]:
        path = urlsplit(entry["fullUrl"]).path
        assert read(client, path) == entry["resource"]


def test_a_person_s_listing_is_told_whole(client: Client, jo: Listing) -> None:
    service = read(client, f"/fhir/HealthcareService/{jo.pk}")
    role = read(client, f"/fhir/PractitionerRole/{jo.pk}")
    person = read(client, f"/fhir/{role['practitioner']['reference']}")
    place = read(client, f"/fhir/{service['location'][0]['reference']}")

    assert "providedBy" not in service  # FHIR allows an organisation there only
    assert service["type"][0]["coding"][0]["code"] == "counselling"
    assert [one["value"] for one in service["telecom"]] == [
        "01632 960001",
        "jo@example.org",
        "https://example.org/",
    ]
    assert {one["coding"][0]["code"] for one in service["communication"]} == {"en", "pl"}
    assert service["serviceProvisionCode"][0]["coding"][0]["code"] == "disc"
    assert service["eligibility"][0]["comment"] == "from 18 years"
    said = {part["url"]: part for part in service["extension"][0]["extension"]}
    assert said["accepting"]["valueString"] == "yes"
    assert said["confirmedOn"]["valueDate"] == "2026-11-24"
    assert person["name"] == [{"text": "Jo Example"}]
    assert place["address"]["line"] == ["1 Open Road"]
    assert place["position"] == {"longitude": -1.55, "latitude": 53.8}


def test_a_qualification_says_whether_anybody_checked_it(client: Client, jo: Listing) -> None:
    person = read(client, f"/fhir/Practitioner/{jo.provider_id}")

    states = {
        one["identifier"][0]["value"]: {
            part["url"]: part.get("valueString") for part in one["extension"][0]["extension"]
        }["state"]
        for one in person["qualification"]
    }
    assert states == {"1234567893": "verified", "PYL1": "claimed"}
    assert {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"} in person[
        "identifier"
    ]


def test_C6_a_check_says_what_was_checked_when_and_not_by_whom(client: Client, jo: Listing) -> None:
    results = found(client, f"VerificationResult?target=Practitioner/{jo.provider_id}")

    by_status = {one["status"]: one for one in results}
    assert set(by_status) == {"validated", "attested"}
    assert "It matches our copy of the register." in str(by_status["validated"])
    assert by_status["validated"]["lastPerformed"].startswith("2026-11-24")
    assert "validator" not in by_status["attested"]
    assert "ada" not in json.dumps(results)


def test_C6_each_check_is_told_with_its_day_and_a_number_for_who_did_it(
    client: Client, jo: Listing, django_user_model: Any
) -> None:
    held = jo.provider.credentials.get(number="PYL1")
    eve, mia = (django_user_model.objects.create_user(name) for name in ("evelyn", "miriam"))
    for days, by, level in ((9, eve, 2), (5, mia, 3), (1, eve, 3)):
        at = AT - timedelta(days=days)
        held.checks.create(by=by, at=at, level=level, outcome="verified", note="A note inside")
    held.next_check_on = AT.date() + timedelta(days=30)
    held.save()

    results = found(client, f"VerificationResult?target=Practitioner/{jo.provider_id}")

    (told,) = [one for one in results if "PYL1" in one["validationProcess"][0]["text"]]
    steps = [one["text"] for one in told["validationProcess"][1:]]
    assert [text.split(":")[0] for text in steps] == [
        "2026-11-15, reviewer 1",
        "2026-11-19, reviewer 2",
        "2026-11-23, reviewer 1",
    ]
    assert "Checked." in steps[0]
    assert told["nextScheduled"] == "2026-12-24"
    for private in ("evelyn", "miriam", "A note inside"):
        assert private not in json.dumps(results)


def test_a_refused_or_ended_licence_is_no_qualification(client: Client, jo: Listing) -> None:
    jo.provider.credentials.filter(number="PYL1").update(expires_on=AT.date() - timedelta(days=1))

    person = read(client, f"/fhir/Practitioner/{jo.provider_id}")

    assert [one["identifier"][0]["value"] for one in person["qualification"]] == ["1234567893"]
    assert "PYL1" not in json.dumps(person)
    statuses = [one["status"] for one in found(client, "VerificationResult")]
    assert sorted(statuses) == ["req-revalid", "validated"]


def test_a_redacted_place_is_an_area(client: Client) -> None:
    place = make_place(redacted=True, lat=53.801277, lon=-1.548567)
    make_listing(place=place)

    [told] = found(client, "Location?near=53.80|-1.55|15|km")

    assert "position" not in told
    assert "line" not in told["address"]
    assert told["physicalType"]["coding"][0]["code"] == "area"
    assert "53.80127" not in everything(client)


def test_an_example_is_marked_for_programs_and_for_people(client: Client) -> None:
    make_listing(fictional=True, about="Nothing real.")

    for kind in ("HealthcareService", "Organization", "Location"):
        [told] = found(client, kind)
        assert told["meta"]["tag"][0]["code"] == "HTEST"
        assert "Fictional example. Not a real service." in told["text"]["div"]
    assert found(client, "HealthcareService")[0]["comment"].startswith("Fictional example.")


@pytest.mark.parametrize(
    "hidden",
    [
        {"standing": "hidden"},
        {"standing": "withdrawn"},
        {"consent": "none"},
        {"confirmed_on": AT.date() - timedelta(days=91)},
        {"confirmed_on": None},
    ],
)
def test_what_visitors_cannot_see_does_not_leave(client: Client, hidden: dict[str, Any]) -> None:
    provider = make_provider(name="CANARY Org")
    make_credential(provider, number="CANARY1")
    place = make_place(town="CANARYTOWN", district="LS9", lat=53.81, lon=-1.56)
    listing = make_listing(
        provider=provider, place=place, name="CANARY", phone="0163296CANARY", **hidden
    )

    assert "CANARY" not in everything(client)
    assert ids(client, "Location?near=53.80|-1.55") == []
    for kind, pk in (
        ("HealthcareService", listing.pk),
        ("Organization", provider.pk),
        ("Location", place.pk),
    ):
        read(client, f"/fhir/{kind}/{pk}", 404)


def test_an_ended_licence_takes_a_listing_away(client: Client) -> None:
    provider = make_provider()
    make_credential(provider, expires_on=AT.date() - timedelta(days=1))
    make_listing(provider=provider)

    assert [ids(client, kind) for kind in SHELVES] == [[]] * len(SHELVES)


def test_searches_find_what_they_name(client: Client, jo: Listing, clinic: Listing) -> None:
    person, org = jo.provider_id, clinic.provider_id
    base = "http://localhost:8000/fhir"
    for query, expected in {
        f"HealthcareService?_id={jo.pk}": [jo.pk],
        f"HealthcareService?_id={jo.pk},{uuid4()}": [jo.pk],
        f"HealthcareService?identifier=urn:uuid:{jo.pk}": [jo.pk],
        f"HealthcareService?identifier=urn:ietf:rfc:3986|urn:uuid:{jo.pk}": [jo.pk],
        f"HealthcareService?identifier=other|urn:uuid:{jo.pk}": [],
        f"HealthcareService?organization={org}": [clinic.pk],
        f"HealthcareService?organization={base}/Organization/{org}": [clinic.pk],
        f"HealthcareService?organization={person}": [],
        f"HealthcareService?location={clinic.place_id}": [clinic.pk],
        "HealthcareService?service-type=support_group": [clinic.pk],
        f"HealthcareService?service-type={base}/CodeSystem/kind-of-support|support_group": [
            clinic.pk
        ],
        "HealthcareService?service-category=peers": [clinic.pk],
        "HealthcareService?specialty=cbt": [jo.pk],
        "HealthcareService?name=grou": [clinic.pk],
        "HealthcareService?name:exact=grou": [],
        f"PractitionerRole?practitioner=Practitioner/{person}": [jo.pk],
        f"PractitionerRole?practitioner={org}": [],
        f"PractitionerRole?location={jo.place_id}&role=counselling": [jo.pk],
        f"PractitionerRole?service=HealthcareService/{jo.pk}": [jo.pk],
        "Practitioner?identifier=1234567893": [person],
        "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|1234567893": [person],
        "Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|PYL1": [],
        "Practitioner?name=jo": [person],
        "Practitioner?name:contains=EXAMPLE": [person],
        f"Practitioner?_id={org}": [],
        f"Organization?_id={org}": [org],
        f"Location?organization={org}": [clinic.place_id],
        "Location?address-city=yor": [clinic.place_id],
        "Location?address-postalcode=LS": [jo.place_id],
        f"Location?identifier={base}|Location/{jo.place_id}": [jo.place_id],
        "Location?near=53.80|-1.55|5|km": [jo.place_id],
        "Location?near=53.80|-1.55|60|km": [jo.place_id, clinic.place_id],
        "Location?near=53.96|-1.08|40|mi": [clinic.place_id, jo.place_id],
        "Location?near=53.80|-1.55|60&address-city=york": [clinic.place_id],
    }.items():
        assert ids(client, query) == [str(one) for one in expected], query


def test_a_change_is_found_by_its_moment(client: Client, jo: Listing) -> None:
    Listing.objects.update(changed_at=datetime(2026, 3, 5, 12, 30, 15, tzinfo=UTC))

    for value, hit in {
        "2026": True,
        "2026-03": True,
        "2026-03-05": True,
        "eq2026-03-06": False,
        "ne2026-03-05": False,
        "ge2026-03-05": True,
        "gt2026-03-05": False,
        "gt2026-03-05T12:30:14Z": True,
        "lt2026-03-05T12:30:15Z": False,
        "le2026-03-05": True,
        "sa2026-03-04": True,
        "eb2026-04": True,
        "ap2026-03-06": True,
        "2026-03-05T13:30:15%2B01:00": True,
    }.items():
        for kind in ("HealthcareService", "Practitioner", "Location", "VerificationResult"):
            assert bool(ids(client, f"{kind}?_lastUpdated={value}")) is hit, value
    service = read(client, f"/fhir/HealthcareService/{jo.pk}")
    assert service["meta"]["lastUpdated"] == "2026-03-05T12:30:15.000Z"


@pytest.mark.parametrize("query", ["HealthcareService?", "Location?near=53.8|-1.55|60&"])
def test_pages_follow_each_other_and_hold_everything_once(client: Client, query: str) -> None:
    for number in range(7):
        make_listing(place=make_place(district=f"LS{number}", lat=53.8 + number / 50))

    seen: list[str] = []
    address = f"/fhir/{query}_count=3&_total=accurate"
    while address:
        bundle = read(client, address)
        assert bundle["total"] == 7
        seen += [entry["resource"]["id"] for entry in bundle["entry"]]
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        address = links.get("next", "").removeprefix("http://localhost:8000")

    assert len(seen) == len(set(seen)) == 7


def test_near_tells_how_far_each_place_is(client: Client, jo: Listing, clinic: Listing) -> None:
    bundle = read(client, "/fhir/Location?near=53.80|-1.55|60|km")

    far = [entry["search"]["extension"][0]["valueDistance"] for entry in bundle["entry"]]
    assert [one["unit"] for one in far] == ["km", "km"]
    assert far[0]["value"] < 0.01
    assert 34 < far[1]["value"] < 37


def test_C1_a_posted_search_stands_in_no_address(client: Client, jo: Listing) -> None:
    make_listing(place=make_place(district="LS8", lat=53.82))
    sent = {"near": "53.80|-1.55|15|km", "_count": "1"}

    first = valid(client.post("/fhir/Location/_search", sent_form(sent), content_type=FORM))

    links = {link["relation"]: link["url"] for link in first["link"]}
    assert not any("near" in url or "53.8" in url for url in links.values())
    address = links["next"].removeprefix("http://localhost:8000")
    second = valid(client.post(address, sent_form(sent), content_type=FORM))
    assert first["entry"][0]["resource"]["id"] == str(jo.place_id)
    assert second["entry"][0]["resource"]["id"] != str(jo.place_id)


FORM = "application/x-www-form-urlencoded"


def sent_form(pairs: dict[str, str]) -> str:
    return urlencode(pairs)


def test_a_search_that_is_not_sent_as_a_form_is_refused(client: Client) -> None:
    answer = client.post("/fhir/Location/_search", "{}", content_type="application/json")

    assert "Send the search as a form" in str(valid(answer, 400))


def test_L1_nothing_of_a_search_is_logged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")

    client.get("/fhir/Location?address-city=CANARYTOWN&near=12.345|67.891")
    client.get("/fhir/Location?near=CANARY")
    client.post("/fhir/Practitioner/_search", "name=CANARY", content_type=FORM)
    client.get("/fhir/Practitioner/CANARY")

    lines = [
        str(record.__dict__) for record in caplog.records if not record.name.startswith("django.db")
    ]
    assert lines
    assert not any("CANARY" in line or "12.345" in line for line in lines)


def test_what_is_unknown_is_ignored_and_said_or_refused(client: Client, jo: Listing) -> None:
    bundle = read(client, "/fhir/Practitioner?gender=other&name=jo&near=1|1")
    told = bundle["entry"][-1]["resource"]["issue"]
    strict = client.get("/fhir/Practitioner?gender=other", headers={"prefer": "handling=strict"})

    assert [issue["diagnostics"].split()[0] for issue in told] == ["gender", "near"]
    assert "gender" in str(valid(strict, 400))
    understood = dict(parse_qsl(urlsplit(bundle["link"][0]["url"]).query))
    assert set(understood) == {"name", "_count"}


@pytest.mark.parametrize(
    "query",
    [
        "Location?near=here",
        "Location?near=91|0",
        "Location?near=1|1|999",
        "Location?near=1|1|1|parsec",
        "Location?near=1|1|1|km|5",
        "Location?near=nan|1",
        "Location?near=1|1&_after=x",
        "Location?_after=x",
        "HealthcareService?_after=1",
        "HealthcareService?_count=many",
        "HealthcareService?name:missing=true",
        "HealthcareService?_lastUpdated=yesterday",
        "HealthcareService?_lastUpdated=2026-02-30",
        "HealthcareService?_lastUpdated=9999-12-31",
        "HealthcareService?_lastUpdated=0001-01-01T00:00:00%2B14:00",
        "HealthcareService?_lastUpdated=2026-01-01T25:00:00Z",
        "HealthcareService?name=%00",
        "HealthcareService?name=" + ",".join("abcdefghij" * 5),
    ],
)
def test_what_cannot_be_carried_out_is_refused_with_the_repair(client: Client, query: str) -> None:
    assert read(client, f"/fhir/{query}", 400)["resourceType"] == "OperationOutcome"


KNOWN = sorted({name for shelf in SHELVES.values() for name in shelf.parameters})
VALUES = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"(eq|ge|ap)?[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}Z)?", fullmatch=True),
    st.from_regex(r"-?[0-9]{1,4}(\.[0-9]{1,3})?(\|-?[0-9]{1,4}){1,3}(\|km)?", fullmatch=True),
    st.sampled_from(["urn:uuid:", "Location/999999999999", "|", "\\", "a\\,b", "0" * 40, "%", "_"]),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(sorted(SHELVES)),
    pairs=st.lists(
        st.tuples(
            st.one_of(st.sampled_from([*KNOWN, "near", "_count", "_after", "_total"]), st.text()),
            VALUES,
        ),
        max_size=4,
    ),
)
def test_no_search_ends_in_an_error_of_ours(
    client: Client, jo: Listing, kind: str, pairs: list[tuple[str, str]]
) -> None:
    sent = urlencode(pairs, errors="replace")

    for answer in (
        client.get(f"/fhir/{kind}?{sent}"),
        client.post(f"/fhir/{kind}/_search", sent, content_type=FORM),
    ):
        assert answer.status_code in {200, 400, 406}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(sorted(SHELVES)), resource_id=st.text(min_size=1, max_size=60))
def test_no_id_ends_in_an_error_of_ours(client: Client, kind: str, resource_id: str) -> None:
    path = urlencode({"": resource_id}, errors="replace")[1:].replace("+", "%20")

    assert client.get(f"/fhir/{kind}/{path}").status_code in {200, 301, 404, 405}


@pytest.mark.parametrize("kind", SHELVES)
def test_a_page_takes_the_same_number_of_queries_whatever_it_holds(
    client: Client, kind: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        provider = make_provider(type="person" if number % 2 else "organisation")
        make_credential(provider)
        place = make_place(district=f"LS{number}")
        make_listing(provider=provider, place=place, languages=frozenset({"en"}))

    with django_assert_max_num_queries(3):
        assert len(ids(client, f"{kind}?_count=100")) >= 6


def test_the_statement_names_every_parameter(client: Client) -> None:
    statement = json.loads(client.get("/fhir/metadata").content)

    by_type = {one["type"]: one for one in statement["rest"][0]["resource"]}
    for kind in SHELVES:
        assert [one["code"] for one in by_type[kind]["interaction"]] == ["read", "search-type"]
    named = {one["name"] for one in by_type["Location"]["searchParam"]}
    assert {"_id", "_lastUpdated", "identifier", "near", "organization"} <= named
    assert "_search" in by_type["Location"]["documentation"]


def test_every_vocabulary_that_is_named_answers(client: Client, jo: Listing) -> None:
    service = read(client, f"/fhir/HealthcareService/{jo.pk}")
    systems = {
        coding["system"]
        for part in ("type", "category", "specialty", "characteristic")
        for concept in service[part]
        for coding in concept["coding"]
        if coding["system"].startswith("http://localhost")
    }

    assert len(systems) == 7
    for system in systems:
        answer = client.get(urlsplit(system).path)
        assert answer.status_code == 200
        get_fhir_model_class("CodeSystem").model_validate_json(answer.content)
    extension = service["extension"][0]["url"]
    assert client.get(urlsplit(extension).path).status_code == 200
