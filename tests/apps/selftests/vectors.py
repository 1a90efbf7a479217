"""Vectors that hold every scorer of an instrument to the same result.

A vector is a response and what it scores, made from the definition by the
Python scorer. `write` puts them into a file; the browser test reads it back.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stepwell.apps.selftests.scoring_data import number, scoring_data
from stepwell.domain import scoring
from stepwell.domain.instrument_schema import NOT_APPLICABLE, Answer, Instrument, Response

RANDOM_RESPONSES = 3000


def write(file: Path, one: Instrument, seed: int = 1) -> None:
    """Write the definition and all its vectors as JSON."""
    vectors = [{"response": r, "expected": expected(one, r)} for r in responses(one, seed)]
    content = {"instrument": scoring_data(one), "vectors": vectors}
    file.write_text(json.dumps(content), encoding="utf-8")


def expected(one: Instrument, response: Response) -> dict[str, Any]:
    """Return what a response scores, in the shape that every scorer answers in."""
    found = scoring.score(one, response)
    scales = [
        {
            "scale": scale.scale,
            "points": None if scale.points is None else number(scale.points),
            "bands": dict(scale.bands),
            "standard_scores": {key: number(v) for key, v in scale.standard_scores.items()},
            "reason": scale.reason.model_dump(mode="json") if scale.reason else None,
        }
        for scale in found.scales
    ]
    return {"scales": scales, "alerts": [str(alert) for alert in found.alerts]}


def responses(one: Instrument, seed: int) -> Iterator[dict[str, Answer]]:
    """Yield every answer step by step, every gap, impossible values and random responses."""
    chance = random.Random(seed)
    yield from _walk(one, chance)
    for item in one.items:
        yield from _around(one, item.id, chance)
    for _ in range(RANDOM_RESPONSES):
        yield _random(one, chance)


def _walk(one: Instrument, chance: random.Random) -> Iterator[dict[str, Answer]]:
    """Yield responses from all first to all last answers, one answer further each time.

    Every total and so every boundary is passed, whichever way the items count.
    """
    for down in (False, True):
        answers = {item.id: sorted(one.values(item.id), reverse=down) for item in one.items}
        response: dict[str, Answer] = {item: values[0] for item, values in answers.items()}
        yield dict(response)
        order = list(answers)
        chance.shuffle(order)
        for item in order:
            for value in answers[item][1:]:
                response[item] = value
                yield dict(response)


def _around(one: Instrument, item_id: str, chance: random.Random) -> Iterator[dict[str, Answer]]:
    """Yield one item with each answer, without one, and with answers not on the form."""
    values = one.values(item_id)
    for value in (*values, min(values) - 1, max(values) + 1, NOT_APPLICABLE):
        yield {**_whole(one, chance), item_id: value}
        yield {item_id: value}
    whole = _whole(one, chance)
    del whole[item_id]
    yield whole


def _whole(one: Instrument, chance: random.Random) -> dict[str, Answer]:
    """Return an answer to every item; every eighth that may not apply does not."""
    found: dict[str, Answer] = {item.id: chance.choice(one.values(item.id)) for item in one.items}
    for item in one.items:
        if item.may_not_apply and chance.random() < 1 / 8:
            found[item.id] = NOT_APPLICABLE
    return found


def _random(one: Instrument, chance: random.Random) -> dict[str, Answer]:
    """Return a whole response three times of four, else one with few gaps or many."""
    whole = _whole(one, chance)
    if chance.random() < 0.75:
        return whole
    kept = chance.choice((0.5, 0.8, 0.95))
    return {item: value for item, value in whole.items() if chance.random() < kept}
