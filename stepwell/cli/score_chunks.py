"""Scores many rows at once, to the same result as the exact scorer.

A row whose every cell is one of the answers on the form needs no rule for gaps:
each scale is then a whole number over a denominator that is the same for all
rows. Those numbers are added up with numpy, and what is published about each
different one is asked of the exact scorer, once. Every other row is left to the
exact scorer whole, which names the reason where there is no score.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import compress, repeat, zip_longest
from math import lcm
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from stepwell.cli.score_columns import Columns
from stepwell.domain import scoring
from stepwell.domain.instrument_schema import Alert, Scale, Transform
from stepwell.domain.scoring import ScaleScore

Whole = npt.NDArray[np.int64]
Outcome = TypeVar("Outcome")
COMMA = ord(",")
MOST_KNOWN = 50_000  # outcomes kept for rows to come
UNKNOWN = -1  # a cell that is none of the answers as the form has them


@dataclass(frozen=True)
class Measured:
    """What every row of a chunk has on one scale: `over` / `under`, not rounded."""

    over: Whole
    under: int

    def moved(self, transform: Transform | None) -> "Measured":
        """Return the values moved along the published straight line, if there is one."""
        if transform is None:
            return self
        start = scoring.transformed(transform, Fraction(0))
        slope = scoring.transformed(transform, Fraction(1)) - start
        under = lcm(slope.denominator * self.under, start.denominator)
        return Measured(self.over * int(slope * under / self.under) + int(start * under), under)


def _of_one_sign_each(cells: Sequence[str], known: Mapping[str, int]) -> Whole | None:
    """Return what `known` says of each cell, quickly; None unless each holds one ASCII sign.

    Joined by commas, the cells are of one sign each exactly if every second sign is
    a comma and no other is.
    """
    text = ",".join(cells)
    if len(text) != 2 * len(cells) - 1 or not text.isascii():
        return None
    signs = np.frombuffer(text.encode("ascii"), np.uint8)
    if (signs[1::2] != COMMA).any() or (signs[::2] == COMMA).any():
        return None
    table = np.full(128, UNKNOWN, np.int64)
    for sign, place in known.items():
        if len(sign) == 1 and sign.isascii():
            table[ord(sign)] = place
    return table[signs[::2]]


@dataclass(frozen=True)
class Chunks(Generic[Outcome]):
    """Outcomes for the rows of one file.

    `exact` makes one from the cells of a row, `built` one from what was published
    about each scale and the alerts that the answers call for.
    """

    columns: Columns
    exact: Callable[[list[str]], Outcome]
    built: Callable[[Sequence[ScaleScore], Sequence[Alert]], Outcome]

    def outcomes(self, rows: Sequence[list[str]]) -> list[Outcome]:
        """Return an outcome for every row, in their order."""
        if not rows:
            return []
        answers, found = self._answers(rows)
        plain = found.tolist()
        every = zip(*(column.tolist() for column in self._keys(answers)), strict=True)
        keys = list(compress(every, plain))
        self._learn(set(keys))
        quick = map(self._known.__getitem__, keys)
        if all(plain):
            return list(quick)
        return [
            next(quick) if is_plain else self.exact(cells)
            for cells, is_plain in zip(rows, plain, strict=True)
        ]

    def _learn(self, keys: set[tuple[int, ...]]) -> None:
        """Make the outcomes that no row had before; forget the old ones where they are many."""
        if len(self._known) > MOST_KNOWN:
            self._known.clear()
        for key in keys:
            if key not in self._known:
                self._known[key] = self._outcome(key)

    @cached_property
    def _known(self) -> dict[tuple[int, ...], Outcome]:
        return {}

    def _answers(self, rows: Sequence[list[str]]) -> tuple[dict[str, Whole], npt.NDArray[np.bool_]]:
        """Return for each item which of its answers each row has, and which rows have only such."""
        table = list(zip_longest(*rows, fillvalue=""))  # by column; what a row lacks is empty
        none = ("",) * len(rows)
        plain = np.ones(len(rows), dtype=bool)
        answers = {}
        for item, place in self.columns.places.items():
            cells = table[place] if place < len(table) else none
            known = self.columns.answer_places(item)
            found = _of_one_sign_each(cells, known)
            if found is None:
                found = np.fromiter(map(known.get, cells, repeat(UNKNOWN)), np.int64, len(rows))
            plain &= found != UNKNOWN
            answers[item] = found
        return answers, plain

    def _keys(self, answers: dict[str, Whole]) -> Iterator[Whole]:
        """Yield a number for each scale, and one for the alerts: rows alike in all are alike."""
        measured: dict[str, Measured] = {}
        for scale in self.columns.test.scales:
            measured[scale.id] = self._measured(scale, answers, measured)
            yield measured[scale.id].over
        yield sum(
            (table[answers[alert.item]] << place for place, (alert, table) in self._alerts),
            np.zeros_like(next(iter(answers.values()))),
        )

    def _measured(
        self, scale: Scale, answers: dict[str, Whole], measured: dict[str, Measured]
    ) -> Measured:
        if not scale.parts:
            over, many = self._total(scale, answers), len(scale.items)
            found = Measured(over, many if scale.method == "mean" else 1)
        else:
            parts = [measured[part] for part in scale.parts]
            under = lcm(*(part.under for part in parts))
            over = sum((p.over * (under // p.under) for p in parts), np.zeros_like(parts[0].over))
            found = Measured(over, under * (len(parts) if scale.method == "mean" else 1))
        return found.moved(scale.transform)

    def _total(self, scale: Scale, answers: dict[str, Whole]) -> Whole:
        test = self.columns.test
        total = np.zeros_like(answers[scale.items[0]])
        for item in scale.items:
            total += self._points[scale.id, item][answers[item]]
        if test.gate is None:
            return total
        counted = test.gate.counts_as
        ended = sum(scoring.item_points(test, scale, item, counted) for item in scale.items)
        stops = test.values(test.gate.item).index(test.gate.stops_at)
        return np.where(answers[test.gate.item] == stops, ended, total)

    @cached_property
    def _points(self) -> dict[tuple[str, str], Whole]:
        """Return what each answer of an item counts in a scale."""
        test = self.columns.test
        return {
            (scale.id, item): np.array(
                [scoring.item_points(test, scale, item, value) for value in test.values(item)]
            )
            for scale in test.scales
            for item in scale.items
        }

    @cached_property
    def _alerts(self) -> list[tuple[int, tuple[Alert, Whole]]]:
        """Return each alert with which answers of its item call for it; no answer never does."""
        test, places = self.columns.test, self.columns.places
        asked = [alert for alert in test.alerts if alert.item in places]
        return [
            (
                place,
                (alert, np.array([*(scoring.calls(alert, v) for v in values), False], np.int64)),
            )
            for place, alert in enumerate(asked)
            for values in [test.values(alert.item)]
        ]

    @cached_property
    def _unders(self) -> list[int]:
        """Return the denominator of every scale, the same for all rows."""
        nobody = {item: np.zeros(1, np.int64) for item in self.columns.places}
        measured: dict[str, Measured] = {}
        for scale in self.columns.test.scales:
            measured[scale.id] = self._measured(scale, nobody, measured)
        return [one.under for one in measured.values()]

    def _outcome(self, key: tuple[int, ...]) -> Outcome:
        *overs, called = key
        scores = [
            self._score(place, over, under)
            for place, (over, under) in enumerate(zip(overs, self._unders, strict=True))
        ]
        alerts = [alert for place, (alert, _) in self._alerts if called >> place & 1]
        return self.built(scores, alerts)

    def _score(self, place: int, over: int, under: int) -> ScaleScore:
        """Return what is published about one value of one scale."""
        known = self._published
        if (place, over) not in known:
            scale = self.columns.test.scales[place]
            known[place, over] = scoring.published(scale, Fraction(over, under))
        return known[place, over]

    @cached_property
    def _published(self) -> dict[tuple[int, int], ScaleScore]:
        """Keep what is published about each value seen; a scale has a few thousand at most."""
        return {}
