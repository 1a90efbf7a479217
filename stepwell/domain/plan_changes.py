"""What would change a plan: single answers that would give another level of support."""

from collections.abc import Iterator
from typing import Any

from stepwell.domain.answers import (
    AGE_BANDS,
    DURATIONS,
    IMPACTS,
    NO_FLAG,
    TRIED,
    Answers,
)
from stepwell.domain.deriving import derive
from stepwell.domain.guidance import guide
from stepwell.domain.guide_facts import needs, questions, red_flags
from stepwell.domain.sources import Frozen, Text

AT_MOST = 5
SINGLES = {"impact": IMPACTS, "duration": DURATIONS, "tried": TRIED, "age_band": AGE_BANDS}


class Change(Frozen):
    """One answer that would lead to another level. `words` says it in one sentence."""

    key: str
    instead: Text
    level: int
    words: Text


def changes(answers: Answers, level: int) -> tuple[Change, ...]:
    """Return the nearest single answers that would move the plan away from `level`.

    One for each question and direction, the smallest step first. Found by
    running the rules again, so it says exactly what they would.
    """
    nearest: dict[tuple[str, bool], Change] = {}
    for change in _tried(answers):
        if change.level == level:
            continue
        place = (change.key, change.level > level)
        best = nearest.get(place)
        if best is None or abs(change.level - level) < abs(best.level - level):
            nearest[place] = change
    ordered = sorted(nearest.values(), key=lambda change: abs(change.level - level))
    return tuple(ordered[:AT_MOST])


def _tried(answers: Answers) -> Iterator[Change]:
    for key, value, instead in _alternatives(answers):
        other = answers.model_copy(update={key: value})
        level = guide(derive(other)).level_from
        yield Change(
            key=key,
            instead=instead,
            level=level,
            words=f"{questions()[key].ask} With the answer “{instead}”, level {level}.",
        )


def _alternatives(answers: Answers) -> Iterator[tuple[str, Any, str]]:
    """Yield key, value and words of each single answer that could be given instead."""
    if answers.safety is None:
        yield "safety", (NO_FLAG,), "None of these"
    elif answers.flags:
        yield from _milder_flags(answers)
    for key, values in SINGLES.items():
        labels = {option.id: option.label for option in questions()[key].options}
        for value in values:
            if value != getattr(answers, key):
                yield key, value, labels[value]
    yield from _needs_left_out(answers)


def _milder_flags(answers: Answers) -> Iterator[tuple[str, Any, str]]:
    """A plain sentence stands for the worst that it may mean; say what milder ones would do."""
    for flag in red_flags().values():
        if answers.flags != (flag.id,):
            yield "safety", (flag.id,), flag.label


def _needs_left_out(answers: Answers) -> Iterator[tuple[str, Any, str]]:
    if answers.needs is None:
        return
    for left_out in answers.needs:
        rest = tuple(need for need in answers.needs if need != left_out)
        if rest:
            yield "needs", rest, ", ".join(needs()[need].label for need in rest)
