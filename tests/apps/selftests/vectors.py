"""Vectors that hold every scorer of an instrument to the same result.

A vector is a response and what it scores, made from the definition by the
Python scorer. `write` puts them into a file; the browser test reads it back.
"""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from stepwell.apps.selftests.presenters import scoring_data
from stepwell.domain import instruments
from stepwell.domain.instrument_schema import (
    ImpossibleAnswer,
    IncompleteResponse,
    Instrument,
    Response,
)

RANDOM_RESPONSES = 3000


def write(file: Path, one: Instrument, seed: int = 1) -> None:
    """Write the definition and all its vectors as JSON."""
    vectors = [{"response": r, "expected": expected(one, r)} for r in responses(one, seed)]
    content = {"instrument": scoring_data(one), "vectors": vectors}
    file.write_text(json.dumps(content), encoding="utf-8")


def expected(one: Instrument, response: Response) -> dict[str, Any]:
    """Return what a response scores, in the shape that every scorer answers in."""
    try:
        found = instruments.score(one, response)
    except IncompleteResponse as error:
        return {"gap": error.item}
    except ImpossibleAnswer as error:
        return {"impossible": error.item}
    return found.model_dump(mode="json")


def responses(one: Instrument, seed: int) -> Iterator[dict[str, int]]:
    """Yield every total, every boundary, every gap, impossible values and random responses."""
    chance = random.Random(seed)
    for scale in one.scales:
        for points in range(scale.lowest, scale.highest + 1):
            yield _adding_up(one, scale.items, points, chance)
    for item in one.items:
        yield from _around(one, item.id, chance)
    for _ in range(RANDOM_RESPONSES):
        yield _random(one, chance)


def _adding_up(
    one: Instrument, items: tuple[str, ...], points: int, chance: random.Random
) -> dict[str, int]:
    response = {item: min(one.values(item)) for item in items}
    left = points - sum(response.values())
    while left:
        item = chance.choice(items)
        if response[item] < max(one.values(item)):
            response[item] += 1
            left -= 1
    return response


def _around(one: Instrument, item_id: str, chance: random.Random) -> Iterator[dict[str, int]]:
    """Yield one item with each answer, without one, and with answers not on the form."""
    values = one.values(item_id)
    for value in (*values, min(values) - 1, max(values) + 1):
        yield {**_whole(one, chance), item_id: value}
    whole = _whole(one, chance)
    del whole[item_id]
    yield whole


def _whole(one: Instrument, chance: random.Random) -> dict[str, int]:
    return {item.id: chance.choice(one.values(item.id)) for item in one.items}


def _random(one: Instrument, chance: random.Random) -> dict[str, int]:
    """Return a whole response three times of four, else one with gaps."""
    whole = _whole(one, chance)
    if chance.random() < 0.75:
        return whole
    return {item: value for item, value in whole.items() if chance.random() < 0.8}
