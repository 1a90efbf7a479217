"""The tags of articles: one vocabulary for the tags below a text and for the tag cloud."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from stepwell.domain import loading
from stepwell.domain.errors import FactError, UnknownFact
from stepwell.domain.sources import FactId, Frozen, Text

FILE = "tags.toml"


class Tag(Frozen):
    """One tag: its id is also the address of its page."""

    id: FactId
    name: Text


class _Tags(Frozen):
    tags: tuple[Tag, ...]


@loading.remembered
def tags() -> Mapping[str, Tag]:
    """Return every tag by id, in the order of the file; raise FactError if an id occurs twice."""
    found: dict[str, Tag] = {}
    for tag in loading.read(loading.path(FILE), _Tags).tags:
        if tag.id in found:
            raise FactError(f"{FILE}: tags: {tag.id!r} occurs twice. Remove one of the two.")
        found[tag.id] = tag
    return MappingProxyType(found)


def tag(tag_id: str) -> Tag:
    """Return one tag; raise UnknownFact with the nearest ids."""
    known = tags()
    if tag_id not in known:
        raise UnknownFact("tag", tag_id, known)
    return known[tag_id]


def known(tag_ids: Iterable[str]) -> tuple[Tag, ...]:
    """Return those of `tag_ids` that are in the vocabulary; a retired tag is passed over."""
    return tuple(tags()[tag_id] for tag_id in tag_ids if tag_id in tags())


def check() -> None:
    """Raise FactError unless the vocabulary can be read and every id is there once."""
    tags()
