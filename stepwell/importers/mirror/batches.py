"""What every reader of a register hands to the loader."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

Tuples = list[tuple[Any, ...]]

# The order of the columns in which rows are handed over.
ENTRY = (
    "id", "source", "number", "kind", "standing", "name", "given_names", "suffix", "credential",
    "name_key", "given_key", "town", "state", "postcode", "country", "phone", "replaced_by",
    "enumerated_on", "updated_on", "deactivated_on", "reactivated_on", "struck_on", "content_hash",
)  # fmt: skip
TAXONOMY = ("entry_id", "position", "code", "licence", "licence_key", "state", "is_primary")
NAME = ("entry_id", "origin", "name", "given_names", "name_key", "given_key")
PLACE = ("entry_id", "town", "state", "postcode", "country", "phone")
ENDPOINT = ("entry_id", "kind", "address")
NUMBER, HASH = ENTRY.index("number"), ENTRY.index("content_hash")


class Refused(NamedTuple):
    """A row that cannot be used: where, why and the repair. It quotes nothing but the number."""

    line: int
    number: str
    column: str
    reason: str
    repair: str


@dataclass
class Batch:
    """The rows of one block, ready to be written."""

    read: int
    lines: list[int]
    entries: Tuples
    taxonomies: Tuples
    names: Tuples
    unchanged: list[int]  # the hashes of rows that our copy has already
    rejects: list[Refused]
    notes: Counter[str]

    @classmethod
    def empty(cls) -> "Batch":
        """Return a batch with nothing in it."""
        return cls(0, [], [], [], [], [], [], Counter())
