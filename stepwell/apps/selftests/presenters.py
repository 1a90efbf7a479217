"""What the pages about self-tests show, in which words and order. No queries, no requests."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from math import ceil

from stepwell.apps.selftests.scale_presenters import ScaleView, scale_view
from stepwell.apps.selftests.scoring_words import joined, questions_for_reading
from stepwell.domain.instrument_schema import (
    NOT_APPLICABLE,
    AlertKind,
    Instrument,
    Item,
    NumberRange,
    Wording,
)

SECONDS_A_QUESTION = 15  # our own guess, shown as "about"
MOST_BY_KEY = 9  # the highest answer that one digit can choose

# What a question asks about that calls for help, said before anyone gets there.
ASKS_ABOUT = {
    AlertKind.SELF_HARM: "thoughts of being dead or of hurting yourself",
    AlertKind.DANGER: "taking risks, or doing things that could harm you",
    AlertKind.VIOLENCE: "violence",
    AlertKind.BODY: "signs of the body that a doctor may have to look at",
    AlertKind.SUBSTANCES: "alcohol or other drugs",
}


@dataclass(frozen=True)
class Choice:
    """One answer on the form: its value (or "n/a") and its words."""

    value: str
    words: str


@dataclass(frozen=True)
class Question:
    """One question as printed. `field` is a neutral name for its answers."""

    number: int
    item: str
    field: str
    heading: str
    words: str
    options: str
    scored: bool
    choices: tuple[Choice, ...]
    range: NumberRange | None
    unit: str


@dataclass(frozen=True)
class Group:
    """Questions that stand together on paper: one heading, one set of answers."""

    heading: str
    questions: tuple[Question, ...]

    @property
    def choices(self) -> tuple[Choice, ...]:
        """Return every answer that one of the questions has, as columns."""
        found = {choice.value: choice for one in self.questions for choice in one.choices}
        return tuple(found.values())

    @property
    def unit(self) -> str:
        """Return the unit of written numbers, or nothing where answers are chosen."""
        return self.questions[0].unit


@dataclass(frozen=True)
class Care:
    """One kind of help that an answer can call for, and the questions that do."""

    kind: str
    asks_about: str
    numbers: str
    how_many: int


@dataclass(frozen=True)
class TestView:
    """A self-test as every page about it shows it."""

    instrument: Instrument
    wording: Wording
    questions: tuple[Question, ...]
    scales: tuple[ScaleView, ...]
    minutes: int
    cares: tuple[Care, ...]

    @property
    def has_several_scales(self) -> bool:
        """Say whether results need names to tell them apart."""
        return len(self.scales) > 1

    @property
    def figure_level(self) -> int:
        """Return the level of the headings over a scale's figures."""
        return 4 if self.has_several_scales else 3

    @property
    def unscored_numbers(self) -> str:
        """Return the numbers of the questions that add no points, for reading."""
        unscored = [one.number for one in self.questions if not one.scored]
        return questions_for_reading(unscored) if unscored else ""

    @property
    def keys(self) -> str:
        """Return the digits that choose an answer, for reading; nothing where none does."""
        values = [int(c.value) for one in self.questions for c in one.choices if c.value.isdigit()]
        return f"{min(values)} to {min(max(values), MOST_BY_KEY)}" if values else ""

    @property
    def owners_copies(self) -> bool:
        """Say whether the words were compared with a page or form of the owner itself."""
        return any(copy.owners for copy in self.instrument.checked_against)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Return the questions as tables for paper."""
        found = groupby(self.questions, key=lambda one: (one.heading, one.options, one.scored))
        return tuple(Group(heading, tuple(ones)) for (heading, _, _), ones in found)

    @property
    def no_error_known(self) -> tuple[str, ...]:
        """Return the names of the scales without a figure for the error of measurement."""
        return tuple(one.name for one in self.scales if one.scale.error is None)


def test_view(instrument: Instrument, wording: Wording) -> TestView:
    """Return a self-test ready for its pages."""
    questions = tuple(_questions(instrument, wording))
    return TestView(
        instrument=instrument,
        wording=wording,
        questions=questions,
        scales=tuple(scale_view(instrument, scale, wording) for scale in instrument.scales),
        minutes=minutes_for(len(instrument.items)),
        cares=tuple(_cares(instrument, questions)),
    )


def minutes_for(questions: int) -> int:
    """Return about how many minutes so many questions take."""
    return ceil(questions * SECONDS_A_QUESTION / 60)


def _questions(instrument: Instrument, wording: Wording) -> Iterator[Question]:
    heading = ""
    for number, item in enumerate(instrument.items, start=1):
        heading = wording.headings.get(item.id, heading)
        yield Question(
            number=number,
            item=item.id,
            field=f"q{number}",
            heading=heading,
            words=wording.items[item.id],
            options=item.options,
            scored=item.scored,
            choices=tuple(_choices(instrument, item, wording)),
            range=instrument.numbers.get(item.options),
            unit=wording.numbers.get(item.options, ""),
        )


def _choices(instrument: Instrument, item: Item, wording: Wording) -> Iterator[Choice]:
    words = wording.options.get(item.options, {})
    for value in instrument.options.get(item.options, ()):
        yield Choice(str(value), words[value])
    if item.may_not_apply:
        yield Choice(NOT_APPLICABLE, wording.not_applicable[item.id])


def _cares(instrument: Instrument, questions: tuple[Question, ...]) -> Iterator[Care]:
    called = {alert.kind for alert in instrument.alerts}
    for kind in (kind for kind in AlertKind if kind in called):
        asked = {alert.item for alert in instrument.alerts if alert.kind is kind}
        numbers = [str(one.number) for one in questions if one.item in asked]
        yield Care(str(kind), ASKS_ABOUT[kind], joined(numbers), len(numbers))
