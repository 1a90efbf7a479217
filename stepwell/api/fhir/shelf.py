"""The instruments that may be given to programs, by the ids under which FHIR knows them.

Tests whose wording is pending are not here, nor those that only this host may use.
"""

from collections.abc import Mapping
from typing import NamedTuple

from stepwell.api.fhir import names
from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.questionnaire import loinc_codes
from stepwell.api.fhir.searching import Indexed
from stepwell.domain import instruments
from stepwell.domain.errors import UnknownFact
from stepwell.domain.instrument_schema import Instrument, Wording


class Test(NamedTuple):
    """An instrument with its wording."""

    one: Instrument
    text: Wording


class AnswerSet(NamedTuple):
    """One set of answers of an instrument."""

    one: Instrument
    options: str
    text: Wording


def tests() -> Mapping[str, Test]:
    """Return every test that may be passed on, by the id of its Questionnaire."""
    return {
        names.resource_id(one): Test(one, instruments.wording(one.id))
        for one in instruments.instruments().values()
        if names.may_be_passed_on(one)
    }


def get_test(resource_id: str) -> Test:
    """Return one test; raise UnknownFact with the nearest ids."""
    known = tests()
    if resource_id not in known:
        raise UnknownFact("Questionnaire", resource_id, known)
    return known[resource_id]


def get_answer_set(resource_id: str) -> AnswerSet:
    """Return one set of answers; raise UnknownFact with the nearest ids."""
    known = {
        names.answers_id(one, options): AnswerSet(one, options, text)
        for one, text in tests().values()
        for options in one.options
    }
    if resource_id not in known:
        raise UnknownFact("set of answers", resource_id, known)
    return known[resource_id]


def index(publisher: Publisher) -> list[Indexed]:
    """Return what each Questionnaire is found by, in the order of the shelf."""
    return [
        Indexed(
            resource_id,
            publisher.url("Questionnaire", resource_id),
            text.title,
            frozenset(loinc_codes(one)),
        )
        for resource_id, (one, text) in tests().items()
    ]


def last_checked() -> str:
    """Return the day on which the newest of them was checked."""
    return max(names.last_checked(one, text) for one, text in tests().values())
