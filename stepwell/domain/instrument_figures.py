"""The published figures of a scale: each with its people and its source, or not there at all."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from stepwell.domain.sources import FactId, Frozen, Source, Text

Proportion = Annotated[float, Field(ge=0, le=1)]
Digits = Annotated[int, Field(ge=0, le=4)]


class Figure(Frozen):
    """Anything that a source said about a scale."""

    source: Source


class Band(Frozen):
    """A published, named range of points; both ends belong to it."""

    id: FactId
    lowest: Decimal
    highest: Decimal


class Bands(Figure):
    """One published set of ranges, and the people they come from.

    A scale may have several sets (by sex, by age): every one is shown with its
    population, and nobody is asked which one is theirs.
    """

    id: FactId = "published"
    population: Text
    ranges: Annotated[tuple[Band, ...], Field(min_length=1)]


class CutOff(Figure):
    """A published point, or range of points, that stands alone: no names, no accuracy.

    `meaning` completes the sentence "A score of ... or more ...".
    """

    at_least: Decimal
    up_to: Decimal | None = None  # where the source gives a range of cut-offs, its upper end
    meaning: Text
    population: Text


class Accuracy(Figure):
    """How often a cut-off found, and cleared, the people of one study.

    The two ranges are 95 % confidence intervals, where the source gives them.
    """

    at_least: Decimal
    condition: Text
    population: Text
    sensitivity: Proportion
    sensitivity_range: tuple[Proportion, Proportion] | None = None
    specificity: Proportion
    specificity_range: tuple[Proportion, Proportion] | None = None


class Norm(Figure):
    """The mean (and spread) of one named sample, in points of this scale."""

    sample: Text
    mean: Decimal
    sd: Annotated[Decimal, Field(gt=0)] | None = None
    n: Annotated[int, Field(gt=0)] | None = None


class Reliability(Figure):
    """Internal consistency (Cronbach's alpha) in one sample."""

    alpha: Proportion
    population: Text


class ReliableChange(Figure):
    """The smallest difference between two scores that is more than chance, in points."""

    points: Decimal


class ErrorOfMeasurement(Figure):
    """How far a score may lie from the true one, in points either way, in one sample."""

    points: Annotated[Decimal, Field(gt=0)]
    population: Text


class StandardScore(Figure):
    """A published standard score (T, z, sten ...) within one named sample.

    Either a formula, `centre + spread * (points - mean) / sd`, or a `table` of
    pairs [points, standard score] that names every score there can be.
    """

    id: FactId
    population: Text
    digits: Digits = 0
    centre: int = 50
    spread: int = 10
    mean: Decimal | None = None
    sd: Annotated[Decimal, Field(gt=0)] | None = None
    table: tuple[tuple[Decimal, Decimal], ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.mean is None or self.sd is None) == (not self.table):
            raise ValueError("give either mean and sd, or a table")
        return self
