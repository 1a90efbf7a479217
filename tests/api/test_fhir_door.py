"""The FHIR door over HTTP: reads, searches, refusals, headers."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from fhir.resources.R4B import get_fhir_model_class

from stepwell.api.fhir.directory_shelf import SHELVES
from stepwell.domain import instruments, loading
from stepwell.web.routes import register

API = [
    route.name
    for route in register().routes
    if route.name.startswith("api:") and not route.name.startswith("api:directory")
]  # those of the directory: test_fhir_directory.py
ADDRESSES = {
    "api:metadata": "/fhir/metadata",
    "api:questionnaires": "/fhir/Questionnaire",
    "api:questionnaire": "/fhir/Questionnaire/phq-9",
    "api:code_system": "/fhir/CodeSystem/phq-9.frequency",
    "api:value_set": "/fhir/ValueSet/phq-9.frequency",
    "api:structure_definition": "/fhir/StructureDefinition/self-test",
    "api:nothing_here": "/fhir/Patient/1",
    "api:instruments": "/api/v1/instruments/",
    "api:instrument": "/api/v1/instruments/phq-9/",
}
FHIR = "application/fhir+json; charset=utf-8"


def read(client: Client, address: str, status: int = 200, **headers: str) -> dict[str, Any]:
    """Return a resource, valid FHIR whatever its status."""
    response = client.get(address, headers=headers)
    resource = json.loads(response.content)

    assert (response.status_code, response["Content-Type"]) == (status, FHIR), resource
    get_fhir_model_class(resource["resourceType"]).model_validate_json(response.content)
    return resource


def ids(bundle: dict[str, Any]) -> list[str]:
    """Return the ids of the Questionnaires in a Bundle."""
    found = [entry["resource"] for entry in bundle.get("entry", [])]
    return [one["id"] for one in found if one["resourceType"] == "Questionnaire"]


def told(resource: dict[str, Any]) -> str:
    """Return what an OperationOutcome says."""
    return " ".join(issue["diagnostics"] for issue in resource["issue"])


def search(client: Client, query: str, **headers: str) -> dict[str, Any]:
    return read(client, f"/fhir/Questionnaire?{query}", **headers)


def test_every_address_of_the_door_is_held_here() -> None:
    assert set(ADDRESSES) == set(API)


@pytest.mark.parametrize("name", ADDRESSES)
def test_answers_may_be_kept_and_bring_no_cookie_and_open_no_other_site(
    client: Client, name: str
) -> None:
    response = client.get(ADDRESSES[name])

    kept = response.status_code == 200
    assert response["Cache-Control"] == ("public, max-age=60" if kept else "no-store")
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "Access-Control-Allow-Origin" not in response
    assert client.head(ADDRESSES[name]).status_code == response.status_code


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("name", ADDRESSES)
def test_Q3_no_route_takes_anything_in(name: str, method: str) -> None:
    program = Client(enforce_csrf_checks=True)  # as outside of tests: no cookie, no token
    answers = {"resourceType": "QuestionnaireResponse", "status": "completed"}

    response = getattr(program, method)(ADDRESSES[name], json.dumps(answers), content_type=FHIR)

    assert response.status_code == 405


@pytest.mark.parametrize("kind", ["QuestionnaireResponse", "Observation", "Patient", "$process"])
def test_resources_about_people_are_not_here(client: Client, kind: str) -> None:
    assert "There is no resource" in told(read(client, f"/fhir/{kind}", 404))
    assert client.post(f"/fhir/{kind}", "{}", content_type=FHIR).status_code == 405


@pytest.mark.parametrize("fact_id", instruments.instruments())
def test_each_questionnaire_is_read_at_its_own_address(client: Client, fact_id: str) -> None:
    form = read(client, f"/fhir/Questionnaire/{fact_id}")

    assert urlsplit(form["url"]).path == f"/fhir/Questionnaire/{fact_id}"


def test_every_canonical_address_in_a_questionnaire_answers(client: Client) -> None:
    form = read(client, "/fhir/Questionnaire/mos-sleep")
    system = form["item"][1]["answerOption"][0]["valueCoding"]["system"]

    read(client, urlsplit(form["extension"][0]["url"]).path)
    codes = read(client, urlsplit(system).path)
    read(client, urlsplit(codes["valueSet"]).path)


def test_an_unknown_id_is_told_with_the_nearest(client: Client) -> None:
    assert "Did you mean phq-9" in told(read(client, "/fhir/Questionnaire/phq9", 404))
    assert "phq-9.frequency" in told(read(client, "/fhir/CodeSystem/phq-9.frequencies", 404))
    assert "self-test" in told(read(client, "/fhir/StructureDefinition/selftest", 404))


@pytest.mark.parametrize("fact_id", instruments.pending())
def test_a_test_whose_words_are_pending_is_no_questionnaire(client: Client, fact_id: str) -> None:
    read(client, f"/fhir/Questionnaire/{fact_id}", 404)

    assert search(client, f"_id={fact_id}")["total"] == 0


def test_the_statement_names_what_the_door_does(client: Client) -> None:
    statement = read(client, "/fhir/metadata")

    by_type = {one["type"]: one for one in statement["rest"][0]["resource"]}
    interactions = {
        kind: [one["code"] for one in resource["interaction"]]
        for kind, resource in by_type.items()
        if kind not in SHELVES
    }
    assert interactions == {
        "Questionnaire": ["read", "search-type"],
        "CodeSystem": ["read"],
        "ValueSet": ["read"],
        "StructureDefinition": ["read"],
    }
    named = [one["name"] for one in by_type["Questionnaire"]["searchParam"]]
    assert named == ["_id", "code", "title", "url"]
    assert "handling=strict" in by_type["Questionnaire"]["documentation"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("code=44249-1", ["phq-9"]),
        ("code=http://loinc.org|44249-1", ["phq-9"]),
        ("code=http://snomed.info/sct|44249-1", []),
        ("code=|44249-1", []),
        ("code=44261-6", ["phq-9"]),  # a score
        ("code=44261-6,70274-6", ["phq-9", "gad-7"]),
        ("code=44261-6&code=70274-6", []),
        ("_id=phq-9,gad-7", ["phq-9", "gad-7"]),
        ("_id=PHQ-9", []),
        ("title=patient health questionnaire (phq-9)", ["phq-9"]),
        ("title=PATIENT+HEALTH+QUESTIONNAIRE+(PHQ-9", ["phq-9"]),
        ("title:exact=patient health questionnaire (phq-9)", []),
        ("title:exact=Patient Health Questionnaire (PHQ-9)", ["phq-9"]),
        ("title:contains=(phq-9", ["phq-9"]),
        ("title=(phq-9", []),
        ("url=http://localhost:8000/fhir/Questionnaire/phq-9", ["phq-9"]),
        ("url=http://localhost:8000/fhir/Questionnaire/phq", []),
        ("_id=phq-9&title=Generalised", []),
    ],
)
def test_search_finds(client: Client, query: str, expected: list[str]) -> None:
    bundle = search(client, query)

    assert (ids(bundle), bundle["total"]) == (expected, len(expected))


def test_a_code_of_one_question_finds_every_form_that_asks_it(client: Client) -> None:
    asking = [
        fact_id
        for fact_id, one in instruments.instruments().items()
        if "44250-9" in {item.loinc for item in one.items}
    ]

    assert ids(search(client, "code=44250-9")) == asking
    assert "phq-9" in asking


def test_an_empty_value_restricts_nothing(client: Client) -> None:
    assert search(client, "code=")["total"] == len(instruments.instruments())


def test_pages_follow_each_other_and_hold_everything_once(client: Client) -> None:
    seen: list[str] = []
    address: str | None = "/fhir/Questionnaire?_count=7"
    while address:
        bundle = read(client, address)
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        seen += ids(bundle)
        following = urlsplit(links.get("next", ""))
        address = f"{following.path}?{following.query}" if following.path else None

    assert seen == list(instruments.instruments())
    assert bundle["total"] == len(seen)
    assert {"self", "first", "previous"} <= set(links)


def test_a_page_holds_ten_and_never_more_than_fifty(client: Client) -> None:
    assert len(ids(search(client, ""))) == 10
    assert "_count=50" in search(client, "_count=999")["link"][0]["url"]


def test_a_count_of_zero_gives_the_number_alone(client: Client) -> None:
    bundle = search(client, "_count=0&title=patient")

    assert ids(bundle) == []
    assert bundle["total"] >= 1


def test_a_page_past_the_last_is_empty_and_leads_back(client: Client) -> None:
    bundle = search(client, "_page=999")

    assert ids(bundle) == []
    assert [link["relation"] for link in bundle["link"]] == ["self", "first", "previous"]


def test_lenient_ignores_what_it_does_not_know_and_says_so(client: Client) -> None:
    bundle = search(client, "_id=phq-9&status=active&_sort=title")

    assert ids(bundle) == ["phq-9"]
    last = bundle["entry"][-1]
    assert last["search"] == {"mode": "outcome"}
    assert "status is not known" in told(last["resource"])
    assert "_sort is not known" in told(last["resource"])
    understood = dict(parse_qsl(urlsplit(bundle["link"][0]["url"]).query))
    assert set(understood) == {"_id", "_count", "_page"}


def test_strict_refuses_what_it_does_not_know(client: Client) -> None:
    refused = read(client, "/fhir/Questionnaire?status=active", 400, prefer="handling=strict")

    assert "status" in told(refused)
    assert "Use _id, code" in told(refused)
    assert ids(search(client, "_id=phq-9", prefer="handling=strict")) == ["phq-9"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("title:missing=true", "missing"),
        ("code:in=x", "in"),
        ("_count=some", "_count"),
        ("_page=-1", "_page"),
    ],
)
def test_what_cannot_be_carried_out_is_refused(client: Client, query: str, named: str) -> None:
    assert named in told(read(client, f"/fhir/Questionnaire?{query}", 400))


@pytest.mark.parametrize("asked", ["json", "application/fhir%2Bjson", "application/fhir+json"])
def test_json_may_be_asked_for(client: Client, asked: str) -> None:
    assert ids(search(client, f"_id=phq-9&_format={asked}")) == ["phq-9"]


def test_xml_is_refused(client: Client) -> None:
    assert "_format=json" in told(read(client, "/fhir/metadata?_format=xml", 406))


@pytest.fixture
def hosts_own(tmp_path: Path):
    """The site of a host that added a test under a licence of its own."""
    ours = loading.PACKAGED / "instruments" / "phq-2"
    folder = tmp_path / "instruments" / "own-test"
    folder.mkdir(parents=True)
    definition = (ours / "instrument.toml").read_text(encoding="utf-8")
    definition = definition.replace('id = "phq-2"', 'id = "own-test"').replace(
        "\ncode = 42", "\ncode = 900"
    )
    kind = definition.partition("[licence]")[2].partition('kind = "')[2].partition('"')[0]
    definition = definition.replace(f'kind = "{kind}"', 'kind = "licensed-to-this-host"', 1)
    (folder / "instrument.toml").write_text(definition, encoding="utf-8")
    (folder / "text.en.toml").write_text(
        (ours / "text.en.toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    loading.use_folders([tmp_path])
    yield
    loading.use_folders([])


def test_I8_words_licensed_to_this_host_alone_are_not_passed_on(client: Client, hosts_own) -> None:
    words = instruments.wording("own-test").items.values()

    read(client, "/fhir/Questionnaire/own-test", 404)
    catalogue = client.get("/api/v1/instruments/own-test/").content.decode()

    assert search(client, "_id=own-test")["total"] == 0
    assert '"wording":"this_host_only"' in catalogue
    assert not any(question in catalogue for question in words)
