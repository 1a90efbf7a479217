"""What the JSON catalogue says of a test: an allow-list, field by field (TRUST I8).

Decimals are written as text ("2.99"), so that no reader rounds them.
"""

from typing import Literal

from stepwell.domain.instrument_schema import (
    Described,
    Instrument,
    Licence,
    PendingInstrument,
    Wording,
)
from stepwell.domain.sources import Frozen

WordingState = Literal["here", "pending", "this_host_only"]


class Card(Frozen):
    """One test in the catalogue. `questionnaire` is empty where the wording is not given out."""

    id: str
    name: str
    short_name: str
    measures: str
    made_by: str
    published_in: str
    doi: str
    tags: tuple[str, ...]
    needs: tuple[str, ...] = ()
    questions: int | None = None
    youngest_age: int | None = None
    time_frame: str = ""
    loinc: str = ""
    licence: Licence
    wording: WordingState
    address: str
    page: str = ""
    questionnaire: str = ""


class Catalogue(Frozen):
    """Every test there is, and those that wait for their words."""

    count: int
    instruments: tuple[Card, ...]


class Detail(Frozen):
    """One test whole: key, figures with their sources, and exact words."""

    card: Card
    definition: Instrument | None = None
    wording: Wording | None = None


def wording_state(one: Described, *, passed_on: bool) -> WordingState:
    """Say whether a test's words are given out, and if not, why."""
    if isinstance(one, PendingInstrument):
        return "pending"
    return "here" if passed_on else "this_host_only"
