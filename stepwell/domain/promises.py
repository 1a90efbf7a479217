"""What the site promises, and which tests hold each promise.

A sentence about privacy stands in templates as `{% promise "P8" %}` only. Its words
and the tests behind it are in `facts/promises.toml`; which of those tests exist in
this release is in `facts/promises_proven.toml`, which `docs/generate.py` writes. A
promise of which one test is gone is shown nowhere. Hosts cannot replace these files:
what they would add no test of ours holds.
"""

from collections.abc import Collection, Mapping
from datetime import date
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, StringConstraints

from stepwell.domain import loading
from stepwell.domain.errors import FactError, UnknownFact
from stepwell.domain.sources import Frozen, Text

FILE = "promises.toml"
PROVEN_FILE = "promises_proven.toml"
TestName = Annotated[str, StringConstraints(pattern=r"^test_\w+$")]
PromiseId = Annotated[str, StringConstraints(pattern=r"^[A-Z]\d+[a-z]?(-[a-z]+)?$")]


class Promise(Frozen):
    """One sentence. The id starts with the rule it comes from, as do the names of its tests."""

    id: PromiseId
    topic: str = ""  # heading on the privacy page; without one it stands elsewhere only
    sentence: Text
    check: str = ""  # how a visitor can check it
    tests: Annotated[tuple[TestName, ...], Field(min_length=1)]

    @property
    def rule(self) -> str:
        """Return the id of the rule that this comes from."""
        return self.id.partition("-")[0]


class _Register(Frozen):
    promises: tuple[Promise, ...]


class Proven(Frozen):
    """Which tests of which promise exist in this release."""

    version: Text
    looked_on: date
    proven: Mapping[PromiseId, tuple[TestName, ...]]


@loading.remembered
def promises() -> Mapping[str, Promise]:
    """Return every promise by id, in the order of the file."""
    found: dict[str, Promise] = {}
    for promise in loading.read(loading.PACKAGED / FILE, _Register).promises:
        if promise.id in found:
            raise FactError(f"{FILE}: promises: {promise.id!r} occurs twice. Rename one.")
        check_tests(promise)
        found[promise.id] = promise
    return MappingProxyType(found)


def check_tests(promise: Promise) -> None:
    """Raise FactError at the first test that is not named after the promise's rule."""
    for test in promise.tests:
        if promise.rule.lower() not in test.lower().split("_"):
            raise FactError(
                f"{FILE}: {promise.id}: {test} does not name the rule {promise.rule}. "
                "Choose a test that holds this rule, or name it after the rule."
            )


@loading.remembered
def proven() -> Proven:
    """Return what the last look at the tests found."""
    return loading.read(loading.PACKAGED / PROVEN_FILE, Proven)


def proven_by(
    register: Mapping[str, Promise], tests: Collection[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return the promises of which every test is among `tests`, with those tests."""
    return {one.id: one.tests for one in register.values() if set(one.tests) <= set(tests)}


def holds(promise: Promise, found: Proven) -> bool:
    """Say whether every test behind a promise was found."""
    return set(promise.tests) <= set(found.proven.get(promise.id, ()))


def sentence(promise_id: str) -> str:
    """Return the words of a promise, or nothing while its tests are not there."""
    known = promises()
    if promise_id not in known:
        raise UnknownFact("promise", promise_id, known)
    return known[promise_id].sentence if holds(known[promise_id], proven()) else ""


def shown() -> Mapping[str, tuple[Promise, ...]]:
    """Return the promises that hold, by topic, in the order of the file."""
    topics: dict[str, list[Promise]] = {}
    for promise in promises().values():
        if promise.topic and holds(promise, proven()):
            topics.setdefault(promise.topic, []).append(promise)
    return {topic: tuple(found) for topic, found in topics.items()}


def check() -> None:
    """Raise FactError unless both files can be read."""
    promises()
    proven()
