"""The evaluator and its loader: reasons, joins, and which rules are refused."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from stepwell.domain import guidance, loading
from stepwell.domain.answers import parse_answers
from stepwell.domain.decision_inputs import Group
from stepwell.domain.errors import FactError
from stepwell.domain.guidance import Guidance, Role
from stepwell.domain.guide_rules import ALONE_FILE, RULES_FILE, rule_set
from stepwell.domain.sources import Checked

CALM = {
    "safety": ["none"],
    "age_band": "adult",
    "impact": "mild",
    "duration": "weeks",
    "tried": "nothing",
}


def guided(**answers: object) -> Guidance:
    read = parse_answers({**CALM, **answers})
    flags = [guidance.red_flags()[flag] for flag in read.flags]
    return guidance.guide(guidance.derive(read), flags)


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        ({"needs": ["growth"], "impact": "none", "goals": ["ambitions"]}, 0),
        ({"needs": ["worry"]}, 1),
        ({"needs": ["low_mood"]}, 2),
        ({"needs": ["not_sure"]}, 2),
        ({"needs": ["pain_movement"]}, 2),
        ({"needs": ["worry"], "age_band": "teen"}, 2),
        ({"needs": ["worry"], "tried": "helped_little"}, 2),
        ({"needs": ["worry"], "impact": None}, 2),
        ({"needs": ["obsessions"]}, 2),
        ({"needs": ["substances"]}, 2),
        ({"needs": ["trauma"]}, 3),
        ({"needs": ["eating"]}, 3),
        ({"needs": ["mood_swings"]}, 3),
        ({"needs": ["low_mood"], "impact": "moderate", "duration": "months"}, 3),
        ({"needs": ["worry"], "safety": None}, 3),
        ({"needs": ["growth"], "impact": "none", "goals": ["ambitions"], "safety": None}, 3),
        ({"needs": ["worry"], "safety": ["suicide_thoughts_passive"]}, 3),
        ({"needs": ["unusual_experiences"]}, 4),
        ({"needs": ["low_mood"], "impact": "severe"}, 4),
        ({"needs": ["worry"], "safety": ["psychosis_new"]}, 4),
        ({"needs": ["low_mood"], "impact": "very_severe"}, 5),
        ({"needs": ["growth"], "safety": ["suicide_thoughts_intent"]}, 5),
        ({"needs": ["growth"], "safety": ["abuse_now"]}, 5),
    ],
)
def test_level_of_typical_answers(answers: dict[str, object], level: int) -> None:
    assert guided(**answers).level_from == level


@pytest.mark.parametrize(
    ("answers", "role", "kind"),
    [
        ({"needs": ["growth"], "impact": "none", "goals": ["ambitions"]}, "main", "life_coaching"),
        ({"needs": ["loneliness"]}, "main", "self_help"),
        ({"needs": ["loneliness"]}, "alongside", "social_prescribing"),
        ({"needs": ["family"], "tried": "in_care"}, "main", "counselling"),
        ({"needs": ["family"], "tried": "in_care"}, "alongside", "care_coordination"),
        ({"needs": ["relationship"]}, "main", "couple_and_family_therapy"),
        ({"needs": ["low_mood"], "impact": "very_severe"}, "alongside", "psychotherapy"),
        ({"needs": ["trauma"], "impact": None}, "main", "psychotherapy"),
        ({"needs": ["low_mood"], "impact": None, "safety": None}, "alongside", "psychotherapy"),
        ({"needs": ["unusual_experiences"]}, "alongside", "art_therapy"),
    ],
)
def test_kinds_of_typical_answers(answers: dict[str, object], role: str, kind: str) -> None:
    assert kind in guided(**answers).kinds(Role(role))


def test_coaching_is_for_grown_people() -> None:
    child = guided(needs=["growth"], impact="none", goals=["ambitions"], age_band="child")

    assert "life_coaching" not in {one.kind for one in child.suggestions}


def test_every_suggestion_and_the_level_carry_a_reason_with_a_source() -> None:
    found = guided(needs=["low_mood", "pain_movement"], impact="moderate")

    assert found.level_reasons
    for suggestion in found.suggestions:
        assert suggestion.reasons
        for reason in suggestion.reasons:
            assert reason.because
            assert reason.source.citation
            assert reason in found.fired


def test_level_reasons_are_those_of_the_floor_alone() -> None:
    found = guided(needs=["trauma"], impact="mild")

    assert [reason.rule for reason in found.level_reasons] == ["trauma_level"]


def test_demoted_kind_stands_alongside_and_is_named_as_not_enough() -> None:
    found = guided(needs=["trauma", "grief"], impact="mild")

    assert "counselling" in found.kinds(Role.ALONGSIDE)
    assert "alone_trauma" in {rule.id for rule in found.not_enough_alone}


def test_level_of_several_groups_is_that_of_the_worst() -> None:
    """Floors of more needs are the highest of each: what the exhaustive walk builds on."""
    table = rule_set().level_table
    for first, second, third in combinations(Group, 3):
        joined = table.accepting("groups", {first, second, third})
        apart = [table.accepting("groups", {one}) for one in (first, second, third)]
        assert joined == apart[0] | apart[1] | apart[2]


@pytest.mark.parametrize("need", ["relationship", "family"])
def test_abuse_never_meets_joint_work_and_brings_its_own_service(need: str) -> None:
    found = guided(needs=[need], safety=["abuse_now"], goals=["relationships"])

    kinds = {one.kind for one in found.suggestions}
    assert not kinds & {"couple_and_family_therapy", "family_mediation"}
    assert found.kinds(Role.MAIN)[0] == "domestic_abuse_service"


@pytest.mark.parametrize("flag", sorted(guidance.red_flags()))
def test_red_flag_brings_its_kinds_as_main(flag: str) -> None:
    found = guided(needs=["growth"], impact="none", goals=["ambitions"], safety=[flag])

    assert set(guidance.red_flags()[flag].kinds) <= set(found.kinds(Role.MAIN))
    assert found.level_from >= 3
    assert found.fired[0].rule == f"flag_{flag}"


def test_recalled_red_flag_raises_the_level_but_its_words_are_not_shown() -> None:
    recalled = [
        flag for flag in guidance.red_flags().values() if flag.source.checked is Checked.RECALLED
    ]

    assert {flag.id for flag in recalled} == {"child_at_risk", "child_alone"}
    for flag in recalled:
        assert flag.say not in flag.shown().text
        assert "could not check" in flag.shown().text


def test_self_guided_wish_stands_beside_the_level_and_never_lowers_it() -> None:
    plain = guided(needs=["low_mood"], impact="moderate", preferences=["online"])
    wished = guided(needs=["low_mood"], impact="moderate", preferences=["self_guided"])

    assert wished.level_from == plain.level_from == 3
    assert wished.kinds(Role.MAIN) == plain.kinds(Role.MAIN)
    assert "self_help" in wished.kinds(Role.ALONGSIDE)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Path]:
    """A host's folder of facts, forgotten again afterwards."""
    loading.use_folders([tmp_path])
    yield tmp_path
    loading.use_folders([])


def written(host: Path, name: str, old: str, new: str) -> None:
    """Write the packaged file with one thing changed."""
    text = (loading.PACKAGED / name).read_text(encoding="utf-8")
    assert old in text
    (host / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    loading.forget()


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            RULES_FILE,
            'when.safety = { at_least = "urgent", unknown = false }',
            'when.safety = { at_least = "urgent" }',
            "does not say what unknown does. Add unknown = true",
        ),
        (
            ALONE_FILE,
            "when.distress = { at_least = 2, unknown = true }",
            "when.distress = { at_least = 2 }",
            "does not say what unknown does",
        ),
        (
            RULES_FILE,
            "when.distress = { at_least = 1, unknown = true }",
            "when.distress = { any_of = ['0', '1'], unknown = true }",
            "a worse value would lower the level",
        ),
        (
            RULES_FILE,
            "when.distress = { at_least = 1, unknown = true }",
            "when.distress = { at_least = 0, unknown = false }",
            "unknown would count for less than none",
        ),
        (
            RULES_FILE,
            'when.safety = { at_least = "urgent", unknown = false }',
            'when.danger = { at_least = "urgent", unknown = false }',
            "danger",
        ),
        (
            RULES_FILE,
            'when.safety = { at_least = "urgent", unknown = false }',
            'when.safety = { at_least = "soon", unknown = false }',
            "'soon' is not a value. Use none, unknown, passive",
        ),
        (
            RULES_FILE,
            'when.growth_only = { any_of = ["no"] }',
            'when.growth_only = { any_of = ["no"], unknown = true }',
            "this input is never unknown. Remove the key unknown",
        ),
        (
            RULES_FILE,
            "then = { level_at_least = 4 }",
            'then = { level_at_least = 4, main = ["psychiatry"] }',
            "Write two rules",
        ),
        (RULES_FILE, 'id = "safety_soon"', 'id = "safety_open"', "stands there twice"),
        (
            RULES_FILE,
            'source = "unanswered"',
            'source = "hearsay"',
            r"there is no \[sources.hearsay\]",
        ),
        (
            RULES_FILE,
            "then = { level_at_least = 5 }",
            "then = { level_at_least = 6 }",
            "then.level_at_least: .*Use a smaller number",
        ),
        (
            RULES_FILE,
            'because = "A sign that calls for help today."',
            'becuase = "A sign that calls for help today."',
            "because: Field required. Add this key",
        ),
    ],
)
def test_wrong_rule_is_refused_with_file_key_and_repair(
    host: Path, name: str, old: str, new: str, message: str
) -> None:
    written(host, name, old, new)

    with pytest.raises(FactError, match=message) as refused:
        rule_set()

    assert str(refused.value).startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (RULES_FILE, '"psychiatry"', '"psychiatri"', "Did you mean psychiatry"),
        (ALONE_FILE, '"peer_support"', '"peer_suport"', "Did you mean peer_support"),
        ("red_flags.toml", 'kinds = ["emergency_care"]', 'kinds = ["ambulance"]', "kinds"),
        ("needs.toml", '["eating_medical"]', '["eating_medic"]', "Did you mean eating_medical"),
        ("guide_questions.toml", 'key = "who_for"', 'key = "safety"', "each once"),
        ("guide_questions.toml", 'id = "abuse_now"', 'id = "abuse"', "safety.options"),
    ],
)
def test_broken_reference_is_refused_by_the_check(
    host: Path, name: str, old: str, new: str, message: str
) -> None:
    written(host, name, old, new)

    with pytest.raises(FactError, match=message) as refused:
        guidance.check()

    assert str(refused.value).startswith(f"{name}: ")
