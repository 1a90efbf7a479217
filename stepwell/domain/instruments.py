"""Validated self-tests: loading what was published, and scoring it exactly so.

One folder an instrument: `instrument.toml` holds everything a scorer needs,
`text.en.toml` the exact wording with its own source. Nothing loads whose
licence is not cleared, and nothing loads whose bands leave a score without a
name. The browser scorer reads the same data (apps/selftests/sealed/scorer.js).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

from stepwell.domain import loading
from stepwell.domain.errors import FactError
from stepwell.domain.instrument_schema import (
    AlertKind,
    Band,
    Example,
    ImpossibleAnswer,
    IncompleteResponse,
    Instrument,
    Item,
    Response,
    Scale,
    ScaleScore,
    Score,
    Wording,
)
from stepwell.domain.sources import Checked, Source

FOLDER = "instruments"


def score(instrument: Instrument, response: Response) -> Score:
    """Return the published sums, their bands, and the alerts.

    response maps item ids to the points of the chosen answer. Raises
    IncompleteResponse at the first scored item without an answer, because the
    published cut-offs assume complete answers, and ImpossibleAnswer at a value
    that is not on the form. Source: instrument.source.
    """
    check_answers(instrument, response)
    return Score(
        scales=tuple(_scale_score(scale, response) for scale in instrument.scales),
        alerts=alerts(instrument, response),
    )


def check_answers(instrument: Instrument, response: Response) -> None:
    """Raise for the first gap or impossible value, in the order of the form."""
    for item in instrument.items:
        allowed = instrument.options[item.options]
        value = response.get(item.id)
        if value is None and item.scored:
            raise IncompleteResponse(item.id)
        if value is not None and value not in allowed:
            raise ImpossibleAnswer(item.id, value, allowed)


def alerts(instrument: Instrument, response: Response) -> tuple[AlertKind, ...]:
    """Return what the answers given so far call for; a missing answer calls for nothing."""
    return tuple(
        alert.kind
        for alert in instrument.alerts
        if response.get(alert.item, alert.at_least - 1) >= alert.at_least
    )


def band_of(scale: Scale, points: int) -> Band | None:
    """Return the published band of `points`, or None where the scale has no bands."""
    ranges = scale.bands.ranges if scale.bands else ()
    return next((band for band in ranges if band.lowest <= points <= band.highest), None)


def _scale_score(scale: Scale, response: Response) -> ScaleScore:
    points = sum(response[item] for item in scale.items)
    band = band_of(scale, points)
    return ScaleScore(scale=scale.id, points=points, band=band.id if band else None)


@loading.remembered
def instruments() -> Mapping[str, Instrument]:
    """Return every cleared instrument by id, ordered by code."""
    found = [_load(folder) for folder in _folders()]
    return MappingProxyType({one.id: one for one in sorted(found, key=lambda one: one.code)})


@loading.remembered
def wordings() -> Mapping[str, Wording]:
    """Return the English wording of every instrument by its id."""
    return MappingProxyType({fact_id: _load_wording(one) for fact_id, one in instruments().items()})


def instrument(instrument_id: str) -> Instrument:
    """Return one instrument; raise UnknownFact with the nearest ids."""
    return loading.get(instruments(), "self-test", instrument_id)


def wording(instrument_id: str) -> Wording:
    """Return the English wording of one instrument; raise UnknownFact where there is none."""
    return wordings()[instrument(instrument_id).id]


def check() -> None:
    """Raise FactError where a code is used twice or an example does not score as printed."""
    codes = Counter(one.code for one in instruments().values())
    for one in instruments().values():
        if codes[one.code] > 1:
            raise FactError(f"{_where(one)}: code: {one.code} is used twice. Choose another.")
        for number, example in enumerate(one.examples):
            _check_example(one, number, example)
    wordings()


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how many instruments, wordings and figures there are, by how they were checked."""
    figures = [source for one in instruments().values() for source in _figure_sources(one)]
    return {
        "self-tests": Counter(one.source.checked for one in instruments().values()),
        "wordings of self-tests": Counter(text.source.checked for text in wordings().values()),
        "figures of self-tests": Counter(source.checked for source in figures),
    }


def _figure_sources(one: Instrument) -> Iterator[Source]:
    for scale in one.scales:
        for figure in (scale.bands, scale.error, scale.reliable_change, *scale.accuracy):
            if figure:
                yield figure.source


def _folders() -> list[Path]:
    """Return one folder an instrument, a host's replacing ours of the same name."""
    chosen: dict[str, Path] = {}
    for place in loading._places:  # the loader lists files only, not folders
        for file in (place / FOLDER).glob("*/instrument.toml"):
            chosen[file.parent.name] = file.parent
    return [chosen[name] for name in sorted(chosen)]


def _load(folder: Path) -> Instrument:
    one = loading.read(folder / "instrument.toml", Instrument)
    if one.id != folder.name:
        raise FactError(f"{_where(one)}: id: the folder is called {folder.name}. Write that id.")
    if not one.licence.cleared or not one.licence.evidence:
        raise FactError(
            f"{_where(one)}: licence.cleared: nothing shows that this test may be reproduced. "
            "Add the owner's words under licence.evidence and set cleared = true, or remove it."
        )
    for problem in _problems(one):
        raise FactError(f"{_where(one)}: {problem}")
    return one


def _load_wording(one: Instrument) -> Wording:
    file = loading.path(f"{FOLDER}/{one.id}/text.en.toml")
    text = loading.read(file, Wording)
    expected = {
        "items": {item.id for item in one.items},
        "options": set(one.options),
        "scales": {scale.id for scale in one.scales},
        "bands": {b.id for scale in one.scales if scale.bands for b in scale.bands.ranges},
    }
    for key, ids in expected.items():
        _check_same(f"{FOLDER}/{one.id}/text.en.toml: {key}", ids, set(getattr(text, key)))
    for name, values in one.options.items():
        where = f"{FOLDER}/{one.id}/text.en.toml: options.{name}"
        _check_same(where, set(values), set(text.options[name]))
    return text


def _check_same(where: str, expected: set[str] | set[int], found: set[str] | set[int]) -> None:
    if expected != found:
        odd = ", ".join(sorted(map(str, expected ^ found)))
        raise FactError(f"{where}: {odd} is only in one of the two files. Give each its words.")


def _check_example(one: Instrument, number: int, example: Example) -> None:
    found = score(one, example.response)
    points = {scale.scale: scale.points for scale in found.scales}
    bands = {scale.scale: scale.band for scale in found.scales if scale.band}
    if (points, bands) != (example.points, example.bands):
        raise FactError(
            f"{_where(one)}: examples.{number}: scores {points} {bands}. "
            "Correct the example or the key."
        )


def _problems(one: Instrument) -> Iterator[str]:
    """Yield what is wrong between the parts of one file: key, what, repair."""
    items = {item.id: item for item in one.items}
    for item in one.items:
        if item.options not in one.options:
            yield f"items.{item.id}.options: no such set {item.options!r}. Add it under options."
    for scale in one.scales:
        yield from _scale_problems(one, scale, items)
    for alert in one.alerts:
        if alert.item not in items or alert.at_least not in one.values(alert.item):
            yield f"alerts: {alert.item} at {alert.at_least} is not an answer. Name one that is."


def _scale_problems(one: Instrument, scale: Scale, items: Mapping[str, Item]) -> Iterator[str]:
    wrong = [item for item in scale.items if item not in items or not items[item].scored]
    if wrong:
        yield f"scales.{scale.id}.items: {wrong[0]} is not a scored item. Name one that is."
        return
    lowest = sum(min(one.values(item)) for item in scale.items)
    highest = sum(max(one.values(item)) for item in scale.items)
    if (lowest, highest) != (scale.lowest, scale.highest):
        yield f"scales.{scale.id}: its items reach {lowest} to {highest}. Write these ends."
    if scale.bands:
        yield from _band_problems(scale, scale.bands.ranges)
    for figure in scale.accuracy:
        if not scale.lowest < figure.at_least <= scale.highest:
            yield f"scales.{scale.id}.accuracy: no score is {figure.at_least}. Name one that is."


def _band_problems(scale: Scale, ranges: tuple[Band, ...]) -> Iterator[str]:
    where = f"scales.{scale.id}.bands.ranges"
    for before, after in pairwise(ranges):
        if after.lowest != before.highest + 1:
            yield (
                f"{where}: {after.id} starts at {after.lowest}, but the band before ends at "
                f"{before.highest}. Start it at {before.highest + 1}."
            )
    if ranges and (ranges[0].lowest, ranges[-1].highest) != (scale.lowest, scale.highest):
        yield f"{where}: do not cover {scale.lowest} to {scale.highest}. Add what is missing."
    for band in ranges:
        if band.highest < band.lowest:
            yield f"{where}: {band.id} ends before it starts. Exchange the two."


def _where(one: Instrument) -> str:
    return f"{FOLDER}/{one.id}/instrument.toml"
