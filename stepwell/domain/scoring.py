"""The published arithmetic of a self-test, exactly: fractions inside, rounded once at the end.

Scoring never raises over an answer: a scale that cannot be scored says why, and
an alert stands beside the scores, never behind them. The browser has a twin of
this module (apps/selftests/sealed/scorer.js); shared vectors hold both to the
same result.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Literal

from pydantic import Field

from stepwell.domain.instrument_figures import Band, Bands, StandardScore
from stepwell.domain.instrument_schema import (
    NOT_APPLICABLE,
    Alert,
    AlertKind,
    Answer,
    Instrument,
    MissingAnswers,
    Response,
    Scale,
    Transform,
)
from stepwell.domain.sources import Frozen

HALF = Fraction(1, 2)


class NotScorable(Frozen):
    """Why a scale has no score, and which items are to blame, in the form's order."""

    kind: Literal["missing", "impossible"]
    items: tuple[str, ...]


class ScaleScore(Frozen):
    """Points on one scale and what was published about them; or the reason for none."""

    scale: str
    points: Decimal | None = None
    bands: Mapping[str, str] = Field(default_factory=dict)  # set of bands -> band
    standard_scores: Mapping[str, Decimal] = Field(default_factory=dict)
    reason: NotScorable | None = None


class Score(Frozen):
    """What follows from a response. Alerts stand beside the scores, never behind them."""

    scales: tuple[ScaleScore, ...]
    alerts: tuple[AlertKind, ...]


def score(instrument: Instrument, response: Response) -> Score:
    """Return points, bands and standard scores of every scale, and the alerts.

    response maps item ids to the value of the chosen answer, or "n/a" where an
    item may not apply. One impossible value leaves every scale without a score:
    it is a sign that the columns are not what they seem. Source: instrument.source.
    """
    wrong = impossible_items(instrument, response)
    known = _after_gate(instrument, response)
    measured: dict[str, Fraction | NotScorable] = {}
    for scale in instrument.scales:
        measured[scale.id] = (
            NotScorable(kind="impossible", items=wrong)
            if wrong
            else _measure(instrument, scale, known, measured)
        )
    return Score(
        scales=tuple(published(scale, measured[scale.id]) for scale in instrument.scales),
        alerts=alerts(instrument, response),
    )


def impossible_items(instrument: Instrument, response: Response) -> tuple[str, ...]:
    """Return the items whose value is not on the form, in the form's order."""
    return tuple(
        item.id
        for item in instrument.items
        if item.id in response
        and response[item.id] not in instrument.values(item.id)
        and not (item.may_not_apply and response[item.id] == NOT_APPLICABLE)
    )


def alerts(instrument: Instrument, response: Response) -> tuple[AlertKind, ...]:
    """Return what the answers given so far call for, each kind once.

    A missing answer calls for nothing. Depends on the answers alone: neither on
    a score, nor on whether there is one.
    """
    called = (alert.kind for alert in instrument.alerts if calls(alert, response.get(alert.item)))
    return tuple(dict.fromkeys(called))


def calls(alert: Alert, answer: Answer | None) -> bool:
    """Say whether one answer calls for help."""
    if not isinstance(answer, int):
        return False
    if alert.at_least is not None:
        return answer >= alert.at_least
    return alert.at_most is not None and answer <= alert.at_most


def band_of(bands: Bands, points: Decimal) -> Band | None:
    """Return the band of `points`; None only where the file leaves a hole, which none does."""
    return next((band for band in bands.ranges if band.lowest <= points <= band.highest), None)


def item_points(instrument: Instrument, scale: Scale, item_id: str, value: int) -> int:
    """Return what one answer counts in one scale: as it is, reversed, or from a table."""
    if item_id in scale.recoded:
        return instrument.recodes[scale.recoded[item_id]][value]
    if item_id in scale.reversed:
        values = instrument.values(item_id)
        return min(values) + max(values) - value
    return value


def transformed(transform: Transform | None, value: Fraction) -> Fraction:
    """Return `value` moved along the published straight line, if there is one."""
    if transform is None:
        return value
    (low, high), (new_low, new_high) = transform.start, transform.end
    return new_low + (value - low) * Fraction(new_high - new_low, high - low)


def rounded(value: Fraction, digits: int) -> Decimal:
    """Return `value` rounded half up to `digits` decimal places."""
    return Decimal(floor(value * 10**digits + HALF)).scaleb(-digits)


def _after_gate(instrument: Instrument, response: Response) -> Response:
    """Return the answers as the form means them once its first question has ended it."""
    gate = instrument.gate
    if gate is None or response.get(gate.item) != gate.stops_at:
        return response
    return {**response, **{item.id: gate.counts_as for item in instrument.items if item.scored}}


def _measure(
    instrument: Instrument,
    scale: Scale,
    response: Response,
    measured: Mapping[str, Fraction | NotScorable],
) -> Fraction | NotScorable:
    if instrument.gate and instrument.gate.item not in response:
        return NotScorable(kind="missing", items=(instrument.gate.item,))
    if scale.parts:
        found = _of_parts(scale, [measured[part] for part in scale.parts])
    else:
        found = _of_items(instrument, scale, response)
    return found if isinstance(found, NotScorable) else transformed(scale.transform, found)


def _of_parts(scale: Scale, parts: Sequence[Fraction | NotScorable]) -> Fraction | NotScorable:
    total = Fraction(0)
    for part in parts:
        if isinstance(part, NotScorable):
            return part
        total += part
    return total / len(parts) if scale.method == "mean" else total


def _of_items(instrument: Instrument, scale: Scale, response: Response) -> Fraction | NotScorable:
    asked = [item for item in scale.items if response.get(item) != NOT_APPLICABLE]
    answered = {item: response[item] for item in asked if item in response}
    rule = instrument.missing_rule(scale)
    if not _is_enough(rule, len(answered), len(asked)):
        return NotScorable(kind="missing", items=tuple(i for i in asked if i not in answered))
    total = sum(
        item_points(instrument, scale, item, value)
        for item, value in answered.items()
        if isinstance(value, int)
    )
    counted = len(asked) if rule.rule == "zero" else len(answered)
    mean = Fraction(total, counted)
    return mean if scale.method == "mean" else mean * len(asked)


def _is_enough(rule: MissingAnswers, answered: int, asked: int) -> bool:
    if answered == asked:
        return answered > 0
    return rule.at_least is not None and answered >= rule.at_least


def published(scale: Scale, measured: Fraction | NotScorable) -> ScaleScore:
    """Return a scale's value as it is published: rounded, with its bands and standard scores."""
    if isinstance(measured, NotScorable):
        return ScaleScore(scale=scale.id, reason=measured)
    points = rounded(measured, scale.digits)
    found = {bands.id: band_of(bands, points) for bands in scale.bands}
    return ScaleScore(
        scale=scale.id,
        points=points,
        bands={bands_id: band.id for bands_id, band in found.items() if band},
        standard_scores={one.id: standard_score(one, points) for one in scale.standard_scores},
    )


def standard_score(standard: StandardScore, points: Decimal) -> Decimal:
    """Return the published standard score of `points`, by formula or table."""
    if standard.mean is None or standard.sd is None:
        return dict(standard.table)[points]
    away = (Fraction(points) - Fraction(standard.mean)) / Fraction(standard.sd)
    return rounded(standard.centre + standard.spread * away, standard.digits)
