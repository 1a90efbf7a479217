"""The score of a scale as a FHIRPath expression over a QuestionnaireResponse.

The same arithmetic as domain/scoring.py: a scale that may not be scored gives
nothing, points are whole numbers up to one division, and the result is rounded
half up. Only functions of FHIRPath 2.0 are used; the code of an answer is its
published value, so that no engine needs to know the ordinalValue extension.
Not expressed: that an answer which is not on the form leaves every scale
without a score (a QuestionnaireResponse with one is not valid).
"""

from math import gcd
from typing import NamedTuple

from stepwell.domain import scoring
from stepwell.domain.instrument_schema import NOT_APPLICABLE, Instrument, Scale

Term = int | str  # a number that is known now, or an expression for it (in brackets)


class Measured(NamedTuple):
    """A scale before rounding: when it has a score, and that score as a fraction."""

    condition: str
    above: Term
    below: Term


def expression(one: Instrument, scale: Scale) -> str | None:
    """Return the expression for one scale, or None where a score below zero is possible.

    FHIRPath's `div` cuts towards zero, which is rounding half up for positive numbers only.
    """
    if scale.lowest < 0:
        return None
    measured = _measured(one, scale)
    scored = f"iif({measured.condition}, {_rounded(measured, scale.digits)})"
    if one.gate is None:
        return scored
    ended = scoring.score(one, {one.gate.item: one.gate.stops_at})
    points = next(part.points for part in ended.scales if part.scale == scale.id)
    gate = _values(one, (one.gate.item,))
    return f"iif({gate} = {one.gate.stops_at}, {points}, iif({gate}.exists(), {scored}))"


def _measured(one: Instrument, scale: Scale) -> Measured:
    found = _of_parts(one, scale) if scale.parts else _of_items(one, scale)
    if scale.transform is None:
        return found
    (low, high), (new_low, new_high) = scale.transform.start, scale.transform.end
    slope, width = new_high - new_low, high - low
    shift = new_low * width - low * slope
    if width < 0:
        slope, shift, width = -slope, -shift, -width
    common = gcd(slope, shift, width)
    above = _plus(
        _times(slope // common, found.above),
        _times(shift // common, found.below),
    )
    return Measured(found.condition, above, _times(width // common, found.below))


def _of_parts(one: Instrument, scale: Scale) -> Measured:
    parts = [_measured(one, one.scale(part)) for part in scale.parts]
    above, below = parts[0].above, parts[0].below
    for part in parts[1:]:
        if part.below == below:
            above = _plus(above, part.above)
        else:
            above = _plus(_times(above, part.below), _times(part.above, below))
            below = _times(below, part.below)
    if scale.method == "mean":
        below = _times(len(parts), below)
    return Measured(" and ".join(part.condition for part in parts), above, below)


def _of_items(one: Instrument, scale: Scale) -> Measured:
    rule = one.missing_rule(scale)
    total = _total(one, scale)
    answered = _sum([f"{_values(one, ids)}.count()" for ids in _by_kind(one, scale.items)])
    asked = _asked(one, scale)
    complete = f"{answered} = {asked}"
    condition = complete if rule.at_least is None else f"{answered} >= {rule.at_least}"
    if rule.at_least is not None and isinstance(asked, str):
        condition = f"({condition} or {complete})"
    counted: Term = asked if rule.rule in {"zero", "all_required"} else answered
    if scale.method == "mean":
        return Measured(condition, total, counted)
    if counted == asked:
        return Measured(condition, total, 1)
    return Measured(condition, _times(asked, total), counted)


def _asked(one: Instrument, scale: Scale) -> Term:
    """Return how many items of a scale apply."""
    if not any(one.item(item).may_not_apply for item in scale.items):
        return len(scale.items)
    absent = f"{_codes(scale.items)}.where($this = '{NOT_APPLICABLE}').count()"
    return f"({len(scale.items)} - {absent})"


def _total(one: Instrument, scale: Scale) -> str:
    """Return the sum of points, item by item as it is, reversed, or from a table."""
    kinds: dict[tuple[str, int | str], list[str]] = {}
    for item in scale.items:
        kinds.setdefault(_counting(one, scale, item), []).append(item)
    terms = []
    for (how, detail), items in kinds.items():
        for ids in _by_kind(one, tuple(items)):
            terms.append(_points(one, how, detail, ids))
    return _sum(terms)


def _counting(one: Instrument, scale: Scale, item: str) -> tuple[str, int | str]:
    if item in scale.recoded:
        return "recoded", scale.recoded[item]
    if item in scale.reversed:
        values = one.values(item)
        return "reversed", min(values) + max(values)
    return "plain", 0


def _points(one: Instrument, how: str, detail: int | str, ids: tuple[str, ...]) -> str:
    values = _values(one, ids)
    if how == "recoded":
        choice = "{}"
        for value, points in one.recodes[str(detail)].items():
            choice = f"iif($this = {value}, {points}, {choice})"
        values = f"{values}.select({choice})"
    total = f"{values}.aggregate($total + $this, 0)"
    return f"({detail} * {values}.count() - {total})" if how == "reversed" else total


def _by_kind(one: Instrument, items: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the items parted into choices and written numbers, without an empty part."""
    chosen = tuple(item for item in items if one.item(item).options in one.options)
    written = tuple(item for item in items if item not in chosen)
    return [ids for ids in (chosen, written) if ids]


def _values(one: Instrument, ids: tuple[str, ...]) -> str:
    """Return the expression for the answers' values: of choices, or of written numbers."""
    if one.item(ids[0]).options in one.numbers:
        return _answers(ids)
    return f"{_codes(ids)}.select(toInteger())"


def _codes(ids: tuple[str, ...]) -> str:
    return f"{_answers(ids)}.code"


def _answers(ids: tuple[str, ...]) -> str:
    names = " | ".join(f"'{item}'" for item in ids)
    which = f"= {names}" if len(ids) == 1 else f"in ({names})"
    return f"%resource.repeat(item).where(linkId {which}).answer.value"


def _sum(terms: list[str]) -> str:
    return terms[0] if len(terms) == 1 else f"({' + '.join(terms)})"


def _times(first: Term, second: Term) -> Term:
    if isinstance(first, int) and isinstance(second, int):
        return first * second
    if 1 in (first, second):
        return second if first == 1 else first
    return f"({first} * {second})"


def _plus(first: Term, second: Term) -> Term:
    if isinstance(first, int) and isinstance(second, int):
        return first + second
    if 0 in (first, second):
        return second if first == 0 else first
    return f"({first} + {second})"


def _rounded(measured: Measured, digits: int) -> Term:
    """Return above / below, rounded half up to `digits` decimal places."""
    if measured.below == 1:
        return measured.above
    scaled = _plus(_times(2 * 10**digits, measured.above), measured.below)
    whole = f"({scaled} div {_times(2, measured.below)})"
    return whole if digits == 0 else f"{whole} / {10**digits}"
