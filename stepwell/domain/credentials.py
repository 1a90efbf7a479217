"""What a provider's licence or title is worth: its state, its level, and its number's form.

A credential that a provider names is *claimed*. Only a check by a person or a
register makes it *verified*, and no check lasts for ever.
"""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Literal

from stepwell.domain import loading
from stepwell.domain.errors import DomainError, FactError, UnknownFact
from stepwell.domain.sources import Checked, CountryCode, FactId, Frozen, Source, Text

FORMATS_FILE = "number_formats.toml"


class State(StrEnum):
    """The states of a credential."""

    CLAIMED = "claimed"
    VERIFIED = "verified"
    REFUSED = "refused"
    EXPIRED = "expired"


STATE_WORDS: Mapping[State, str] = MappingProxyType(
    {
        State.CLAIMED: "Named by the provider. Nobody has checked it yet.",
        State.VERIFIED: "Checked.",
        State.REFUSED: "Checked, and not confirmed.",
        State.EXPIRED: "No longer in force.",
    }
)

# What a state may become. A refused claim can be made again with other evidence;
# an expired one can be renewed.
NEXT_STATES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.CLAIMED: frozenset({State.VERIFIED, State.REFUSED, State.EXPIRED}),
        State.VERIFIED: frozenset({State.REFUSED, State.EXPIRED}),
        State.REFUSED: frozenset({State.CLAIMED}),
        State.EXPIRED: frozenset({State.CLAIMED, State.VERIFIED}),
    }
)


class ImpossibleChange(DomainError):
    """A credential cannot go from the one state to the other."""


class Level(IntEnum):
    """How far a credential was checked, from the provider's own word upwards."""

    DECLARED = 0
    FORMAT_VALID = 1
    EVIDENCE_SEEN = 2
    TWO_APPROVED = 3
    REGISTER_MATCH = 4
    REGISTER_CONFIRMED = 5


LEVEL_WORDS: Mapping[Level, str] = MappingProxyType(
    {
        Level.DECLARED: "The provider says so. We have not checked it.",
        Level.FORMAT_VALID: "The number has the right form. We have not checked more than that.",
        Level.EVIDENCE_SEEN: "One of our reviewers has seen a document that shows it.",
        Level.TWO_APPROVED: "Two of our reviewers have seen and accepted the documents.",
        Level.REGISTER_MATCH: "It matches our copy of the register.",
        Level.REGISTER_CONFIRMED: "The register itself has confirmed it.",
    }
)

# From here on somebody other than the provider has looked at more than a form.
LOWEST_CHECKED = Level.EVIDENCE_SEEN


# After how many days a check is made again, at most: what was seen ages faster than what two
# people or the register itself said, and our copies of registers are renewed every month.
# A register that no law keeps is asked twice as often. Our own choice, on the safe side.
CHECK_AGAIN_DAYS: Mapping[Level, int] = MappingProxyType(
    {
        Level.EVIDENCE_SEEN: 180,
        Level.TWO_APPROVED: 365,
        Level.REGISTER_MATCH: 90,
        Level.REGISTER_CONFIRMED: 365,
    }
)


def next_check(level: Level, on: date, *, statutory: bool, expires_on: date | None) -> date | None:
    """Return the day on which a credential checked on a day is due again, at its end at the latest.

    None for levels that nobody has looked at.
    """
    days = CHECK_AGAIN_DAYS.get(level)
    if days is None:
        return None
    again = on + timedelta(days=days if statutory else days // 2)
    return min(again, expires_on) if expires_on else again


class NumberFormat(Frozen):
    """How the numbers of one register look."""

    id: FactId
    name: Text
    country: CountryCode
    pattern: Text
    check_digit: Literal["", "npi"] = ""
    example: Text
    shape: Text
    source: Source


class NumberFormats(Frozen):
    """The file facts/number_formats.toml."""

    id: FactId
    source: Source
    formats: tuple[NumberFormat, ...]


class Form(StrEnum):
    """What the form of a number says."""

    VALID = "valid"
    INVALID = "invalid"
    CANNOT_TELL = "cannot tell"


class Held(Frozen):
    """One credential a provider holds, as far as matching needs it."""

    state: State
    level: Level = Level.DECLARED
    expires_on: date | None = None


def can_become(state: State, new: State) -> bool:
    """Say whether a credential may go from `state` to `new`."""
    return new in NEXT_STATES[state]


def check_can_become(state: State, new: State) -> None:
    """Raise ImpossibleChange when a credential may not go from `state` to `new`."""
    if not can_become(state, new):
        possible = ", ".join(sorted(NEXT_STATES[state]))
        raise ImpossibleChange(f"A {state} credential cannot become {new}. Choose: {possible}.")


def state_on(held: Held, today: date) -> State:
    """Return the state on a day: past its end every standing credential is expired."""
    over = held.expires_on is not None and held.expires_on < today
    if over and held.state in {State.CLAIMED, State.VERIFIED}:
        return State.EXPIRED
    return held.state


def stands(held: Held, today: date) -> bool:
    """Say whether a credential is in force: claimed or verified, and not past its end."""
    return state_on(held, today) in {State.CLAIMED, State.VERIFIED}


def is_checked(held: Held, today: date) -> bool:
    """Say whether somebody other than the provider has looked at it, and it still stands."""
    verified = state_on(held, today) is State.VERIFIED
    return verified and held.level >= LOWEST_CHECKED


def is_npi(number: str) -> bool:
    """Say whether a text is a US National Provider Identifier.

    Ten digits, the first 1 or 2, the last making the Luhn sum of 80840 followed
    by the number a multiple of ten. Example of the rule's publisher: 1234567893.
    """
    if not re.fullmatch(r"[12][0-9]{9}", number, flags=re.ASCII):
        return False
    return luhn_sum("80840" + number) % 10 == 0


def luhn_sum(digits: str) -> int:
    """Return the Luhn sum: every second digit from the right counts double, less nine above 9."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total


@loading.remembered
def formats() -> Mapping[str, NumberFormat]:
    """Return every known format by the id of its register."""
    file = loading.read(loading.path(FORMATS_FILE), NumberFormats)
    return MappingProxyType({entry.id: entry for entry in file.formats})


def form_of(register: str, number: str) -> Form:
    """Say what the form of a number tells, spaces and case aside."""
    known = formats().get(register)
    if known is None:
        return Form.CANNOT_TELL
    bare = "".join(number.split()).upper()
    if not re.fullmatch(known.pattern, bare, flags=re.ASCII):
        return Form.INVALID
    if known.check_digit == "npi" and not is_npi(bare):
        return Form.INVALID
    return Form.VALID


def get_format(register: str) -> NumberFormat:
    """Return one format; raise UnknownFact when we know none for this register."""
    try:
        return formats()[register]
    except KeyError:
        raise UnknownFact("number format", register, formats()) from None


def check() -> None:
    """Raise FactError when a format refuses its own example or is no pattern at all."""
    for entry in formats().values():
        try:
            form = form_of(entry.id, entry.example)
        except re.error as error:
            raise FactError(
                f"{FORMATS_FILE}: {entry.id}.pattern: is no regular expression ({error}). "
                "Correct it."
            ) from error
        if form is not Form.VALID:
            raise FactError(
                f"{FORMATS_FILE}: {entry.id}.example: {entry.example!r} does not fit its own "
                "pattern. Correct the pattern or the example."
            )


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how many number formats there are, by how they were checked."""
    return {"number formats": Counter(entry.source.checked for entry in formats().values())}
