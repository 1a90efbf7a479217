"""Every FHIR resource of every instrument: valid, complete, and true to the definition."""

import json
from operator import attrgetter

import pytest
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from fhir.resources.R4B.codesystem import CodeSystem
from fhir.resources.R4B.operationoutcome import OperationOutcome
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from fhir.resources.R4B.structuredefinition import StructureDefinition
from fhir.resources.R4B.valueset import ValueSet

from stepwell.api.fhir import names
from stepwell.api.fhir.answer_sets import code_system, value_set
from stepwell.api.fhir.capability_statement import capability_statement
from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.outcome import outcome
from stepwell.api.fhir.questionnaire import LOINC_NOTICE, questionnaire
from stepwell.api.fhir.structure_definition import EXTENSIONS, structure_definition
from stepwell.domain import instruments
from stepwell.domain.instrument_checks import response_of
from stepwell.domain.instrument_schema import Instrument
from stepwell.lib import fhir
from stepwell.lib.fhir import Json
from tests.api.responses import response_to

PUBLISHER = Publisher("https://network.example/fhir", "Network")
EVERY = list(instruments.instruments().values())
ALL = pytest.mark.parametrize("one", EVERY, ids=attrgetter("id"))
SETS = pytest.mark.parametrize(
    ("one", "options"),
    [
        pytest.param(one, options, id=f"{one.id}: {options}")
        for one in EVERY
        for options in one.options
    ],
)


def form_of(one: Instrument) -> Json:
    return questionnaire(one, instruments.wording(one.id), PUBLISHER)


def valid(model: type, resource: Json) -> None:
    """Read a resource as a FHIR program would; raises where it is not FHIR."""
    model.model_validate_json(json.dumps(resource))


def questions(items: list[Json]) -> list[Json]:
    """Return the questions of a form, out of their groups, without scores."""
    found = []
    for item in items:
        if item["type"] == "group":
            found += questions(item["item"])
        elif item["type"] != "display" and not item.get("readOnly"):
            found.append(item)
    return found


def link_ids(items: list[Json]) -> list[str]:
    return [name for item in items for name in (item["linkId"], *link_ids(item.get("item", [])))]


@ALL
def test_questionnaire_is_valid(one: Instrument) -> None:
    valid(Questionnaire, form_of(one))


@ALL
def test_questionnaire_asks_every_question_in_the_form_s_order_and_words(one: Instrument) -> None:
    text = instruments.wording(one.id)

    asked = [(item["linkId"], item["text"]) for item in questions(form_of(one)["item"])]

    assert asked == [(item.id, text.items[item.id]) for item in one.items]


@ALL
def test_no_two_items_of_a_questionnaire_share_an_id(one: Instrument) -> None:
    ids = link_ids(form_of(one)["item"])

    assert len(set(ids)) == len(ids)


@ALL
def test_answers_carry_their_value_as_ordinal_and_as_code(one: Instrument) -> None:
    for item in questions(form_of(one)["item"]):
        coded = [
            (option["valueCoding"]["code"], option["extension"][0]["valueDecimal"])
            for option in item.get("answerOption", [])
            if option["valueCoding"]["code"] != "n/a"
        ]

        values = one.values(item["linkId"]) if item["type"] == "choice" else ()
        assert coded == [(str(value), value) for value in values]


@ALL
def test_the_copyright_line_holds_the_owner_s_and_loinc_s(one: Instrument) -> None:
    line = form_of(one)["copyright"]

    assert line.startswith(instruments.wording(one.id).attribution)
    assert one.licence.terms in line
    assert (LOINC_NOTICE in line) == ("loinc.org" in json.dumps(form_of(one)["item"]))


@ALL
def test_a_response_to_the_form_is_valid(one: Instrument) -> None:
    for example in one.examples:
        valid(QuestionnaireResponse, response_to(form_of(one), response_of(one, example)))


@ALL
def test_ids_fit_fhir_and_are_each_used_once(one: Instrument) -> None:
    ids = [names.answers_id(one, options) for options in one.options]

    assert len(set(ids)) == len(ids)
    assert all(len(resource_id) <= 64 for resource_id in (names.resource_id(one), *ids))


def test_no_two_instruments_share_an_id() -> None:
    assert len({names.resource_id(one) for one in EVERY}) == len(EVERY)


@SETS
def test_answer_sets_are_valid_and_hold_the_words(one: Instrument, options: str) -> None:
    text = instruments.wording(one.id)
    codes = code_system(one, options, text, PUBLISHER)
    values = value_set(one, options, text, PUBLISHER)

    valid(CodeSystem, codes)
    valid(ValueSet, values)
    words = {concept["code"]: concept["display"] for concept in codes["concept"]}
    words.pop("n/a", None)
    assert words == {str(value): told for value, told in text.options[options].items()}
    assert values["compose"]["include"][0] == {"system": codes["url"], "concept": codes["concept"]}


@SETS
def test_each_answer_set_is_the_one_that_its_questions_name(one: Instrument, options: str) -> None:
    url = code_system(one, options, instruments.wording(one.id), PUBLISHER)["url"]
    systems = {
        item["linkId"]: item["answerOption"][0]["valueCoding"]["system"]
        for item in questions(form_of(one)["item"])
        if item["type"] == "choice"
    }

    using = [item.id for item in one.items if item.options == options]
    assert [item for item, system in systems.items() if system == url] == using


def test_the_version_changes_with_a_word_and_with_a_key() -> None:
    one, text = instruments.instrument("phq-9"), instruments.wording("phq-9")
    other_word = text.model_copy(update={"title": "Another title"})
    other_key = one.model_copy(update={"youngest_age": 21})

    versions = {names.version(one, text), names.version(one, other_word)}
    versions.add(names.version(other_key, text))

    assert len(versions) == 3
    assert names.version(one, text).startswith("2026.11.24-")


def test_a_question_behind_a_gate_is_asked_only_where_the_gate_is_open() -> None:
    first, *rest = questions(form_of(instruments.instrument("pc-ptsd-5"))["item"])

    assert "enableWhen" not in first
    assert {item["enableWhen"][0]["question"] for item in rest} == {first["linkId"]}
    assert {item["enableWhen"][0]["operator"] for item in rest} == {"!="}


def test_phq_9_is_what_other_programs_expect() -> None:
    form = form_of(instruments.instrument("phq-9"))

    assert form["code"] == [{"system": "http://loinc.org", "code": "44249-1"}]
    assert form["meta"] == {"profile": [fhir.BEHAVE]}
    assert form["url"] == "https://network.example/fhir/Questionnaire/phq-9"
    assert (form["status"], form["name"]) == ("active", "PHQ9")
    total = form["item"][-1]
    assert (total["linkId"], total["type"], total["readOnly"]) == ("score.total", "integer", True)
    assert total["code"] == [{"system": "http://loinc.org", "code": "44261-6"}]
    assert "difficulty" not in json.dumps(total)  # asked, and never part of the score


def test_retired_instruments_say_so() -> None:
    one = instruments.instrument("phq-9")
    retired = one.model_copy(update={"retired_on": one.source.review_due})

    form = questionnaire(retired, instruments.wording("phq-9"), PUBLISHER)

    assert form["status"] == "retired"


@pytest.mark.parametrize("name", EXTENSIONS)
def test_our_extensions_are_defined_as_fhir_asks(name: str) -> None:
    valid(StructureDefinition, structure_definition(name, "2026-11-24", PUBLISHER))


def test_only_extensions_that_are_defined_are_used() -> None:
    known = {
        f"{PUBLISHER.base}/StructureDefinition/{name}"
        for name, one in EXTENSIONS.items()
        if one.context.startswith("Questionnaire")
    }

    used = {
        part["url"]
        for one in EVERY
        for part in extensions(form_of(one))
        if part["url"].startswith(PUBLISHER.base)
    }
    assert used == known


def extensions(node: Json) -> list[Json]:
    """Return the extensions of a resource and of its items."""
    found = list(node.get("extension", []))
    return found + [one for item in node.get("item", []) for one in extensions(item)]


def test_capability_statement_and_outcome_are_valid() -> None:
    valid(CapabilityStatement, capability_statement(PUBLISHER, "2026-11-24"))
    valid(OperationOutcome, outcome("not-found", "There is no Questionnaire with the id 'x'."))
