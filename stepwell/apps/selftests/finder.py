"""How self-tests are found: all of them by topic, or those for one tag or one need.

Short tests come first everywhere. A test stands once on the page of all tests:
under the topic of the first tag in its file.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from stepwell.apps.selftests.presenters import minutes_for
from stepwell.domain import guidance, instruments, missing_tests, tags
from stepwell.domain.errors import UnknownFact
from stepwell.domain.guide_facts import Need
from stepwell.domain.instrument_schema import Instrument
from stepwell.domain.missing_tests import MissingTest
from stepwell.domain.tags import Tag

# Topic: the tags that lead to it. A test with another first tag stands under OTHERS.
TOPICS = {
    "Mood": ("depression",),
    "Worry and strain": ("psychological-stress",),
    "How you are doing as a whole": ("psychological-adjustment",),
    "Sleep and energy": ("mental-fatigue",),
    "How you see yourself": ("low-self-esteem", "inferiority-complex", "pessimistic"),
    "You among people": ("social-test", "social-phobia", "social-etiquette", "autism"),
    "Love and feelings": ("love-psychology", "love-test", "emotional-intelligence"),
    "Personality": ("personality-test", "personality-traits"),
    "Attention and screens": ("inattention", "adhd", "adolescent-psychology"),
    "Work": ("workplace-psychology", "workplace-stress", "workplace-test"),
    "Growth": ("growth-psychology",),
}
OTHERS = "Other tests"


@dataclass(frozen=True)
class Row:
    """A self-test in a list. `because` says why it stands there, where that is not plain."""

    id: str
    name: str
    measures: str
    questions: int
    minutes: int
    because: str = ""


@dataclass(frozen=True)
class Topic:
    """Self-tests that ask about the same part of life."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Way:
    """A tag or a need that tests lead to, and how many do."""

    id: str
    name: str
    hint: str
    tests: int


@dataclass(frozen=True)
class AboutTag:
    """The tests for one tag: those that carry it, or what may serve where none is good."""

    tag: Tag
    missing: MissingTest | None
    instead: tuple[Row, ...]
    rows: tuple[Row, ...]


def topics() -> tuple[Topic, ...]:
    """Return every self-test once, by topic; topics without a test are left out."""
    found: dict[str, list[Instrument]] = {name: [] for name in (*TOPICS, OTHERS)}
    for test in instruments.instruments().values():
        found[_topic(test)].append(test)
    return tuple(Topic(name, short_first(tests)) for name, tests in found.items() if tests)


def tag_ways() -> tuple[Way, ...]:
    """Return the tags that have a good test, with how many carry each, by name."""
    known = [tag for tag in tags.tags().values() if tag.id not in missing_tests.missing()]
    ways = (Way(tag.id, tag.name, "", len(_with_tag(tag.id))) for tag in known)
    return tuple(sorted(ways, key=lambda way: way.name))


def missing_ways() -> tuple[Way, ...]:
    """Return the tags without a good test, by name."""
    names = tags.tags()
    ways = (Way(one, names[one].name, "", 0) for one in missing_tests.missing() if one in names)
    return tuple(sorted(ways, key=lambda way: way.name))


def need_ways() -> tuple[Way, ...]:
    """Return every need in plain words, in the order of the guide, with how many tests it has."""
    needs = guidance.needs().values()
    return tuple(Way(one.id, one.label, one.hint, len(_for_need(one.id))) for one in needs)


def about_tag(tag_id: str) -> AboutTag:
    """Return the tests for one tag; raise UnknownFact where there is no such tag."""
    tag, missing = tags.tag(tag_id), missing_tests.missing().get(tag_id)
    instead = tuple(
        _row(instruments.instrument(one.test), one.because)
        for one in (missing.instead if missing else ())
    )
    offered = {row.id for row in instead}
    others = [test for test in _with_tag(tag_id) if test.id not in offered]
    return AboutTag(tag, missing, instead, short_first(others))


def for_need(need_id: str) -> tuple[Need, tuple[Row, ...]]:
    """Return a need and the tests for it; raise UnknownFact where there is no such need."""
    known = guidance.needs()
    if need_id not in known:
        raise UnknownFact("need", need_id, known)
    return known[need_id], short_first(_for_need(need_id))


def short_first(tests: Iterable[Instrument]) -> tuple[Row, ...]:
    """Return tests as rows of a list, those with the fewest questions first."""
    return tuple(_row(test) for test in sorted(tests, key=lambda one: (len(one.items), one.code)))


def _topic(test: Instrument) -> str:
    first = test.tags[0] if test.tags else ""
    return next((name for name, held in TOPICS.items() if first in held), OTHERS)


def _with_tag(tag_id: str) -> list[Instrument]:
    return [test for test in instruments.instruments().values() if tag_id in test.tags]


def _for_need(need_id: str) -> list[Instrument]:
    return [test for test in instruments.instruments().values() if need_id in test.needs]


def _row(test: Instrument, because: str = "") -> Row:
    questions = len(test.items)
    name = f"{test.short_name}: {test.name}"
    return Row(test.id, name, test.measures, questions, minutes_for(questions), because)
