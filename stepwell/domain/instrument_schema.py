"""What an instrument is: the shape of its files, of its scores, and what can go wrong."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from stepwell.domain.errors import DomainError
from stepwell.domain.sources import Fact, FactId, Frozen, Source, Text

Response = Mapping[str, int]
Proportion = Annotated[float, Field(ge=0, le=1)]


class Evidence(Frozen):
    """The owner's words about reproduction, where they were seen and when."""

    words: Text
    where: Text
    seen_on: date


class Licence(Frozen):
    """What the owner allows. `cleared` is a decision: only a cleared instrument loads."""

    owner: Text
    terms: Text
    cleared: bool
    evidence: tuple[Evidence, ...]


class Item(Frozen):
    """One question by identity. `options` names a set of answers; unscored items add nothing."""

    id: FactId
    options: FactId
    scored: bool = True
    loinc: str = ""


class Band(Frozen):
    """A published, named range of points; both ends belong to it."""

    id: FactId
    lowest: int
    highest: int


class Bands(Frozen):
    """The published ranges of one scale, and the people they come from."""

    population: Text
    source: Source
    ranges: tuple[Band, ...]


class Accuracy(Frozen):
    """How often a cut-off found, and cleared, the people of one study.

    The two ranges are 95 % confidence intervals, where the source gives them.
    """

    at_least: int
    condition: Text
    population: Text
    sensitivity: Proportion
    sensitivity_range: tuple[Proportion, Proportion] | None = None
    specificity: Proportion
    specificity_range: tuple[Proportion, Proportion] | None = None
    source: Source


class ReliableChange(Frozen):
    """The smallest difference between two scores that is more than chance, in points."""

    points: int
    source: Source


class ErrorOfMeasurement(Frozen):
    """How far a score may lie from the true one, in points either way, in one sample."""

    points: Annotated[float, Field(gt=0)]
    population: Text
    source: Source


class Scale(Frozen):
    """Points summed over items. Figures are there only where a source gives them."""

    id: FactId
    items: tuple[FactId, ...]
    lowest: int
    highest: int
    loinc: str = ""
    bands: Bands | None = None
    error: ErrorOfMeasurement | None = None
    reliable_change: ReliableChange | None = None
    accuracy: tuple[Accuracy, ...] = ()


class AlertKind(StrEnum):
    """What an alert is about; it decides which words are shown, never how much help."""

    SELF_HARM = "self_harm"


class Alert(Frozen):
    """An answer that shows help at once, before and whatever the score."""

    kind: AlertKind
    item: FactId
    at_least: int


class Example(Frozen):
    """A worked example: a whole response and what it scores; `origin` says whose it is."""

    origin: Text
    response: dict[FactId, int]
    points: dict[FactId, int]
    bands: dict[FactId, FactId] = Field(default_factory=dict)


class Encoding(Frozen):
    """An independent copy of the wording that ours was compared with."""

    name: Text
    file: str = ""
    agrees: bool
    differs: str = ""


class Instrument(Fact):
    """One self-test. `code` is its number in the neutral address of its answer page."""

    code: Annotated[int, Field(ge=1)]
    name: Text
    short_name: Text
    measures: Text
    measures_not: Text
    made_by: Text
    published_in: Text
    doi: str
    for_whom: Text
    youngest_age: int
    time_frame: Text
    repeat_after_days: Annotated[int, Field(ge=0)]
    missing_answers: Literal["all_required"]
    tags: tuple[FactId, ...] = ()
    needs: tuple[FactId, ...] = ()
    loinc: str = ""
    licence: Licence
    options: dict[FactId, tuple[int, ...]]
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    alerts: tuple[Alert, ...] = ()
    examples: tuple[Example, ...]
    checked_against: tuple[Encoding, ...] = ()

    def values(self, item_id: str) -> tuple[int, ...]:
        """Return the points of the answers to one item, in the order they are printed."""
        return self.options[self.item(item_id).options]

    def item(self, item_id: str) -> Item:
        """Return one item by its id."""
        return next(item for item in self.items if item.id == item_id)


class Wording(Frozen):
    """The exact published words in one language, with a source of their own."""

    language: Literal["en"]
    source: Source
    title: Text
    instructions: Text
    attribution: Text
    items: dict[FactId, Text]
    options: dict[FactId, dict[int, Text]]
    bands: dict[FactId, Text] = Field(default_factory=dict)
    scales: dict[FactId, Text]


class ScaleScore(Frozen):
    """Points on one scale and the published band they fall in, if there are bands."""

    scale: str
    points: int
    band: str | None


class Score(Frozen):
    """What follows from a whole response. Alerts stand beside the scores, never behind them."""

    scales: tuple[ScaleScore, ...]
    alerts: tuple[AlertKind, ...]


class IncompleteResponse(DomainError):
    """A scored item has no answer, and the instrument allows no gaps."""

    def __init__(self, item: str) -> None:
        self.item = item
        super().__init__(f"{item}: has no answer. This test is scored only when it is complete.")


class ImpossibleAnswer(DomainError):
    """A value is none of the item's answers."""

    def __init__(self, item: str, value: object, allowed: Sequence[int]) -> None:
        self.item = item
        choices = ", ".join(map(str, allowed))
        super().__init__(f"{item}: {value!r} is not one of its answers. Use one of {choices}.")
