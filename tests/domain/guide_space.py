"""Every combination of the guide's decision inputs, as arrays, for the exhaustive tests.

One axis per input. Where no promise speaks of the difference between two values
(`ALIKE`) and no rule tells them apart (equal bits in all three tables), one of
them stands for both: the results are equal by construction. `Space(whole=True)`
keeps every value apart; the tests marked proof run on it.
"""

from collections.abc import Iterator, Mapping
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

from stepwell.domain.decision_inputs import VALUES, BodyTrack, Group, Inputs
from stepwell.domain.guide_rules import LEVEL, Table, rule_set
from stepwell.domain.support import kinds

Bits = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Value = str | frozenset[str]

# The two outer axes are walked in chunks; the inner ones are spread out as one array.
OUTER = ("safety", "groups")
# Values that the promises treat as one and the same, by input.
ALIKE = {
    ("earlier", "helped"): "nothing",
    ("engagement", "unknown"): "no_wish",
    ("privacy", "unknown"): "no_wish",
    ("age", "teen"): "child",
    ("age", "older"): "adult",
    ("country_pack", "not_known"): "known",
}
INNER = tuple(name for name in VALUES if name not in OUTER)


def group_sets() -> tuple[frozenset[str], ...]:
    """Nothing, each group alone, and every pair of groups (unknown is one of them)."""
    named = [group for group in Group if group is not Group.NONE]
    singles = [frozenset({group}) for group in Group]
    return (*singles, *(frozenset(pair) for pair in combinations(named, 2)))


def body_sets() -> tuple[frozenset[str], ...]:
    """Every subset of the body tracks."""
    tracks = list(BodyTrack)
    return tuple(frozenset(chosen) for size in range(4) for chosen in combinations(tracks, size))


def all_values() -> Mapping[str, tuple[Value, ...]]:
    """Every value of every input: what the unreduced product is made of."""
    values: dict[str, tuple[Value, ...]] = {name: tuple(VALUES[name]) for name in VALUES}
    return {**values, "groups": group_sets(), "body": body_sets()}


class Space:
    """The product of all inputs, with the bits of the rules that accept each value."""

    def __init__(self, *, whole: bool = False) -> None:
        rules = rule_set()
        self.rules = rules
        self.tables = (rules.level_table, rules.kind_table, rules.alone_table)
        assert max(len(rules.level_rules), len(rules.kind_rules), len(rules.alone_rules)) <= 64
        self.every = all_values()
        self.values = {
            name: values if whole else self._distinct(name, values)
            for name, values in self.every.items()
        }
        self.shape = tuple(len(self.values[name]) for name in INNER)

    @property
    def combinations(self) -> int:
        """How many combinations of inputs the walk stands for."""
        return prod(len(values) for values in self.every.values())

    @property
    def distinct(self) -> int:
        """How many combinations the walk visits."""
        return prod(len(values) for values in self.values.values())

    def _distinct(self, name: str, values: tuple[Value, ...]) -> tuple[Value, ...]:
        """Leave out values that nothing tells apart from one that is kept."""
        kept: dict[tuple[object, ...], Value] = {}
        for value in values:
            alike = value if isinstance(value, frozenset) else ALIKE.get((name, value), value)
            bits = [table.accepting(name, value) for table in self.tables]
            kept.setdefault((alike, *bits), value)
        return tuple(kept.values())

    def chunks(self) -> Iterator["Chunk"]:
        """Yield the combinations in chunks: one per value of safety and set of groups."""
        inner = [self._inner(table) for table in self.tables]
        for safety in self.values["safety"]:
            for groups in self.values["groups"]:
                yield Chunk(self, safety, groups, inner)

    def _inner(self, table: Table) -> Bits:
        """The rules that accept each combination of the inner inputs."""
        found = np.full(self.shape, np.uint64(2**64 - 1))
        for axis, name in enumerate(INNER):
            bits = [table.accepting(name, value) for value in self.values[name]]
            side = [1] * len(INNER)
            side[axis] = len(bits)
            found &= np.array(bits, dtype=np.uint64).reshape(side)
        return found

    def mask(self, name: str, *chosen: str) -> Flags:
        """Where the inner input `name` has, or holds, one of `chosen`; shaped to spread."""
        hits = [
            bool(value & set(chosen)) if isinstance(value, frozenset) else value in chosen
            for value in self.values[name]
        ]
        side = [1] * len(INNER)
        side[INNER.index(name)] = len(hits)
        return np.array(hits).reshape(side)

    def inputs(self, safety: Value, groups: Value, place: tuple[int, ...]) -> Inputs:
        """The inputs at one place of a chunk."""
        inner = {name: self.values[name][at] for name, at in zip(INNER, place, strict=True)}
        return Inputs(safety=safety, groups=groups, **inner)  # type: ignore[arg-type]


class Chunk:
    """All combinations with one value of safety and one set of groups."""

    def __init__(self, space: Space, safety: Value, groups: Value, inner: list[Bits]) -> None:
        self.space, self.safety, self.groups = space, safety, groups
        outer = [
            np.uint64(table.accepting("safety", safety) & table.accepting("groups", groups))
            for table in space.tables
        ]
        self.level_bits, kinds_at_any_level, self.alone_bits = (
            bits & mask for bits, mask in zip(inner, outer, strict=True)
        )
        self.level_from = self._highest("level_at_least")
        self.level_to = np.maximum(self.level_from, self._highest("level_up_to"))
        by_level = space.rules.kind_table.masks[LEVEL]
        masks = np.array([by_level[str(level)] for level in range(6)], dtype=np.uint64)
        self.kind_bits = kinds_at_any_level & masks[self.level_from]

    def _highest(self, key: str) -> NDArray[np.int8]:
        found = np.zeros(self.space.shape, dtype=np.int8)
        for level in range(1, 6):
            bits = sum(
                1 << place
                for place, rule in enumerate(self.space.rules.level_rules)
                if (getattr(rule.then, key) or 0) >= level
            )
            found += (self.level_bits & np.uint64(bits)) != 0
        return found

    def suggested(self, role: str, kind: str) -> Flags:
        """Where a kind rule gives `kind` this role, before anything is taken away."""
        bits = sum(
            1 << place
            for place, rule in enumerate(self.space.rules.kind_rules)
            if kind in getattr(rule.then, role)
        )
        return (self.kind_bits & np.uint64(bits)) != 0

    def main(self, *chosen: str) -> Flags:
        """Where at least one of `chosen` is a main suggestion."""
        found = np.zeros(self.space.shape, dtype=bool)
        for kind in chosen:
            if any(kind in rule.then.main for rule in self.space.rules.kind_rules):
                found |= self.suggested("main", kind) & ~self.never_main(kind)
        return found

    def named(self, kind: str) -> Flags:
        """Where `kind` appears in any role."""
        some = [self.suggested(role, kind) for role in ("main", "alongside", "waiting")]
        return np.logical_or.reduce(some) & ~self.suggested("exclude", kind)

    def never_main(self, kind: str) -> Flags:
        """Where `kind` must not stand alone, or is left out."""
        bits = sum(
            1 << place
            for place, rule in enumerate(self.space.rules.alone_rules)
            if kind in rule.kinds
        )
        return ((self.alone_bits & np.uint64(bits)) != 0) | self.suggested("exclude", kind)

    @property
    def any_sign(self) -> Flags:
        """Where there is any sign of distress, disorder, trauma or risk, or one is unknown."""
        if self.safety != "none" or self.groups != frozenset({"none"}):
            return np.ones(self.space.shape, dtype=bool)
        calm = self.space.mask("distress", "0") & self.space.mask("functioning", "0")
        return np.broadcast_to(~calm, self.space.shape)

    @property
    def any_unknown(self) -> Flags:
        """Where safety, distress, functioning or the group is unknown."""
        if self.safety == "unknown" or "unknown" in self.groups:
            return np.ones(self.space.shape, dtype=bool)
        open_ = self.space.mask("distress", "unknown") | self.space.mask("functioning", "unknown")
        return np.broadcast_to(open_, self.space.shape)


ALL_KINDS = tuple(kinds())
