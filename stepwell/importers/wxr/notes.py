"""What the way of one text into our blocks left behind: counted, listed, never swallowed."""

from collections import Counter
from dataclasses import dataclass, field

LONGEST = 80


@dataclass(slots=True)
class Notes:
    """Counts by kind. Keys are names of blocks and shortcodes, or a kind and a host."""

    blocks: Counter[str] = field(default_factory=Counter)  # unknown: inner HTML kept
    shortcodes: Counter[str] = field(default_factory=Counter)  # unknown: text kept
    removed: Counter[str] = field(default_factory=Counter)  # tracking, scripts, frames
    changed: Counter[str] = field(default_factory=Counter)  # shaped to what our blocks can say
    media: Counter[str] = field(default_factory=Counter)  # pictures that could not be found

    def add(self, other: "Notes") -> None:
        """Add the counts of another."""
        for name in ("blocks", "shortcodes", "removed", "changed", "media"):
            getattr(self, name).update(getattr(other, name))

    def as_document(self) -> dict[str, dict[str, int]]:
        """Return the counts for a report, the most frequent first."""
        return {
            name: {key[:LONGEST]: count for key, count in getattr(self, name).most_common()}
            for name in ("blocks", "shortcodes", "removed", "changed", "media")
        }
