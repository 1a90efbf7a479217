"""The guide's rules as data: their schema, what the loader refuses, and the compiled table.

A condition says which values of one decision input it accepts. Each rule is one
bit; for every input value the table holds the bits of the rules that accept it.
The rules that fire are then the bits common to all inputs.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import Field, field_validator

from stepwell.domain import loading
from stepwell.domain.decision_inputs import MILDEST, SCALES, UNKNOWN, VALUES
from stepwell.domain.errors import FactError
from stepwell.domain.guide_facts import SourcedFile
from stepwell.domain.sources import FactId, Frozen, Source, Text

RULES_FILE = "guide_rules.toml"
ALONE_FILE = "not_enough_alone.toml"
LEVEL = "level"
LEVELS = ("0", "1", "2", "3", "4", "5")
Number = Annotated[int, Field(ge=0, le=5)]


class Condition(Frozen):
    """Which values of one input a rule accepts. `unknown` says whether unknown is one of them."""

    any_of: tuple[str, ...] | None = None
    at_least: str | None = None
    at_most: str | None = None
    unknown: bool | None = None

    @field_validator("at_least", "at_most", mode="before")
    @classmethod
    def _as_text(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


class Then(Frozen):
    """What follows: a floor or top for the level, or kinds of support with a role."""

    level_at_least: Number | None = None
    level_up_to: Number | None = None
    main: tuple[FactId, ...] = ()
    alongside: tuple[FactId, ...] = ()
    waiting: tuple[FactId, ...] = ()
    exclude: tuple[FactId, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of support that this names, whatever the role."""
        return self.main + self.alongside + self.waiting + self.exclude


class Rule(Frozen):
    """One line of reasoning: when all conditions hold, then this follows, because."""

    id: FactId
    when: Mapping[str, Condition]
    then: Then
    because: Text
    source: Source

    @property
    def is_about_level(self) -> bool:
        """Whether this rule raises the level; the others name kinds of support."""
        return self.then.level_at_least is not None or self.then.level_up_to is not None


class AloneRule(Frozen):
    """Kinds of support that must not stand alone when all conditions hold."""

    id: FactId
    when: Mapping[str, Condition]
    kinds: Annotated[tuple[FactId, ...], Field(min_length=1)]
    at_least: Text
    because: Text
    source: Source


class _RulesFile(SourcedFile):
    version: Text
    rules: Annotated[tuple[Rule, ...], Field(min_length=1)]


class _AloneFile(SourcedFile):
    rules: Annotated[tuple[AloneRule, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Table:
    """Rules by bit. `masks[input][value]` has a bit set for each rule that accepts the value.

    `unasked[input]` has the bits of the rules that say nothing about the input.
    """

    masks: Mapping[str, Mapping[str, int]]
    unasked: Mapping[str, int]

    def fired(self, values: Mapping[str, str | Collection[str]]) -> int:
        """Return the bits of the rules whose every condition holds for `values`."""
        return reduce(and_, (self.accepting(name, value) for name, value in values.items()))

    def accepting(self, name: str, value: str | Collection[str]) -> int:
        """Return the bits of the rules that accept `value`; of several values one suffices."""
        if isinstance(value, str):
            return self.masks[name][value]
        return reduce(or_, (self.masks[name][one] for one in value), self.unasked[name])


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules, compiled: about the level, about kinds, and about what is not enough alone."""

    version: str
    level_rules: tuple[Rule, ...]
    kind_rules: tuple[Rule, ...]
    alone_rules: tuple[AloneRule, ...]
    level_table: Table
    kind_table: Table
    alone_table: Table


@loading.remembered
def rule_set() -> RuleSet:
    """Return the rules, checked and compiled; raise FactError at the first that is wrong."""
    found = loading.read(loading.path(RULES_FILE), _RulesFile)
    alone = loading.read(loading.path(ALONE_FILE), _AloneFile).rules
    _check_ids(RULES_FILE, found.rules)
    _check_ids(ALONE_FILE, alone)
    level_rules = tuple(rule for rule in found.rules if rule.is_about_level)
    kind_rules = tuple(rule for rule in found.rules if not rule.is_about_level)
    for rule in level_rules:
        _check_level_rule(rule)
    return RuleSet(
        version=found.version,
        level_rules=level_rules,
        kind_rules=kind_rules,
        alone_rules=alone,
        level_table=_compiled(RULES_FILE, level_rules, with_level=False),
        kind_table=_compiled(RULES_FILE, kind_rules, with_level=True),
        alone_table=_compiled(ALONE_FILE, alone, with_level=False),
    )


def accepted(where: str, name: str, condition: Condition) -> frozenset[str]:
    """Return the values of the input `name` that `condition` accepts.

    Raises FactError where the input or a value does not exist, and where the
    condition does not say what unknown does.
    """
    values = LEVELS if name == LEVEL else tuple(VALUES.get(name, ()))
    if not values:
        raise FactError(f"{where}: there is no such input. Use {', '.join(VALUES)} or {LEVEL}.")
    _check_unknown(where, condition, values)
    chosen = set(_chosen(where, name, condition, values)) - {UNKNOWN}
    if condition.unknown:
        chosen.add(UNKNOWN)
    if not chosen:
        raise FactError(f"{where}: accepts no value, so the rule can never fire. Name one.")
    return frozenset(chosen)


def _check_unknown(where: str, condition: Condition, values: Collection[str]) -> None:
    if UNKNOWN in values and condition.unknown is None:
        raise FactError(
            f"{where}: does not say what unknown does. Add unknown = true (it counts) "
            "or unknown = false (another rule takes care of it)."
        )
    if UNKNOWN not in values and condition.unknown is not None:
        raise FactError(f"{where}: this input is never unknown. Remove the key unknown.")


def _chosen(where: str, name: str, condition: Condition, values: Collection[str]) -> Iterator[str]:
    bounds = [bound for bound in (condition.at_least, condition.at_most) if bound is not None]
    if (condition.any_of is None) == (not bounds):
        raise FactError(f"{where}: write any_of, or at_least with or without at_most, not both.")
    for value in (*(condition.any_of or ()), *bounds):
        if value not in values:
            raise FactError(f"{where}: {value!r} is not a value. Use {', '.join(values)}.")
    if condition.any_of is not None:
        yield from condition.any_of
        return
    scale = LEVELS if name == LEVEL else SCALES.get(name, ())
    if not scale:
        raise FactError(f"{where}: this input has no order. Use any_of.")
    lowest = scale.index(condition.at_least) if condition.at_least else 0
    highest = scale.index(condition.at_most) if condition.at_most else len(scale) - 1
    yield from scale[lowest : highest + 1]


def _check_level_rule(rule: Rule) -> None:
    """Refuse a level rule that could let a worse sign, or a missing one, count for less."""
    where = f"{RULES_FILE}: rules.{rule.id}"
    if rule.then.kinds:
        raise FactError(f"{where}.then: speaks of level and of kinds. Write two rules.")
    if LEVEL in rule.when:
        raise FactError(f"{where}.when.level: a level rule cannot ask for the level. Remove it.")
    if rule.then.level_at_least == 0:
        return
    for name, condition in rule.when.items():
        _check_only_raises(f"{where}.when.{name}", name, condition)


def _check_only_raises(where: str, name: str, condition: Condition) -> None:
    values = accepted(where, name, condition)
    scale = SCALES.get(name, ())
    known = [value for value in scale if value in values]
    if scale and known != list(scale[len(scale) - len(known) :]):
        raise FactError(f"{where}: a worse value would lower the level. Use at_least alone.")
    if values & MILDEST.get(name, frozenset()) and UNKNOWN not in values:
        raise FactError(f"{where}: unknown would count for less than none. Write unknown = true.")


def _compiled(where: str, rules: Collection[Rule | AloneRule], *, with_level: bool) -> Table:
    names: dict[str, tuple[str, ...]] = {name: tuple(values) for name, values in VALUES.items()}
    if with_level:
        names[LEVEL] = LEVELS
    masks: dict[str, dict[str, int]] = {name: dict.fromkeys(names[name], 0) for name in names}
    unasked = dict.fromkeys(names, 0)
    for place, rule in enumerate(rules):
        _check_names(f"{where}: rules.{rule.id}", rule, names)
        for name in names:
            condition = rule.when.get(name)
            if condition is None:
                unasked[name] |= 1 << place
            for value in _values(f"{where}: rules.{rule.id}.when.{name}", name, condition):
                masks[name][value] |= 1 << place
    return Table(
        masks=MappingProxyType({name: MappingProxyType(mask) for name, mask in masks.items()}),
        unasked=MappingProxyType(unasked),
    )


def _check_names(where: str, rule: Rule | AloneRule, names: Collection[str]) -> None:
    for name in rule.when:
        if name not in names:
            raise FactError(f"{where}.when.{name}: is not an input here. Use {', '.join(names)}.")


def _values(where: str, name: str, condition: Condition | None) -> Collection[str]:
    if condition is None:
        return LEVELS if name == LEVEL else tuple(VALUES[name])
    return accepted(where, name, condition)


def _check_ids(where: str, rules: Collection[Rule | AloneRule]) -> None:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise FactError(f"{where}: rules.{rule.id}: stands there twice. Give each its own id.")
        if not rule.when:
            raise FactError(f"{where}: rules.{rule.id}.when: is empty. Say when the rule holds.")
        seen.add(rule.id)
