"""Rows of a snapshot as if they were packed rows: what is asked for is looked up when asked.

Behind the rows of the snapshot stand those that changed since, as the database has them.
"""

from typing import Any

import numpy as np

from stepwell.apps.directory.finding.columns import ROW, Array
from stepwell.apps.directory.snapshot.build import rows_of
from stepwell.apps.directory.snapshot.files import Snapshot
from stepwell.apps.directory.snapshot.layout import (
    FIXED,
    GROUP_OF,
    GROUPS,
    PER_DEGREE,
    UNKNOWN,
    group_type,
)


class Columns:
    """The arrays of one open snapshot, with its dictionaries."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.arrays = {name: np.asarray(one) for name, one in snapshot.arrays.items()}
        self.entries: dict[str, Array] = {}
        for group, fields in GROUPS.items():
            flat = np.array(snapshot.arrays[f"{group}_entries"])
            known = flat.reshape(-1).view(group_type(group))
            self.entries |= {field: np.ascontiguousarray(known[field]) for field in fields}

    def __len__(self) -> int:
        return self.snapshot.rows

    def field(self, name: str, rows: Array) -> Array:
        """Return one field of some rows, as a packed row has it."""
        if name in GROUP_OF:
            return self.entries[name][self.arrays[GROUP_OF[name]][rows]]
        if name in FIXED:
            return self.arrays[f"exact_{name}"][rows]
        return self.arrays[name][rows]

    def degrees(self, name: str, rows: Array) -> Array:
        """Return latitudes or longitudes to a centimetre; not a number where unknown."""
        whole = self.arrays[name][rows]
        return np.where(whole == UNKNOWN, np.nan, whole / PER_DEGREE)

    def rows_of(self, ids: Array) -> Array:
        """Return at which row each id stands; -1 for one that is not there."""
        there = self.arrays
        return rows_of(ids, there["id"], there["id_high"], there["by_id"])


class Table:
    """Some rows of a snapshot, then some packed rows. Read like an array of packed rows."""

    def __init__(self, columns: Columns, rows: Array, fresh: Array) -> None:
        self.columns, self.rows, self.fresh = columns, rows, fresh
        self.read: dict[str, Array] = {}

    def __len__(self) -> int:
        return len(self.rows) + len(self.fresh)

    def __getitem__(self, key: Any) -> Any:
        """Return one field of all rows, or some of the rows: by a mask, or in their order."""
        if isinstance(key, str):
            if key not in self.read:
                self.read[key] = self.field(key)
            return self.read[key]
        many = len(self.rows)
        if key.dtype == bool:
            return Table(self.columns, self.rows[key[:many]], self.fresh[key[many:]])
        split = np.searchsorted(key, many)
        return Table(self.columns, self.rows[key[:split]], self.fresh[key[split:] - many])

    def field(self, name: str) -> Array:
        """Return one field of all rows."""
        column = self.columns.field(name, self.rows)
        if not len(self.fresh):
            return column
        native = ROW[name].base.newbyteorder("=")
        return np.concatenate([column, self.fresh[name].astype(native)])
