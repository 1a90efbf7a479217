"""Answers and plans turned into what the guide's pages show. No queries, nothing kept."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from stepwell.apps.guide.brought_along import brought_along
from stepwell.apps.guide.forms import KEY_OF, MORE_PAGE, PAGES, UNKNOWN, Journey
from stepwell.domain import countries, guidance, sign_off
from stepwell.domain.guidance import Role
from stepwell.domain.guide_facts import Option
from stepwell.domain.plans import (
    FiredRule,
    NotEnough,
    Plan,
    PlanApproach,
    PlanKind,
    PlanLabel,
)
from stepwell.domain.sources import Cell

Context = dict[str, Any]
TOTAL = len(KEY_OF)
PREFER_NOT = "I do not know, or prefer not to say"
NOT_SAID = "Not said"
COMPARED_WITH = {"psychotherapy": "counselling"}
COMPARE_WITH = "psychotherapy"


class Choice(NamedTuple):
    """One answer on a page."""

    id: str
    label: str
    hint: str
    chosen: bool


class Said(NamedTuple):
    """One question with what was answered, for "change an answer"."""

    page: str
    ask: str
    answer: str


class Line(NamedTuple):
    """A kind of support in the plan with the rules that can be opened and a page to compare."""

    kind: PlanKind
    rules: tuple[FiredRule, ...]
    compare_with: str


class Alone(NamedTuple):
    """What is not enough alone and why, with the rules that can be opened."""

    names: str
    at_least: str
    because: list[Cell]
    rules: tuple[FiredRule, ...]


def question_page(journey: Journey, page: str, problem: str = "") -> Context:
    """Return what the page of one question shows, with everything else said as hidden fields."""
    number = TOTAL // 2 if page == MORE_PAGE else int(page)
    chosen = journey.said[page]
    return {
        "page": page,
        "field": f"q{page}",
        "question": guidance.follow_up() if page == MORE_PAGE else _question(page),
        "several": page == MORE_PAGE or _question(page).several,
        "choices": _choices(journey, page),
        "long": page in KEY_OF and KEY_OF[page] == "country",
        "unsure": Choice(UNKNOWN, PREFER_NOT, "", UNKNOWN in chosen),
        "number": number,
        "total": TOTAL,
        "marks": [place < number for place in range(TOTAL)],
        "hidden": hidden(journey, but=page),
        "is_first": page == PAGES[0],
        "problems": [(f"q{page}-1", problem)] if problem else [],
    }


def hidden(journey: Journey, but: str = "") -> list[tuple[str, str]]:
    """Return field and value of everything that was said, but on one page."""
    return [(f"q{page}", value) for page in PAGES if page != but for value in journey.said[page]]


def plan_page(journey: Journey, made: Plan) -> Context:
    """Return what the plan page shows, in the order of the plan."""
    rules = {rule.rule: rule for rule in made.fired}
    lines = [_line(kind, rules) for kind in made.kinds]
    return {
        "plan": made,
        "signed": sign_off.rules_signed(),
        "hidden": hidden(journey),
        "said": _all_said(journey),
        "steps": list(guidance.levels().values()),
        "level_rules": _opened(made.level.rules, rules),
        "level_range": _range(made),
        "main": [line for line in lines if line.kind.role is Role.MAIN],
        "alongside": [line for line in lines if line.kind.role is Role.ALONGSIDE],
        "while_waiting": [line for line in lines if line.kind.role is Role.WAITING],
        "alone": _alone(made.not_enough_alone, rules),
        "searches": [brought_along(search) for search in made.searches],
        "labels": [_label(label) for label in made.confidentiality],
        "country_name": countries.names().get(made.country, ""),
        "conditions": _by_condition(made.approaches),
    }


def _question(page: str) -> guidance.Question:
    return guidance.questions()[KEY_OF[page]]


def _choices(journey: Journey, page: str) -> list[Choice]:
    chosen = journey.said[page]
    return [
        Choice(option.id, option.label, option.hint, option.id in chosen)
        for option in _options(journey, page)
    ]


def _options(journey: Journey, page: str) -> Iterable[Option]:
    """Return the answers that one page offers."""
    if page == MORE_PAGE:
        flags = guidance.red_flags()
        asked = [Option(id=flag, label=flags[flag].label) for flag in journey.asks_more()]
        return [*asked, Option(id="none", label="None of these")]
    key = KEY_OF[page]
    if key == "needs":
        rows = guidance.needs().values()
        return [Option(id=row.id, label=row.label, hint=row.hint) for row in rows]
    if key == "goals":
        goals = guidance.goals().values()
        return [Option(id=row.id, label=row.label, hint=row.hint) for row in goals]
    if key == "country":
        by_name = sorted(countries.names().items(), key=lambda item: item[1])
        return [Option(id=code, label=name) for code, name in by_name]
    return guidance.questions()[key].options


def _all_said(journey: Journey) -> list[Said]:
    """Return every question with its answer in words; the one more page is among them."""
    return [Said(page, _ask(page), _answer(journey, page)) for page in journey.pages()]


def _ask(page: str) -> str:
    return guidance.follow_up().ask if page == MORE_PAGE else _question(page).ask


def _answer(journey: Journey, page: str) -> str:
    labels = {option.id: option.label for option in _options(journey, page)}
    chosen = [labels[value] for value in journey.said[page] if value in labels]
    return ", ".join(chosen) or NOT_SAID


def _opened(ids: Sequence[str], rules: dict[str, FiredRule]) -> tuple[FiredRule, ...]:
    return tuple(rules[rule] for rule in ids)


def _line(kind: PlanKind, rules: dict[str, FiredRule]) -> Line:
    other = COMPARED_WITH.get(kind.id, COMPARE_WITH)
    return Line(kind, _opened(kind.rules, rules), other)


def _alone(entries: Sequence[NotEnough], rules: dict[str, FiredRule]) -> list[Alone]:
    """Return what is not enough alone, rules that ask for the same put together."""
    same: dict[tuple[str, str], list[NotEnough]] = {}
    for entry in entries:
        same.setdefault((", ".join(entry.names), entry.at_least), []).append(entry)
    return [
        Alone(
            names=names,
            at_least=at_least,
            because=[entry.because for entry in found],
            rules=_opened([entry.rule for entry in found], rules),
        )
        for (names, at_least), found in same.items()
    ]


def _by_condition(rows: Sequence[PlanApproach]) -> list[tuple[str, list[PlanApproach]]]:
    """Return the rows of each condition, both in the order of the plan."""
    found: dict[str, list[PlanApproach]] = {}
    for row in rows:
        found.setdefault(row.condition, []).append(row)
    return list(found.items())


def _range(made: Plan) -> str:
    low, high = made.level.lowest, made.level.highest
    return f"Level {low}" if low == high else f"Level {low}, perhaps up to {high}"


def _label(found: PlanLabel) -> Context:
    view = found.label
    return {
        "title": f"Confidentiality: {found.name.lower()}",
        "basis": view.basis.text,
        "who_can_see": view.who_can_see,
        "limits": [limit.told for limit in view.limits],
        "records": view.records,
        "complain": view.complain,
    }
