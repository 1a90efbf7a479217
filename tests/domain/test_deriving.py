"""From answers to decision inputs: monotone in every answer, and unknown-safe.

`worse` is the order of severity of whole inputs: one set of inputs is at least
as severe as another when it is so in every input.
"""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain import guide_facts
from stepwell.domain.answers import DURATIONS, IMPACTS, TRIED, parse_answers
from stepwell.domain.decision_inputs import (
    DISTRESS_ORDER,
    AgeBand,
    BodyTrack,
    CountryPack,
    Degree,
    Earlier,
    Engagement,
    Group,
    GrowthOnly,
    Inputs,
    Privacy,
    Safety,
)
from stepwell.domain.deriving import derive

NEEDS = tuple(guide_facts.needs())
GOALS = tuple(guide_facts.goals())
FLAGS = tuple(guide_facts.red_flags())
EVERY_IMPACT = (None, *IMPACTS)
EVERY_DURATION = (None, *DURATIONS)
# Unknown functioning stands between some and moderate: it calls for a person, not for a course.
FUNCTIONING_ORDER = (
    Degree.NONE,
    Degree.SOME,
    Degree.UNKNOWN,
    Degree.MODERATE,
    Degree.SEVERE,
    Degree.VERY_SEVERE,
)
EARLIER_WEIGHT = {
    Earlier.NOTHING: 0,
    Earlier.HELPED: 0,
    Earlier.HELPED_LITTLE: 1,
    Earlier.IN_CARE: 1,
    Earlier.UNKNOWN: 1,
}


def inputs(**answers: object) -> Inputs:
    return derive(parse_answers(answers))


def at_least_as_severe(worse: Inputs, milder: Inputs) -> bool:
    """Say whether no sign weighs less in `worse` than in `milder`."""
    safety = tuple(Safety)
    return (
        safety.index(worse.safety) >= safety.index(milder.safety)
        and DISTRESS_ORDER.index(worse.distress) >= DISTRESS_ORDER.index(milder.distress)
        and FUNCTIONING_ORDER.index(worse.functioning)
        >= FUNCTIONING_ORDER.index(milder.functioning)
        and milder.groups - {Group.NONE} <= worse.groups
        and milder.body <= worse.body
        and (milder.growth_only is GrowthOnly.YES or worse.growth_only is GrowthOnly.NO)
        and EARLIER_WEIGHT[worse.earlier] >= EARLIER_WEIGHT[milder.earlier]
    )


def test_each_answer_finds_its_way() -> None:
    found = inputs(
        safety=["none"],
        who_for="me",
        age_band="adult",
        country="GB",
        needs=["low_mood", "pain_movement"],
        impact="moderate",
        duration="months",
        goals=["speak_clearly"],
        tried="helped_little",
        preferences=["very_private", "self_guided"],
    )

    assert found == Inputs(
        safety=Safety.NONE,
        distress=Degree.MODERATE,
        functioning=Degree.MODERATE,
        groups=frozenset({Group.DEPRESSION}),
        body=frozenset({BodyTrack.PAIN, BodyTrack.SPEECH}),
        growth_only=GrowthOnly.NO,
        earlier=Earlier.HELPED_LITTLE,
        engagement=Engagement.SELF_GUIDED,
        privacy=Privacy.VERY_PRIVATE,
        age=AgeBand.ADULT,
        country_pack=CountryPack.KNOWN,
    )


def test_nothing_said_makes_everything_unknown_and_nothing_mild() -> None:
    found = inputs()

    assert found.safety is Safety.UNKNOWN
    assert found.distress is found.functioning is Degree.UNKNOWN
    assert found.groups == {Group.UNKNOWN}
    assert found.growth_only is GrowthOnly.NO
    assert (found.earlier, found.engagement, found.privacy, found.age) == (
        Earlier.UNKNOWN,
        Engagement.UNKNOWN,
        Privacy.UNKNOWN,
        AgeBand.UNKNOWN,
    )
    assert found.country_pack is CountryPack.NOT_KNOWN


@pytest.mark.parametrize("need", NEEDS)
@pytest.mark.parametrize("duration", EVERY_DURATION)
def test_more_impact_never_weighs_less(need: str, duration: str | None) -> None:
    steps = [inputs(needs=[need], impact=impact, duration=duration) for impact in IMPACTS]

    for milder, worse in combinations(steps, 2):
        assert at_least_as_severe(worse, milder)


@pytest.mark.parametrize("need", NEEDS)
@pytest.mark.parametrize("impact", EVERY_IMPACT)
def test_more_time_never_weighs_less(need: str, impact: str | None) -> None:
    steps = [inputs(needs=[need], impact=impact, duration=duration) for duration in DURATIONS]

    for milder, worse in combinations(steps, 2):
        assert at_least_as_severe(worse, milder)


@pytest.mark.parametrize("need", NEEDS)
def test_time_alone_never_makes_distress_severe(need: str) -> None:
    short = inputs(needs=[need], impact="none", duration="days").distress
    long = inputs(needs=[need], impact="none", duration="years").distress

    assert long is short or long is Degree.MODERATE


@pytest.mark.parametrize("impact", EVERY_IMPACT)
@pytest.mark.parametrize("duration", EVERY_DURATION)
def test_adding_a_need_only_adds(impact: str | None, duration: str | None) -> None:
    rest = {"safety": ["none"], "impact": impact, "duration": duration, "goals": ["ambitions"]}
    alone = {need: inputs(needs=[need], **rest) for need in NEEDS}

    for first, second in combinations(NEEDS, 2):
        both = inputs(needs=[first, second], **rest)
        assert at_least_as_severe(both, alone[first]), (first, second)
        assert at_least_as_severe(both, alone[second]), (first, second)


def test_adding_a_red_flag_only_adds() -> None:
    alone = {flag: inputs(safety=[flag]) for flag in FLAGS}

    for first, second in combinations(FLAGS, 2):
        both = inputs(safety=[first, second])
        assert at_least_as_severe(both, alone[first]), (first, second)
        assert at_least_as_severe(both, alone[second]), (first, second)
        assert at_least_as_severe(alone[first], inputs(safety=["none"])), first


@pytest.mark.parametrize("needs", [["growth"], ["growth", "worry"], ["worry"], ["speech"]])
def test_adding_a_goal_only_adds(needs: list[str]) -> None:
    rest = {"safety": ["none"], "impact": "none", "duration": "days", "needs": needs}
    alone = {goal: inputs(goals=[goal], **rest) for goal in GOALS}

    for first, second in combinations(GOALS, 2):
        both = inputs(goals=[first, second], **rest)
        assert at_least_as_severe(both, alone[first]), (first, second)
        assert at_least_as_severe(both, alone[second]), (first, second)


GROWTH_GOALS = [goal.id for goal in guide_facts.goals().values() if goal.growth]


@pytest.mark.parametrize("goal", GROWTH_GOALS)
def test_adding_a_growth_goal_never_makes_it_more(goal: str) -> None:
    for need, other in product((None, *NEEDS), (None, *GOALS)):
        rest = {"safety": ["none"], "impact": "none", "needs": [need] if need else None}
        before = inputs(goals=[other] if other else None, **rest)
        after = inputs(goals=[goal, *([other] if other else [])], **rest)

        assert at_least_as_severe(before, after), (need, other)


@pytest.mark.parametrize("tried", TRIED)
def test_earlier_help_left_open_weighs_as_much_as_any(tried: str) -> None:
    assert EARLIER_WEIGHT[inputs().earlier] >= EARLIER_WEIGHT[inputs(tried=tried).earlier]


def chosen(options: tuple[str, ...]) -> st.SearchStrategy[list[str] | None]:
    return st.none() | st.lists(st.sampled_from(options), max_size=4)


ANSWERS = st.fixed_dictionaries(
    {
        "safety": chosen(("none", *FLAGS)),
        "needs": chosen(NEEDS),
        "impact": st.sampled_from(EVERY_IMPACT),
        "duration": st.sampled_from(EVERY_DURATION),
        "goals": chosen(GOALS),
        "tried": st.sampled_from((None, *TRIED)),
        "age_band": st.sampled_from((None, "child", "teen", "adult", "older")),
        "who_for": st.sampled_from((None, "me", "child", "partner", "other")),
    }
)
MILDEST = {
    "safety": ["none"],
    "needs": ["growth"],
    "impact": "none",
    "duration": "days",
    "goals": ["ambitions"],
    "tried": "nothing",
}


@given(answers=ANSWERS, key=st.sampled_from(sorted(MILDEST)))
def test_dropping_an_answer_never_weighs_less_than_the_mildest(
    answers: dict[str, object], key: str
) -> None:
    dropped = inputs(**{**answers, key: None})
    mildest = inputs(**{**answers, key: MILDEST[key]})
    tracks_of_goals = mildest.body  # a goal that was dropped takes its body track along

    assert at_least_as_severe(dropped, mildest) or tracks_of_goals - dropped.body


@pytest.mark.parametrize("impact", EVERY_IMPACT)
@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("safety", [None, ["none"], ["child_alone"]])
def test_growth_only_asks_for_everything_to_be_well(
    impact: str | None, goal: str, safety: list[str] | None
) -> None:
    found = inputs(safety=safety, needs=["growth"], impact=impact, goals=[goal])
    well = safety == ["none"] and impact == "none" and guide_facts.goals()[goal].growth

    assert (found.growth_only is GrowthOnly.YES) == well


def test_a_plan_for_my_child_without_age_is_for_a_young_person() -> None:
    assert inputs(who_for="child").age is AgeBand.CHILD
    assert inputs(who_for="child", age_band="teen").age is AgeBand.TEEN
    assert inputs(who_for="partner").age is AgeBand.UNKNOWN
