"""Tags for which no good free self-test exists: why, and what may serve instead.

Every tag of the vocabulary leads to at least one self-test or to an entry here.
A tag can do both: then no test of the thing itself exists, and the tests that
carry the tag measure something near it.
"""

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, StringConstraints

from stepwell.domain import instruments, loading, tags
from stepwell.domain.errors import FactError
from stepwell.domain.sources import Checked, FactId, Frozen, Source, Text

FILE = "tests_missing.toml"
OwnAddress = Annotated[str, StringConstraints(pattern=r"^/[a-z0-9/_-]*/$")]


class Instead(Frozen):
    """A general measure that may serve instead, and what it can and cannot show."""

    test: FactId
    because: Text


class Link(Frozen):
    """A page of this site that helps more than a score."""

    label: Text
    url: OwnAddress


class MissingTest(Frozen):
    """Why there is no good free test for a tag, in plain words, and what to do instead."""

    tag: FactId
    title: Text
    why: Text
    instead: Annotated[tuple[Instead, ...], Field(min_length=1)]
    links: Annotated[tuple[Link, ...], Field(min_length=1)]
    source: Source


class _Missing(Frozen):
    missing: tuple[MissingTest, ...]


@loading.remembered
def missing() -> Mapping[str, MissingTest]:
    """Return every entry by its tag, in the order of the file; raise FactError for a double."""
    found: dict[str, MissingTest] = {}
    for one in loading.read(loading.path(FILE), _Missing).missing:
        if one.tag in found:
            raise FactError(f"{FILE}: missing: {one.tag!r} occurs twice. Remove one of the two.")
        found[one.tag] = one
    return MappingProxyType(found)


def check() -> None:
    """Raise FactError where an id is unknown, or where a tag leads to nothing at all."""
    for one in missing().values():
        loading.check_known(FILE, "tag", [one.tag], tags.tags())
        offered = [instead.test for instead in one.instead]
        loading.check_known(
            f"{FILE}: {one.tag}", "instead.test", offered, instruments.instruments()
        )
    tested = {tag for test in instruments.instruments().values() for tag in test.tags}
    for tag_id in tags.tags():
        if tag_id not in tested and tag_id not in missing():
            raise FactError(
                f"{FILE}: missing: no self-test carries the tag {tag_id!r}, and nothing here says "
                "why. Add an entry, or give the tag to a test."
            )


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how many entries there are, by how they were checked."""
    return {"tags without a good test": Counter(m.source.checked for m in missing().values())}
