"""Rows that were read, kept for as long as their blocks are the same.

What is given from afar to a country is asked for again and again, and is much. A search asks
for the stamps of its blocks first; a block that changes gets another stamp in the same
transaction, so what was hidden is never taken from here.
"""

import threading
from collections import OrderedDict
from typing import Any, NamedTuple

import numpy as np

from stepwell.apps.directory.finding.columns import ROW, Array

MOST = 64 * 2**20  # bytes, in each process
Stamps = tuple[tuple[int, int, int], ...]  # of each block its number, its rows and its stamp
Stored = dict[str, Array]


class Entry(NamedTuple):
    """Columns of rows by name, and the blocks they are from."""

    stamps: Stamps
    columns: Stored
    size: int


class Kept:
    """The columns read last, as many as there is room for."""

    def __init__(self) -> None:
        self.entries: OrderedDict[Any, Entry] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, name: Any, stamps: Stamps) -> Stored | None:
        """Return what was kept under a name, if its blocks are still those."""
        with self.lock:
            entry = self.entries.get(name)
            if entry is None or entry.stamps != stamps:
                return None
            self.entries.move_to_end(name)
            return entry.columns

    def put(self, name: Any, stamps: Stamps, packed: Array) -> Stored:
        """Keep some rows, each field in an array of its own; forget those asked for longest ago."""
        found = {field: np.ascontiguousarray(packed[field]) for field in ROW.names or ()}
        with self.lock:
            self.entries.pop(name, None)
            if packed.nbytes <= MOST:
                self.entries[name] = Entry(stamps, found, packed.nbytes)
            while sum(entry.size for entry in self.entries.values()) > MOST:
                self.entries.popitem(last=False)
        return found
