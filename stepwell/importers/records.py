"""What every source is read into: a record, a reason to leave a row out, or a reject."""

from datetime import date
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, ValidationError, model_validator

from stepwell.domain.credentials import State
from stepwell.domain.errors import DomainError
from stepwell.domain.offers import Accepting, Consent, Cost
from stepwell.domain.places import Point
from stepwell.domain.sources import Frozen, Text

MOST_MINOR = 2**31 - 1  # what a column of whole numbers holds


class ImportRefused(DomainError):
    """The file as a whole cannot be imported. Says where, what is wrong and the repair."""


class ProviderRecord(Frozen):
    """Who offers it."""

    key: Text  # the provider's id in its source
    name: Text = Field(max_length=200)
    is_person: bool = False
    about: str = ""
    web: str = ""
    contact_email: Annotated[str, Field(max_length=254)] = ""  # never shown


class PlaceRecord(Frozen):
    """Where it is given. A redacted place keeps neither street nor point, only its area."""

    country: Text = Field(pattern=r"^[A-Z]{2}$")
    region: Annotated[str, Field(max_length=80)] = ""
    town: Text = Field(max_length=80)
    district: Annotated[str, Field(max_length=12)] = ""
    street: Annotated[str, Field(max_length=200)] = ""
    point: Point | None = None
    redacted: bool = False


class CredentialRecord(Frozen):
    """A licence or title the source names. Imported credentials are claimed, never verified."""

    register_id: Text = Field(max_length=60)
    number: Text = Field(max_length=60)
    jurisdiction: Text = Field(max_length=8)
    expires_on: date | None = None
    conditions: Annotated[str, Field(max_length=400)] = ""

    @property
    def state(self) -> State:
        """Return the state with which it arrives."""
        return State.CLAIMED


class Record(Frozen):
    """One listing, ready to be stored."""

    row: int
    source_id: Text = Field(max_length=120)
    provider: ProviderRecord
    place: PlaceRecord | None = None
    kind: Text
    name: Text = Field(max_length=200)
    about: str = ""
    remote: bool = False
    serves: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    goals: frozenset[str] = frozenset()
    approaches: frozenset[str] = frozenset()
    access: frozenset[str] = frozenset()
    payers: frozenset[str] = frozenset()
    cost: Cost = Cost.UNKNOWN
    cost_note: Annotated[str, Field(max_length=400)] = ""
    fee_from: Annotated[int, Field(ge=0, le=MOST_MINOR)] | None = None  # cents, pence ...
    fee_to: Annotated[int, Field(ge=0, le=MOST_MINOR)] | None = None
    currency: Annotated[str, Field(pattern=r"^([A-Z]{3})?$")] = ""
    sliding_scale: bool | None = None
    accepting: Accepting = Accepting.UNKNOWN
    accepting_on: date | None = None
    wait_weeks: Annotated[int, Field(ge=0, le=520)] | None = None  # needs accepting_on
    seats_open: Annotated[int, Field(ge=0, le=10_000)] | None = None  # with seats_on
    seats_on: date | None = None
    safe_contact: frozenset[str] = frozenset()
    minimum_age: Annotated[int, Field(ge=0, le=150)] | None = None
    maximum_age: Annotated[int, Field(ge=0, le=150)] | None = None
    phone: Annotated[str, Field(max_length=40)] = ""
    email: Annotated[str, Field(max_length=254)] = ""
    web: Annotated[str, Field(max_length=200)] = ""
    confidentiality: str = ""
    confirmed_on: date | None = None
    consent: Consent = Consent.NONE
    fictional: bool = False
    credential: CredentialRecord | None = None
    # All that the provider names, where the source says so of the provider.
    credentials: tuple[CredentialRecord, ...] = ()
    own_id: UUID | None = None  # the id it has if it came out of a network's own listings
    notes: tuple[str, ...] = ()  # what was repaired or left empty on the way in

    @model_validator(mode="after")
    def is_whole(self) -> Self:
        """Refuse half a statement: a fee says its currency, a wait and free places their day."""
        if (self.fee_from is not None or self.fee_to is not None) and not self.currency:
            raise ValueError("A fee needs its currency.")
        if self.fee_from is not None and self.fee_to is not None and self.fee_from > self.fee_to:
            raise ValueError("The lowest fee is above the highest.")
        if (self.seats_open is None) != (self.seats_on is None):
            raise ValueError("Free places need the day on which they were counted.")
        if self.wait_weeks is not None and self.accepting_on is None:
            raise ValueError("A wait needs the day on which it was told.")
        return self


class LeftOut(Frozen):
    """A row that says of itself that it is not to be shown, such as "exclude from website"."""

    row: int
    source_id: str
    column: str
    reason: Text


class Reject(Frozen):
    """A row we cannot use: where, why, and what would repair it. Quotes nothing private."""

    row: int
    source_id: str = ""
    column: Text
    reason: Text
    repair: Text
    part: bool = False  # a part of a listing, such as a phone number


class Remark(Frozen):
    """Something in the file that is no listing: told, so that nothing is lost in silence."""

    row: int = 0
    column: Text
    reason: Text


Row = Record | LeftOut | Reject | Remark


def record_or_reject(row: int, source_id: str, **fields: Any) -> Record | Reject:
    """Return a record of these fields, or a reject that names the first one that cannot be."""
    try:
        return Record(row=row, source_id=source_id, **fields)
    except ValidationError as error:
        first = error.errors()[0]
        return Reject(
            row=row,
            source_id=source_id,
            column=".".join(str(part) for part in first["loc"]) or "the whole row",
            reason=first["msg"],
            repair="Correct this value; markup and control characters do not count.",
        )
