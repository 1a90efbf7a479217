"""Seals text with AES-256-GCM, bound to the place where it is kept.

The place ("table:column:row") goes into the seal as associated data: a sealed
text that was moved to another row, column or table does not open. Several keys
may lie on the ring: the newest seals, all of them open. The id of the key stands
in the clear in front, so that a text says which key it needs and a rotation can
find what is still under an old one.
"""

import os
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stepwell.lib.folders import write_secret

FORM: Final = re.compile(r"s1\.([a-z0-9]{1,32})\.([A-Za-z0-9_-]{38,})")
LINE: Final = re.compile(r"([a-z0-9]{1,32})[ :]+([A-Za-z0-9_-]{43}=?)")
NONCE = 12  # bytes; chance alone repeats one after some 2^32 texts under one key
KEY = 32
HEAD = (
    "# Keys that seal what people write. The last one seals; older ones still open what they\n"
    "# sealed. Keep a copy apart from the copies of the database. A lost key opens nothing.\n"
)


class SealingError(Exception):
    """Something cannot be sealed or opened. The message says why, and the repair."""


class NoKeys(SealingError):
    """There is no key to seal with."""


class UnknownKey(SealingError):
    """The key that sealed a text is not on the ring."""


class Damaged(SealingError):
    """A sealed text is not what was sealed: changed, cut, or moved from another place."""


@dataclass(frozen=True)
class KeyRing:
    """Keys by id, the newest last."""

    keys: Mapping[str, bytes] = field(repr=False)

    @property
    def newest(self) -> str:
        """Return the id of the key that seals."""
        return list(self.keys)[-1]

    def seal(self, text: str, context: str) -> str:
        """Return `text` sealed under the newest key, to be opened with this `context` only."""
        nonce = os.urandom(NONCE)
        cipher = AESGCM(self.keys[self.newest]).encrypt(nonce, text.encode(), context.encode())
        return f"s1.{self.newest}.{urlsafe_b64encode(nonce + cipher).decode().rstrip('=')}"

    def unseal(self, sealed: str, context: str) -> str:
        """Return what was sealed; raise UnknownKey or Damaged."""
        key_id, raw = _parts(sealed)
        if key_id not in self.keys:
            raise UnknownKey(
                f"This text was sealed with the key {key_id!r}, which is not among the keys "
                f"({', '.join(self.keys)}). Put that key back from the copy you keep."
            )
        try:
            plain = AESGCM(self.keys[key_id]).decrypt(raw[:NONCE], raw[NONCE:], context.encode())
        except InvalidTag:
            raise Damaged(
                f"The sealed text does not belong to {context!r}, or it was changed. "
                "Restore this row from a backup."
            ) from None
        return plain.decode()


def is_sealed(text: str) -> bool:
    """Say whether `text` has the form of a sealed one."""
    return FORM.fullmatch(text) is not None


def key_of(sealed: str) -> str:
    """Return the id of the key that sealed a text."""
    return _parts(sealed)[0]


def _parts(sealed: str) -> tuple[str, bytes]:
    found = FORM.fullmatch(sealed)
    if found is None:
        raise Damaged("This is not a sealed text, or it was cut. Restore it from a backup.")
    body = found[2]
    try:
        raw = urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except ValueError:  # so many characters are none's length
        raw = b""
    # The last character may hold bits that say nothing; another one there would open as well.
    if urlsafe_b64encode(raw).decode().rstrip("=") != body:
        raise Damaged("This is not what was sealed: it was changed. Restore it from a backup.")
    return found[1], raw


def parse(text: str, where: str) -> KeyRing:
    """Return the keys in `text`: one a line (or between commas), id and key, the newest last."""
    keys: dict[str, bytes] = {}
    lines = [line.partition("#")[0].strip() for line in re.split(r"[\n,]", text)]
    for number, line in enumerate(lines, 1):
        if not line:
            continue
        found = LINE.fullmatch(line)
        if found is None or len(raw := urlsafe_b64decode(found[2].rstrip("=") + "=")) != KEY:
            raise SealingError(
                f"{where}, line {number}: not a key. Write an id, a blank and 32 bytes as "
                "URL-safe base64 (43 characters)."
            )
        if found[1] in keys:
            raise SealingError(f"{where}, line {number}: the id {found[1]!r} occurs twice.")
        keys[found[1]] = raw
    if not keys:
        raise NoKeys(f"{where} holds no key. {REPAIR}")
    return KeyRing(keys)


REPAIR = "`stepwell run` makes one where none was ever made; else put your copy back."


def read(path: Path) -> KeyRing:
    """Return the keys of a file."""
    try:
        return parse(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError:
        raise NoKeys(f"There is no file of keys at {path}. {REPAIR}") from None


def new_line() -> str:
    """Return a new key as a line of a file of keys."""
    key = urlsafe_b64encode(secrets.token_bytes(KEY)).decode().rstrip("=")
    return f"{secrets.token_hex(4)} {key}\n"


def add_key(path: Path) -> str:
    """Add a new key to a file (and make the file, for its owner only); return the key's id."""
    before = path.read_text(encoding="utf-8") if path.exists() else HEAD
    line = new_line()
    write_secret(path, before.rstrip("\n") + "\n" + line)
    return line.partition(" ")[0]
