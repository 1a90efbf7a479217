"""What a result shows of one scale: its picture, its published figures, and how to score it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from stepwell.apps.selftests import scoring_words
from stepwell.domain.instrument_figures import Accuracy, Bands, Norm
from stepwell.domain.instrument_schema import Instrument, Scale, Wording
from stepwell.domain.sources import Checked, Source

RATES = (5, 10, 20)  # of 100 people, for the table of what a score over the cut-off means
PICTURE_WIDTH = 760  # also in sealed/page.js


@dataclass(frozen=True)
class BandRow:
    """One published band, and where it stands in the picture of the scale."""

    id: str
    name: str
    lowest: str
    highest: str
    x: float
    width: float
    shade: float


@dataclass(frozen=True)
class BandSet:
    """One published set of bands, the people it comes from, and its picture."""

    id: str
    population: str
    source: Source
    rows: tuple[BandRow, ...]


@dataclass(frozen=True)
class NormRow:
    """The mean of a named sample, and where it stands in the picture of the scale."""

    norm: Norm
    x: float


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
    sets: tuple[BandSet, ...]
    norms: tuple[NormRow, ...]
    cut_offs: tuple[CutOff, ...]
    standards: tuple[tuple[str, str, str], ...]  # id, name, population
    how: tuple[str, ...]
    change: Decimal | None
    change_is_recalled: bool

    @property
    def has_figures(self) -> bool:
        """Say whether anything was published about its scores, beside ranges."""
        scale = self.scale
        return bool(self.norms or self.cut_offs or scale.cut_offs or scale.error or self.change)


def scale_view(instrument: Instrument, scale: Scale, wording: Wording) -> ScaleView:
    """Return one scale ready for the pages of its test."""
    change = scale.reliable_change
    return ScaleView(
        scale=scale,
        name=wording.scales[scale.id],
        sets=tuple(_band_set(scale, bands, wording) for bands in scale.bands),
        norms=tuple(NormRow(norm, _place(scale, norm.mean)) for norm in scale.norms),
        cut_offs=tuple(_cut_off(figure) for figure in scale.accuracy),
        standards=tuple(
            (one.id, wording.standard_scores[one.id], one.population)
            for one in scale.standard_scores
        ),
        how=tuple(scoring_words.how_to_score(instrument, scale, wording)),
        change=change.points if change else None,
        change_is_recalled=change is not None and change.source.checked is Checked.RECALLED,
    )


def _step(scale: Scale) -> Decimal:
    return Decimal(1).scaleb(-scale.digits)


def _width_of_a_point(scale: Scale) -> float:
    return PICTURE_WIDTH / float(scale.highest - scale.lowest + _step(scale))


def _place(scale: Scale, points: Decimal) -> float:
    """Return where the middle of a score stands in the picture."""
    return round(float(points - scale.lowest + _step(scale) / 2) * _width_of_a_point(scale), 1)


def _band_set(scale: Scale, bands: Bands, wording: Wording) -> BandSet:
    rows = tuple(_band_rows(scale, bands, wording))
    return BandSet(bands.id, bands.population, bands.source, rows)


def _band_rows(scale: Scale, bands: Bands, wording: Wording) -> Iterator[BandRow]:
    point, step = _width_of_a_point(scale), _step(scale)
    for number, band in enumerate(bands.ranges, start=1):
        yield BandRow(
            id=band.id,
            name=wording.bands[band.id],
            lowest=f"{band.lowest:.{scale.digits}f}",
            highest=f"{band.highest:.{scale.digits}f}",
            x=round(float(band.lowest - scale.lowest) * point, 1),
            width=round(float(band.highest - band.lowest + step) * point - 1, 1),
            shade=round(number / len(bands.ranges), 2),
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
