"""What a plan fills in a search with: boxes that are ticked, and lists to choose from.

Field names and values are those of the directory's search. Of several needs or goals the
search takes one, so none is chosen for the person. A method is offered, not filled in: few
listings say which they use, and those that do not would be left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from stepwell.domain import approaches, countries, guide_facts, support
from stepwell.domain.guide_facts import Goal, Need
from stepwell.domain.offers import Format, Reach
from stepwell.domain.plan_searches import Search

REACH_WORDS = {Reach.IN_PERSON: "In person", Reach.REMOTE: "By phone, video or text"}
FORMAT_WORDS = {
    Format.GROUP: "In a group",
    Format.ONE_TO_ONE: "One to one",
    Format.SELF_GUIDED: "On your own, at your pace",
}


class Tick(NamedTuple):
    """One wish that goes along unless its box is cleared."""

    field: str
    value: str
    words: str


class Pick(NamedTuple):
    """One wish to choose among several; the first choice asks for nothing."""

    field: str
    ask: str
    choices: list[tuple[str, str]]


class Along(NamedTuple):
    """One search that the plan leads to."""

    kind: str
    name: str
    title: str
    ticks: list[Tick]
    picks: list[Pick]


def brought_along(search: Search) -> Along:
    """Return what one search is filled with, in the order in which it is shown."""
    name = support.kind(search.kind).name
    return Along(search.kind, name.lower(), name, list(_ticks(search)), list(_picks(search)))


def _ticks(search: Search) -> Iterator[Tick]:
    if search.country:
        yield Tick("country", search.country, f"Country: {countries.names()[search.country]}")
    if len(search.needs) == 1:
        yield Tick("need", *_labelled("About", search.needs, guide_facts.needs()))
    if len(search.goals) == 1:
        yield Tick("goal", *_labelled("So that", search.goals, guide_facts.goals()))
    if search.remote:
        yield Tick("remote", search.remote.value, REACH_WORDS[search.remote])
    if search.format:
        yield Tick("format", search.format.value, FORMAT_WORDS[search.format])
    if search.low_cost:
        yield Tick("cost", "on", "Free or low cost")


def _labelled(
    before: str, ids: Iterable[str], facts: Mapping[str, Need] | Mapping[str, Goal]
) -> tuple[str, str]:
    """Return the one id and its words."""
    (chosen,) = ids
    return chosen, f"{before}: {facts[chosen].label.lower()}"


def _picks(search: Search) -> Iterator[Pick]:
    if len(search.needs) > 1:
        known = guide_facts.needs()
        yield _pick("need", "About which of these?", search.needs, known)
    if len(search.goals) > 1:
        yield _pick("goal", "What should be different first?", search.goals, guide_facts.goals())
    if search.approaches:
        named = [(one, approaches.approach(one).name) for one in search.approaches]
        yield Pick("approach", "By a method of the plan?", [("", "Any method"), *named])


def _pick(
    field: str, ask: str, ids: Iterable[str], facts: Mapping[str, Need] | Mapping[str, Goal]
) -> Pick:
    return Pick(field, ask, [("", "Leave it open"), *((one, facts[one].label) for one in ids)])
