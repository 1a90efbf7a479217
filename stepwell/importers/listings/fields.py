"""The cells of one CSV row, turned into the fields of a record."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from stepwell.domain import money
from stepwell.domain.approaches import approaches
from stepwell.domain.guide_facts import goals, needs
from stepwell.domain.offers import (
    REMOTE_FORMATS,
    Accepting,
    Access,
    Consent,
    Cost,
    Format,
    Payer,
    SafeContact,
)
from stepwell.domain.places import Point, postcode_district
from stepwell.importers import cleaning
from stepwell.importers.listings.mapping import FieldName, Mapped
from stepwell.importers.records import (
    CredentialRecord,
    PlaceRecord,
    ProviderRecord,
    Record,
    Reject,
    record_or_reject,
)

Word = TypeVar("Word", bound=StrEnum)
Value = TypeVar("Value")
FEES: tuple[FieldName, ...] = ("fee_from", "fee_to")


class BadCell(Exception):
    """A cell that cannot be used: its column, what is wrong and the repair."""

    def __init__(self, column: str, reason: str, repair: str) -> None:
        super().__init__(reason)
        self.column, self.reason, self.repair = column, reason, repair


class Cells:
    """One row, read by the names of our fields: mapped, decoded, defaults filled in."""

    def __init__(self, row: Mapping[str, str], mapping: Mapped) -> None:
        self.row, self.mapping = row, mapping
        self.notes: list[str] = []

    def text(self, field: FieldName) -> str:
        """Return the cell of a field; "" where the row marks it as private."""
        if self.is_private(field):
            return ""
        said = self.row.get(self.mapping.columns.get(field, ""), "")
        decoded = self.mapping.codes.get(field, {}).get(said, said)
        return decoded or self.mapping.defaults.get(field, "")

    def is_private(self, field: FieldName) -> bool:
        """Say whether the row marks a field as private; a flag that is no clear no does."""
        flag = self.mapping.private.get(field)
        return flag is not None and cleaning.yes_or_no(self.row[flag]) is not False

    def several(self, field: FieldName) -> list[str]:
        """Return the parts of a cell that holds a list, each decoded."""
        table = self.mapping.codes.get(field, {})
        parts = (part.strip() for part in self.text(field).split(self.mapping.list_separator))
        return [table.get(part, part) for part in parts if part]

    def needed(self, field: FieldName) -> str:
        """Return a cell that must hold something."""
        text = cleaning.line(self.text(field))
        if not text:
            raise self.bad(field, "it is empty", "Fill it in.")
        return text

    def yes(self, field: FieldName) -> bool:
        """Return a yes or no."""
        said = cleaning.yes_or_no(self.text(field))
        if said is None:
            raise self.bad(field, "it is neither yes nor no", "Write yes or no.")
        return said

    def word(self, field: FieldName, words: type[Word], otherwise: Word) -> Word:
        """Return one of our words."""
        said = self.text(field)
        try:
            return words(said) if said else otherwise
        except ValueError:
            known = ", ".join(word.value for word in words)
            repair = f"Write one of {known}, or add it to codes.{field} in the mapping file."
            raise self.bad(field, "we do not know this word", repair) from None

    def words(self, field: FieldName, words: type[Word]) -> frozenset[str]:
        """Return several of our words."""
        known = {word.value for word in words}
        said = self.several(field)
        if set(said) - known:
            repair = f"Write {', '.join(sorted(known))}, or add it to codes.{field}."
            raise self.bad(field, "we do not know one of these words", repair)
        return frozenset(said)

    def known(self, field: FieldName, facts: Collection[str]) -> frozenset[str]:
        """Return the ids of facts in a list; those that we do not know are noted and left out."""
        said = self.several(field)
        if unknown := sorted(set(said) - set(facts)):
            named = ", ".join(unknown)[:120]
            self.notes.append(f"{self.mapping.column(field)}: we do not know {named}; left out")
        return frozenset(said) & frozenset(facts)

    def day(self, field: FieldName) -> date | None:
        """Return a date in the form that the mapping names."""
        said = self.text(field)
        if not said:
            return None
        form = self.mapping.date_format
        try:
            return datetime.strptime(said, form).date()  # a day has no time zone
        except ValueError:
            repair = f"Write the date in the form {form}, or set date_format in the mapping file."
            raise self.bad(field, "it is not a date we can read", repair) from None

    def kept(self, field: FieldName, clean: Callable[[object], Value], empty: Value) -> Value:
        """Return a cell cleaned; where nothing usable is left, note that and go on."""
        said = self.text(field)
        value = clean(said)
        if said and value == empty:
            self.notes.append(f"{self.mapping.column(field)} could not be used and was left empty")
        return value

    def bad(self, field: FieldName, reason: str, repair: str) -> BadCell:
        """Return what is wrong with the cell of a field."""
        return BadCell(self.mapping.column(field), reason, repair)


def record_of(
    line: int, source_id: str, row: Mapping[str, str], mapping: Mapped
) -> Record | Reject:
    """Return the record of a row, or the first cell that makes it impossible."""
    cells = Cells(row, mapping)
    try:
        return record_from(line, source_id, cells)
    except BadCell as bad:
        return Reject(
            row=line,
            source_id=source_id,
            column=bad.column,
            reason=bad.reason,
            repair=bad.repair,
        )


def record_from(line: int, source_id: str, cells: Cells) -> Record | Reject:
    """Return the record of a row, or why it cannot be; raise BadCell."""
    place = place_from(cells)
    formats = cells.words("formats", Format)
    remote = cells.yes("remote") or bool(formats & REMOTE_FORMATS)
    fictional = cells.yes("fictional")
    serves = frozenset(code.upper() for code in cells.several("serves"))
    own_country = frozenset({place.country}) if place else frozenset()
    return record_or_reject(
        row=line,
        source_id=source_id,
        provider=provider_from(cells),
        place=place,
        kind=cells.needed("kind"),
        name=cells.needed("name"),
        about=cleaning.plain(cells.text("about")),
        remote=remote,
        serves=(serves or own_country) if remote else frozenset(),
        languages=languages_from(cells),
        formats=formats,
        needs=cells.known("needs", needs()),
        goals=cells.known("goals", goals()),
        approaches=cells.known("approaches", approaches()),
        access=cells.words("access", Access),
        payers=cells.words("payers", Payer),
        cost=cells.word("cost", Cost, Cost.UNKNOWN),
        cost_note=cleaning.line(cells.text("cost_note"), 400),
        accepting=cells.word("accepting", Accepting, Accepting.UNKNOWN),
        accepting_on=cells.day("accepting_on"),
        safe_contact=cells.words("safe_contact", SafeContact),
        **fees_from(cells),
        **availability_from(cells),
        minimum_age=cells.kept("minimum_age", cleaning.whole_number, None),
        maximum_age=cells.kept("maximum_age", cleaning.whole_number, None),
        phone=phone_from(cells),
        email=cells.kept("email", cleaning.email_address, ""),
        web=cells.kept("web", cleaning.web_address, ""),
        confidentiality=cells.text("confidentiality"),
        confirmed_on=None if fictional else cells.day("confirmed_on"),
        consent=cells.word("consent", Consent, cells.mapping.consent),
        fictional=fictional,
        credential=credential_from(cells, place),
        notes=tuple(cells.notes),
    )


def fees_from(cells: Cells) -> dict[str, Any]:
    """Return what a session costs; amounts without a currency are noted and left out."""
    said = cells.text("currency").upper() or money.currency_in(cells.text("fee_from"))
    currency = said if len(said) == 3 and said.isascii() and said.isalpha() else ""
    fees: dict[str, int | None] = {}
    for field in FEES:
        text = cells.text(field)
        fees[field] = money.read_amount(text, currency) if currency else None
        if text and fees[field] is None:
            cells.notes.append(f"{cells.mapping.column(field)} is no amount we can read; left out")
    low, high = fees["fee_from"], fees["fee_to"]
    if low is not None and high is not None and low > high:
        cells.notes.append("the fees are the wrong way round and were left out")
        fees = dict.fromkeys(FEES)
    scale = cleaning.yes_or_no(cells.text("sliding_scale")) if cells.text("sliding_scale") else None
    kept = any(amount is not None for amount in fees.values())
    return {**fees, "currency": currency if kept else "", "sliding_scale": scale}


def availability_from(cells: Cells) -> dict[str, Any]:
    """Return weeks to wait and free seats; either counts only with the day it was said."""
    weeks = cells.kept("wait_weeks", cleaning.whole_number, None)
    seats, seats_on = cells.kept("seats_open", cleaning.whole_number, None), cells.day("seats_on")
    if weeks is not None and cells.day("accepting_on") is None:
        cells.notes.append("weeks to wait without the day they were said were left out")
        weeks = None
    if (seats is None) != (seats_on is None):
        cells.notes.append("free seats without the day they were said were left out")
        seats, seats_on = None, None
    return {"wait_weeks": weeks, "seats_open": seats, "seats_on": seats_on}


def provider_from(cells: Cells) -> ProviderRecord:
    """Return who offers it; without an id of its own, its name is its id."""
    name = cells.needed("provider")
    return ProviderRecord(
        key=cleaning.line(cells.text("provider_id"), 120) or name[:120],
        name=name,
        is_person=cells.text("provider_type").casefold() == "person",
        about=cleaning.plain(cells.text("provider_about")),
        web=cells.kept("provider_web", cleaning.web_address, ""),
    )


def place_from(cells: Cells) -> PlaceRecord | None:
    """Return where it is, or None where no town is named."""
    town = cleaning.line(cells.text("town"), 80)
    if not town:
        return None
    country = cells.needed("country").upper()
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        raise cells.bad("country", "it is no two-letter country code", "Write GB, US, IE ...")
    redacted = cells.yes("redacted") or cells.is_private("street")
    return PlaceRecord(
        country=country,
        region=cleaning.line(cells.text("region"), 80),
        town=town,
        district=district_from(cells, country),
        street="" if redacted else cleaning.line(cells.text("street")),
        point=point_from(cells),
        redacted=redacted,
    )


def district_from(cells: Cells, country: str) -> str:
    """Return the postcode's district, its lost leading zeros given back where told to."""
    said = cleaning.line(cells.text("postcode"), 12)
    digits = cells.mapping.repair.postcode_digits.get(country, 0)
    whole = 9 if country == "US" and len(said) in {7, 8} else digits  # a ZIP with its four more
    if digits and said.isascii() and said.isdigit() and len(said) < whole:
        said = said.zfill(whole)
        cells.notes.append(f"{cells.mapping.column('postcode')}: leading zeros were given back")
    district = postcode_district(country, said)
    if said and not district:
        repair = "Correct it. If zeros were lost, set repair.postcode_digits in the mapping file."
        raise cells.bad("postcode", f"it has not the form of a postcode of {country}", repair)
    return district


def point_from(cells: Cells) -> Point | None:
    """Return the coordinates; two that are no place on the globe are left empty."""
    lat, lon = cells.text("latitude"), cells.text("longitude")
    found = cleaning.point(lat, lon)
    if (lat or lon) and found is None:
        cells.notes.append("the coordinates are not a place on the globe and were left empty")
    return found


def phone_from(cells: Cells) -> str:
    """Return the phone number, its lost leading zero given back where told to."""
    number = cells.kept("phone", cleaning.phone_number, "")
    if cells.mapping.repair.phone_leading_zero and number and number[0] in "123456789":
        cells.notes.append(f"{cells.mapping.column('phone')}: the leading zero was given back")
        return f"0{number}"
    return number


def languages_from(cells: Cells) -> frozenset[str]:
    """Return the codes of the languages; a language we cannot read is noted."""
    said = cells.several("languages")
    found = frozenset(filter(None, map(cleaning.language, said)))
    if len(found) < len(set(said)):
        cells.notes.append("a language could not be read and was left out")
    return found


def credential_from(cells: Cells, place: PlaceRecord | None) -> CredentialRecord | None:
    """Return the licence or title that the row claims."""
    register = cleaning.line(cells.text("register"), 60)
    number = cleaning.line(cells.text("register_number"), 60)
    if not register or not number:
        return None
    country = place.country if place else cleaning.line(cells.text("country"), 2).upper()
    return CredentialRecord(
        register_id=register,
        number=number,
        jurisdiction=country or cells.needed("country"),
        expires_on=cells.day("register_expires_on"),
    )
