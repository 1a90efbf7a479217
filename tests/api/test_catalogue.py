"""The JSON catalogue: every test, its licence, and its definition where it may be given out."""

import json
from typing import Any

import pytest
from django.test import Client

from stepwell.api.rest.schemas import Card, Detail
from stepwell.domain import instruments


def read(client: Client, address: str, status: int = 200) -> Any:
    response = client.get(address)

    assert (response.status_code, response["Content-Type"]) == (status, "application/json")
    return json.loads(response.content)


def test_the_catalogue_lists_every_test_and_those_that_wait(client: Client) -> None:
    found = read(client, "/api/v1/instruments/")

    by_id = {one["id"]: one for one in found["instruments"]}
    assert list(by_id) == [*instruments.instruments(), *instruments.pending()]
    assert found["count"] == len(by_id)
    assert by_id["phq-9"]["questions"] == 10
    assert by_id["phq-9"]["licence"]["evidence"]
    assert {by_id[one]["wording"] for one in instruments.pending()} == {"pending"}
    assert {by_id[one]["questionnaire"] for one in instruments.pending()} == {""}


def test_I8_the_fields_are_an_allow_list(client: Client) -> None:
    found = read(client, "/api/v1/instruments/")

    assert {name for one in found["instruments"] for name in one} == set(Card.model_fields)
    assert set(read(client, "/api/v1/instruments/phq-9/")) == set(Detail.model_fields)


@pytest.mark.parametrize("fact_id", instruments.instruments())
def test_a_test_reads_back_as_its_definition(client: Client, fact_id: str) -> None:
    detail = Detail.model_validate_json(client.get(f"/api/v1/instruments/{fact_id}/").content)

    assert detail.definition == instruments.instrument(fact_id)
    assert detail.wording == instruments.wording(fact_id)


def test_the_addresses_of_a_test_answer(client: Client) -> None:
    card = read(client, "/api/v1/instruments/phq-9/")["card"]

    for name in ("address", "page", "questionnaire"):
        path = card[name].removeprefix("http://localhost:8000")
        assert client.get(path).status_code == 200, path


def test_a_test_whose_words_are_pending_has_no_definition(client: Client) -> None:
    detail = read(client, "/api/v1/instruments/rs10/")

    assert (detail["definition"], detail["wording"]) == (None, None)


def test_an_unknown_test_is_told_with_the_nearest(client: Client) -> None:
    assert "Did you mean phq-9" in read(client, "/api/v1/instruments/phq9/", 404)["error"]
