"""The packed row: what a search reads of a listing, in 112 bytes, and how it is written.

Numbers stand in the byte order that is written here, whatever the machine's is. `turn`
comes first and big end first, so that the bytes of rows sort by it.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from stepwell.domain.credentials import LOWEST_CHECKED, Held, Level, State, stands
from stepwell.domain.offers import Accepting, Candidate, Cost

Array: TypeAlias = Any  # a numpy array; its types know nothing of rows with named columns

ROW = np.dtype(
    [
        ("turn", ">u4"),  # the key of the daily shuffle
        ("place", "<u4"),  # 0: none
        ("id", ">u8", 2),  # the listing's UUID; sorts as its text does
        ("lat", "<f8"),  # not a number where it is unknown
        ("lon", "<f8"),
        ("language", "<u8", 2),  # one bit a word; see MASKS
        ("need", "<u8"),
        ("approach", "<u8", 2),
        ("goal", "<u4"),
        ("fee", "<u4"),  # the lowest, in minor units; NO_FEE where nothing is said
        ("confirmed", "<u2"),  # days; see `day_number`
        ("said", "<u2"),  # when it was last said whether people are taken
        ("credential", "<u2"),  # last day on which a credential named stands; none named: NO_END
        ("checked", "<u2", 4),  # last day on which one checked so far stands; see CHECKED_LEVELS
        ("country", "<u2"),  # of its place; 0: none
        ("currency", "<u2"),
        ("kind", "u1"),
        ("format", "u1"),
        ("access", "u1"),
        ("payer", "u1"),
        ("state", "u1"),  # cost in bits 0 and 1, accepting in 2 and 3, then the flags below
        ("more", "u1"),  # one bit a family in MASKS: it names words that have no bit
    ]
)
WIDTH = ROW.itemsize
ID = slice(8, 24)  # where the id stands in the bytes of a row
# The families that are kept as bits, and how many words of each have one.
MASKS: Mapping[str, int] = MappingProxyType(
    {
        "language": 128,
        "need": 64,
        "goal": 32,
        "approach": 128,
        "format": 8,
        "access": 8,
        "payer": 8,
    }
)
FAMILIES = tuple(MASKS)
MOST_KINDS = 256
REMOTE, FICTIONAL = 16, 32
COSTS = (Cost.UNKNOWN, Cost.FREE, Cost.LOW, Cost.PAID)
ACCEPTINGS = (Accepting.UNKNOWN, Accepting.YES, Accepting.WAITING_LIST, Accepting.NO)
CHECKED_LEVELS = tuple(level for level in Level if level >= LOWEST_CHECKED)
EPOCH = date(2000, 1, 1).toordinal() - 1
NEVER, NO_END = 0, 65_535
NO_FEE = 2**32 - 1
Words = Mapping[tuple[str, str], int]


class Packed(NamedTuple):
    """A packed row, and the words that had no bit in it."""

    row: bytes
    beyond: tuple[tuple[str, str], ...]


def day_number(day: date | None) -> int:
    """Return a day as a number from 1 (the first of 2000, or before) to 65,534; none is 0."""
    return NEVER if day is None else min(max(day.toordinal() - EPOCH, 1), NO_END - 1)


def last_day(held: Iterable[Held]) -> int:
    """Return the last day on which one of some credentials stands, as far as is known today."""
    ends = [
        NO_END if one.expires_on is None else day_number(one.expires_on)
        for one in held
        if stands(one, one.expires_on or date.min)
    ]
    return max(ends, default=NEVER)


def code_number(code: str) -> int:
    """Return a code of up to three capital letters as a number; 0 for none."""
    number = 0
    for letter in code:
        number = number * 27 + max(0, ord(letter) - 64)
    return number if number < 2**16 else 0


def words_of(listing: Candidate) -> list[tuple[str, str]]:
    """Return every word of a listing that has a number, its kind first."""
    named = {
        "language": listing.languages,
        "need": listing.needs,
        "goal": listing.goals,
        "approach": listing.approaches,
        "format": listing.formats,
        "access": listing.access,
        "payer": listing.payers,
    }
    said = [(family, value) for family in FAMILIES for value in sorted(named[family])]
    return [("kind", listing.kind), *said]


def pack(listing: Candidate, words: Words) -> Packed:
    """Return a listing's packed row. Every word of `words_of` must have its number."""
    row = np.zeros(1, ROW)
    one = row[0]
    number = int(listing.id.replace("-", ""), 16)
    one["turn"], one["place"] = listing.shuffle_key, listing.place or 0
    one["id"] = (number >> 64, number & (2**64 - 1))
    one["lat"], one["lon"] = listing.point or (np.nan, np.nan)
    one["fee"] = NO_FEE
    one["confirmed"], one["said"] = (
        day_number(listing.confirmed_on),
        day_number(listing.accepting_on),
    )
    one["credential"] = last_day(listing.credentials) if listing.credentials else NO_END
    verified = [held for held in listing.credentials if held.state is State.VERIFIED]
    one["checked"] = [
        last_day(held for held in verified if held.level >= level) for level in CHECKED_LEVELS
    ]
    one["country"], one["kind"] = code_number(listing.country), words["kind", listing.kind]
    one["state"] = (
        COSTS.index(listing.cost)
        | ACCEPTINGS.index(listing.accepting) << 2
        | REMOTE * listing.remote
        | FICTIONAL * listing.fictional
    )
    beyond = pack_words(row, listing, words)
    return Packed(row.tobytes(), beyond)


def pack_words(row: Array, listing: Candidate, words: Words) -> tuple[tuple[str, str], ...]:
    """Set the bits of a listing's words in its row; return the words that have none."""
    beyond = []
    for family, value in words_of(listing)[1:]:
        number = words[family, value]
        if number < MASKS[family]:
            column = row[family].reshape(1, -1)
            width = column.dtype.itemsize * 8
            column[0, number // width] |= column.dtype.type(1 << number % width)
        else:
            row["more"] |= np.uint8(1 << FAMILIES.index(family))
            beyond.append((family, value))
    return tuple(beyond)


def unpack(rows: Iterable[bytes | memoryview]) -> Array:
    """Return packed rows, or blocks of them, as one array."""
    return np.frombuffer(b"".join(rows), ROW)


def first_turns(turns: Array, first: int, most: int) -> Array:
    """Return where so many rows stand whose turn comes first, from one turn on, round the end."""
    if len(turns) <= most or most < 1:
        return np.arange(min(len(turns), most))
    after = (turns.astype(np.int64) - first) % 2**32
    chosen: Array = np.argpartition(after, most - 1)[:most]
    return chosen
