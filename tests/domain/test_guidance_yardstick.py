"""The yardstick: a published rating logic, read from beside the checkout, never shipped.

Where the three ratings that the guide can express are given to it and the rest
are 0, the guide's level must not be below its lowest. The logic itself is
checked against its own published examples and counts.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from stepwell.domain.decision_inputs import Degree, Group, GrowthOnly, Safety
from stepwell.domain.guidance import guide
from tests.domain.guide_space import Space

Ratings = dict[str, int]
Logic = list[tuple[int, Callable[[Ratings], bool], str]]

RULE = re.compile(r'pathway: (\d+),\s*when: "([^"]+)", outcome: "([^"]+)"')
COUNT = re.compile(r'"?(\d+\+?)"?: (\d+)')
DOMAINS = [f"d{number}" for number in range(1, 9)]
RISK = {
    Safety.NONE: 0,
    Safety.UNKNOWN: 2,
    Safety.PASSIVE: 2,
    Safety.URGENT: 2,
    Safety.SAME_DAY: 3,
    Safety.NOW: 4,
}


def condition(text: str) -> Callable[[Ratings], bool]:
    """Compile one condition: comparisons joined by and, or, and brackets; nothing else."""
    assert re.fullmatch(r"(?:d[1-8]|<=|>=|==|and|or|[0-4]|[() ])+", text), text
    code = compile(text, "yardstick", "eval")
    return lambda ratings: bool(eval(code, {"__builtins__": {}}, dict(ratings)))


@pytest.fixture(scope="module")
def text(shared: Path) -> str:
    return (shared / "guide" / "iar_logic.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def logic(text: str) -> Logic:
    rules = [
        (int(number), condition(when), outcome) for number, when, outcome in RULE.findall(text)
    ]
    assert len(rules) == 11
    return rules


def decide(logic: Logic, ratings: Ratings) -> tuple[int, str]:
    """Return pathway and outcome: the first rule whose condition holds."""
    return next((number, outcome) for number, holds, outcome in logic if holds(ratings))


def test_yardstick_reproduces_its_published_examples(logic: Logic, shared: Path) -> None:
    with (shared / "guide" / "iar_vectors.csv").open(encoding="utf-8") as rows:
        vectors = list(csv.DictReader(rows))

    found = [decide(logic, {name: int(row[name]) for name in DOMAINS})[1] for row in vectors]

    assert len(vectors) == 9
    assert found == [row["published_outcome"] for row in vectors]


def test_yardstick_has_its_published_counts(logic: Logic, text: str) -> None:
    outcomes: Counter[str] = Counter()
    pathways: Counter[str] = Counter()
    for values in product(range(5), repeat=len(DOMAINS)):
        number, outcome = decide(logic, dict(zip(DOMAINS, values, strict=True)))
        outcomes[outcome] += 1
        pathways[str(number)] += 1

    assert outcomes == published_counts(text, "outcomes")
    assert pathways == published_counts(text, "pathways")


def published_counts(text: str, name: str) -> dict[str, int]:
    line = re.search(name + r": \{([^}]+)\}", text)
    assert line
    return {key: int(count) for key, count in COUNT.findall(line[1])}


def lowest_level(logic: Logic, distress: Degree, safety: Safety, functioning: Degree) -> int:
    ratings = dict.fromkeys(DOMAINS, 0)
    ratings |= {"d1": int(distress), "d2": RISK[safety], "d3": int(functioning)}
    return int(decide(logic, ratings)[1].rstrip("+"))


def test_guide_is_never_below_the_yardstick(logic: Logic) -> None:
    """Over every combination whose distress and functioning are known.

    The yardstick has no step below 1. Growth alone, with no distress, no loss
    of function and no danger, is the one case where the guide says 0.
    """
    space = Space()
    known = [degree for degree in Degree if degree is not Degree.UNKNOWN]
    compared = 0
    for chunk in space.chunks():
        for distress, functioning in product(known, repeat=2):
            where = space.mask("distress", distress) & space.mask("functioning", functioning)
            levels = chunk.level_from[where & (chunk.level_from >= 0)]
            lowest = lowest_level(logic, distress, Safety(chunk.safety), functioning)
            ground = (
                lowest == 1
                and chunk.groups == frozenset({Group.NONE})
                and distress == functioning == Degree.NONE
                and chunk.safety == Safety.NONE
            )
            assert levels.min() >= (0 if ground else lowest)
            compared += levels.size
    assert compared > 10_000_000


def test_only_growth_alone_stands_below_the_yardstick() -> None:
    """The guide says 0 only where wishes to grow are all there is."""
    space = Space()
    for chunk in space.chunks():
        zero = chunk.level_from == 0
        assert not (zero & space.mask("growth_only", GrowthOnly.NO)).any()
        assert not (zero & ~space.mask("distress", Degree.NONE)).any()
        assert not (zero & ~space.mask("functioning", Degree.NONE)).any()
        assert chunk.safety == Safety.NONE or not zero.any()


def test_guide_itself_is_compared_and_not_only_the_arrays(logic: Logic) -> None:
    space = Space()
    chunk = next(space.chunks())
    place = tuple(size - 1 for size in space.shape)
    inputs = space.inputs(chunk.safety, chunk.groups, place)

    assert guide(inputs).level_from == chunk.level_from[place]
