"""What the guide promises, over every combination of decision inputs.

The walk covers each group of needs alone and every pair of groups. Floors and
kinds of more groups are the union over them (see test_guidance.py), and whole
answer sets with any number of needs are tried at random in test_plans.py.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pytest

from stepwell.domain.guidance import Role, guide
from stepwell.domain.support import kinds
from tests.domain.guide_space import ALL_KINDS, INNER, Chunk, Space

# People who are trained to look at what troubles someone, and to say what it needs.
CAN_ASSESS = (
    "primary_care",
    "psychotherapy",
    "psychiatry",
    "community_team",
    "crisis_service",
    "emergency_care",
    "youth_service",
    "addiction_service",
    "eating_disorder_service",
)
CAN_HELP = (*CAN_ASSESS, "counselling", "couple_and_family_therapy")
WEIGHT_SCALE = ("0", "1", "2", "3", "4")
SAFETY_SCALE = ("none", "unknown", "passive", "urgent", "same_day", "now")
TRACKS = (
    ("pain", "physical_therapy"),
    ("daily_living", "occupational_therapy"),
    ("speech", "speech_therapy"),
)
# The agreed floors, written down a second time: what each value asks for on its own.
SAFETY_FLOORS = {"unknown": 3, "passive": 3, "urgent": 4, "same_day": 5, "now": 5}
DISTRESS_FLOORS = {"1": 1, "2": 2, "unknown": 2, "3": 3, "4": 5}
FUNCTIONING_FLOORS = {"1": 1, "unknown": 2, "2": 3, "3": 3, "4": 5}
GROUP_FLOORS = {
    "unknown": 2,
    "depression": 2,
    "anxiety": 1,
    "obsessions": 2,
    "trauma": 3,
    "eating": 3,
    "sleep": 1,
    "substances": 2,
    "unusual_experiences": 4,
    "mood_swings": 3,
    "neurodevelopment": 2,
    "relationships": 1,
    "strain": 1,
}
# Who is among the main suggestions for a group, from which level and up to which.
GROUP_SERVICES = (
    ("trauma", "psychotherapy", 0, 4),
    ("obsessions", "psychotherapy", 0, 4),
    ("eating", "eating_disorder_service", 0, 5),
    ("substances", "addiction_service", 0, 5),
    ("unusual_experiences", "community_team", 0, 5),
    ("unusual_experiences", "psychiatry", 0, 4),
    ("mood_swings", "psychiatry", 0, 4),
    ("sleep", "primary_care", 0, 4),
    ("neurodevelopment", "primary_care", 0, 4),
    ("depression", "guided_self_help", 2, 2),
    ("anxiety", "primary_care", 2, 2),
    ("relationships", "couple_and_family_therapy", 0, 4),
    ("strain", "counselling", 2, 3),
)
COMBINATIONS = 238_464_000  # 6 x 6 x 6 x 92 x 8 x 2 x 5 x 5 x 3 x 5 x 2


class Levels(NamedTuple):
    """The ends of the range of levels; axes: safety, groups, then the inner inputs."""

    lowest: np.ndarray
    highest: np.ndarray


class Walk(NamedTuple):
    """One walk over everything: levels, and where each promise was broken."""

    space: Space
    levels: Levels
    broken: dict[str, list[str]]


def nobody_is_left_without_a_next_step(chunk: Chunk) -> np.ndarray:
    return chunk.main(*ALL_KINDS)


def any_sign_brings_a_trained_person(chunk: Chunk) -> np.ndarray:
    return ~chunk.any_sign | chunk.main(*CAN_HELP)


def anything_unknown_brings_a_person_who_can_assess(chunk: Chunk) -> np.ndarray:
    return ~chunk.any_unknown | chunk.main(*CAN_ASSESS)


def anything_unknown_is_a_range_below_level_four(chunk: Chunk) -> np.ndarray:
    unknown = chunk.space.mask("distress", "unknown") | chunk.space.mask("functioning", "unknown")
    unknown = np.broadcast_to(unknown | (chunk.safety == "unknown"), chunk.space.shape)
    return ~unknown | (chunk.level_from >= 4) | (chunk.level_to > chunk.level_from)


def coaching_is_never_main_with_any_sign(chunk: Chunk) -> np.ndarray:
    return ~(chunk.any_sign & chunk.main("life_coaching", "health_coaching"))


def open_safety_never_falls_below_three(chunk: Chunk) -> np.ndarray:
    return (chunk.level_from >= 3) | (chunk.safety == "none")


def danger_now_or_today_is_urgent_help(chunk: Chunk) -> np.ndarray:
    if chunk.safety not in ("same_day", "now"):
        return np.ones(chunk.space.shape, dtype=bool)
    return (chunk.level_from == 5) & chunk.main("crisis_service", "emergency_care")


def no_joint_work_while_safety_is_open(chunk: Chunk) -> np.ndarray:
    joint = ("couple_and_family_therapy", "family_mediation")
    together = np.logical_or.reduce([chunk.named(kind) for kind in joint])
    left_out = np.logical_and.reduce([chunk.suggested("exclude", kind) for kind in joint])
    return ~together & left_out if chunk.safety != "none" else ~left_out


def growth_alone_never_meets_clinical_care(chunk: Chunk) -> np.ndarray:
    body = chunk.space.mask("body", *(track for track, _ in TRACKS))
    growing = chunk.space.mask("growth_only", "yes") & ~body & ~chunk.any_sign
    clinical = np.logical_or.reduce(
        [chunk.named(kind) for kind in ALL_KINDS if kinds()[kind].clinical]
    )
    return ~growing | (~clinical & (chunk.level_to == 0))


def each_body_track_has_its_own_therapy_and_no_other(chunk: Chunk) -> np.ndarray:
    kept = []
    for track, kind in TRACKS:
        asked = chunk.space.mask("body", track)
        kept.append(chunk.named(kind) == asked)
        kept.append(~asked | chunk.main(kind) | (chunk.level_from == 5))
    return np.logical_and.reduce(kept)


def body_and_mind_both_get_their_track(chunk: Chunk) -> np.ndarray:
    body = chunk.space.mask("body", *(track for track, _ in TRACKS))
    return ~(body & chunk.any_sign) | chunk.main(*CAN_HELP)


def the_young_meet_a_service_for_the_young(chunk: Chunk) -> np.ndarray:
    young = chunk.space.mask("age", "child", "teen")
    return ~young | (chunk.level_from == 0) | chunk.main("youth_service")


def the_young_in_distress_never_stay_alone(chunk: Chunk) -> np.ndarray:
    young = chunk.space.mask("age", "child", "teen", "unknown")
    return ~young | chunk.space.mask("distress", "0") | (chunk.level_from >= 2)


def the_range_goes_up(chunk: Chunk) -> np.ndarray:
    heavy_days = chunk.space.mask("functioning", "3", "4")
    range_holds = (chunk.level_from <= chunk.level_to) & (chunk.level_to <= 5)
    return range_holds & (~heavy_days | (chunk.level_to >= 4))


def the_level_is_the_highest_agreed_floor(chunk: Chunk) -> np.ndarray:
    space, worst = chunk.space, SAFETY_FLOORS.get(str(chunk.safety), 0)
    worst = max(worst, *(GROUP_FLOORS.get(group, 0) for group in chunk.groups))
    floors = np.full(space.shape, worst, dtype=np.int8)

    def lift(where: np.ndarray, level: int) -> None:
        np.maximum(floors, np.where(where, level, 0), out=floors)

    for value, level in DISTRESS_FLOORS.items():
        lift(space.mask("distress", value), level)
    for value, level in FUNCTIONING_FLOORS.items():
        lift(space.mask("functioning", value), level)
    heavy, troubled = space.mask("distress", "3", "4"), ~space.mask("distress", "0")
    days, young = ~space.mask("functioning", "0"), ~space.mask("age", "adult", "older")
    lift(heavy & ~space.mask("functioning", "0", "1"), 4)
    lift(heavy & (chunk.safety != "none"), 4)
    lift(young & (troubled | days), 2)
    lift(space.mask("earlier", "helped_little", "in_care", "unknown") & troubled, 2)
    lift(space.mask("body", *(track for track, _ in TRACKS)), 2)
    lift(space.mask("growth_only", "no"), 1)
    return chunk.level_from == floors


def each_group_meets_its_service(chunk: Chunk) -> np.ndarray:
    kept = []
    for group, kind, low, high in GROUP_SERVICES:
        joint_work_is_out = kind == "couple_and_family_therapy" and chunk.safety != "none"
        if group in chunk.groups and not joint_work_is_out:
            there = (chunk.level_from >= low) & (chunk.level_from <= high)
            kept.append(~there | chunk.main(kind) | chunk.never_main(kind))
    return np.logical_and.reduce(kept) if kept else np.ones(chunk.space.shape, dtype=bool)


def severe_levels_bring_teams_and_a_course_of_therapy(chunk: Chunk) -> np.ndarray:
    four = (chunk.level_from != 4) | (chunk.main("community_team") & chunk.main("psychiatry"))
    calm_or_open = chunk.space.mask("distress", "0", "unknown")
    three = (chunk.level_from != 3) | calm_or_open | chunk.main("psychotherapy")
    return four & (three | chunk.never_main("psychotherapy"))


def danger_now_names_the_emergency_services(chunk: Chunk) -> np.ndarray:
    named = chunk.main("emergency_care") if chunk.safety == "now" else chunk.level_from >= 0
    return named & (chunk.main("crisis_service") | (chunk.safety in ("none", "unknown", "urgent")))


def waiting_and_wishes_are_answered(chunk: Chunk) -> np.ndarray:
    private = chunk.space.mask("privacy", "very_private")
    alone = chunk.space.mask("engagement", "self_guided", "self_guided_and_group")
    together = chunk.space.mask("engagement", "group", "self_guided_and_group")
    low, ground = chunk.level_from < 2, chunk.level_from < 1
    return (
        (~private | (chunk.named("warmline") & chunk.named("crisis_service")))
        & (~alone | low | (chunk.named("self_help") & chunk.named("internet_cbt")))
        & (~together | ground | chunk.named("group_therapy"))
        & (low | chunk.named("warmline"))
    )


PROMISES: tuple[Callable[[Chunk], np.ndarray], ...] = (
    nobody_is_left_without_a_next_step,
    any_sign_brings_a_trained_person,
    anything_unknown_brings_a_person_who_can_assess,
    anything_unknown_is_a_range_below_level_four,
    coaching_is_never_main_with_any_sign,
    open_safety_never_falls_below_three,
    danger_now_or_today_is_urgent_help,
    no_joint_work_while_safety_is_open,
    growth_alone_never_meets_clinical_care,
    each_body_track_has_its_own_therapy_and_no_other,
    body_and_mind_both_get_their_track,
    the_young_meet_a_service_for_the_young,
    the_young_in_distress_never_stay_alone,
    the_range_goes_up,
    the_level_is_the_highest_agreed_floor,
    each_group_meets_its_service,
    severe_levels_bring_teams_and_a_course_of_therapy,
    danger_now_names_the_emergency_services,
    waiting_and_wishes_are_answered,
)


def walk_over(space: Space) -> Walk:
    """Visit every combination once; keep the levels and the first breach of each promise."""
    lowest, highest = [], []
    broken: dict[str, list[str]] = {promise.__name__: [] for promise in PROMISES}
    for chunk in space.chunks():
        lowest.append(chunk.level_from.astype(np.int8))
        highest.append(chunk.level_to.astype(np.int8))
        for promise in PROMISES:
            kept = np.broadcast_to(promise(chunk), space.shape)
            if not kept.all():
                place = tuple(int(at) for at in np.argwhere(~kept)[0])
                broken[promise.__name__].append(
                    str(space.inputs(chunk.safety, chunk.groups, place))
                )
    outer = (len(space.values["safety"]), len(space.values["groups"]), *space.shape)
    levels = Levels(np.stack(lowest).reshape(outer), np.stack(highest).reshape(outer))
    return Walk(space, levels, broken)


@pytest.fixture(
    scope="module",
    params=[False, pytest.param(True, marks=[pytest.mark.proof, pytest.mark.timeout(3600)])],
    ids=["distinct", "whole"],
)
def walk(request: pytest.FixtureRequest) -> Walk:
    return walk_over(Space(whole=request.param))


def test_the_walk_stands_for_every_combination(walk: Walk) -> None:
    assert walk.space.combinations == COMBINATIONS
    assert walk.levels.lowest.size == walk.space.distinct
    assert walk.space.distinct > 1_000_000


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_guide_keeps_its_promise_everywhere(
    walk: Walk, promise: Callable[[Chunk], np.ndarray]
) -> None:
    assert walk.broken[promise.__name__] == []


def both_ends(walk: Walk, name: str) -> Iterator[np.ndarray]:
    """The level arrays with the axis of `name` first."""
    axis = ("safety", "groups", *INNER).index(name)
    for levels in walk.levels:
        yield np.moveaxis(levels, axis, 0)


def ascending(walk: Walk, name: str, scale: tuple[str, ...]) -> None:
    """Assert that the level never falls from one value of `scale` to the next."""
    values = list(walk.space.values[name])
    for levels in both_ends(walk, name):
        for milder, worse in pairwise(scale):
            assert (levels[values.index(worse)] >= levels[values.index(milder)]).all(), worse


@pytest.mark.parametrize("name", ["distress", "functioning"])
def test_level_never_falls_as_a_sign_gets_worse(walk: Walk, name: str) -> None:
    ascending(walk, name, WEIGHT_SCALE)


def test_level_never_falls_as_danger_gets_closer(walk: Walk) -> None:
    ascending(walk, "safety", SAFETY_SCALE)


def test_level_never_falls_when_there_is_more_than_growth(walk: Walk) -> None:
    ascending(walk, "growth_only", ("yes", "no"))


def test_level_never_falls_when_earlier_help_did_little(walk: Walk) -> None:
    ascending(walk, "earlier", ("nothing", "helped_little"))


@pytest.mark.parametrize("name", ["groups", "body"])
def test_level_never_falls_when_a_need_or_a_track_is_added(walk: Walk, name: str) -> None:
    values = list(walk.space.values[name])
    for levels in both_ends(walk, name):
        for here, fewer in enumerate(values):
            for there, more in enumerate(values):
                if fewer - {"none"} <= more:
                    assert (levels[there] >= levels[here]).all(), (fewer, more)


@pytest.mark.parametrize(
    ("name", "mildest"),
    [
        ("safety", "none"),
        ("distress", "0"),
        ("distress", "2"),
        ("functioning", "0"),
        ("functioning", "1"),
        ("earlier", "nothing"),
        ("age", "adult"),
        ("age", "child"),
    ],
)
def test_unknown_never_counts_for_less(walk: Walk, name: str, mildest: str) -> None:
    """Unknown weighs at least what none weighs; for age, at least what the young do."""
    values = list(walk.space.values[name])
    for levels in both_ends(walk, name):
        assert (levels[values.index("unknown")] >= levels[values.index(mildest)]).all()


def test_unknown_need_never_counts_for_less_than_none(walk: Walk) -> None:
    values = list(walk.space.values["groups"])
    unknown, none = values.index(frozenset({"unknown"})), values.index(frozenset({"none"}))
    for levels in both_ends(walk, "groups"):
        assert (levels[unknown] >= levels[none]).all()


@pytest.mark.parametrize("name", ["engagement", "privacy", "country_pack"])
def test_wishes_and_place_never_change_the_level(walk: Walk, name: str) -> None:
    for levels in both_ends(walk, name):
        assert (levels == levels[:1]).all()


def test_the_arrays_agree_with_the_evaluator() -> None:
    """The walk reads the same tables as `guide`, by another road; both end at one place."""
    space = Space(whole=True)
    chance = np.random.default_rng(20261124)
    for number, chunk in enumerate(space.chunks()):
        if number % 11:
            continue
        place = tuple(int(chance.integers(size)) for size in space.shape)
        found = guide(space.inputs(chunk.safety, chunk.groups, place))

        main = {kind for kind in ALL_KINDS if chunk.main(kind)[place]}
        assert (found.level_from, found.level_to) == (
            chunk.level_from[place],
            chunk.level_to[place],
        )
        assert set(found.kinds(Role.MAIN)) == main
        assert {one.kind for one in found.suggestions} == {
            kind for kind in ALL_KINDS if chunk.named(kind)[place]
        }
