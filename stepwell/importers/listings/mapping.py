"""The mapping file: which column of a CSV is which field, and what its words mean."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from stepwell.domain import loading
from stepwell.domain.offers import Consent
from stepwell.domain.sources import CountryCode, Frozen, Text
from stepwell.importers.records import ImportRefused

FieldName = Literal[
    "id", "name", "provider", "provider_id", "provider_type", "provider_about",
    "provider_web", "about", "kind", "country",
    "region", "town", "postcode", "street", "latitude", "longitude", "redacted", "remote",
    "serves", "languages", "formats", "needs", "goals",
    "approaches", "access", "payers", "cost", "cost_note", "accepting", "accepting_on",
    "minimum_age", "maximum_age", "phone", "email", "web", "confidentiality", "confirmed_on",
    "consent", "fictional", "fee_from", "fee_to", "currency", "sliding_scale", "wait_weeks",
    "seats_open", "seats_on", "safe_contact", "register", "register_number", "register_expires_on",
]  # fmt: skip
NEEDED: tuple[FieldName, ...] = ("id", "name", "provider", "kind")
Separator = Annotated[str, StringConstraints(min_length=1, max_length=1)]


class Repairs(Frozen):
    """What may be put right without asking."""

    # Spreadsheets take the leading zeros from numbers; these give them back. How many
    # digits a postcode has differs by country.
    postcode_digits: Mapping[CountryCode, Annotated[int, Field(ge=3, le=10)]] = {}
    phone_leading_zero: bool = False


class Mapped(Frozen):
    """A mapping file as its host writes it."""

    source: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:[_-][a-z0-9]+)*$")]
    delimiter: Separator = ","
    list_separator: Separator = ";"
    encoding: Literal["utf-8", "cp1252"] = "utf-8"
    date_format: Text = "%Y-%m-%d"
    # On whose word these listings are shown. Without one they are kept and never shown.
    consent: Consent = Consent.NONE
    columns: Mapping[FieldName, Text]
    defaults: Mapping[FieldName, str] = {}
    codes: Mapping[FieldName, Mapping[str, str]] = {}
    repair: Repairs = Repairs()
    # Flag columns: where they do not say no, the field is never read. A private street
    # hides the point of the place too.
    private: Mapping[FieldName, Text] = {}
    # Flag columns: where they say yes (or hold a date), the row is not for showing.
    leave_out: tuple[Text, ...] = ()
    # A file that holds a part of a source, such as what is shown of it, withdraws nothing.
    withdraw_missing: bool = True
    # A column that names the source of each row, for a file that holds several.
    source_column: str = ""

    def column(self, field: FieldName) -> str:
        """Return the name of the column a field is read from, or of the field itself."""
        return self.columns.get(field, field)

    def named_columns(self) -> set[str]:
        """Return every column the mapping speaks of."""
        own = {self.source_column} if self.source_column else set()
        return {*self.columns.values(), *self.private.values(), *self.leave_out, *own}


OWN = Path(__file__).parent / "stepwell.map.toml"  # how what we write for programs is read


def read_mapping(path: Path) -> Mapped:
    """Return a mapping file; raise FactError naming file, key and repair."""
    mapping = loading.read(path, Mapped)
    for field in NEEDED:
        if field not in mapping.columns and field not in mapping.defaults:
            raise ImportRefused(
                f"{path.name}: columns.{field}: is missing. Name the column it is read from, "
                "or give it under defaults."
            )
    return mapping


def field_names() -> tuple[str, ...]:
    """Return the fields a mapping can fill, in the order of the documentation."""
    return get_args(FieldName)
