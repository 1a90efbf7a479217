"""What must be true of every record, whatever it was read from, before anything is stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from stepwell.domain import support
from stepwell.domain.countries import names as country_names
from stepwell.domain.credentials import Form, form_of
from stepwell.domain.dimensions import Basis
from stepwell.domain.errors import UnknownFact
from stepwell.domain.matching import CONFIRM_DAYS, is_recent
from stepwell.domain.offers import MOST_NEEDS, Consent
from stepwell.importers.records import ImportRefused, Record, Reject, Remark, Row

MOST_REJECTED = 0.5  # above this share the file is not what it was taken for
FEW_ROWS = 10  # below this number a share says nothing


class FirstSeen(Protocol):
    """The row in which each id stood first."""

    def get(self, key: str, /) -> int | None:
        """Return the row, or None."""

    def __setitem__(self, key: str, row: int, /) -> None: ...


def check(rows: Iterable[Row], file: str, today: date) -> list[Row]:
    """Return the rows with those that cannot be stored turned into rejects.

    Raises ImportRefused when there are none at all, or too many rejects.
    """
    checked = list(check_each(rows, {}, today))
    counts = Counts()
    for row in checked:
        counts.add(row)
    counts.refuse(file)
    return checked


def check_each(rows: Iterable[Row], first_seen: FirstSeen, today: date) -> Iterator[Row]:
    """Yield the rows with those that cannot be stored turned into rejects."""
    for row in rows:
        if isinstance(row, Record):
            yield refused_twin(row, first_seen) or check_record(row, today)
        else:
            yield row


@dataclass
class Counts:
    """How many rows there are, how many cannot be used, and the first of those."""

    rows: int = 0
    rejected: int = 0
    first: Reject | None = None

    def add(self, row: Row) -> None:
        """Count a row; parts of listings and remarks are none."""
        if isinstance(row, Remark) or (isinstance(row, Reject) and row.part):
            return
        self.rows += 1
        if isinstance(row, Reject):
            self.rejected += 1
            self.first = self.first or row

    def refuse(self, file: str) -> None:
        """Raise ImportRefused when there are no rows at all, or too many rejects."""
        if not self.rows:
            raise ImportRefused(f"{file}: it holds no rows. Nothing was changed.")
        first = self.first
        if first and self.rows >= FEW_ROWS and self.rejected > MOST_REJECTED * self.rows:
            raise ImportRefused(
                f"{file}: {self.rejected} of {self.rows} rows cannot be used, so nothing was "
                f"changed. The first: row {first.row}, {first.column}: {first.reason}. "
                f"{first.repair}"
            )


def refused_twin(record: Record, first_seen: FirstSeen) -> Reject | None:
    """Return a reject when the id stood there before, and remember it."""
    first = first_seen.get(record.source_id)
    if first is None:
        first_seen[record.source_id] = record.row
    if first is None or first == record.row:  # the same row, read a second time
        return None
    return reject(record, "id", f"row {first} has the same id", "Give each row an id of its own.")


def check_record(record: Record, today: date) -> Record | Reject:
    """Return the record, perhaps with a note, or why it cannot be stored."""
    if record.kind not in support.kinds():
        hint = str(UnknownFact("kind of support", record.kind, support.kinds()))
        return reject(record, "kind", hint, "Use one of the ids of the kinds of support.")
    if record.place is None and not record.remote:
        return reject(record, "town", "it is nowhere", "Name its town, or say that it is remote.")
    if unknown := countries_of(record) - set(country_names()):
        named = ", ".join(sorted(unknown))
        return reject(record, "country", f"we know no country {named}", "Use ISO 3166 codes.")
    if (record.minimum_age or 0) > (150 if record.maximum_age is None else record.maximum_age):
        return reject(record, "minimum_age", "it is above maximum_age", "Change one of the two.")
    if record.confidentiality not in {"", *Basis}:
        known = ", ".join(Basis)
        return reject(record, "confidentiality", "we do not know this word", f"Use {known}.")
    notes = (*record.notes, *notes_on(record, today))
    # Who ticks every box would come up for everything; such a list says nothing.
    needs = record.needs if len(record.needs) <= MOST_NEEDS else frozenset()
    return record.model_copy(update={"notes": notes, "needs": needs})


def countries_of(record: Record) -> set[str]:
    """Return every country that a record names."""
    return {*record.serves, *([record.place.country] if record.place else [])}


def notes_on(record: Record, today: date) -> Iterator[str]:
    """Yield what its host should know about a record that is stored as it is."""
    held = record.credential
    if held and form_of(held.register_id, held.number) is Form.INVALID:
        yield f"the number has not the form that {held.register_id} gives out"
    if len(record.needs) > MOST_NEEDS:
        yield f"it names more than {MOST_NEEDS} needs, so none was kept: name those you see most"
    if record.consent is Consent.NONE:
        yield "nobody agreed to it, so it is stored and not shown"
    if not record.fictional and not is_recent(record.confirmed_on, today, CONFIRM_DAYS):
        yield "nobody confirmed it in the last 90 days, so it is stored and not shown"


def reject(record: Record, column: str, reason: str, repair: str) -> Reject:
    """Return a reject for a record."""
    return Reject(
        row=record.row, source_id=record.source_id, column=column, reason=reason, repair=repair
    )
