"""The plan: everything the guide gives a person, put together from the rules and the facts.

The same answers, rules and day always give the same plan. Nothing is stored.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, timedelta

from pydantic import Field

from stepwell.domain import approaches as evidence
from stepwell.domain import crisis, guide_facts, jurisdictions, professions, registers, support
from stepwell.domain.answers import Answers
from stepwell.domain.approaches import EvidenceRow
from stepwell.domain.crisis import HelpNow
from stepwell.domain.decision_inputs import Inputs, Safety
from stepwell.domain.deriving import derive
from stepwell.domain.guidance import Guidance, Reason, Role, guide
from stepwell.domain.guide_facts import RedFlag
from stepwell.domain.guide_rules import AloneRule, rule_set
from stepwell.domain.plan_changes import Change, changes
from stepwell.domain.plan_searches import Search, searches
from stepwell.domain.registers import RegisterView
from stepwell.domain.sources import Cell, Frozen, Source, Statement, Text, cell
from stepwell.domain.support import LabelView

CONDITIONS_AT_MOST = 6
APPROACHES_AT_MOST = 6  # for one condition; what is not recommended comes on top
QUESTIONS_AT_MOST = 6
UNKNOWN_SAFETY = (
    "Whether you are safe was left open. That is all right. "
    "If things get too much, these people answer, and you need not give a reason."
)
TODAY_WORDS = "What you told us calls for someone to talk to today."
IF_ALONE_UNCHECKED = "Ask a professional before you rely on it alone."
EVIDENCE_DUE = (
    "Some of what we hold on approaches is due for a new check and is not shown. "
    "Ask a professional which approach guidelines name now."
)
NO_EVIDENCE = (
    "We hold no row of evidence for this yet. Ask which approach is used, and what speaks for it."
)
ASK_THOSE_WHO_HELP = "Ask those who help you now how this fits with what you do together."


class HelpFirst(Frozen):
    """Stands before everything else: why, and whom to reach."""

    because: tuple[Text, ...]
    help: HelpNow


class PlanLevel(Frozen):
    """The range of levels and why. In JSON its ends are called `from` and `to`."""

    lowest: int = Field(serialization_alias="from")
    highest: int = Field(serialization_alias="to")
    because: Text
    rules: tuple[str, ...]
    name: Text
    one_line: Text
    typical_contact: Text
    source: Source


class PlanKind(Frozen):
    """A kind of support to consider, its part in the plan and the rules that named it."""

    id: str
    role: Role
    because: Text
    rules: tuple[str, ...]
    name: Text
    one_line: Text
    levels: tuple[int, ...]


class NotEnough(Frozen):
    """Kinds that must not stand alone here, what there should be at least, and why."""

    rule: str
    kinds: tuple[str, ...]
    names: tuple[Text, ...]
    at_least: Text
    because: Cell


class PlanApproach(Frozen):
    """An approach with what one source says about it for one condition."""

    id: str
    name: Text
    condition: Text
    population: Text
    recommended: bool
    role: Cell
    strength: Cell
    sessions: Cell
    guideline: str
    year: int | None
    source: Source


class Qualified(Frozen):
    """Who gives a main kind of support, whether the title is protected, and where to check."""

    profession: str
    name: Text
    kinds: tuple[str, ...]
    title: Cell
    registers: tuple[RegisterView, ...]


class PlanLabel(Frozen):
    """The confidentiality label of one main kind of support."""

    kind: str
    name: Text
    label: LabelView


class FiredRule(Frozen):
    """A rule that fired, so that every line can be opened."""

    rule: str
    because: Text
    source: Source


class Plan(Frozen):
    """A plan in the order in which it is shown."""

    version: Text
    help_now: HelpFirst | None
    level: PlanLevel
    kinds: tuple[PlanKind, ...]
    not_enough_alone: tuple[NotEnough, ...]
    approaches: tuple[PlanApproach, ...]
    approaches_note: str
    country: str
    qualified: tuple[Qualified, ...]
    confidentiality: tuple[PlanLabel, ...]
    questions: tuple[Text, ...]
    today: tuple[Text, ...]
    waiting: tuple[Text, ...]
    step_up: tuple[Text, ...]
    check_in_on: date
    would_change: tuple[Change, ...]
    searches: tuple[Search, ...]
    fired: tuple[FiredRule, ...]

    def main(self) -> tuple[PlanKind, ...]:
        """Return the main kinds of support."""
        return tuple(kind for kind in self.kinds if kind.role is Role.MAIN)

    def beside(self, role: Role) -> tuple[PlanKind, ...]:
        """Return the kinds with this role."""
        return tuple(kind for kind in self.kinds if kind.role is role)


def plan(answers: Answers, *, today: date) -> Plan:
    """Return the plan for `answers` as it stands on `today`.

    Never fails: whatever was left out is unknown, and unknown brings a person.
    """
    inputs = derive(answers)
    flags = tuple(guide_facts.red_flags()[flag] for flag in answers.flags)
    found = guide(inputs, flags)
    main = found.kinds(Role.MAIN)
    level = guide_facts.levels()[found.level_from]
    rows, note = _approaches(answers, found, today)
    return Plan(
        version=rule_set().version,
        help_now=_help_first(answers, inputs, flags, found, today),
        level=_level(found),
        kinds=_kinds(found),
        not_enough_alone=tuple(_not_enough(rule) for rule in found.not_enough_alone),
        approaches=rows,
        approaches_note=note,
        country=answers.country or "",
        qualified=_qualified(main, answers.country),
        confidentiality=tuple(_label(kind) for kind in main),
        questions=_questions(main),
        today=(*level.today, *([ASK_THOSE_WHO_HELP] if answers.tried == "in_care" else [])),
        waiting=level.waiting,
        step_up=level.step_up,
        check_in_on=today + timedelta(weeks=level.check_in_weeks),
        would_change=changes(answers, found.level_from),
        searches=searches(main, answers, (row.id for row in rows if row.recommended)),
        fired=tuple(_fired(reason) for reason in found.fired),
    )


def _help_first(
    answers: Answers, inputs: Inputs, flags: Sequence[RedFlag], found: Guidance, today: date
) -> HelpFirst | None:
    """Return help whenever danger was named, left open, or the level is urgent."""
    because = [flag.shown().text for flag in flags]
    if not because and inputs.safety is not Safety.NONE:
        because = [UNKNOWN_SAFETY]
    if not because and found.level_from == max(guide_facts.levels()):
        because = [TODAY_WORDS]
    if not because:
        return None
    return HelpFirst(because=tuple(because), help=crisis.help_for(answers.country, today=today))


def _level(found: Guidance) -> PlanLevel:
    level = guide_facts.levels()[found.level_from]
    return PlanLevel(
        lowest=found.level_from,
        highest=found.level_to,
        because=_sentences(found.level_reasons),
        rules=tuple(reason.rule for reason in found.level_reasons),
        name=level.name,
        one_line=level.one_line,
        typical_contact=level.typical_contact,
        source=level.source,
    )


def _kinds(found: Guidance) -> tuple[PlanKind, ...]:
    facts = support.kinds()
    return tuple(
        PlanKind(
            id=one.kind,
            role=one.role,
            because=_sentences(one.reasons),
            rules=tuple(reason.rule for reason in one.reasons),
            name=facts[one.kind].name,
            one_line=facts[one.kind].one_line,
            levels=facts[one.kind].levels,
        )
        for one in found.suggestions
    )


def _sentences(reasons: Iterable[Reason]) -> str:
    return " ".join(dict.fromkeys(reason.because for reason in reasons))


def _not_enough(rule: AloneRule) -> NotEnough:
    because = Statement(text=rule.because)
    return NotEnough(
        rule=rule.id,
        kinds=rule.kinds,
        names=tuple(support.kinds()[kind].name for kind in rule.kinds),
        at_least=rule.at_least,
        because=cell(because, rule.source, strict=False, instead=IF_ALONE_UNCHECKED),
    )


def _approaches(
    answers: Answers, found: Guidance, today: date
) -> tuple[tuple[PlanApproach, ...], str]:
    """Return rows of evidence by condition, and what to say about what is missing.

    A row past its review is left out, and so is an approach that is offered as
    a kind which must not be offered now. What is not recommended stays, marked.
    """
    needs = answers.needs or ()
    rows = evidence.evidence_for(needs, found.level_to, answers.age_band)
    fresh = [row for row in rows if row.source.review_due >= today]
    allowed = [
        row
        for row in fresh
        if not found.excluded.intersection(evidence.approach(row.approach).kinds)
    ]
    note = EVIDENCE_DUE if len(fresh) < len(rows) else ""
    shown = tuple(_approach(row) for row in _by_condition(allowed, set(needs)))
    return shown, note or ("" if shown else NO_EVIDENCE)


def _by_condition(rows: Iterable[EvidenceRow], needs: Set[str]) -> Iterator[EvidenceRow]:
    """Yield the best rows of each condition, conditions about these needs alone first."""
    conditions: dict[str, dict[str, EvidenceRow]] = {}
    for row in rows:
        conditions.setdefault(row.condition, {}).setdefault(row.approach, row)
    ordered = sorted(conditions.values(), key=lambda found: _closeness(found, needs))
    for found in ordered[:CONDITIONS_AT_MOST]:
        good = [row for row in found.values() if not row.not_recommended]
        yield from good[:APPROACHES_AT_MOST]
        yield from (row for row in found.values() if row.not_recommended)


def _closeness(found: Mapping[str, EvidenceRow], needs: Set[str]) -> tuple[bool, int]:
    """Sort conditions that name other needs too to the end, those with more rows first."""
    return not all(needs >= set(row.needs) for row in found.values()), -len(found)


def _approach(row: EvidenceRow) -> PlanApproach:
    return PlanApproach(
        id=row.approach,
        name=evidence.approach(row.approach).name,
        condition=row.condition,
        population=row.population,
        recommended=not row.not_recommended,
        role=row.role_cell(),
        strength=row.strength_cell(),
        sessions=row.sessions_cell(),
        guideline=row.guideline,
        year=row.year,
        source=row.source,
    )


def _qualified(main: Sequence[str], country: str | None) -> tuple[Qualified, ...]:
    """Return each profession that gives a main kind where the person lives, once."""
    gives: dict[str, list[str]] = {}
    for kind in main:
        for profession in support.kind(kind).given_by_in(country):
            gives.setdefault(profession, []).append(kind)
    return tuple(
        Qualified(
            profession=profession,
            name=professions.profession(profession).name,
            kinds=tuple(kinds),
            title=jurisdictions.title_in(profession, country),
            registers=registers.registers_for(profession, country),
        )
        for profession, kinds in gives.items()
    )


def _label(kind: str) -> PlanLabel:
    fact = support.kind(kind)
    return PlanLabel(kind=kind, name=fact.name, label=support.label_view(fact.label, fact.source))


def _questions(main: Sequence[str]) -> tuple[str, ...]:
    """Return questions for the first contact: those of the main kinds in turn, none twice."""
    lists = [support.kind(kind).questions for kind in main]
    longest = max((len(asked) for asked in lists), default=0)
    turns = [asked[place] for place in range(longest) for asked in lists if place < len(asked)]
    return tuple(dict.fromkeys(turns))[:QUESTIONS_AT_MOST]


def _fired(reason: Reason) -> FiredRule:
    return FiredRule(rule=reason.rule, because=reason.because, source=reason.source)
