"""Turns blocks of the main file into rows for the tables, column by column.

At nine million rows every step for a row counts, so whole columns are turned at
once, and what repeats (dates, first names, states) is turned once and remembered.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import accumulate, compress, repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stepwell.domain.credentials import is_npi
from stepwell.domain.register_copy import Kind, Origin, Source, Standing
from stepwell.domain.register_names import fold, fold_licence, fold_organisation, state_code
from stepwell.importers.columns import Broken, Rows
from stepwell.importers.mirror.batches import Batch, Refused

TAXONOMIES = 15
FORM = b"nppes 1"  # change it with the folding or the columns: every row then counts as changed
KINDS = {"1": Kind.PERSON.value, "2": Kind.ORGANISATION.value, "": Kind.UNKNOWN.value}
PRIMARY = {"Y": True, "N": False}
UNAVAILABLE = "<UNAVAIL>"
NOTHING_TOLD = {"", "0000-00-00", "00000000"}
MAY_BE_UNAVAILABLE = (
    "organisation", "last", "replaced_by", "phone", "other_organisation", "taxonomy_1_1",
)  # fmt: skip
POWERS = 10 ** np.arange(8, -1, -1)
Columns = dict[str, list[str]]


class Told(NamedTuple):
    """What a run of rows tells, by our names of the columns, with a hash of each row."""

    lines: Sequence[int]
    columns: Columns
    seldom: dict[int, list[str]]
    hashes: list[int]

    def some(self, keep: list[bool]) -> "Told":
        """Return some of the rows."""
        place = list(accumulate(keep, initial=0))
        return Told(
            list(compress(self.lines, keep)),
            {name: list(compress(cells, keep)) for name, cells in self.columns.items()},
            {place[row]: cells for row, cells in self.seldom.items() if keep[row]},
            list(compress(self.hashes, keep)),
        )


def told_of(part: Rows | Broken, names: Sequence[str]) -> Told | Broken:
    """Return what a part of a block tells."""
    if isinstance(part, Broken):
        return part
    columns = dict(zip(names, part.columns, strict=True))
    for name in MAY_BE_UNAVAILABLE:
        if UNAVAILABLE in columns[name]:
            columns[name] = ["" if cell == UNAVAILABLE else cell for cell in columns[name]]
    return Told(list(part.lines), columns, part.seldom, list(hashes_of(columns, part.seldom)))


def batch_of(parts: Sequence[Told | Broken], next_id: int) -> Batch:
    """Return what one block of the main file holds; ids are given from `next_id` on."""
    batch = Batch.empty()
    for part in parts:
        if isinstance(part, Broken):
            batch.read += 1
            batch.rejects.append(
                Refused(part.line, "", "the whole row", part.reason, "Get the file again.")
            )
        else:
            add_rows(part, next_id + len(batch.entries), batch)
    return batch


def skimmed(parts: Sequence[Rows | Broken], names: Sequence[str]) -> Batch:
    """Return only the good numbers of a block, and how many rows have none."""
    batch, place = Batch.empty(), names.index("npi")
    for part in parts:
        if isinstance(part, Broken):
            batch.read += 1
            continue
        fit = valid_numbers(part.columns[place]).tolist()
        batch.read += fit.count(False)
        batch.entries.extend((number,) for number in compress(part.columns[place], fit))
    return batch


def add_rows(told: Told, next_id: int, batch: Batch) -> None:
    """Add a run of rows to a batch; those that cannot be used go to its rejects."""
    batch.read += len(told.lines)
    fit = usable(told.columns, told.lines, batch)
    if not fit.all():
        told = told.some(fit.tolist())
    ids = range(next_id, next_id + len(told.lines))
    batch.lines.extend(told.lines)
    batch.entries.extend(entries_of(told.columns, ids, told.hashes, batch.notes))
    batch.taxonomies.extend(taxonomies_of(told.columns, told.seldom, ids, batch.notes))
    batch.names.extend(other_names_of(told.columns, ids))


def usable(columns: Columns, lines: Sequence[int], batch: Batch) -> NDArray[np.bool_]:
    """Say of each row whether it can be used, and write down why not."""
    fit = valid_numbers(columns["npi"])
    for row in np.flatnonzero(~fit).tolist():
        reason = "it is no NPI: ten digits, the first 1 or 2, the last a check digit"
        batch.rejects.append(Refused(lines[row], "", "NPI", reason, "Correct it at the register."))
    strange = {kind for kind in set(columns["kind"]) if kind not in KINDS}
    named = zip(columns["kind"], columns["organisation"], columns["last"],
                columns["deactivated"], strict=True)  # fmt: skip
    bad = [
        row
        for row, (kind, organisation, last, ended) in enumerate(named)
        if kind in strange or not (organisation or last or ended)
    ]
    for row in bad:
        if fit[row]:
            fit[row] = False
            batch.rejects.append(reject_of(columns, row, lines[row]))
    return fit


def reject_of(columns: Columns, row: int, line: int) -> Refused:
    """Return why a row with a good number cannot be used."""
    number = columns["npi"][row]
    if columns["kind"][row] not in KINDS:
        reason = "it is neither 1 (person) nor 2 (organisation) nor empty"
        return Refused(line, number, "Entity Type Code", reason, "Get the file again.")
    reason = "there is neither a name nor a day of deactivation"
    return Refused(line, number, "the whole row", reason, "Correct it at the register.")


def valid_numbers(numbers: Sequence[str]) -> NDArray[np.bool_]:
    """Say of each text whether it is an NPI: the twin of credentials.is_npi for many at once."""
    joined = "".join(numbers)
    lengths_right = len(joined) == 10 * len(numbers) and set(map(len, numbers)) <= {10}
    if not (lengths_right and joined.isascii() and joined.isdigit()):
        return np.array([is_npi(number) for number in numbers], bool)
    digits = (np.frombuffer(joined.encode(), np.uint8) - ord("0")).reshape(-1, 10)
    doubled = digits[:, 0::2] * 2
    luhn = 24 + digits[:, 1::2].sum(axis=1, dtype=np.int64)
    luhn += (doubled - 9 * (doubled > 9)).sum(axis=1, dtype=np.int64)
    return np.asarray((luhn % 10 == 0) & ((digits[:, 0] == 1) | (digits[:, 0] == 2)))


def hashes_of(columns: Columns, seldom: dict[int, list[str]]) -> Iterator[int]:
    """Yield a hash of everything that is taken from each row."""
    for row, cells in enumerate(zip(*columns.values(), strict=True)):
        told = "\x1f".join(cells)
        if row in seldom:
            told += "\x1f" + "\x1f".join(seldom[row])
        digest = blake2b(told.encode("utf-8", "replace"), digest_size=8, person=FORM).digest()
        yield int.from_bytes(digest, "little", signed=True)


def entries_of(
    columns: Columns, ids: range, hashes: Sequence[int], notes: Counter[str]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows for the table of entries, in the order of batches.ENTRY."""
    persons = [kind == "1" for kind in columns["kind"]]
    names = [last or organisation for last, organisation in
             zip(columns["last"], columns["organisation"], strict=True)]  # fmt: skip
    keys = [folded(name) if person else fold_organisation(name) for name, person in
            zip(names, persons, strict=True)]  # fmt: skip
    given = [f"{first} {middle}" if middle else first for first, middle in
             zip(columns["first"], columns["middle"], strict=True)]  # fmt: skip
    states = list(map(state_of, columns["state"]))
    countries = list(map(country_of, columns["country"], states))
    dates = {name: days(columns[name], notes) for name in
             ("enumerated", "updated", "deactivated", "reactivated")}  # fmt: skip
    return zip(
        ids,
        repeat(Source.US_NPPES.value),
        columns["npi"],
        map(KINDS.__getitem__, columns["kind"]),
        standings(dates, columns.get("status")),
        clipped(names, 160, notes),
        clipped(given, 100, notes),
        clipped(columns["suffix"], 20, notes),
        clipped(columns["credential"], 60, notes),
        clipped(keys, 160, notes),
        clipped(list(map(folded, columns["first"])), 60, notes),
        clipped(columns["town"], 80, notes),
        clipped(states, 40, notes),
        clipped(list(map(postcode_of, columns["postcode"], countries)), 20, notes),
        countries,
        clipped(columns["phone"], 30, notes),
        (number if is_npi(number) else "" for number in columns["replaced_by"])
        if any(columns["replaced_by"])
        else repeat(""),
        dates["enumerated"],
        dates["updated"],
        dates["deactivated"],
        dates["reactivated"],
        repeat(None),
        hashes,
        strict=False,  # the repeats never end
    )


def standings(dates: dict[str, list[str | None]], status: Sequence[str] | None) -> Iterator[int]:
    """Yield active or deactivated: a deactivation counts unless a reactivation followed it.

    Since V3 the file also says it in a word; either is enough to deactivate.
    """
    active, ended = Standing.ACTIVE.value, Standing.DEACTIVATED.value
    words: Sequence[str] | repeat[str] = status if status is not None else repeat("")
    for off, on, word in zip(dates["deactivated"], dates["reactivated"], words, strict=False):
        gone = (off is not None and (on is None or on < off)) or word.lower().startswith("deact")
        yield ended if gone else active


def taxonomies_of(
    columns: Columns, seldom: dict[int, list[str]], ids: range, notes: Counter[str]
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows for the table of taxonomies, in the order of batches.TAXONOMY."""
    codes, licences, states, switches = (columns[f"taxonomy_{n}_1"] for n in range(4))
    boards = clipped(list(map(state_of, states)), 2, notes)
    clear = clipped(licences, 40, notes)
    switched = map(PRIMARY.get, switches)
    rows = zip(ids, repeat(1), codes, clear, licence_keys(licences), boards, switched)
    if set(map(len, codes)) == {10}:
        yield from rows
    else:
        fit = [len(code) == 10 for code in codes]
        count_odd(sum(map(bool, codes)) - sum(fit), notes)
        yield from compress(rows, fit)
    for row, cells in seldom.items():
        for place, code in enumerate(cells[::4]):
            if len(code) == 10:
                licence, state, primary = cells[4 * place + 1 : 4 * place + 4]
                key = licence_keys([licence])[0]
                switch = PRIMARY.get(primary)
                yield ids[row], place + 2, code, licence[:40], key, state_of(state)[:2], switch
            elif code:
                count_odd(1, notes)


def count_odd(number: int, notes: Counter[str]) -> None:
    """Count codes that are none."""
    if number:
        notes["a taxonomy code has not ten characters and was left out"] += number


def licence_keys(licences: Sequence[str]) -> list[str]:
    """Return the folded licences; plain digits, the most of them, only lose padding zeros."""
    return [
        ("" if not text else text.lstrip("0") or "0")
        if not text or text.isdecimal()
        else fold_licence(text)[:40]
        for text in licences
    ]


def other_names_of(columns: Columns, ids: range) -> Iterator[tuple[Any, ...]]:
    """Yield the other names that the main file has, in the order of batches.NAME."""
    rows = zip(ids, columns["other_organisation"], columns["other_last"],
               columns["other_first"], strict=True)  # fmt: skip
    for entry, organisation, last, first in rows:
        if last:
            yield entry, Origin.MAIN.value, last[:160], first[:100], folded(last)[:160], (
                folded(first)[:60])  # fmt: skip
        if organisation:
            key = fold_organisation(organisation)[:160]
            yield entry, Origin.MAIN.value, organisation[:160], "", key, ""


folded: Callable[[str], str] = lru_cache(maxsize=50_000)(fold)
state_of: Callable[[str], str] = lru_cache(maxsize=5_000)(state_code)


@lru_cache(maxsize=20_000)
def day(text: str) -> str | None:
    """Return a day written 11/24/2026 as 2026-11-24, None where none is told; "" is no day."""
    if text in NOTHING_TOLD:
        return None
    month, _, rest = text.partition("/")
    number, _, year = rest.partition("/")
    try:
        found = np.datetime64(f"{int(year):04}-{int(month):02}-{int(number):02}")
    except ValueError:
        return ""
    return str(found)


def days(texts: Sequence[str], notes: Counter[str]) -> list[str | None]:
    """Return days in the form the database takes; what is no day is left empty and counted."""
    if not any(texts):
        return [None] * len(texts)
    found = list(map(day, texts))
    if "" in found:
        notes["a date could not be read and was left empty"] += found.count("")
        return [told or None for told in found]
    return found


def country_of(country: str, state: str) -> str:
    """Return a two-letter code; without one, a US state tells it."""
    if country:
        return country[:2].upper()
    return "US" if len(state) == 2 else ""


def postcode_of(postcode: str, country: str) -> str:
    """Return the first five digits of a US postcode, lost zeros given back; others as written."""
    if country != "US":
        return postcode
    digits = postcode.replace("-", "")
    if not digits.isdigit():
        return postcode
    return digits.zfill(9 if len(digits) > 5 else 5)[:5]


def clipped(texts: list[str], longest: int, notes: Counter[str]) -> list[str]:
    """Return texts that fit their column; what is cut is counted."""
    if not texts or max(map(len, texts)) <= longest:
        return texts
    notes["a text was too long and was cut"] += sum(len(text) > longest for text in texts)
    return [text[:longest] for text in texts]


class Numbers(NamedTuple):
    """Which NPIs a file has held so far: a bit each, 25 MB whatever the size of the file."""

    bits: NDArray[np.uint8]

    @classmethod
    def none(cls) -> "Numbers":
        """Return an empty set."""
        return cls(np.zeros(25_000_000, np.uint8))

    def has(self, numbers: Sequence[str]) -> NDArray[np.bool_]:
        """Say of each number whether it was added before."""
        places = self.places(numbers)
        return np.asarray((self.bits[places >> 3] >> (places & 7)) & 1, bool)

    def add(self, numbers: Sequence[str]) -> None:
        """Add valid NPIs."""
        places = self.places(numbers)
        np.bitwise_or.at(self.bits, places >> 3, (1 << (places & 7)).astype(np.uint8))

    @staticmethod
    def places(numbers: Sequence[str]) -> NDArray[np.int64]:
        """Return the place of each NPI: its check digit tells nothing new."""
        digits = np.frombuffer("".join(numbers).encode(), np.uint8).reshape(-1, 10)
        return (digits[:, :9].astype(np.int64) - ord("0")) @ POWERS - 100_000_000
