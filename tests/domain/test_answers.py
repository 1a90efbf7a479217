"""Answers: what is read, what is refused, and that missing is unknown and never no."""

import jsonschema
import pytest

from stepwell.domain import guide_facts
from stepwell.domain.answers import KEYS, Answers, answers_schema, parse_answers
from stepwell.domain.errors import BadAnswers


def test_nothing_said_is_unknown_everywhere() -> None:
    assert parse_answers({}) == Answers()
    assert parse_answers(dict.fromkeys(KEYS)) == Answers()


def test_an_empty_list_is_unknown_and_not_none() -> None:
    assert parse_answers({"safety": [], "needs": []}) == Answers()


def test_none_of_these_is_an_answer_of_its_own() -> None:
    assert parse_answers({"safety": ["none"]}).safety == ("none",)
    assert parse_answers({"safety": ["none"]}).flags == ()


def test_a_red_flag_beside_none_wins() -> None:
    answers = parse_answers({"safety": ["none", "abuse_now"]})

    assert answers.safety == ("abuse_now",)


def test_lists_come_back_in_one_order_without_doubles() -> None:
    mixed = parse_answers({"needs": ["worry", "low_mood", "worry"]})

    assert mixed == parse_answers({"needs": ["low_mood", "worry"]})
    assert mixed.needs == ("low_mood", "worry")


@pytest.mark.parametrize("flag", sorted(guide_facts.red_flags()))
def test_every_red_flag_can_be_named(flag: str) -> None:
    assert parse_answers({"safety": [flag]}).flags == (flag,)


@pytest.mark.parametrize(
    ("raw", "key", "repair"),
    [
        ([], "the whole file", "Write {"),
        ({"nedds": ["worry"]}, "nedds", "Use needs"),
        ({"needs": "worry"}, "needs", "Write a list"),
        ({"needs": ["wory"]}, "needs.0", "Use worry"),
        ({"needs": [3]}, "needs.0", 'Write "low_mood" or null'),
        ({"impact": 2}, "impact", 'Write "none" or null'),
        ({"impact": "sever"}, "impact", "Use severe"),
        ({"country": "gb"}, "country", "Use GB"),
        ({"country": "Narnia"}, "country", "leave it out"),
        ({"safety": ["suicide"]}, "safety.0", "Use suicide_now"),
        ({"tried": {"a": 1}}, "tried", "or null"),
    ],
)
def test_wrong_answers_are_refused_with_key_and_repair(raw: object, key: str, repair: str) -> None:
    with pytest.raises(BadAnswers) as refused:
        parse_answers(raw)

    assert str(refused.value).startswith(f"answers: {key}: ")
    assert repair in str(refused.value)


def test_schema_takes_what_the_parser_takes_and_refuses_what_it_refuses() -> None:
    check = jsonschema.Draft202012Validator(answers_schema())

    for good in ({}, {"safety": ["none"]}, {"country": "GB", "needs": None, "impact": "mild"}):
        assert check.is_valid(good)
        parse_answers(good)
    for bad in ({"foo": 1}, {"needs": "worry"}, {"country": "gb"}, {"impact": "very"}):
        assert not check.is_valid(bad)
        with pytest.raises(BadAnswers):
            parse_answers(bad)


def test_schema_describes_all_ten_answers() -> None:
    assert tuple(answers_schema()["properties"]) == KEYS
    assert len(KEYS) == 10
