"""How the columns of a snapshot are laid out: the packed row of `finding`, taken apart.

What a search reads of every row is 31 bytes; what it reads of a few rows lies in files of
its own, so that it is on disk and not in memory. Words, credentials and the like repeat,
so their columns hold the number of an entry of a dictionary.
"""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from stepwell.apps.directory.finding.columns import ROW, Array

VERSION = 1  # of this layout: a snapshot of another one is not read
PLAIN: Mapping[str, str] = MappingProxyType(
    {"turn": "<u4", "kind": "u1", "confirmed": "<u2", "said": "<u2"}
)
FIXED = ("lat", "lon")  # whole numbers of 1e-7 degrees, a centimetre
PER_DEGREE = 10**7
UNKNOWN = -(2**31)
# Groups of fields whose values repeat, each with one dictionary.
GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "languages": ("language",),
        "needs": ("need",),
        "approaches": ("approach",),
        "goals": ("goal",),
        "ways": ("format", "access", "payer", "more"),
        "where": ("country", "state"),
        "trust": ("credential", "checked"),
        "price": ("fee", "currency"),
    }
)
# Read for a few rows only: the page that is shown, and rows at the very edge of a circle.
EXACT: Mapping[str, str] = MappingProxyType(
    {"place": "<u4", "exact_lat": "<f8", "exact_lon": "<f8"}
)
COLD = ("id", "price", *EXACT)
GROUP_OF: Mapping[str, str] = MappingProxyType(
    {field: group for group, fields in GROUPS.items() for field in fields}
)
NOWHERE, UNPLACED = 0, 1  # instead of a cell: from afar only; at a place of unknown point


def group_type(group: str) -> np.dtype[np.void]:
    """Return the type of an entry of a group's dictionary."""
    return np.dtype([(field, ROW[field]) for field in GROUPS[group]])


def entries(rows: Array, group: str) -> Array:
    """Return the part of packed rows that belongs to a group."""
    kind = group_type(group)
    part = np.zeros(len(rows), kind)
    for field in GROUPS[group]:
        part[field] = rows[field]
    return part


def fixed(degrees: Array) -> Array:
    """Return degrees as whole numbers; where they are unknown, UNKNOWN."""
    known = np.isfinite(degrees)
    whole = np.full(len(degrees), UNKNOWN, "<i4")
    whole[known] = np.rint(degrees[known] * PER_DEGREE)
    return whole


def plain(rows: Array) -> dict[str, Array]:
    """Return the columns of packed rows that need no dictionary, by name."""
    found = {name: rows[name].astype(form) for name, form in PLAIN.items()}
    found |= {name: fixed(rows[name]) for name in FIXED}
    found |= {"id": rows["id"].astype("<u8"), "place": rows["place"].astype("<u4")}
    return found | {f"exact_{name}": rows[name].astype("<f8") for name in FIXED}
