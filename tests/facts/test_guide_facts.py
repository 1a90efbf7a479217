"""The guide's data files: complete, in plain words, with the marks of their sources."""

import re
from collections import Counter

import pytest

from stepwell.domain import guidance, loading
from stepwell.domain.decision_inputs import BodyTrack, Group, Safety
from stepwell.domain.guide_facts import follow_up
from stepwell.domain.guide_rules import rule_set
from stepwell.domain.sources import Checked

NEEDS = [
    "low_mood",
    "worry",
    "panic",
    "social_fear",
    "obsessions",
    "trauma",
    "grief",
    "eating",
    "sleep",
    "substances",
    "unusual_experiences",
    "mood_swings",
    "anger",
    "relationship",
    "family",
    "loneliness",
    "work_stress",
    "exhaustion",
    "low_self_esteem",
    "identity",
    "attention",
    "autism_traits",
    "pain_movement",
    "daily_tasks",
    "speech",
    "health_condition",
    "life_change",
    "growth",
    "not_sure",
]
GOALS = [
    "feel_better",
    "steady_emotions",
    "cope",
    "stay_well",
    "understand_myself",
    "heal_the_past",
    "self_esteem",
    "communication",
    "resilience",
    "ambitions",
    "relationships",
    "less_pain",
    "daily_life",
    "speak_clearly",
    "company",
    "not_sure",
]
FLAGS = [
    "suicide_now",
    "overdose_or_injury",
    "suicide_thoughts_intent",
    "suicide_thoughts_passive",
    "harm_to_others",
    "child_at_risk",
    "abuse_now",
    "psychosis_danger",
    "psychosis_new",
    "postpartum",
    "self_neglect",
    "eating_medical",
    "withdrawal",
    "delirium_physical",
    "medication_reaction",
    "child_alone",
    "cannot_answer",
]
FILES = (
    "needs.toml",
    "goals.toml",
    "levels_of_support.toml",
    "red_flags.toml",
    "guide_questions.toml",
    "guide_rules.toml",
    "not_enough_alone.toml",
)


def test_ids_are_the_agreed_ones() -> None:
    assert list(guidance.needs()) == NEEDS
    assert list(guidance.goals()) == GOALS
    assert sorted(guidance.red_flags()) == sorted(FLAGS)


def test_guide_facts_refer_to_what_exists() -> None:
    guidance.check()


def test_every_group_and_every_track_is_reached_by_a_need() -> None:
    needs = guidance.needs().values()

    assert {need.group for need in needs} == set(Group)
    assert {need.track for need in needs} - {None} == set(BodyTrack)


def test_there_are_at_most_twelve_groups() -> None:
    assert len(set(Group) - {Group.NONE, Group.UNKNOWN}) <= 12


def test_marks_of_red_flags_and_not_enough_alone_are_those_of_the_reference() -> None:
    flags = Counter(flag.source.checked for flag in guidance.red_flags().values())

    assert flags == {Checked.READ: 8, Checked.SECONDARY: 7, Checked.RECALLED: 2}
    assert guidance.red_flags()["child_at_risk"].source.checked is Checked.RECALLED
    assert guidance.red_flags()["child_alone"].source.checked is Checked.RECALLED


def test_every_red_flag_weighs_more_than_none() -> None:
    for flag in guidance.red_flags().values():
        assert flag.safety is not Safety.NONE
        assert (flag.safety is Safety.UNKNOWN) == (flag.id == "cannot_answer")


def test_safety_page_asks_at_most_five_plain_things() -> None:
    options = [option.id for option in guidance.questions()["safety"].options]

    assert options[-1] == "none"
    assert len(options) - 1 == 5
    assert next(iter(guidance.questions())) == "safety"


def test_one_more_page_asks_only_about_birth_drink_eating_and_medicine() -> None:
    asked = {flag for need in guidance.needs().values() for flag in need.asks_about}

    assert asked == {"postpartum", "withdrawal", "eating_medical", "medication_reaction"}
    assert follow_up().ask


def test_there_are_ten_questions_and_each_says_why() -> None:
    assert len(guidance.questions()) == 10
    assert all(question.why and question.ask for question in guidance.questions().values())


def test_every_rule_of_the_guide_can_fire() -> None:
    rules = rule_set()

    for table, found in (
        (rules.level_table, rules.level_rules),
        (rules.kind_table, rules.kind_rules),
        (rules.alone_table, rules.alone_rules),
    ):
        for place, rule in enumerate(found):
            for name in rule.when:
                assert any(mask >> place & 1 for mask in table.masks[name].values()), rule.id


def test_no_source_is_past_its_review_on_the_day_of_release() -> None:
    for rule in (*rule_set().level_rules, *rule_set().kind_rules, *rule_set().alone_rules):
        assert rule.source.review_due > rule.source.checked_on


@pytest.mark.parametrize("name", FILES)
def test_words_inform_and_never_diagnose_or_press(name: str) -> None:
    text = (loading.PACKAGED / name).read_text(encoding="utf-8").lower()

    for phrase in (
        "you are suffering",
        "your level is",
        "diagnos",
        "committed suicide",
        "you must",
        "you should",
        "disorder is",
        "!",
    ):
        assert phrase not in text, phrase


@pytest.mark.parametrize("name", FILES)
def test_yardstick_is_not_named_or_shipped(name: str) -> None:
    text = (loading.PACKAGED / name).read_text(encoding="utf-8")

    assert not re.search(r"\bIAR\b|low.intensity|moderate.intensity|high.intensity", text)


def test_no_level_is_named_as_a_verdict() -> None:
    for level in guidance.levels().values():
        assert not re.search(r"\byou are\b", f"{level.name} {level.one_line} {level.for_whom}")
