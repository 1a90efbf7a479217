"""What the pages about self-tests show, in which words and order. No queries, no requests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from stepwell.domain.instrument_figures import Accuracy
from stepwell.domain.instrument_schema import (
    Instrument,
    Scale,
    Wording,
)
from stepwell.domain.sources import Checked, Source

SECONDS_A_QUESTION = 15  # our own guess, shown as "about"
RATES = (5, 10, 20)  # of 100 people, for the table of what a score over the cut-off means
PICTURE_WIDTH = 760  # also in sealed/page.js


@dataclass(frozen=True)
class Choice:
    """One answer on the form and its points."""

    points: int
    words: str


@dataclass(frozen=True)
class Question:
    """One question as printed. `field` is a neutral name for its answers."""

    number: int
    item: str
    field: str
    words: str
    scored: bool
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class BandRow:
    """One published band, and where it stands in the picture of the scale."""

    id: str
    name: str
    lowest: Decimal
    highest: Decimal
    x: float
    width: float
    shade: float


@dataclass(frozen=True)
class Odds:
    """Of 100 people at or over the cut-off, how many have the condition, at one rate."""

    rate: int
    of_100: int
    others: int


@dataclass(frozen=True)
class CutOff:
    """What a score at or over a cut-off meant in a study, in counts of people."""

    at_least: Decimal
    condition: str
    population: str
    found: str
    cleared: str
    odds: tuple[Odds, ...]
    source: Source


@dataclass(frozen=True)
class ScaleView:
    """One scale with everything its result can show."""

    scale: Scale
    name: str
    bands: tuple[BandRow, ...]
    cut_offs: tuple[CutOff, ...]
    change: Decimal | None
    change_is_recalled: bool

    @property
    def is_picture(self) -> bool:
        """Say whether there are bands to draw."""
        return bool(self.bands)


@dataclass(frozen=True)
class TestView:
    """A self-test as every page about it shows it."""

    instrument: Instrument
    wording: Wording
    questions: tuple[Question, ...]
    scales: tuple[ScaleView, ...]
    minutes: int

    @property
    def asks_about_self_harm(self) -> bool:
        """Say whether an answer can call for help at once."""
        return bool(self.instrument.alerts)

    @property
    def alert_numbers(self) -> str:
        """Return the numbers of the questions whose answers call for help, for reading."""
        asked = {alert.item for alert in self.instrument.alerts}
        return ", ".join(str(one.number) for one in self.questions if one.item in asked)

    @property
    def unscored_numbers(self) -> str:
        """Return the numbers of the questions that add no points, for reading."""
        return ", ".join(str(one.number) for one in self.questions if not one.scored)

    @property
    def keys(self) -> str:
        """Return the digits that choose an answer, for reading."""
        points = [choice.points for one in self.questions for choice in one.choices]
        return f"{min(points)} to {max(points)}"


def test_view(instrument: Instrument, wording: Wording) -> TestView:
    """Return a self-test ready for its pages."""
    return TestView(
        instrument=instrument,
        wording=wording,
        questions=tuple(_questions(instrument, wording)),
        scales=tuple(_scale_view(scale, wording) for scale in instrument.scales),
        minutes=ceil(len(instrument.items) * SECONDS_A_QUESTION / 60),
    )


def _questions(instrument: Instrument, wording: Wording) -> Iterator[Question]:
    for number, item in enumerate(instrument.items, start=1):
        words = wording.options[item.options]
        values = instrument.values(item.id)
        yield Question(
            number=number,
            item=item.id,
            field=f"q{number}",
            words=wording.items[item.id],
            scored=item.scored,
            choices=tuple(Choice(value, words[value]) for value in values),
        )


def _scale_view(scale: Scale, wording: Wording) -> ScaleView:
    change = scale.reliable_change
    return ScaleView(
        scale=scale,
        name=wording.scales[scale.id],
        bands=tuple(_band_rows(scale, wording)),
        cut_offs=tuple(_cut_off(figure) for figure in scale.accuracy),
        change=change.points if change else None,
        change_is_recalled=change is not None and change.source.checked is Checked.RECALLED,
    )


def _band_rows(scale: Scale, wording: Wording) -> Iterator[BandRow]:
    ranges = scale.bands[0].ranges if scale.bands else ()
    step = PICTURE_WIDTH / (scale.highest - scale.lowest + 1)
    for number, band in enumerate(ranges, start=1):
        yield BandRow(
            id=band.id,
            name=wording.bands[band.id],
            lowest=band.lowest,
            highest=band.highest,
            x=round(float(band.lowest - scale.lowest) * step, 1),
            width=round(float(band.highest - band.lowest + 1) * step - 1, 1),
            shade=round(number / len(ranges), 2),
        )


def _cut_off(figure: Accuracy) -> CutOff:
    return CutOff(
        at_least=figure.at_least,
        condition=figure.condition,
        population=figure.population,
        found=_of_100(figure.sensitivity, figure.sensitivity_range),
        cleared=_of_100(figure.specificity, figure.specificity_range),
        odds=tuple(_odds(figure, rate) for rate in RATES),
        source=figure.source,
    )


def _of_100(share: float, limits: Sequence[float] | None) -> str:
    """Return a share as people out of 100, with its range where there is one."""
    people = f"{share:.0%}".rstrip("%")
    if limits is None:
        return people
    low, high = (f"{limit:.0%}".rstrip("%") for limit in limits)
    return f"{people} ({low} to {high})"


def _odds(figure: Accuracy, rate: int) -> Odds:
    """Return Bayes' rule in people: those found, of all at or over the cut-off."""
    found = rate * figure.sensitivity
    mistaken = (100 - rate) * (1 - figure.specificity)
    of_100 = round(100 * found / (found + mistaken))
    return Odds(rate=rate, of_100=of_100, others=100 - of_100)
