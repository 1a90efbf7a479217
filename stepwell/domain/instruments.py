"""Validated self-tests: loading what was published, and refusing what may not be here.

One folder an instrument: `instrument.toml` holds everything a scorer needs,
`text.en.toml` the exact wording with its own source. A test that is cleared but
whose words are not at hand has a `pending.toml` alone and stands on the ledger
only. Nothing loads whose licence is not cleared, and nothing loads whose bands
leave a score without a name. Scoring: scoring.py.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from stepwell.domain import loading
from stepwell.domain.errors import FactError
from stepwell.domain.instrument_checks import (
    example_problems,
    licence_problems,
    problems,
    wording_problems,
)
from stepwell.domain.instrument_figures import Figure
from stepwell.domain.instrument_schema import Described, Instrument, PendingInstrument, Wording
from stepwell.domain.sources import Checked, Source

Kind = TypeVar("Kind", bound=Described)

FOLDER = "instruments"
DEFINITION = "instrument.toml"
PENDING = "pending.toml"
ENGLISH = "text.en.toml"


@loading.remembered
def instruments() -> Mapping[str, Instrument]:
    """Return every cleared instrument by id, ordered by code."""
    return _by_code(_load(folder) for folder in _folders(DEFINITION))


@loading.remembered
def pending() -> Mapping[str, PendingInstrument]:
    """Return the tests that are cleared but whose wording is not at hand, for the ledger."""
    return _by_code(
        _checked(loading.read(folder / PENDING, PendingInstrument), folder, PENDING)
        for folder in _folders(PENDING)
    )


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
    known = {**instruments(), **pending()}
    codes = Counter(one.code for one in known.values())
    for one in known.values():
        if codes[one.code] > 1:
            raise FactError(f"{FOLDER}/{one.id}: code: {one.code} is used twice. Choose another.")
    for one in instruments().values():
        _refuse(f"{FOLDER}/{one.id}/{DEFINITION}", example_problems(one))
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
        lone = (scale.error, scale.reliable_change)
        figures: list[Figure] = [one for one in lone if one]
        figures += (*scale.bands, *scale.cut_offs, *scale.accuracy, *scale.norms)
        figures += (*scale.standard_scores, *scale.reliability)
        yield from (one.source for one in figures)


def _by_code(found: Iterable[Kind]) -> Mapping[str, Kind]:
    return MappingProxyType({one.id: one for one in sorted(found, key=lambda one: one.code)})


def _folders(name: str) -> list[Path]:
    """Return one folder for each file of that name, a host's replacing ours."""
    files = loading.folder_files(FOLDER, {DEFINITION, PENDING})
    return [file.parent for file in files if file.name == name]


def _load(folder: Path) -> Instrument:
    one = _checked(loading.read(folder / DEFINITION, Instrument), folder, DEFINITION)
    _refuse(f"{FOLDER}/{one.id}/{DEFINITION}", problems(one))
    return one


def _checked(one: Kind, folder: Path, name: str) -> Kind:
    where = f"{FOLDER}/{folder.name}/{name}"
    if one.id != folder.name:
        raise FactError(f"{where}: id: the folder is called {folder.name}. Write that id.")
    _refuse(where, licence_problems(one))
    return one


def _load_wording(one: Instrument) -> Wording:
    text = loading.read(loading.path(f"{FOLDER}/{one.id}/{ENGLISH}"), Wording)
    _refuse(f"{FOLDER}/{one.id}/{ENGLISH}", wording_problems(one, text))
    return text


def _refuse(where: str, found: Iterable[str]) -> None:
    """Raise FactError for the first of the problems found, if there is one."""
    for problem in found:
        raise FactError(f"{where}: {problem}")
