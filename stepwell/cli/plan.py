"""`stepwell plan`: the guide on a terminal, or for programs."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from stepwell.domain import countries, guidance, plans, sign_off
from stepwell.domain.answers import answers_schema, parse_answers
from stepwell.domain.errors import BadAnswers
from stepwell.domain.guidance import Role
from stepwell.domain.guide_facts import Option, Question
from stepwell.domain.plans import FiredRule, HelpFirst, Plan
from stepwell.domain.sources import NOT_YET_CHECKED, Cell, CellState, Checked

INTRO = (
    "Ten questions at most. Press Enter to skip one: that counts as unknown, never as no.\n"
    "Nothing is stored."
)
ROLES = (
    (Role.MAIN, "What fits"),
    (Role.ALONGSIDE, "Good alongside"),
    (Role.WAITING, "In the meantime"),
)
UNREVIEWED = "Rules not yet reviewed by a clinician of this organisation."


@click.command("plan")
@click.argument("answers_json", required=False, type=click.Path(exists=True, dir_okay=False))
@click.option("--country", help="ISO code of the country, in place of the one in the answers.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")
@click.option("--schema", is_flag=True, help="Print the JSON schema of an answers file.")
def plan(answers_json: str | None, country: str | None, as_json: bool, schema: bool) -> None:
    """Make a plan from ANSWERS_JSON, or ask the questions here.

    A key that is missing or null means unknown. It never means no.
    """
    if schema:
        click.echo(json.dumps(answers_schema(), indent=2, ensure_ascii=False))
        return
    raw = _read(Path(answers_json)) if answers_json else _asked_here()
    answers = parse_answers(_with_country(raw, country))
    made = plans.plan(answers, today=datetime.now(UTC).date())
    if as_json:
        shown = made.model_dump(mode="json", by_alias=True)
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
    else:
        show(made)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise BadAnswers(f"{path.name}: not JSON ({error}). Correct that place.") from error


def _with_country(raw: Any, country: str | None) -> Any:
    if country is None or not isinstance(raw, dict):
        return raw
    if not countries.is_country(country.upper()):
        raise click.BadParameter(
            f"{country!r} is no ISO country code. Write two letters, like GB.",
            param_hint="--country",
        )
    return {**raw, "country": country.upper()}


def _asked_here() -> dict[str, Any]:
    try:
        return _asked()
    except click.Abort:
        raise click.UsageError("Name an answers file, or answer the questions here.") from None


def _asked() -> dict[str, Any]:
    """Ask the ten questions on the terminal and return the answers."""
    click.echo(INTRO, err=True)
    said: dict[str, Any] = {}
    for key, question in guidance.questions().items():
        said[key] = _country() if key == "country" else _choose(question, list(_options(question)))
        if key == "needs" and (more := _more_about_safety(said["needs"])):
            said["safety"] = [flag for flag in said["safety"] or [] if flag != "none"] + more
    return said


def _options(question: Question) -> Iterator[Option]:
    rows: Iterable[Any] = question.options
    if question.key == "needs":
        rows = guidance.needs().values()
    if question.key == "goals":
        rows = guidance.goals().values()
    for row in rows:
        yield Option(id=row.id, label=row.label, hint=row.hint)


def _more_about_safety(needs: list[str] | None) -> list[str]:
    """Ask about the red flags that picked needs call for; left open is unknown, never no."""
    picked = [guidance.needs()[need] for need in needs or ()]
    flags = dict.fromkeys(flag for need in picked for flag in need.asks_about)
    if not flags:
        return []
    options = [Option(id=flag, label=guidance.red_flags()[flag].label) for flag in flags]
    click.echo(f"\n{guidance.follow_up().ask}", err=True)
    chosen = _numbers([*options, Option(id="none", label="None of these")], several=True)
    if chosen is None:
        return ["cannot_answer"]
    return [flag for flag in chosen if flag != "none"]


def _choose(question: Question, options: list[Option]) -> list[str] | str | None:
    click.echo(f"\n{question.ask}\n  ({question.why})", err=True)
    chosen = _numbers(options, several=question.several)
    if chosen is None or question.several:
        return chosen
    return chosen[0]


def _numbers(options: list[Option], *, several: bool) -> list[str] | None:
    """Let someone choose by number; return the ids, or None where nothing was chosen."""
    for place, option in enumerate(options, start=1):
        hint = f": {option.hint}" if option.hint else ""
        click.echo(f"  {place:2} {option.label}{hint}", err=True)
    prompt = "Numbers, with spaces between" if several else "Number"
    while True:
        typed = click.prompt(prompt, default="", show_default=False, err=True)
        picked = typed.replace(",", " ").split()
        if not picked:
            return None
        if all(word.isdecimal() and 1 <= int(word) <= len(options) for word in picked):
            return [options[int(word) - 1].id for word in picked]
        click.echo(f"Write numbers from 1 to {len(options)}, or press Enter to skip.", err=True)


def _country() -> str | None:
    click.echo(f"\n{guidance.questions()['country'].ask}", err=True)
    while True:
        typed = click.prompt("ISO code, like GB", default="", show_default=False, err=True)
        if not typed or countries.is_country(typed.upper()):
            return typed.upper() or None
        click.echo("That is no ISO country code. Two letters, or Enter to skip.", err=True)


def show(made: Plan) -> None:
    """Print a plan for reading, in the order of its page."""
    console = Console(highlight=False, soft_wrap=True)
    for heading, lines in _sections(made):
        shown = [line for line in lines if line]
        if shown:
            console.print(f"\n[bold]{escape(heading)}[/bold]")
            for line in shown:
                console.print(f"  {escape(line)}")


def _sections(made: Plan) -> Iterator[tuple[str, list[str]]]:
    low, high = made.level.lowest, made.level.highest
    span = f"Level {low}" if low == high else f"Level {low}, perhaps up to {high}"
    signed = sign_off.rules_signed()
    read = (
        f"Rules read and signed off by {signed.by} on {signed.signed_on}." if signed else UNREVIEWED
    )
    yield f"Your plan (rules version {made.version})", [read]
    yield "First: people you can reach now", _help(made.help_now)
    yield f"{span}: {made.level.name}", [made.level.one_line, made.level.because]
    yield "What would change this", [change.words for change in made.would_change]
    for role, heading in ROLES:
        yield heading, [f"{kind.name}: {kind.because}" for kind in made.beside(role)]
    yield "Not enough alone", _alone(made)
    yield "Approaches, and what speaks for them", [*_approaches(made), made.approaches_note]
    yield "Who is qualified, and how to check", _qualified(made)
    yield "How private it is", _private(made)
    yield "Ask at the first contact", list(made.questions)
    yield "Today", list(made.today)
    yield "While you wait", list(made.waiting)
    again = f"Look at this again on {made.check_in_on:%-d %B %Y}."
    yield "When to take a step up", [*made.step_up, again]
    yield "Rules that fired", [_rule(rule) for rule in made.fired]


def _help(first: HelpFirst | None) -> list[str]:
    if first is None:
        return []
    held = first.help
    lines = list(first.because)
    if held.emergency:
        lines.append(f"In danger right now: {held.emergency.show} ({held.country_name})")
    for line in held.lines:
        number = line.phone or (line.text.show if line.text else line.chat or line.web)
        lines.append(f"{line.name}: {number}. {line.hours}")
    if not held.lines:
        lines += [held.note, *(f"{each.name}: {each.url}" for each in held.directories)]
    return lines


def _alone(made: Plan) -> list[str]:
    return [
        f"{', '.join(rule.names)}: at least {rule.at_least}. {_told(rule.because)}"
        for rule in made.not_enough_alone
    ]


def _approaches(made: Plan) -> list[str]:
    return [f"{row.name} ({row.condition}): {_told(row.role)}" for row in made.approaches]


def _qualified(made: Plan) -> list[str]:
    return [
        f"{one.name}: {_told(one.title)} "
        + "; ".join(register.name for register in one.registers[:3])
        for one in made.qualified
    ]


def _private(made: Plan) -> list[str]:
    return [
        f"{one.name}: {_told(one.label.basis)} {_told(one.label.who_can_see)}"
        for one in made.confidentiality
    ]


def _rule(rule: FiredRule) -> str:
    unsure = f" ({NOT_YET_CHECKED})" if rule.source.checked is Checked.RECALLED else ""
    return f"{rule.rule}: {rule.source.citation}{unsure}"


def _told(cell: Cell) -> str:
    unsure = f" ({NOT_YET_CHECKED})" if cell.state is CellState.RECALLED else ""
    return f"{cell.text}{unsure}"
