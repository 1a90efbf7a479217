"""How long a text takes to read."""

from math import ceil

_WORDS_A_MINUTE = 200


def minutes_to_read(text: str) -> int:
    """Return the whole minutes that `text` takes to read, at least one."""
    return max(1, ceil(len(text.split()) / _WORDS_A_MINUTE))
