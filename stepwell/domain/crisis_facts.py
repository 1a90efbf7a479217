"""Emergency numbers and crisis lines as their files hold them.

A wrong number costs lives, so the schema is stricter than elsewhere: a number
that is only recalled, or marked low, cannot be written down here at all, and
numbers known to be wrong or to cost extra are refused.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from stepwell.domain import countries
from stepwell.domain.errors import FactError
from stepwell.domain.loading import folder, path, read, remembered
from stepwell.domain.sources import Checked, CountryCode, Fact, Frozen, Source, Text

FOLDER = "crisis_lines"
DIRECTORIES_FILE = "crisis_directories.toml"
REFUSED_FILE = "refused_numbers.toml"


def _dialled_inside(dial: str) -> str:
    """Refuse international forms: a short code with a country code cannot be dialled."""
    if dial.startswith("00") and len(dial) > len("0000"):
        raise ValueError("is an international form; write it as dialled inside the country")
    return dial


def _not_recalled(source: Source) -> Source:
    if source.checked is Checked.RECALLED:
        raise ValueError("a recalled number or address is never shown; check it, or remove it")
    return source


Dial = Annotated[
    str, StringConstraints(pattern=r"^\*?[0-9]{2,14}$"), AfterValidator(_dialled_inside)
]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^\s\"'<>]+$")]
CheckedSource = Annotated[Source, AfterValidator(_not_recalled)]


class LineKind(StrEnum):
    """What a line is for."""

    SUICIDE_CRISIS = "suicide_crisis"
    EMOTIONAL_SUPPORT = "emotional_support"
    MENTAL_HEALTH = "mental_health"
    YOUTH = "youth"


class Number(Frozen):
    """A number for reading and the same number for dialling inside its country."""

    show: Text
    dial: Dial
    label: str = ""
    note: str = ""

    @property
    def tel(self) -> str:
        """Return the link that calls this number; a star survives in it."""
        return f"tel:{self.dial}"

    @model_validator(mode="after")
    def _same_digits(self) -> Self:
        if "".join(sign for sign in self.show if sign in "*0123456789") != self.dial:
            raise ValueError(f"show {self.show!r} and dial {self.dial!r} are not the same digits")
        return self


class TextNumber(Number):
    """Where to send a text message; `keyword` is the word to send, if there must be one."""

    keyword: str = ""


class LineFact(Frozen):
    """One line as its file has it. Confidence below medium cannot be written down."""

    name: Text
    kind: LineKind
    general: bool  # open to anyone, not to one group or region only
    for_whom: Text
    phones: tuple[Number, ...] = ()
    text: TextNumber | None = None
    chat: str = ""
    chat_url: WebAddress | Literal[""] = ""
    web: WebAddress | Literal[""] = ""
    hours: str = ""
    hours_confidence: Literal["high", "medium", "low"]
    languages: tuple[Text, ...] = Field(min_length=1)
    cost: str = ""
    note: str = ""
    confidence: Literal["high", "medium"]
    source: CheckedSource

    @model_validator(mode="after")
    def _can_be_reached(self) -> Self:
        if not (self.phones or self.text or self.chat_url):
            raise ValueError("has no phone, no text and no chat; add one, or remove the line")
        return self

    @model_validator(mode="after")
    def _hours_only_where_known(self) -> Self:
        if (self.hours_confidence == "low") is bool(self.hours):
            raise ValueError("write hours, or hours_confidence = 'low' without hours")
        return self

    @property
    def routes(self) -> int:
        """Return in how many ways the line can be reached: by phone, text and chat."""
        return bool(self.phones) + bool(self.text) + bool(self.chat_url)

    def numbers(self) -> Iterator[Number]:
        """Yield every number of this line, to call or to text."""
        yield from self.phones
        if self.text:
            yield self.text


class EmergencyFact(Number):
    """The number for danger to life, as its file has it; `also` names others by label."""

    also: tuple[Number, ...] = ()
    source: CheckedSource


class CountryNumbers(Fact):
    """Everything we hold for one country; the id is its code in small letters.

    `second_check` is the day the country's numbers were gone through again.
    Without it they are kept as data, and not shown to anyone.
    """

    second_check: date | None = None
    emergency: EmergencyFact | None = None
    emergency_note: str = ""
    lines: tuple[LineFact, ...] = ()

    @property
    def country(self) -> str:
        """Return the ISO code."""
        return self.id.upper()

    def every_number(self) -> Iterator[tuple[str, Number]]:
        """Yield each number in the file with the key where it stands."""
        if self.emergency:
            yield "emergency", self.emergency
            for number in self.emergency.also:
                yield "emergency.also", number
        for index, line in enumerate(self.lines):
            for number in line.numbers():
                yield f"lines.{index} ({line.name})", number

    def shown(self, today: date) -> bool:
        """Say whether these numbers may be shown on `today`."""
        retired = self.retired_on is not None and self.retired_on <= today
        return self.second_check is not None and not retired


class InternationalDirectory(Frozen):
    """A web page that lists lines in many countries."""

    name: Text
    url: WebAddress
    note: str = ""
    source: CheckedSource


class Directories(Frozen):
    """The file of international directories."""

    directories: tuple[InternationalDirectory, ...] = Field(min_length=1)


class PremiumRanges(Frozen):
    """How numbers start that cost extra, by country."""

    source: Source
    starts: dict[CountryCode, tuple[Text, ...]]


class WrongNumbers(Frozen):
    """Numbers known to be wrong, with the reason, by country."""

    source: Source
    numbers: dict[CountryCode, dict[str, Text]]


class RefusedNumbers(Frozen):
    """Numbers no country file may hold."""

    premium: PremiumRanges
    wrong: WrongNumbers

    def why_refused(self, country: str, dial: str) -> str:
        """Return why this number may not stand in a country's file, or nothing."""
        wrong = self.wrong.numbers.get(country, {}).get(dial)
        if wrong:
            return f"is a wrong number: {wrong}"
        if dial.startswith(self.premium.starts.get(country, ())):
            return "costs extra to call"
        return ""


@remembered
def numbers() -> Mapping[str, CountryNumbers]:
    """Return what we hold for each country by its ISO code; raise FactError if any is refused."""
    held = {fact.country: fact for fact in folder(FOLDER, CountryNumbers).values()}
    refused = read(path(REFUSED_FILE), RefusedNumbers)
    for fact in held.values():
        _check_country(fact, refused)
    return MappingProxyType(held)


@remembered
def directories() -> tuple[InternationalDirectory, ...]:
    """Return the international directories, in the order of their file."""
    return read(path(DIRECTORIES_FILE), Directories).directories


def _check_country(fact: CountryNumbers, refused: RefusedNumbers) -> None:
    where = f"{FOLDER}/{fact.id}.toml"
    if not countries.is_country(fact.country):
        raise FactError(
            f"{where}: id: {fact.country} is no country in {countries.FILE}. "
            "Name the file after the country's two-letter code."
        )
    if fact.second_check and not (fact.emergency or fact.emergency_note):
        raise FactError(
            f"{where}: emergency: is missing in a file that was checked twice. "
            "Add it, or say in emergency_note why it is not shown."
        )
    for key, number in fact.every_number():
        reason = refused.why_refused(fact.country, number.dial)
        if reason:
            raise FactError(f"{where}: {key}: {number.show} {reason}. Remove it.")
