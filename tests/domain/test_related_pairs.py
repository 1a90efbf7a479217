"""Related articles against a reader's judgement, and against "the six newest others".

The judgements lie in related_pairs.toml; the rule knows nothing of them.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from math import log2
from pathlib import Path

import pytest

from stepwell.domain.related import MOST, Item, Shelf, says_what_helps

HERE = Path(__file__).parent
STARTER = HERE.parents[1] / "stepwell" / "apps" / "magazine" / "starter"


@dataclass(frozen=True)
class Judged:
    """What a reader of one article would call related, with grades, and what surely not."""

    grades: Mapping[str, int]
    unrelated: frozenset[str]


@dataclass(frozen=True)
class Figures:
    """How well a rule does, over all judged articles."""

    gain: float  # grades among the six, of the best sum that six could have
    ndcg: float  # the same, a place further down counting less
    precision: float  # judged related among the six, of the most that six could hold
    faults: int  # judged unrelated among the six


def starter_items() -> dict[str, Item]:
    """Return every starter article as the shelf sees it; ids follow the date, as at loading."""
    files = []
    for path in sorted(STARTER.glob("*/*.toml")):
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        files.append((told["published_on"], path.parent.name, path.stem, told))
    return {
        f"{section}/{slug}": Item(
            number,
            section,
            frozenset(told["tags"]),
            told["heavy"],
            datetime.combine(day, time()).timestamp(),
            not told["heavy"] and says_what_helps([part["heading"] for part in told["parts"]]),
        )
        for number, (day, section, slug, told) in enumerate(sorted(files, key=lambda f: f[:3]), 1)
    }


def judgements() -> dict[str, Judged]:
    """Return the judgement on each article."""
    told = tomllib.loads((HERE / "related_pairs.toml").read_text(encoding="utf-8"))
    return {
        one["id"]: Judged(
            {other["id"]: other["grade"] for other in one["related"]},
            frozenset(one.get("unrelated", ())),
        )
        for one in told["articles"]
    }


def discounted(grades: Sequence[int]) -> float:
    """Return the gain of a list, a place further down counting less."""
    return sum(grade / log2(place + 1) for place, grade in enumerate(grades, 1))


def measured(lists: Mapping[str, Sequence[str]]) -> Figures:
    """Return how well lists of six do, each with its article as the key."""
    gains, ndcgs, precisions, faults = [], [], [], 0
    for article, judged in judgements().items():
        got = [judged.grades.get(one, 0) for one in lists[article]]
        best = sorted(judged.grades.values(), reverse=True)[:MOST]
        gains.append(sum(got) / sum(best))
        ndcgs.append(discounted(got) / discounted(best))
        precisions.append(sum(grade > 0 for grade in got) / len(best))
        faults += sum(one in judged.unrelated for one in lists[article])
    count = len(gains)
    return Figures(sum(gains) / count, sum(ndcgs) / count, sum(precisions) / count, faults)


@pytest.fixture(scope="module")
def ours() -> Figures:
    """The rule of the site."""
    items = starter_items()
    names, shelf = {item.id: name for name, item in items.items()}, Shelf.of(items.values())
    return measured(
        {name: [names[one.id] for one in shelf.related(item.id)] for name, item in items.items()}
    )


@pytest.fixture(scope="module")
def newest() -> Figures:
    """What such sites do: the newest others, whatever they are about."""
    items = starter_items()
    newest_first = sorted(items, key=lambda name: items[name].place, reverse=True)
    return measured({name: [one for one in newest_first if one != name][:MOST] for name in items})


def test_the_judgements_are_many_and_name_articles_that_exist() -> None:
    known = set(starter_items())
    judged = judgements()

    assert sum(len(one.grades) for one in judged.values()) >= 60
    assert set(judged) <= known
    for one in judged.values():
        assert set(one.grades) | one.unrelated <= known


def test_related_beats_the_newest_on_every_figure(
    ours: Figures, newest: Figures, record_property: Callable[[str, object], None]
) -> None:
    record_property("ours", str(ours))
    record_property("newest", str(newest))

    assert ours.gain > 2 * newest.gain
    assert ours.ndcg > 2 * newest.ndcg
    assert ours.precision > 2 * newest.precision
    assert ours.faults <= newest.faults
    print(f"\nours   {ours}\nnewest {newest}")


def test_among_every_three_one_says_what_one_can_do_or_none_is_within_reach() -> None:
    items = starter_items()
    shelf = Shelf.of(items.values())

    for item in items.values():
        found = [shelf.items[one.id] for one in shelf.related(item.id)]
        reached = {shelf.items[one] for one in shelf.within_reach(item)}
        for start in (0, 3):
            group = found[start : start + 3]
            spare = any(one.helping for one in reached - set(found[:start]))
            assert any(one.helping for one in group) or not spare
