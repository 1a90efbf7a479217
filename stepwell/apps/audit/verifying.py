"""Reads the whole chain and says whether it holds."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connection, models

from stepwell.apps.audit import chain
from stepwell.apps.audit.actions import ERASED
from stepwell.apps.audit.checkpoints import Checkpoint, read
from stepwell.apps.audit.guards import is_guarded
from stepwell.apps.audit.models import Event, Head, rows

FIELDS = (
    "position", "pk", "at", "verb", "thing", "by_seal", "reason_seal", "before", "hash",
    "by_id", "by_salt", "reason", "reason_salt",
)  # fmt: skip
MOST_TOLD = 20


class Verdict(NamedTuple):
    """What a look at the whole chain found."""

    events: int
    waiting: int  # recorded, not linked yet: a moment after each commit
    broken: tuple[str, ...]  # in words, the first ones; empty: whole
    erased_who: int
    erased_why: int
    checkpoints: int
    guarded: bool

    @property
    def is_whole(self) -> bool:
        """Say whether nothing was changed, taken out, put in or cut off."""
        return not self.broken


class _Look:
    """One pass: what was found so far."""

    def __init__(self, checkpoints: Iterable[Checkpoint]) -> None:
        self.hashes = {one.length: one for one in checkpoints}
        self.count, self.hash = 0, chain.START
        self.erased: dict[str, set[int]] = {"by": set(), "reason": set()}
        self.allowed: dict[str, list[range]] = {"by": [], "reason": []}
        self.broken: list[str] = []

    def event(self, row: Any) -> None:
        position, pk, at, verb, thing, by_seal, reason_seal, before, hashed, *parts = row
        if position != self.count + 1:
            self.broken.append(f"event {self.count + 1} is missing")
        elif before != self.hash:
            self.broken.append(f"event {position} does not follow the one before it")
        made = chain.hash_of(position, pk, at, verb, thing, by_seal, reason_seal, before)
        if hashed != made:
            self.broken.append(f"event {position} was changed")
        self.part(position, "by", by_seal, *parts[:2])
        self.part(position, "reason", reason_seal, *parts[2:])
        self.count, self.hash = position, hashed
        self.checkpoint(self.hashes.pop(position, None))

    def allow(self, verb: str, thing: str) -> None:
        for part, word in ERASED.items():
            if verb == word:
                self.allowed[part] += chain.unpacked(thing.removeprefix("events:"))

    def part(self, position: int, part: str, seal: str, value: Any, salt: str) -> None:
        if salt == "" and not value:
            self.erased[part].add(position)
        elif not chain.is_sealed_by(seal, part, value, salt):
            what = "who did" if part == "by" else "the reason of"
            self.broken.append(f"{what} event {position} was changed")

    def checkpoint(self, one: Checkpoint | None) -> None:
        if one is not None and one.hash != self.hash:
            self.broken.append(f"event {one.length} is not what the checkpoint of {one.at} saw")

    def end(self, head: Head) -> None:
        for one in self.hashes.values():
            if one.length > self.count:
                told = f"the checkpoint of {one.at} saw {one.length} events"
                self.broken.append(f"{told}, now there are {self.count}: the end was cut off")
        if (head.count, head.hash) != (self.count, self.hash):
            self.broken.append(f"the chain ends at event {self.count}, not where its head says")
        for part, positions in self.erased.items():
            for position in sorted(positions - _members(self.allowed[part], positions)):
                what = "who did" if part == "by" else "the reason of"
                self.broken.append(f"{what} event {position} was taken out and nothing says so")


def _members(ranges: Iterable[range], of: set[int]) -> set[int]:
    """Return those of the positions that a range names; a made-up range costs no memory."""
    return {one for some in ranges for one in _within(some, of)}


def _within(some: range, of: set[int]) -> Iterator[int]:
    if len(some) < len(of):
        return (one for one in some if one in of)
    return (one for one in of if one in some)


def verify() -> Verdict:
    """Read every event once, in order; writers go on meanwhile."""
    kept = read()
    linked = rows().filter(position__isnull=False)
    last = linked.aggregate(last=models.Max("position"))["last"] or 0
    head = Head.objects.filter(pk=1).first() or Head(count=0, hash=chain.START)
    look = _Look(kept)
    events = linked.filter(position__lte=max(head.count, last)).order_by("position")
    for row in events.values_list(*FIELDS).iterator(chunk_size=2_000):
        look.event(row)
    # After the pass: an erasure is written down in the transaction that erases.
    for verb, thing in Event.objects.filter(verb__in=ERASED.values()).values_list("verb", "thing"):
        look.allow(verb, thing)
    look.end(head)
    return Verdict(
        events=look.count,
        waiting=rows().filter(position=None).count(),
        broken=tuple(look.broken[:MOST_TOLD]),
        erased_who=len(look.erased["by"]),
        erased_why=len(look.erased["reason"]),
        checkpoints=len(kept),
        guarded=is_guarded(connection),
    )
