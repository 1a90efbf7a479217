"""Where to turn right now, per country and on a given day.

A line past its review date is not shown. What stays is the emergency number
and the international directories. A country we do not know, or whose numbers
nobody has checked twice, never gets another country's number.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from stepwell.domain import countries
from stepwell.domain.crisis_facts import (
    DIRECTORIES_FILE,
    FOLDER,
    CountryNumbers,
    InternationalDirectory,
    LineFact,
    LineKind,
    Number,
    TextNumber,
    directories,
    numbers,
)
from stepwell.domain.errors import FactError
from stepwell.domain.sources import Checked, CountryCode, Frozen, Source, Text

ROUND_THE_CLOCK = "24/7"
DAY_AND_NIGHT = "Open day and night"
CHECK_HOURS = "Check the hours"
ROUTES_AT_LEAST = 2
SIGNPOSTS_AT_LEAST = 2
SIGNPOSTS_AT_MOST = 3
SOON = timedelta(days=60)

CHOOSE = "Choose your country to see its numbers."
NOT_CHECKED = "Numbers for {name} are not yet checked by this organisation."
ONE_LINE = "We have checked only one line for {name} so far."
PAST_REVIEW = "The lines we know for {name} are due for a new check, so they are not shown."


class EmergencyNumber(Number):
    """The emergency number of one country, ready to show with that country's name."""

    country: CountryCode
    country_name: Text
    also: tuple[Number, ...]
    checked_on: date
    review_due: date
    due: bool  # past its review date: stays, and says so

    @property
    def phone(self) -> str:
        """Return the number for reading."""
        return self.show


class CrisisLine(Frozen):
    """One line of one country, ready to show. `hours` is safe to show as it is."""

    country: CountryCode
    country_name: Text
    name: Text
    kind: LineKind
    general: bool
    numbers: tuple[Number, ...]
    text: TextNumber | None
    chat: str
    chat_url: str
    web: str
    hours: Text
    hours_sure: bool
    round_the_clock: bool
    languages: tuple[Text, ...]
    for_whom: Text
    cost: str
    note: str
    checked: Checked
    checked_on: date
    review_due: date
    reviewed_by: str  # who of this organisation opened the page and called, if anyone has

    @property
    def phone(self) -> str:
        """Return the first phone number for reading, or nothing."""
        return self.numbers[0].show if self.numbers else ""

    @property
    def dial(self) -> str:
        """Return the first phone number for a tel: link, or nothing."""
        return self.numbers[0].dial if self.numbers else ""

    @property
    def tel(self) -> str:
        """Return the link that calls the first number, or nothing."""
        return self.numbers[0].tel if self.numbers else ""

    @property
    def web_name(self) -> str:
        """Return the website's address as people read it, or nothing."""
        return self.web.partition("://")[2].removeprefix("www.").rstrip("/")

    @property
    def sms(self) -> str:
        """Return the number to text, as dialled, or nothing."""
        return self.text.dial if self.text else ""

    @property
    def sms_keyword(self) -> str:
        """Return the word to send, or nothing where any text will do."""
        return self.text.keyword if self.text else ""

    @property
    def sms_link(self) -> str:
        """Return the link that opens a text message, or nothing."""
        word = f"?body={self.sms_keyword}" if self.sms_keyword else ""
        return f"sms:{self.sms}{word}" if self.sms else ""


class HelpNow(Frozen):
    """What can be shown for one country, or for a country we do not know.

    `lines` are the first two or three signposts, `more` the rest. `note` says
    what is missing; `emergency_note` stands where the number would.
    """

    country: CountryCode | None
    country_name: str
    emergency: EmergencyNumber | None
    emergency_note: str
    lines: tuple[CrisisLine, ...]
    more: tuple[CrisisLine, ...]
    directories: tuple[InternationalDirectory, ...]
    note: str

    @property
    def first_call(self) -> CrisisLine | None:
        """Return the first line with a phone number."""
        return next((line for line in self.lines if line.dial), None)

    @property
    def first_text(self) -> CrisisLine | None:
        """Return the first line that can be texted."""
        return next((line for line in self.lines if line.sms), None)

    @property
    def signed(self) -> bool:
        """Say whether a person of this organisation has checked every line shown."""
        return all(line.reviewed_by for line in (*self.lines, *self.more))

    @property
    def open_all_night(self) -> bool:
        """Say whether one of the first lines is surely open day and night."""
        return any(line.round_the_clock for line in self.lines)


def help_for(country: str | None, *, today: date) -> HelpNow:
    """Return what may be shown on `today` for an ISO code, in any case, or for no country.

    Never raises: an unknown country gets the international directories alone.
    """
    code = country.upper() if country and country.isascii() else ""
    if not countries.is_country(code):
        return _nothing_but_directories(None, CHOOSE)
    held = numbers().get(code)
    if held is None or not held.shown(today):
        return _nothing_but_directories(code, NOT_CHECKED)
    return _all_we_hold(held, today)


def right_through(country: str | None, *, today: date) -> date | None:
    """Return the last day on which `help_for` says the same as today; None: for as long as we see.

    What is shown changes on the day after a review was due, and at no other time.
    """
    held = numbers().get(country.upper()) if country and country.isascii() else None
    if held is None:
        return None
    dues = [line.source.review_due for line in held.lines]
    dues += [held.emergency.source.review_due] if held.emergency else []
    dues += [held.retired_on - timedelta(days=1)] if held.retired_on else []
    return min((due for due in dues if due >= today), default=None)


def covered() -> tuple[str, ...]:
    """Return the countries with a full page: checked twice, two routes or more to someone.

    The emergency number does not count as a route. A phone line and a chat of
    one service are two.
    """
    full = [
        code
        for code, held in numbers().items()
        if held.second_check and sum(line.routes for line in held.lines) >= ROUTES_AT_LEAST
    ]
    return tuple(sorted(full))


def check() -> None:
    """Raise FactError at the first thing wrong in the crisis files.

    Lines that may be shown must be told apart by name, and where a country has
    any, one of them must be open to anyone.
    """
    countries.check()
    directories()
    for held in numbers().values():
        where = f"{FOLDER}/{held.id}.toml"
        names = [line.name for line in held.lines]
        if len(set(names)) < len(names):
            raise FactError(f"{where}: lines: two share one name. Give each its own name.")
        if names and not any(line.general for line in held.lines):
            raise FactError(
                f"{where}: lines: none is open to anyone. Add one, or set general = true "
                "where a line takes every caller."
            )


def stale(today: date) -> tuple[str, ...]:
    """Return one sentence per file with numbers due within 60 days, or past it."""
    return tuple(_stale_sentences(today))


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how many lines, emergency numbers and directories we hold, by how checked."""
    held = numbers().values()
    emergencies = [each.emergency.source for each in held if each.emergency]
    return {
        "crisis lines": _by_mark(line.source for each in held for line in each.lines),
        "emergency numbers": _by_mark(emergencies),
        "international directories": _by_mark(each.source for each in directories()),
    }


def _by_mark(sources: Iterable[Source]) -> dict[Checked, int]:
    marks = [source.checked for source in sources]
    return {mark: marks.count(mark) for mark in Checked}


def _nothing_but_directories(code: str | None, note: str) -> HelpNow:
    name = countries.name(code) if code else ""
    return HelpNow(
        country=code,
        country_name=name,
        emergency=None,
        emergency_note="",
        lines=(),
        more=(),
        directories=directories(),
        note=note.format(name=name),
    )


def _all_we_hold(held: CountryNumbers, today: date) -> HelpNow:
    name = countries.name(held.country)
    alive = [line for line in held.lines if line.source.review_due >= today]
    first = _signposts(alive)
    return HelpNow(
        country=held.country,
        country_name=name,
        emergency=_emergency(held, name, today),
        emergency_note=held.emergency_note,
        lines=tuple(_shown(line, held.country, name) for line in first),
        more=tuple(_shown(line, held.country, name) for line in alive if line not in first),
        directories=directories(),
        note=_what_is_missing(len(alive), len(held.lines)).format(name=name),
    )


def _what_is_missing(alive: int, held: int) -> str:
    if not alive:
        return PAST_REVIEW if held else NOT_CHECKED
    return ONE_LINE if alive < SIGNPOSTS_AT_LEAST else ""


def _signposts(lines: list[LineFact]) -> list[LineFact]:
    """Return two or three lines to show first: open to anyone, and one open at night."""
    ordered = sorted(lines, key=lambda line: not line.general)
    anyone = sum(line.general for line in lines)
    first = ordered[: min(max(anyone, SIGNPOSTS_AT_LEAST), SIGNPOSTS_AT_MOST)]
    if any(_round_the_clock(line) for line in first):
        return first
    night = next((line for line in ordered if _round_the_clock(line)), None)
    return [*first[: SIGNPOSTS_AT_MOST - 1], night] if night else first


def _round_the_clock(line: LineFact) -> bool:
    return line.hours == ROUND_THE_CLOCK


def _emergency(held: CountryNumbers, name: str, today: date) -> EmergencyNumber | None:
    fact = held.emergency
    if fact is None:
        return None
    return EmergencyNumber(
        **fact.model_dump(include={"show", "dial", "label", "note"}),
        also=fact.also,
        country=held.country,
        country_name=name,
        checked_on=fact.source.checked_on,
        review_due=fact.source.review_due,
        due=fact.source.review_due < today,
    )


def _shown(line: LineFact, country: str, name: str) -> CrisisLine:
    hours = DAY_AND_NIGHT if _round_the_clock(line) else line.hours
    return CrisisLine(
        country=country,
        country_name=name,
        name=line.name,
        kind=line.kind,
        general=line.general,
        numbers=line.phones,
        text=line.text,
        chat=line.chat,
        chat_url=line.chat_url,
        web=line.web,
        hours=hours or CHECK_HOURS,
        hours_sure=bool(hours),
        round_the_clock=_round_the_clock(line),
        languages=line.languages,
        for_whom=line.for_whom,
        cost=line.cost,
        note=line.note,
        checked=line.source.checked,
        checked_on=line.source.checked_on,
        review_due=line.source.review_due,
        reviewed_by=line.source.reviewed_by,
    )


def _stale_sentences(today: date) -> Iterator[str]:
    for held in numbers().values():
        due = {line.name: line.source.review_due for line in held.lines}
        if held.emergency:
            due["emergency number"] = held.emergency.source.review_due
        yield from _due_soon(f"{FOLDER}/{held.id}.toml", due, today)
    due = {each.name: each.source.review_due for each in directories()}
    yield from _due_soon(DIRECTORIES_FILE, due, today)


def _due_soon(where: str, due: Mapping[str, date], today: date) -> Iterator[str]:
    soon = {name: day for name, day in due.items() if day <= today + SOON}
    if soon:
        first = min(soon.values())
        when = "was due" if first < today else "is due"
        yield (
            f"{where}: {', '.join(soon)}: the first {when} for a check on {first}. "
            "Check each number with its operator and write the new dates."
        )
