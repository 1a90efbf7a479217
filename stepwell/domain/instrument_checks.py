"""What can be wrong between the parts of an instrument's two files: key, what, and the repair."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from stepwell.domain import scoring
from stepwell.domain.instrument_figures import Bands
from stepwell.domain.instrument_schema import (
    Alert,
    Answer,
    Described,
    Example,
    Instrument,
    Scale,
    Wording,
)

Ends = tuple[Fraction, Fraction]


def licence_problems(one: Described) -> Iterator[str]:
    """Yield why a test may not be here: it is not cleared, or nothing shows that it is."""
    if not one.licence.cleared or not one.licence.evidence:
        yield (
            "licence.cleared: nothing shows that this test may be reproduced. "
            "Add the owner's words under licence.evidence and set cleared = true, or remove it."
        )
    must_pin = isinstance(one, Instrument) and not one.licence.changes_allowed
    if must_pin and one.licence.wording_sha256 is None:
        yield "licence.wording_sha256: no changes are allowed, so pin the words. Add this key."


def problems(one: Instrument) -> Iterator[str]:
    """Yield what is wrong inside `instrument.toml`, beyond what its schema refuses."""
    yield from _repeated(one)
    yield from _item_problems(one)
    yield from _gate_problems(one)
    known: list[str] = []
    for scale in one.scales:
        faults = list(_member_problems(one, scale, known))
        yield from faults or _figure_problems(one, scale)
        if faults:
            return
        known.append(scale.id)
    yield from _idle_items(one)
    for alert in one.alerts:
        if not _is_answerable(one, alert):
            yield f"alerts: {alert.item} has no such answer. Name an item and an answer of it."


def _repeated(one: Instrument) -> Iterator[str]:
    for key, ids in (("items", one.items), ("scales", one.scales)):
        for fact_id, times in Counter(part.id for part in ids).items():
            if times > 1:
                yield f"{key}: {fact_id} is there twice. Give each its own id."


def _item_problems(one: Instrument) -> Iterator[str]:
    for item in one.items:
        if (item.options in one.options) == (item.options in one.numbers):
            yield (
                f"items.{item.id}.options: no such set {item.options!r}, or two of that name. "
                "Add it under options or numbers."
            )


def _idle_items(one: Instrument) -> Iterator[str]:
    used = {item for scale in one.scales for item in scale.items}
    for item in one.items:
        if item.scored and item.id not in used:
            yield f"items.{item.id}: counts in no scale. Name it in one, or set scored = false."


def _gate_problems(one: Instrument) -> Iterator[str]:
    if one.gate is None:
        return
    if one.gate.stops_at not in _values(one, one.gate.item):
        yield "gate.stops_at: is not an answer to that item. Name one that is."
    for item in one.items:
        if item.scored and one.gate.counts_as not in one.values(item.id):
            yield f"gate.counts_as: is not an answer to {item.id}. Name one that is."


def _values(one: Instrument, item_id: str) -> tuple[int, ...]:
    return one.values(item_id) if any(item.id == item_id for item in one.items) else ()


def _is_answerable(one: Instrument, alert: Alert) -> bool:
    values = _values(one, alert.item)
    return (alert.at_least if alert.at_most is None else alert.at_most) in values


def _member_problems(one: Instrument, scale: Scale, known: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with the items or parts that a scale names."""
    where = f"scales.{scale.id}"
    if bool(scale.items) == bool(scale.parts):
        yield f"{where}: needs either items or parts. Write one of the two."
    for part in scale.parts:
        if part not in known:
            yield f"{where}.parts: {part} is not a scale above this one. Move or correct it."
    for item in (*scale.reversed, *scale.recoded):
        if item not in scale.items:
            yield f"{where}: {item} is reversed or recoded, but not in items. Add or remove it."
    yield from _counted_problems(one, scale)
    yield from _recode_problems(one, scale)
    yield from _rule_problems(one, scale)


def _counted_problems(one: Instrument, scale: Scale) -> Iterator[str]:
    scored = {item.id: item for item in one.items if item.scored}
    for item in scale.items:
        if item not in scored:
            yield f"scales.{scale.id}.items: {item} is not a scored item. Name one that is."
    always = [i for i in scale.items if not (i in scored and scored[i].may_not_apply)]
    if scale.items and not always:
        yield f"scales.{scale.id}.items: all of them may not apply. Add one that always does."


def _recode_problems(one: Instrument, scale: Scale) -> Iterator[str]:
    for item, table in scale.recoded.items():
        if table not in one.recodes:
            yield f"scales.{scale.id}.recoded: no table {table!r}. Add it under recodes."
        elif set(one.recodes[table]) != set(_values(one, item)):
            yield f"recodes.{table}: must name each answer of {item} once. Correct it."
        if item in scale.reversed:
            yield f"scales.{scale.id}: {item} is both reversed and recoded. Choose one."


def _rule_problems(one: Instrument, scale: Scale) -> Iterator[str]:
    rule = one.missing_rule(scale)
    fits = {"prorate": "sum", "mean_of_answered": "mean"}.get(rule.rule, scale.method)
    if scale.items and fits != scale.method:
        yield f"scales.{scale.id}: {rule.rule} goes with method {fits!r}. Correct one of the two."
    if scale.items and rule.at_least is not None and rule.at_least > len(scale.items):
        yield f"scales.{scale.id}: fewer than {rule.at_least} items. Lower missing at_least."


def ends(one: Instrument, scale: Scale) -> Ends:
    """Return the lowest and the highest points that complete answers can reach."""
    if scale.parts:
        both = [ends(one, one.scale(part)) for part in scale.parts]
    else:
        both = [_item_ends(one, scale, item) for item in scale.items]
    low, high = (
        sum((low for low, _ in both), Fraction()),
        sum((high for _, high in both), Fraction()),
    )
    if scale.method == "mean":
        low, high = low / len(both), high / len(both)
    first, second = (scoring.transformed(scale.transform, end) for end in (low, high))
    return min(first, second), max(first, second)


def _item_ends(one: Instrument, scale: Scale, item: str) -> Ends:
    points = [scoring.item_points(one, scale, item, value) for value in one.values(item)]
    if one.item(item).may_not_apply and scale.method == "sum":
        points.append(0)
    return Fraction(min(points)), Fraction(max(points))


def _figure_problems(one: Instrument, scale: Scale) -> Iterator[str]:
    where = f"scales.{scale.id}"
    low, high = (scoring.rounded(end, scale.digits) for end in ends(one, scale))
    if low != scale.lowest or high != scale.highest:
        yield f"{where}: its items reach {low} to {high}. Write these ends."
    for bands in scale.bands:
        yield from _band_problems(scale, bands)
    if len({bands.id for bands in scale.bands}) < len(scale.bands):
        yield f"{where}.bands: two sets have the same id. Give each its own."
    for standard in scale.standard_scores:
        if standard.table and {raw for raw, _ in standard.table} != set(every_score(scale)):
            yield f"{where}.standard_scores.{standard.id}: name every score once in the table."
    yield from _point_problems(scale)


def _point_problems(scale: Scale) -> Iterator[str]:
    """Yield the figures that stand at points which the scale cannot reach."""
    named = {
        "accuracy.at_least": [one.at_least for one in scale.accuracy],
        "cut_offs.at_least": [one.at_least for one in scale.cut_offs],
        "norms.mean": [one.mean for one in scale.norms],
    }
    for key, points in ((key, one) for key, found in named.items() for one in found):
        if not scale.lowest <= points <= scale.highest:
            yield f"scales.{scale.id}.{key}: no score is {points}. Name one that is."


def every_score(scale: Scale) -> Iterator[Decimal]:
    """Yield each score between the ends of a scale, in steps of its last decimal place."""
    step = 10**scale.digits
    for units in range(scale.lowest * step, scale.highest * step + 1):
        yield Decimal(units).scaleb(-scale.digits)


def _band_problems(scale: Scale, bands: Bands) -> Iterator[str]:
    where = f"scales.{scale.id}.bands.{bands.id}.ranges"
    step = Decimal(1).scaleb(-scale.digits)
    for before, after in pairwise(bands.ranges):
        if after.lowest != before.highest + step:
            yield (
                f"{where}: {after.id} starts at {after.lowest}, but the band before ends at "
                f"{before.highest}. Start it at {before.highest + step}."
            )
    first, last = bands.ranges[0].lowest, bands.ranges[-1].highest
    if first != scale.lowest or last != scale.highest:
        yield f"{where}: do not cover {scale.lowest} to {scale.highest}. Add what is missing."
    for band in bands.ranges:
        if band.highest < band.lowest:
            yield f"{where}: {band.id} ends before it starts. Exchange the two."


def wording_problems(one: Instrument, text: Wording) -> Iterator[str]:
    """Yield what is wrong in `text.en.toml`: words missing, left over, or changed."""
    expected: dict[str, Collection[str]] = {
        "items": {item.id for item in one.items},
        "options": set(one.options),
        "numbers": set(one.numbers),
        "not_applicable": {item.id for item in one.items if item.may_not_apply},
        "scales": {scale.id for scale in one.scales},
        "bands": {b.id for s in one.scales for bands in s.bands for b in bands.ranges},
        "standard_scores": {st.id for scale in one.scales for st in scale.standard_scores},
    }
    for key, ids in expected.items():
        yield from _difference(key, ids, getattr(text, key))
    for name, values in one.options.items():
        yield from _difference(f"options.{name}", values, text.options.get(name, {}))
    if odd := set(text.headings) - {item.id for item in one.items}:
        yield f"headings: {min(odd)} is no item. Name the item above which it is printed."
    pinned = one.licence.wording_sha256
    if pinned and pinned != (found := wording_sha256(one, text)):
        yield (
            f"the words are not those that licence.wording_sha256 pins (now {found}). "
            "Restore the words; pin them anew only to follow the owner's form more closely."
        )


def _difference(
    key: str, expected: Collection[str] | Collection[int], found: Collection[str] | Collection[int]
) -> Iterator[str]:
    if odd := set(expected) ^ set(found):
        names = ", ".join(sorted(map(str, odd)))
        yield f"{key}: {names} is only in one of the two files. Give each its words."


def wording_sha256(one: Instrument, text: Wording) -> str:
    """Return the digest of everything the form prints, in its order."""
    printed = [
        text.instructions,
        *([text.headings.get(item.id, ""), text.items[item.id]] for item in one.items),
        *(
            [[value, text.options[name][value]] for value in one.options[name]]
            for name in one.options
        ),
    ]
    return hashlib.sha256(json.dumps(printed, ensure_ascii=False).encode()).hexdigest()


def response_of(one: Instrument, example: Example) -> dict[str, Answer]:
    """Return the whole response of an example, its `every` written out."""
    every = example.every
    filled = {} if every is None else {item.id: every for item in one.items if item.scored}
    return {**filled, **example.response}


def example_problems(one: Instrument) -> Iterator[str]:
    """Yield where an example does not score as it says, and which scale no example names."""
    named: set[str] = set()
    for number, example in enumerate(one.examples):
        named |= set(example.points)
        yield from (f"examples.{number}: {what}" for what in _example_problems(one, example))
    for scale in one.scales:
        if scale.id not in named:
            yield f"examples: none gives the points of {scale.id}. Add them to one."


def _example_problems(one: Instrument, example: Example) -> Iterator[str]:
    found = scoring.score(one, response_of(one, example))
    scales = {scale.scale: scale for scale in found.scales}
    repair = "Correct the example or the key."
    for scale_id in {**example.points, **example.bands, **example.standard_scores}:
        scale = scales.get(scale_id)
        if scale is None:
            yield f"{scale_id} is no scale. {repair}"
        elif (said := _said(example, scale_id)) != (seen := _seen(scale)):
            yield f"{scale_id}: scores {seen}, not {said}. {repair}"
    unscorable = {scale.scale for scale in found.scales if scale.reason}
    if unscorable != set(example.not_scorable):
        yield f"not_scorable: is {sorted(unscorable)}. {repair}"
    if found.alerts != example.alerts:
        yield f"alerts: are {[str(kind) for kind in found.alerts]}. {repair}"


def _said(example: Example, scale_id: str) -> str:
    return _spelt(
        example.points.get(scale_id),
        example.bands.get(scale_id, {}),
        example.standard_scores.get(scale_id, {}),
    )


def _seen(scale: scoring.ScaleScore) -> str:
    return _spelt(scale.points, scale.bands, scale.standard_scores)


def _spelt(
    points: Decimal | None, bands: Mapping[str, str], standard_scores: Mapping[str, Decimal]
) -> str:
    """Return a result as one line, alike for 9, 9.0 and 9.00."""
    number = "no points" if points is None else f"{points.normalize():f}"
    names = [f"{key} {band}" for key, band in sorted(bands.items())]
    names += [f"{key} {value.normalize():f}" for key, value in sorted(standard_scores.items())]
    return ", ".join([number, *names])
