"""The guide's evaluator: from decision inputs to a level and kinds of support, with reasons.

Pure and total: every combination of inputs has an answer. Level rules only
raise, so the floor is the highest one that fired. What must not stand alone is
never a main suggestion.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, TypeVar

from stepwell.domain import loading, support
from stepwell.domain.answers import KEYS, LISTS, SINGLES
from stepwell.domain.decision_inputs import VALUES, Inputs
from stepwell.domain.deriving import derive
from stepwell.domain.errors import FactError
from stepwell.domain.guide_facts import (
    Question,
    RedFlag,
    follow_up,
    goals,
    levels,
    needs,
    questions,
    red_flags,
)
from stepwell.domain.guide_rules import (
    ALONE_FILE,
    LEVEL,
    RULES_FILE,
    AloneRule,
    Rule,
    RuleSet,
    rule_set,
)
from stepwell.domain.sources import Checked, Source

Item = TypeVar("Item")
Fired: TypeAlias = Rule | AloneRule | RedFlag


class Role(StrEnum):
    """What part a kind of support plays in a plan, the strongest first."""

    MAIN = "main"
    ALONGSIDE = "alongside"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule, or a red flag, that fired: why something stands in a plan."""

    rule: str
    because: str
    source: Source


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A kind of support to consider, its role and the reasons for it."""

    kind: str
    role: Role
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Guidance:
    """What follows from decision inputs.

    `level_reasons` are those of the floor itself; `excluded` are kinds that
    must not be offered now, and that no other part of a plan may offer either.
    """

    level_from: int
    level_to: int
    level_reasons: tuple[Reason, ...]
    suggestions: tuple[Suggestion, ...]
    excluded: frozenset[str]
    not_enough_alone: tuple[AloneRule, ...]
    fired: tuple[Reason, ...]

    def kinds(self, role: Role) -> tuple[str, ...]:
        """Return the ids of the kinds with this role, in order."""
        return tuple(found.kind for found in self.suggestions if found.role is role)


def guide(inputs: Inputs, flags: Sequence[RedFlag] = ()) -> Guidance:
    """Return level and kinds of support for `inputs`.

    `flags` are the red flags that were named: their kinds are main whatever
    else follows, and what they exclude never appears.
    """
    rules = rule_set()
    values = _values(inputs)
    level_rules = _picked(rules.level_rules, rules.level_table.fired(values))
    level_from, level_to = level_of(level_rules)
    kind_rules = _picked(
        rules.kind_rules, rules.kind_table.fired({**values, LEVEL: str(level_from)})
    )
    alone = _picked(rules.alone_rules, rules.alone_table.fired(values))
    excluded = frozenset(
        [kind for flag in flags for kind in flag.exclude]
        + [kind for rule in kind_rules for kind in rule.then.exclude]
    )
    return Guidance(
        level_from=level_from,
        level_to=level_to,
        level_reasons=tuple(
            _reason(rule) for rule in level_rules if rule.then.level_at_least == level_from
        ),
        suggestions=_suggestions(_named(kind_rules, flags), alone, excluded),
        excluded=excluded,
        not_enough_alone=alone,
        fired=tuple(_reason(found) for found in _in_order(flags, level_rules, kind_rules, alone)),
    )


def level_of(fired: Iterable[Rule]) -> tuple[int, int]:
    """Return the lowest and the highest level that the fired level rules allow."""
    floor, top = 0, 0
    for rule in fired:
        floor = max(floor, rule.then.level_at_least or 0)
        top = max(top, rule.then.level_up_to or 0)
    return floor, max(floor, top)


def _values(inputs: Inputs) -> Mapping[str, str | Collection[str]]:
    return {name: getattr(inputs, name) for name in VALUES}


def _picked(rules: Sequence[Item], bits: int) -> tuple[Item, ...]:
    return tuple(rule for place, rule in enumerate(rules) if bits >> place & 1)


def _in_order(*found: Sequence[Fired]) -> Iterable[Fired]:
    return (one for part in found for one in part)


def _reason(found: Fired) -> Reason:
    if isinstance(found, RedFlag):
        return Reason(f"flag_{found.id}", found.shown().text, found.source)
    return Reason(found.id, found.because, found.source)


def _suggestions(
    named: Iterable[tuple[str, Role, Reason]], alone: Sequence[AloneRule], excluded: Collection[str]
) -> tuple[Suggestion, ...]:
    """Return each kind once with its strongest role, main ones first."""
    never_main = {kind for rule in alone for kind in rule.kinds}
    found: dict[Role, dict[str, list[Reason]]] = {role: {} for role in Role}
    for kind, role, reason in named:
        if kind not in excluded:
            demoted = role is Role.MAIN and kind in never_main
            kept = Role.ALONGSIDE if demoted else role
            found[kept].setdefault(kind, []).append(reason)
    return tuple(
        Suggestion(kind, role, tuple(reasons))
        for role, kinds in found.items()
        for kind, reasons in kinds.items()
        if not any(kind in found[stronger] for stronger in _stronger(role))
    )


def _stronger(role: Role) -> tuple[Role, ...]:
    return tuple(Role)[: tuple(Role).index(role)]


def _named(rules: Sequence[Rule], flags: Sequence[RedFlag]) -> Iterable[tuple[str, Role, Reason]]:
    for flag in flags:
        for kind in flag.kinds:
            yield kind, Role.MAIN, _reason(flag)
    for rule in rules:
        for role in Role:
            for kind in getattr(rule.then, role.value):
                yield kind, role, _reason(rule)


def check() -> None:
    """Raise FactError where the guide's facts speak of something that does not exist."""
    found = rule_set()
    for rule in (*found.level_rules, *found.kind_rules):
        where = f"{RULES_FILE}: rules.{rule.id}.then"
        loading.check_known(where, "kinds", rule.then.kinds, support.kinds())
    for alone in found.alone_rules:
        where = f"{ALONE_FILE}: rules.{alone.id}"
        loading.check_known(where, "kinds", alone.kinds, support.kinds())
    for flag in red_flags().values():
        where = f"red_flags.toml: flags.{flag.id}"
        loading.check_known(where, "kinds", (*flag.kinds, *flag.exclude), support.kinds())
    for need in needs().values():
        where = f"needs.toml: needs.{need.id}"
        loading.check_known(where, "asks_about", need.asks_about, red_flags())
    _check_questions()


def _check_questions() -> None:
    """Raise FactError unless the ten questions stand in their order with known options."""
    where = "guide_questions.toml"
    if tuple(questions()) != KEYS:
        raise FactError(f"{where}: questions: ask for {', '.join(KEYS)}, each once, in this order.")
    for key, question in questions().items():
        known = dict.fromkeys((LISTS.get(key) or SINGLES[key])())
        chosen = [option.id for option in question.options]
        loading.check_known(where, f"questions.{key}.options", chosen, known)


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how many of each of the guide's facts there are, by how they were checked."""
    found: RuleSet = rule_set()
    families: dict[str, Iterable[Source]] = {
        "needs and goals": [
            *(need.source for need in needs().values()),
            *(goal.source for goal in goals().values()),
        ],
        "levels of support": (level.source for level in levels().values()),
        "red flags": (flag.source for flag in red_flags().values()),
        "guide rules": (rule.source for rule in (*found.level_rules, *found.kind_rules)),
        "not-enough-alone rules": (rule.source for rule in found.alone_rules),
    }
    return {
        name: Counter(source.checked for source in sources) for name, sources in families.items()
    }


__all__ = [
    "Guidance",
    "Question",
    "Reason",
    "Role",
    "Suggestion",
    "check",
    "counts",
    "derive",
    "follow_up",
    "goals",
    "guide",
    "level_of",
    "levels",
    "needs",
    "questions",
    "red_flags",
]
