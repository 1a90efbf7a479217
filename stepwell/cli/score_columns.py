"""From the cells of a CSV row to a response: by column name, by position, or by a map file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import click
from pydantic import Field

from stepwell.domain import loading
from stepwell.domain.errors import FactError
from stepwell.domain.instrument_schema import NOT_APPLICABLE, Answer, Instrument
from stepwell.domain.sources import FactId, Frozen

Codes = dict[str, Answer]


class ColumnMap(Frozen):
    """What a map file says about a foreign CSV file.

    `columns` gives the file's name for an item; `codes` says what its cells mean,
    and `codes_for` does so for one item or one set of answers. Where codes are
    given, nothing but they is an answer. `missing` lists cells that stand for none.
    """

    columns: dict[FactId, str] = Field(default_factory=dict)
    codes: Codes = Field(default_factory=dict)
    codes_for: dict[FactId, Codes] = Field(default_factory=dict)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Columns:
    """Which column of a file holds which item, and what its cells mean."""

    test: Instrument
    places: Mapping[str, int]
    known: ColumnMap

    @cached_property
    def _codes(self) -> dict[str, Codes]:
        """Return the codes that hold for each item; empty where its cells are plain values."""
        sets, known = {item.id: item.options for item in self.test.items}, self.known
        return {
            item: known.codes_for.get(item) or known.codes_for.get(sets[item]) or known.codes
            for item in self.places
        }

    def answer_places(self, item: str) -> Mapping[str, int]:
        """Return which answer of an item each plain cell stands for, by its place on the form.

        No answer is one place after the last; it is plain only where nothing is added
        up. Other cells that `response` can read, such as " 1", are not in here.
        """
        return self._answer_places[item]

    @cached_property
    def _answer_places(self) -> dict[str, dict[str, int]]:
        return {item: self._places_of(item) for item in self.places}

    def _places_of(self, item: str) -> dict[str, int]:
        values = self.test.values(item)
        codes = self._codes[item] or {str(value): value for value in values if value >= 0}
        found = {text: values.index(v) for text, v in codes.items() if v in values}
        none = dict.fromkeys(("", *self.known.missing), len(values))
        is_gate = self.test.gate is not None and self.test.gate.item == item
        if self.test.item(item).scored or is_gate:
            return {text: place for text, place in found.items() if text not in none}
        return found | none

    def response(self, row: Sequence[str]) -> tuple[dict[str, Answer], list[tuple[str, str]]]:
        """Return the answers of a row, and the items whose cells cannot be read with their text."""
        response: dict[str, Answer] = {}
        unreadable = []
        for item, place in self.places.items():
            text = row[place].strip() if place < len(row) else ""
            if not text or text in self.known.missing:
                continue
            answer = self._answer(item, text)
            if answer is None:
                unreadable.append((item, text))
            else:
                response[item] = answer
        return response, unreadable

    def allowed(self, item: str) -> list[str]:
        """Return what the cells of an item may hold."""
        if codes := self._codes[item]:
            return list(codes)
        na = [NOT_APPLICABLE] if self.test.item(item).may_not_apply else []
        return [*map(str, self.test.values(item)), *na]

    def _answer(self, item: str, text: str) -> Answer | None:
        if codes := self._codes[item]:
            return codes.get(text)
        if text == NOT_APPLICABLE:
            return NOT_APPLICABLE
        return int(text) if text.isascii() and text.isdigit() else None


def read_map(file: Path | None, test: Instrument) -> ColumnMap:
    """Return a map file checked against the test; an empty one where there is none."""
    if file is None:
        return ColumnMap()
    try:
        known = loading.read(file, ColumnMap)
    except FactError as error:
        raise click.UsageError(str(error)) from error
    _check_ids(file, test, known)
    answers = {str(value) for item in test.items for value in test.values(item.id)}
    for key, codes in {"codes": known.codes, **known.codes_for}.items():
        for text, value in codes.items():
            if value != NOT_APPLICABLE and str(value) not in answers:
                raise click.UsageError(
                    f"{file}: {key}: {text!r} stands for {value}, which is no answer of this test."
                )
    return known


def _check_ids(file: Path, test: Instrument, known: ColumnMap) -> None:
    items = {item.id for item in test.items}
    sets = {item.options for item in test.items}
    for key, ids, allowed in (
        ("columns", known.columns, items),
        ("codes_for", known.codes_for, items | sets),
    ):
        for fact_id in ids:
            if fact_id not in allowed:
                raise click.UsageError(
                    f"{file}: {key}: no item {fact_id!r}. Use one of {', '.join(sorted(allowed))}."
                )


def by_name(test: Instrument, file: Path, head: Sequence[str], known: ColumnMap) -> Columns:
    """Return the columns of a file whose first row names them."""
    names = {item.id: known.columns.get(item.id, item.id) for item in test.items}
    missing = [names[item.id] for item in test.items if _is_needed(test, item.id, names, head)]
    double = [name for name in names.values() if head.count(name) > 1]
    if missing:
        raise click.UsageError(
            f"{file}: no column {', '.join(missing)}. Name the columns in row 1 by the items "
            f"({', '.join(names)}), or use --order or --map."
        )
    if double:
        raise click.UsageError(f"{file}: two columns are called {double[0]}. Keep one.")
    places = {item: head.index(name) for item, name in names.items() if name in head}
    return Columns(test, places, known)


def _is_needed(test: Instrument, item: str, names: Mapping[str, str], head: Sequence[str]) -> bool:
    """Say whether a column is missing that scoring, or the map file, asks for."""
    is_gate = test.gate is not None and test.gate.item == item
    asked = test.item(item).scored or is_gate or names[item] != item
    return asked and names[item] not in head


def by_order(test: Instrument, file: Path, width: int, known: ColumnMap) -> Columns:
    """Return the columns of a file that holds the items in the order of the form."""
    if known.columns:
        raise click.UsageError("--order and the columns of --map contradict each other. Drop one.")
    every = [item.id for item in test.items]
    scored = [item.id for item in test.items if item.scored]
    for ids in (every, scored):
        if width == len(ids):
            return Columns(test, {item: place for place, item in enumerate(ids)}, known)
    raise click.UsageError(
        f"{file}: {width} columns, but the form has {len(every)} questions, {len(scored)} of them "
        "scored. With --order a file holds one of the two, and nothing else."
    )
