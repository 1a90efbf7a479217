"""What our copy of a register says about a claim: matched, possible, or nothing.

A number is the register's own: when its name agrees too, that is a match. A
licence is a match together with name and state. A name alone is never more
than possible, and a person settles it. Nothing here changes a credential: it
proposes, with reasons, and a steward decides.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import IntEnum, StrEnum

from stepwell.domain.credentials import Level, is_npi
from stepwell.domain.register_names import fold, fold_licence, fold_organisation, state_code
from stepwell.domain.sources import Frozen


class Source(IntEnum):
    """Which register a row was copied from. Small numbers: they stand in millions of rows."""

    US_NPPES = 1


class Kind(IntEnum):
    """Whom a number was given to."""

    UNKNOWN = 0
    PERSON = 1
    ORGANISATION = 2


class Standing(IntEnum):
    """What the register says of a number."""

    ACTIVE = 1
    DEACTIVATED = 2
    MISSING = 3  # no longer in the register's full file


class Origin(IntEnum):
    """Which file another name stood in."""

    MAIN = 1
    OTHER_NAMES = 2


class Finding(StrEnum):
    """How far the copy of a register supports a claim."""

    MATCHED = "matched"
    POSSIBLE = "possible"
    NONE = "none"
    CANNOT_TELL = "cannot tell"  # the copy is not there


class Claim(Frozen):
    """What somebody says of themselves. Empty where they did not say."""

    name: str
    npi: str = ""
    licence: str = ""
    state: str = ""


class Licence(Frozen):
    """A licence as the register's copy has it: declared by its holder, folded."""

    key: str
    state: str
    code: str = ""


class KnownName(Frozen):
    """One name an entry has or had, folded. An organisation has no given name."""

    name_key: str
    given_key: str = ""


class Entry(Frozen):
    """One entry of a register's copy, as far as a comparison needs it."""

    number: str
    active: bool
    ended_on: date | None = None
    replaced_by: str = ""
    names: tuple[KnownName, ...] = ()
    states: frozenset[str] = frozenset()
    licences: tuple[Licence, ...] = ()


class Match(Frozen):
    """The finding, the numbers it rests on, and why."""

    finding: Finding
    numbers: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


class Proposal(Frozen):
    """What a steward may do. `level` is None when there is nothing to propose."""

    level: Level | None
    needs_person: bool  # somebody must settle it first
    reasons: tuple[str, ...]


NO_COPY = "We keep no copy that can speak for this register."
NOT_LOADED = "There is no copy of this register here."
DECLARED = "Licence numbers in this register are declared by their holders; it checks none."


def claim_of(name: str, register: str, number: str, jurisdiction: str) -> Claim | None:
    """Return what a credential claims, or None when our copies cannot speak for its register.

    A licence of a US state is looked for among those that the entries declare.
    """
    if register == "us_nppes":
        return Claim(name=name, npi="".join(number.split()))
    country, _, state = jurisdiction.partition("-")
    if country == "US" and state:
        return Claim(name=name, licence=number, state=state_code(state))
    return None


def words_of(name: str) -> list[str]:
    """Return the folded words of a person's name, given names first, titles after a comma left out.

    "Cruz, Lucia" is turned round only when the part before the comma is one word
    and the part after it has small letters or more than four letters: `LCSW` is a title.
    """
    before, comma, after = name.partition(",")
    first = after.split(",")[0].split()
    reversed_order = bool(comma) and len(before.split()) == 1 and bool(first)
    if reversed_order and not all(looks_like_title(word) for word in first):
        return [word for word in map(fold, [*first, before]) if word]
    return [word for word in map(fold, before.split()) if word]


def looks_like_title(word: str) -> bool:
    """Say whether a word after a comma is letters for a degree or licence rather than a name."""
    bare = word.replace(".", "").replace("-", "")
    return (bare.isupper() and len(bare) <= 5) or bare.casefold() in {"phd", "psyd", "edd"}


def possible_keys(name: str) -> frozenset[str]:
    """Return every folded family or organisation name that a written name may hold."""
    words = words_of(name)
    families = {"".join(words[at:]) for at in range(1, len(words))}
    return frozenset({*families, *words[-1:], fold_organisation(name)} - {""})


def name_agrees(name: str, known: KnownName) -> bool:
    """Say whether a written name can be the known one: same family name, same first given name."""
    if not known.given_key:
        return known.name_key != "" and fold_organisation(name) == known.name_key
    words = words_of(name)
    families = {"".join(words[at:]) for at in range(1, len(words))}
    given = {"".join(words[:at]) for at in range(1, len(words))}
    return known.name_key in families and known.given_key in given


def any_name_agrees(name: str, entry: Entry) -> bool:
    """Say whether one of an entry's names can be the written one."""
    return any(name_agrees(name, known) for known in entry.names)


def licence_agrees(claim: Claim, entry: Entry) -> bool:
    """Say whether the entry names the claimed licence in the claimed state."""
    key = fold_licence(claim.licence)
    return bool(key and claim.state) and any(
        held.key == key and held.state == claim.state for held in entry.licences
    )


def compare(claim: Claim, entries: Sequence[Entry], *, loaded: bool = True) -> Match:
    """Return what the entries found for a claim say of it."""
    if not loaded:
        return Match(finding=Finding.CANNOT_TELL, reasons=(NOT_LOADED,))
    if claim.npi:
        return compare_number(claim, entries)
    return compare_name(claim, entries)


def compare_number(claim: Claim, entries: Sequence[Entry]) -> Match:
    """Return what the entry with the claimed number says."""
    if not is_npi(claim.npi):
        return Match(finding=Finding.NONE, reasons=("The number is not a valid NPI.",))
    entry = next((one for one in entries if one.number == claim.npi), None)
    if entry is None:
        return Match(finding=Finding.NONE, reasons=("Our copy does not hold this number.",))
    if not entry.active:
        return Match(
            finding=Finding.NONE, numbers=(entry.number,), reasons=(reason_inactive(entry),)
        )
    if not any_name_agrees(claim.name, entry):
        reason = "The number is in our copy under another name."
        return Match(finding=Finding.POSSIBLE, numbers=(entry.number,), reasons=(reason,))
    reasons = ["Number and name agree."]
    if licence_agrees(claim, entry):
        reasons += ["So does the licence.", DECLARED]
    return Match(finding=Finding.MATCHED, numbers=(entry.number,), reasons=tuple(reasons))


def reason_inactive(entry: Entry) -> str:
    """Return why an entry that is there does not support a claim."""
    since = f" since {entry.ended_on.isoformat()}" if entry.ended_on else ""
    instead = f" It was replaced by {entry.replaced_by}." if entry.replaced_by else ""
    return f"The number is not active{since}.{instead}"


def compare_name(claim: Claim, entries: Sequence[Entry]) -> Match:
    """Return what entries of the same name say: a match only with licence and state."""
    named = [one for one in entries if one.active and any_name_agrees(claim.name, one)]
    if claim.state:
        named = [one for one in named if claim.state in one.states]
    licensed = [one for one in named if licence_agrees(claim, one)]
    if len(licensed) == 1:
        return Match(
            finding=Finding.MATCHED,
            numbers=(licensed[0].number,),
            reasons=("Name, state and licence agree.", DECLARED),
        )
    found = tuple(sorted(one.number for one in licensed or named))
    if not found:
        return Match(finding=Finding.NONE, reasons=("Nobody of this name is in our copy.",))
    count = "One entry has" if len(found) == 1 else f"{len(found)} entries have"
    reason = f"{count} this name; a name alone is no match."
    return Match(finding=Finding.POSSIBLE, numbers=found, reasons=(reason,))


def verification_of(match: Match, exclusion: Match | None = None) -> Proposal:
    """Return what a steward may make of a match. An exclusion comes before everything."""
    if exclusion and exclusion.finding in {Finding.MATCHED, Finding.POSSIBLE}:
        certain = exclusion.finding is Finding.MATCHED
        return Proposal(level=None, needs_person=not certain, reasons=exclusion.reasons)
    if match.finding is Finding.MATCHED:
        return Proposal(level=Level.REGISTER_MATCH, needs_person=False, reasons=match.reasons)
    return Proposal(
        level=None, needs_person=match.finding is Finding.POSSIBLE, reasons=match.reasons
    )


class Excluded(Frozen):
    """One row of a list of the excluded, as far as a comparison needs it."""

    npi: str
    name: KnownName
    state: str
    excluded_on: date
    ended: bool  # reinstated, or no longer on the full list


def compare_excluded(claim: Claim, rows: Iterable[Excluded], *, loaded: bool = True) -> Match:
    """Return whether somebody is excluded: by number surely, by name possibly."""
    if not loaded:
        return Match(finding=Finding.CANNOT_TELL, reasons=("There is no exclusion list here.",))
    standing = [row for row in rows if not row.ended]
    by_number = [row for row in standing if claim.npi and row.npi == claim.npi]
    if by_number:
        since = min(row.excluded_on for row in by_number).isoformat()
        reason = f"This number is on the exclusion list since {since}."
        return Match(finding=Finding.MATCHED, numbers=(claim.npi,), reasons=(reason,))
    # Another number is another person; most older rows have none.
    by_name = [row for row in standing if not row.npi or not claim.npi]
    if any(name_agrees(claim.name, row.name) for row in by_name):
        reason = (
            "Somebody of this name is on the exclusion list. A person must settle it on the "
            "list's own site, which can compare more than a name."
        )
        return Match(finding=Finding.POSSIBLE, reasons=(reason,))
    return Match(finding=Finding.NONE, reasons=("Not on the exclusion list.",))
