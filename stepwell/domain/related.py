"""Which articles stand below an article as related, and why.

Two articles are closer the more tags they share, and a rare tag says more than a
common one; a tag with the name of a section is as broad as that section, and the same
section adds a little. Ties go to the article published
nearest in time, not to the newest, so that a new article changes few pages. An
article on a heavy topic never leads to another one, and among every three
suggestions one says what one can do, where there is one.

Only the nearest neighbours in each tag and section are looked at (`REACH` on
either side): being within reach is mutual, so the articles whose lists a change
can touch are exactly those within reach of the change. What a tag counts
changes in few, wide steps; when a step is passed, all its articles are touched.
"""

import re
from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field

from stepwell.domain import loading, sections

REACH = 20  # neighbours on either side, per tag and section
MOST = 6
GROUP = 3  # among so many suggestions one helps
RAREST, COMMONEST = 8, 2  # points for a tag that both share; the same section gives one


@loading.remembered
def _broad() -> frozenset[str]:
    return frozenset(section.id for section in sections.sections())


_WHAT_HELPS = re.compile(
    r"(what|things|ways|something|steps?) .*\b(you can do|helps?|to do|to try|you can take)\b"
    r"|how to |a first step|small things that help|\w+ ways to ",
    re.IGNORECASE,
)


def says_what_helps(headings: Iterable[str]) -> bool:
    """Return whether one of an article's headings promises something to do."""
    return any(_WHAT_HELPS.match(f"{heading} ") for heading in headings)


@dataclass(frozen=True, slots=True)
class Item:
    """What has to be known of one article; `published` is in seconds."""

    id: int
    section: str
    tags: frozenset[str]
    heavy: bool
    published: float
    helping: bool = False

    @property
    def place(self) -> tuple[float, int]:
        """Return where this article stands in any list by date; no two share a place."""
        return self.published, self.id

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Return the lists this article stands in: one per tag and one for its section."""
        return (("section", self.section), *(("tag", tag) for tag in sorted(self.tags)))


@dataclass(frozen=True, slots=True)
class Related:
    """One suggestion and its reason: the tags both share; none means the same section."""

    id: int
    shared: tuple[str, ...]


@dataclass
class Shelf:
    """All articles, in one list by date per tag and per section."""

    items: dict[int, Item] = field(default_factory=dict)
    lists: dict[tuple[str, str], list[tuple[float, int]]] = field(default_factory=dict)

    @classmethod
    def of(cls, items: Iterable[Item]) -> "Shelf":
        """Return a shelf with `items` on it."""
        shelf = cls()
        for item in sorted(items, key=lambda item: item.place):
            shelf.items[item.id] = item
            for row in item.rows:
                shelf.lists.setdefault(row, []).append(item.place)
        return shelf

    def put(self, item: Item) -> frozenset[int]:
        """Put `item` where it belongs; return the ids whose suggestions this can change."""
        old = self.items.get(item.id)
        before = self._points(item.tags | (old.tags if old else frozenset()))
        touched = self._lift(old)
        self.items[item.id] = item
        for row in item.rows:
            insort(self.lists.setdefault(row, []), item.place)
        return touched | self.within_reach(item) | self._reweighed(before) | {item.id}

    def take(self, item_id: int) -> frozenset[int]:
        """Take an item away; return the ids whose suggestions this can change."""
        item = self.items.get(item_id)
        before = self._points(item.tags if item else ())
        return self._lift(item) | self._reweighed(before)

    def within_reach(self, item: Item) -> frozenset[int]:
        """Return the ids of the nearest neighbours of `item` in each of its lists."""
        found: set[int] = set()
        for row in item.rows:
            places = self.lists[row]
            at = bisect_left(places, item.place)
            near = places[max(0, at - REACH) : at + REACH + 1]
            found.update(item_id for _, item_id in near)
        return frozenset(found - {item.id})

    def related(self, item_id: int) -> tuple[Related, ...]:
        """Return up to six suggestions for one article, the closest first."""
        item = self.items[item_id]
        others = [self.items[other] for other in self.within_reach(item)]
        fitting = [other for other in others if not (item.heavy and other.heavy)]
        points = self._points(item.tags)
        fitting.sort(key=lambda other: _order(item, other, points))
        return tuple(
            Related(other.id, tuple(sorted(item.tags & other.tags))) for other in _chosen(fitting)
        )

    def points(self, tag: str) -> int:
        """Return what a shared tag counts: less with every fourfold number of articles."""
        if tag in _broad():
            return COMMONEST
        steps = len(self.lists.get(("tag", tag), ())).bit_length() // 2
        return max(COMMONEST, RAREST - steps)

    def _points(self, tags: Iterable[str]) -> dict[str, int]:
        return {tag: self.points(tag) for tag in tags}

    def _reweighed(self, before: dict[str, int]) -> frozenset[int]:
        changed = [tag for tag, points in before.items() if self.points(tag) != points]
        return frozenset(id_ for tag in changed for _, id_ in self.lists.get(("tag", tag), ()))

    def _lift(self, item: Item | None) -> frozenset[int]:
        """Take an item out of its lists; return the ids that stood within its reach."""
        if item is None:
            return frozenset()
        touched = self.within_reach(item)
        for row in item.rows:
            self.lists[row].remove(item.place)
        del self.items[item.id]
        return touched


def _order(item: Item, other: Item, points: dict[str, int]) -> tuple[int, float, int]:
    same = {item.section} & {other.section}
    shared = (item.tags & other.tags) - same  # a tag named like their section repeats it
    repeated = len(item.tags & other.tags & same)
    total = sum(points[tag] for tag in shared) + repeated + len(same)
    return -total, abs(item.published - other.published), other.id


def _chosen(ranked: list[Item]) -> list[Item]:
    """Return the first six, with one that helps among every three where there is one left."""
    left, chosen = list(ranked), list[Item]()
    while left and len(chosen) < MOST:
        group = left[:GROUP]
        helping = next((one for one in left if one.helping), None)
        if helping and helping not in group:
            group[-1] = helping
        chosen += group
        left = [one for one in left if one not in group]
    return chosen[:MOST]
