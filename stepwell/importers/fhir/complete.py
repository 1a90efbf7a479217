"""A draft and what its host says, as a whole instrument; or why it may not be one.

A Questionnaire cannot say that a test may be here: that is read from the licence
the host gives, and `cleared` is the host's word, never the file's.
"""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from stepwell.domain import instruments
from stepwell.domain.instrument_checks import (
    example_problems,
    licence_problems,
    problems,
    wording_problems,
)
from stepwell.domain.instrument_schema import Instrument, Wording
from stepwell.domain.loading import REPAIRS
from stepwell.importers.fhir.read import Draft
from stepwell.importers.fhir.tree import Problems
from stepwell.importers.records import ImportRefused

Schema = TypeVar("Schema", bound=BaseModel)
Table = Mapping[str, Any]

MOST_SCORES = 1_000_000  # that a scale can have
SAY_ABOUT = "Say it in the file of --about."
SAY_LICENCE = "Say it in the file of --licence, under [licence]."


class Told(NamedTuple):
    """What the host says beside the Questionnaire."""

    about: Table = {}  # keys of instrument.toml, and of text.en.toml under `wording`
    licence: Table | None = None  # the table [licence]; without it, the Questionnaire's own
    cleared: bool = False


class Whole(NamedTuple):
    """An instrument and its wording, checked like any of ours."""

    one: Instrument
    text: Wording
    notes: tuple[str, ...]


def table_of(path: Path) -> Table:
    """Return a TOML file that the host wrote; raise ImportRefused where it is none."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ImportRefused(f"{path.name}: not TOML ({error}). Correct that line.") from error


def licence_of(path: Path) -> Table:
    """Return the table [licence] of a file."""
    table = table_of(path).get("licence")
    if not isinstance(table, dict):
        raise ImportRefused(f"{path.name}: licence: is missing. Write the table [licence].")
    return table


def complete(draft: Draft, told: Told) -> Whole:
    """Return the whole instrument; raise ImportRefused with all that is missing or wrong."""
    found = Problems(draft.file)
    own = dict(told.about)
    words = own.pop("wording", {})
    if not isinstance(words, dict):
        found.add("wording", "is no table", f"Write [wording]. {SAY_ABOUT}")
        words = {}
    definition = {**draft.definition, **own}
    wording = {**draft.wording, **words}
    definition["licence"] = _licence(definition.get("licence"), told, found)
    if draft.conditions and "gate" not in definition:
        what = f"is asked only sometimes ({len(draft.conditions)} such items)"
        found.add(draft.conditions[0], what, f"Where a first question ends it, [gate]. {SAY_ABOUT}")
    found.refuse()
    one = _parsed(definition, Instrument, "", found)
    text = _parsed(wording, Wording, "wording.", found)
    found.refuse()
    assert one is not None
    assert text is not None
    wrong = next(_wrong(one, text), None)
    if wrong:
        found.found.append(f"{draft.file}: {wrong}")
    found.refuse()
    return Whole(one, text, (*draft.notes, *_notes(one)))


def _licence(carried: Any, told: Told, found: Problems) -> Table:
    licence = told.licence if told.licence is not None else carried
    if not isinstance(licence, Mapping):
        found.add("licence", "nothing says who owns this test and what they allow", SAY_LICENCE)
        return {}
    if not licence.get("evidence"):
        what = "nothing shows that this test may be here"
        found.add("licence.evidence", what, f"Quote the owner's words. {SAY_LICENCE}")
    elif not told.cleared:
        what = "nobody here has decided that this test may be shown"
        found.add("licence.cleared", what, "Read the licence, then say so with --cleared.")
    return {**licence, "cleared": told.cleared}


def _parsed(values: Table, schema: type[Schema], prefix: str, found: Problems) -> Schema | None:
    """Return the values as a fact; note every key that is missing or wrong."""
    try:
        return schema.model_validate(values)
    except ValidationError as error:
        for one in error.errors():
            key = prefix + ".".join(str(part) for part in one["loc"])
            missing = one["type"] == "missing"
            repair = SAY_ABOUT if missing else REPAIRS.get(one["type"], "Correct this value.")
            found.add(key, "is missing" if missing else one["msg"], repair)
        return None


def _wrong(one: Instrument, text: Wording) -> Iterator[str]:
    """Yield what the loader would refuse, and a number that another test has.

    To be read up to the first only: each check stands on those before it.
    """
    for scale in one.scales:
        if not 0 <= (scale.highest - scale.lowest) * 10**scale.digits <= MOST_SCORES:
            yield f"scales.{scale.id}: goes from {scale.lowest} to {scale.highest}. Correct it."
    yield from licence_problems(one)
    yield from problems(one)
    yield from (f"wording.{line}" for line in wording_problems(one, text))
    yield from example_problems(one)
    for other in _known().values():
        if other.code == one.code and other.id != one.id:
            yield f"code: {one.code} is that of {other.id}. Choose another number."


def _known() -> Mapping[str, Any]:
    return {**instruments.instruments(), **instruments.pending()}


def _notes(one: Instrument) -> Iterator[str]:
    if one.id in _known():
        yield f"There is a self-test {one.id} already: this one takes its place."
