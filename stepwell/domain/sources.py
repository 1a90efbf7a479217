"""Fact and Source: the base of everything that is read from facts/.

A fact says where it comes from and how that was checked. What was only
recalled is shown with a warning, and never where a mistake could hurt
(`strict` cells: phone numbers, laws, titles, limits of confidentiality,
strength of evidence, red flags, addresses of registers).
"""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

FactId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[_-][a-z0-9]+)*$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]

COULD_NOT_CHECK = "We could not check this."
NOT_YET_CHECKED = "not yet checked against its source"


class Frozen(BaseModel):
    """A value read from a file: it cannot change, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Checked(StrEnum):
    """How a fact was checked: in its source, in a second-hand copy, or not at all."""

    READ = "read"
    SECONDARY = "secondary"
    RECALLED = "recalled"


class Source(Frozen):
    """Where a fact comes from, who checked it and when it is due again."""

    citation: Text
    url: str = ""
    licence: str = "facts only, in our own words"
    checked: Checked
    checked_on: date
    reviewed_by: str = ""
    reviewed_on: date | None = None
    review_due: date


class Fact(Frozen):
    """A fact with an id (its file's name) and a source."""

    id: FactId
    source: Source
    retired_on: date | None = None


class CellState(StrEnum):
    """How a cell may be shown: as checked, with a warning, or not at all."""

    CHECKED = "checked"
    RECALLED = "recalled"
    UNKNOWN = "unknown"


class Cell(Frozen):
    """One statement as a visitor may see it. `text` is never empty."""

    text: Text
    state: CellState
    source: Source | None = None


class Statement(Frozen):
    """One sentence or two about a fact, with its own source where it differs from the file's."""

    text: str = ""
    source: Source | None = None


def cell(statement: Statement, source: Source, *, strict: bool, instead: str) -> Cell:
    """Return what a visitor may see of `statement`.

    `source` is the file's, used where the statement names none. `strict` marks
    the kinds of statement that are never shown when only recalled. `instead`
    says what the person can do when we could not check it.
    """
    origin = statement.source or source
    recalled = origin.checked is Checked.RECALLED
    if not statement.text or (strict and recalled):
        return Cell(text=f"{COULD_NOT_CHECK} {instead}", state=CellState.UNKNOWN)
    state = CellState.RECALLED if recalled else CellState.CHECKED
    return Cell(text=statement.text, state=state, source=origin)
