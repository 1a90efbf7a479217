"""How one event is hashed: pure, and never changed (a new form gets a new version).

Each event carries the hash of the one before it. Who did it and why are not hashed
themselves: a commitment to each is, made with a random salt of its own. Value and salt
can be deleted later (erased) and the chain still holds; without the salt nobody can
try names against the commitment.
"""

import json
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

START = "0" * 64  # stands where the hash of an event before the first would stand
VERSION = 1
MOST_LETTERS = 100  # of a list of positions; the column of `thing` takes 120


def new_salt() -> str:
    """Return 128 random bits; never the empty text, which says erased."""
    return secrets.token_hex(16)


def seal_of(part: str, value: object, salt: str) -> str:
    """Return the commitment to one part ("by" or "reason") of an event."""
    return sha256(json.dumps([part, value, salt]).encode()).hexdigest()


def is_sealed_by(seal: str, part: str, value: object, salt: str) -> bool:
    """Say whether a part is what was committed to."""
    return seal == seal_of(part, value, salt)


def hash_of(
    position: int,
    pk: int,
    at: datetime,
    verb: str,
    thing: str,
    by_seal: str,
    reason_seal: str,
    before: str,
) -> str:
    """Return the hash of one event over its canonical form: a JSON list, ASCII only."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    form = [VERSION, position, pk, moment, verb, thing, by_seal, reason_seal, before]
    return sha256(json.dumps(form).encode()).hexdigest()


def packed(positions: Iterable[int]) -> list[str]:
    """Return positions as short texts such as "3,7-12", each short enough for one event."""
    texts: list[str] = []
    for text in _ranges(positions):
        if texts and len(texts[-1]) + len(text) < MOST_LETTERS:
            texts[-1] += f",{text}"
        else:
            texts.append(text)
    return texts


def unpacked(text: str) -> Iterable[range]:
    """Return the ranges that a packed text names; none from a text that is not one."""
    for one in text.split(","):
        first, _, last = one.partition("-")
        if first.isdecimal() and (last or first).isdecimal():
            yield range(int(first), int(last or first) + 1)


def _ranges(positions: Iterable[int]) -> Iterable[str]:
    ordered = sorted(set(positions))
    first = last = None
    for one in [*ordered, None]:
        if first is not None and one != (last or 0) + 1:
            yield f"{first}" if first == last else f"{first}-{last}"
            first = None
        if first is None:
            first = one
        last = one
