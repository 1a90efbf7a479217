"""What a result shows of one scale: its picture, its published figures, and how to score it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from stepwell.apps.selftests import scoring_words
from stepwell.domain.base_rates import in_parts, who_have_it
from stepwell.domain.instrument_figures import Accuracy, Bands, Norm
from stepwell.domain.instrument_schema import Instrument, Scale, Wording
from stepwell.domain.sources import Checked, Source

RATES = (5, 10, 20)  # of 100 people, for the table of what a score over the cut-off means
FIRST_RATE = 10  # where the picture of 100 people starts: a round number, nobody's own
PICTURE_WIDTH = 760  # also in sealed/figures.js
DOTS_A_ROW, DOT_WAY = 20, 38  # the picture of 100 people: five rows, and from dot to dot


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
    spread_from: float
    spread_width: float


@dataclass(frozen=True)
class Odds:
    """Of 100 people at or over the cut-off, how many have the condition, at one rate."""

    rate: int
    of_100: int
    others: int


@dataclass(frozen=True)
class Dot:
    """One of 100 people in the picture; `on` says whether this one has the condition."""

    x: int
    y: int
    on: bool


@dataclass(frozen=True)
class CutOff:
    """What a score at or over a cut-off meant in a study, in counts of people."""

    at_least: Decimal
    condition: str
    population: str
    found: str
    cleared: str
    odds: tuple[Odds, ...]
    first: Odds | None
    dots: tuple[Dot, ...]
    found_parts: int
    cleared_parts: int
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
        norms=tuple(_norm_row(scale, norm) for norm in scale.norms),
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


def _norm_row(scale: Scale, norm: Norm) -> NormRow:
    spread = norm.sd or Decimal(0)
    start = _place(scale, max(norm.mean - spread, Decimal(scale.lowest)))
    end = _place(scale, min(norm.mean + spread, Decimal(scale.highest)))
    return NormRow(norm, _place(scale, norm.mean), start, round(end - start, 1))


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
    first = _odds(figure, FIRST_RATE)
    return CutOff(
        at_least=figure.at_least,
        condition=figure.condition,
        population=figure.population,
        found=_of_100(figure.sensitivity, figure.sensitivity_range),
        cleared=_of_100(figure.specificity, figure.specificity_range),
        odds=tuple(odds for rate in RATES if (odds := _odds(figure, rate))),
        first=first,
        dots=tuple(_dots(first.of_100)) if first else (),
        found_parts=in_parts(figure.sensitivity),
        cleared_parts=in_parts(figure.specificity),
        source=figure.source,
    )


def _dots(have_it: int) -> Iterator[Dot]:
    for place in range(100):
        row, column = divmod(place, DOTS_A_ROW)
        centre = DOT_WAY // 2
        yield Dot(centre + column * DOT_WAY, centre + row * DOT_WAY, place < have_it)


def _of_100(share: float, limits: Sequence[float] | None) -> str:
    """Return a share as people out of 100, with its range where there is one."""
    people = f"{share:.0%}".rstrip("%")
    if limits is None:
        return people
    low, high = (f"{limit:.0%}".rstrip("%") for limit in limits)
    return f"{people} ({low} to {high})"


def _odds(figure: Accuracy, rate: int) -> Odds | None:
    """Return what a score over the line means at one base rate; None where nobody scores so."""
    of_100 = who_have_it(rate, in_parts(figure.sensitivity), in_parts(figure.specificity))
    return None if of_100 is None else Odds(rate=rate, of_100=of_100, others=100 - of_100)
