"""Calculated scores: the FHIRPath in a Questionnaire gives what the scorer gives."""

from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from random import Random

import pytest

from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.questionnaire import questionnaire
from stepwell.api.fhir.score_expression import expression
from stepwell.domain import instruments, loading, scoring
from stepwell.domain.instrument_checks import response_of
from stepwell.domain.instrument_schema import Answer, Instrument, Wording
from stepwell.lib import fhir
from stepwell.lib.fhir import Json
from tests.api.fhirpath import evaluate
from tests.api.responses import random_answers, response_to

PUBLISHER = Publisher("https://network.example/fhir", "Network")
EVERYTHING = Path(__file__).parents[1] / "domain" / "everything"
ALL = pytest.mark.parametrize("one", list(instruments.instruments().values()), ids=attrgetter("id"))


def calculated(form: Json) -> dict[str, str]:
    """Return the expression of each scale."""
    return {
        item["linkId"].removeprefix("score."): extension["valueExpression"]["expression"]
        for item in form["item"]
        for extension in item.get("extension", [])
        if extension["url"] == fhir.CALCULATED
    }


def agree(one: Instrument, text: Wording, answers: dict[str, Answer]) -> int:
    """Hold every expression to the scorer; return how many scales had a score."""
    form = questionnaire(one, text, PUBLISHER)
    response = response_to(form, answers)
    expressions = calculated(form)
    scored = 0
    for scale in scoring.score(one, answers).scales:
        found = evaluate(expressions[scale.scale], response)
        expected = [] if scale.points is None else [scale.points]

        assert [Decimal(value) for value in found] == expected, (scale.scale, answers)
        scored += scale.points is not None
    return scored


@ALL
def test_every_scale_has_an_expression(one: Instrument) -> None:
    form = questionnaire(one, instruments.wording(one.id), PUBLISHER)

    assert list(calculated(form)) == [scale.id for scale in one.scales]


@ALL
def test_published_examples_calculate_as_published(one: Instrument) -> None:
    for example in one.examples:
        agree(one, instruments.wording(one.id), response_of(one, example))


@ALL
def test_random_answers_calculate_as_the_scorer_scores_them(one: Instrument) -> None:
    chance = Random(one.code)
    text = instruments.wording(one.id)

    scored = sum(
        agree(one, text, random_answers(one, chance, gaps)) for gaps in (0, 0, 0.04, 0.1, 0.4, 1)
    )

    assert scored >= 2 * len(one.scales)


@pytest.mark.parametrize("end", [min, max])
@ALL
def test_a_total_of_the_lowest_and_the_highest_is_calculated(one: Instrument, end) -> None:
    answers: dict[str, Answer] = {item.id: end(one.values(item.id)) for item in one.items}

    assert agree(one, instruments.wording(one.id), answers) == len(one.scales)


def test_a_made_up_test_with_every_rule_calculates() -> None:
    folder = EVERYTHING / "instruments" / "everything"
    one = loading.read(folder / "instrument.toml", Instrument)
    text = loading.read(folder / "text.en.toml", Wording)
    chance = Random(1)

    scored = sum(
        agree(one, text, random_answers(one, chance, gaps)) for gaps in (0, 0.05, 0.2, 0.5) * 25
    )

    assert scored > 100


def test_a_scale_that_may_fall_below_zero_has_none() -> None:
    one = instruments.instrument("phq-9")
    below = one.scales[0].model_copy(update={"lowest": -3})

    assert expression(one, below) is None


def test_the_reader_knows_a_sum_when_it_sees_one() -> None:
    response = {"item": [{"linkId": "a", "answer": [{"valueInteger": 3}]}]}

    assert evaluate("(2 + 3 * 4) div 3", {}) == [4]
    assert evaluate("%resource.item.where(linkId in ('a' | 'b')).answer.value", response) == [3]
    assert evaluate("iif(1 = 2, 5)", {}) == []
