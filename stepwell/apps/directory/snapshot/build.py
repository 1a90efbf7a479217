"""Makes a snapshot from the rows of the search, in memory that does not grow with them all.

Rows are read in batches and taken apart into one unsorted file a column; then the order
is worked out once and each column is written in it, one after the other.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import numpy as np

from stepwell.apps.directory.finding import blocks
from stepwell.apps.directory.finding.columns import Array, unpack
from stepwell.apps.directory.models import ListingRow, RowBlock
from stepwell.apps.directory.snapshot import files, journal
from stepwell.apps.directory.snapshot.layout import GROUPS, NOWHERE, UNPLACED, entries, plain
from stepwell.lib.batches import batches

BATCH = 20_000
BLOCKS = 200
Progress = Callable[[int], None]
Pairs = Iterable[tuple[Array, Array]]


class Growing:
    """Unsorted columns on their way to disk, and the dictionaries so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.open: dict[str, IO[bytes]] = {}
        self.kinds: dict[str, np.dtype[Any]] = {}
        self.codes: dict[str, dict[bytes, int]] = {group: {} for group in GROUPS}
        self.rows = 0

    def add(self, name: str, values: Array) -> None:
        """Append to one column."""
        if name not in self.open:
            self.open[name] = (self.folder / f"{name}.raw").open("wb")
            self.kinds[name] = values.dtype
            if values.ndim > 1:
                self.kinds[name] = np.dtype((values.dtype, values.shape[1:]))
        self.open[name].write(np.ascontiguousarray(values).tobytes())

    def code(self, group: str, part: Array) -> Array:
        """Return the numbers of some entries in their dictionary; new ones get the next."""
        known = self.codes[group]
        flat = part.view(f"V{part.dtype.itemsize}")
        unique, back = np.unique(flat, return_inverse=True)
        numbers = [known.setdefault(one.tobytes(), len(known)) for one in unique]
        return np.array(numbers, "<u4")[back.reshape(-1)]

    def add_rows(self, cells: Array, packed: Array) -> None:
        """Append rows to all columns."""
        self.add("cell", cells)
        for name, values in plain(packed).items():
            self.add(name, values)
        for group in GROUPS:
            self.add(group, self.code(group, entries(packed, group)))
        self.rows += len(packed)

    def take(self, name: str) -> Array:
        """Return a whole column, unsorted."""
        self.open[name].flush()
        return np.fromfile(self.folder / f"{name}.raw", self.kinds[name])

    def done_with(self, name: str) -> None:
        """Take a column's unsorted file away."""
        self.open.pop(name).close()
        (self.folder / f"{name}.raw").unlink()

    def close(self) -> None:
        """Take all unsorted files away."""
        for name in list(self.open):
            self.done_with(name)


def build(folder: Path, at: datetime, progress: Progress = lambda rows: None) -> str | None:
    """Make a snapshot and let it be the current one; None when somebody else is making one."""
    with files.only_builder(folder) as mine:
        if not mine:
            return None
        mark = journal.watermark()
        told = {"watermark": mark, "built_at": at.isoformat()}
        name = build_from(folder, rows_of_all(), afar_of_all(), told, progress)
    journal.tidy(at)
    return name


def build_from(
    folder: Path, rows: Pairs, afar: Pairs, told: dict[str, Any], progress: Progress
) -> str:
    """Make a snapshot of packed rows with their cells, and of those given from afar."""
    made = files.begin(folder)
    growing = Growing(made)
    try:
        for cells, packed in rows:
            growing.add_rows(cells, packed)
            progress(len(packed))
        write(made, growing)
        save_afar(made, afar)
    finally:
        growing.close()
    return files.finish(folder, made, {**told, "rows": growing.rows})


def rows_of_all() -> Iterator[tuple[Array, Array]]:
    """Yield the cells and the packed rows, some at a time."""
    rows = ListingRow.objects.order_by().values_list("c5", "packed").iterator(chunk_size=BATCH)
    for some in batches(rows, BATCH):
        packed = unpack(one for _, one in some)
        cells = np.array([cell or NOWHERE for cell, _ in some], "<i8")
        cells[(cells == NOWHERE) & (packed["place"] != 0)] = UNPLACED
        yield cells, packed


def write(made: Path, growing: Growing) -> None:
    """Write the sorted columns and what leads into them."""
    if not growing.rows:
        growing.add_rows(np.zeros(0, "<i8"), unpack([]))
    order = np.lexsort([growing.take(name) for name in ("turn", "kind", "cell")]).astype("<u4")
    for name in list(growing.open):
        if name not in {"cell", "id"}:
            values = growing.take(name)[order]
            growing.done_with(name)
            np.save(made / f"{name}.npy", narrow(values) if name in GROUPS else values)
    for group, codes in growing.codes.items():
        save_dictionary(made, group, codes)
    save_starts(made, growing.take("cell")[order])
    ids = growing.take("id")[order]
    np.save(made / "id.npy", ids)
    by_id = np.lexsort([ids[:, 1], ids[:, 0]]).astype("<u4")
    np.save(made / "by_id.npy", by_id)
    np.save(made / "id_high.npy", ids[by_id, 0])
    save_nations(made)


def narrow(codes: Array) -> Array:
    """Return numbers in two bytes where they fit."""
    return codes.astype("<u2") if codes.max(initial=0) < 2**16 else codes


def save_dictionary(made: Path, group: str, codes: dict[bytes, int]) -> None:
    """Write the entries of a group in the order of their numbers."""
    from_bytes = b"".join(codes)
    kind = entries(unpack([]), group).dtype
    # As plain bytes: numpy's own files do not map nested types.
    whole = np.frombuffer(from_bytes, "u1").reshape(-1, kind.itemsize)
    np.save(made / f"{group}_entries.npy", whole)


def save_starts(made: Path, cells: Array) -> None:
    """Write where the rows of each cell begin."""
    unique, starts = np.unique(cells, return_index=True)
    np.save(made / "cells.npy", unique)
    np.save(made / "starts.npy", np.append(starts, len(cells)).astype("<u4"))


def loaded(made: Path, name: str) -> Array:
    """Return a column that was written, mapped."""
    column: Array = np.load(made / f"{name}.npy", mmap_mode="r")
    return column


def save_nations(made: Path) -> None:
    """Write the rows by country, kind and key of the shuffle."""
    kind = entries(unpack([]), "where").dtype
    where = loaded(made, "where_entries").reshape(-1).view(kind)["country"]
    countries = where[loaded(made, "where")] if len(where) else np.zeros(0, "<u2")
    kinds, turns = loaded(made, "kind"), loaded(made, "turn")
    order = np.lexsort([turns, kinds, countries]).astype("<u4")
    save_ranked(made, "nation", order, countries[order], kinds[order])


def afar_of_all() -> Iterator[tuple[Array, Array]]:
    """Yield the countries and the packed rows that are given from afar, a block at a time."""
    first = blocks.number_of(blocks.area_of(blocks.AFAR), 0)
    there = RowBlock.objects.filter(pk__gte=first).values_list("area", "packed")
    for area, block in there.order_by("pk").iterator(chunk_size=BLOCKS):
        packed = unpack([block])
        yield np.full(len(packed), blocks.key_of(area), "<u2"), packed


def save_afar(made: Path, afar: Pairs) -> None:
    """Write the rows that are given from afar, by country served, kind and key."""
    ids, high, by_id = (loaded(made, name) for name in ("id", "id_high", "by_id"))
    found = []
    for countries, packed in afar:
        numbers = rows_of(packed["id"], ids, high, by_id)
        known = numbers >= 0
        found.append((numbers[known].astype("<u4"), countries[known], packed["kind"][known]))
    rows, countries, kinds = joined(found)
    order = np.lexsort([loaded(made, "turn")[rows], kinds, countries])
    save_ranked(made, "afar", rows[order], countries[order], kinds[order])


def joined(found: Iterable[tuple[Array, Array, Array]]) -> tuple[Array, Array, Array]:
    """Return rows, countries and kinds, each as one."""
    empty = (np.zeros(0, "<u4"), np.zeros(0, "<u2"), np.zeros(0, "u1"))
    rows, countries, kinds = zip(empty, *found, strict=True)
    return np.concatenate(rows), np.concatenate(countries), np.concatenate(kinds)


def save_ranked(made: Path, name: str, rows: Array, countries: Array, kinds: Array) -> None:
    """Write rows that stand by country and kind, and where those of each begin."""
    keys = countries.astype("<u4") << 8 | kinds
    unique, starts = np.unique(keys, return_index=True)
    np.save(made / f"{name}_rows.npy", rows)
    np.save(made / f"{name}_keys.npy", unique.astype("<u4"))
    np.save(made / f"{name}_starts.npy", np.append(starts, len(rows)).astype("<u4"))


def rows_of(wanted: Array, ids: Array, high: Array, by_id: Array) -> Array:
    """Return at which row each id stands; -1 for one that is not there."""
    found = np.full(len(wanted), -1, np.int64)
    if not len(by_id):
        return found
    at = np.searchsorted(high, wanted[:, 0].astype("<u8"))
    left = np.arange(len(wanted))
    while len(left):  # more than once only where two ids begin with the same 64 bits
        left = left[at[left] < len(high)]
        left = left[high[at[left]] == wanted[left, 0]]
        rows = by_id[at[left]]
        hit = ids[rows, 1] == wanted[left, 1]
        found[left[hit]] = rows[hit]
        left = left[~hit]
        at[left] += 1
    return found
