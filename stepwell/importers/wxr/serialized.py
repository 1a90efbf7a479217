"""A small, safe reader of PHP's serialized values: texts, numbers and arrays; never objects.

The byte count before a text is often wrong, because line ends were changed after
it was written. Where it is, the text is read up to its closing quote instead.
"""

import re
from typing import Any

DEEPEST = 40
MOST_VALUES = 100_000
_SCALAR = re.compile(r"(?:(N);|b:([01]);|i:(-?\d{1,19});|d:(-?[\d.eE+-]{1,40}|NAN|-?INF);)")
_TEXT = re.compile(r's:(\d{1,10}):"')
_ARRAY = re.compile(r"a:(\d{1,10}):\{")
_AFTER_TEXT = re.compile(r'";(?=[sibdaNO}]|$|[\r\n])')


class NotSerialized(ValueError):
    """The text is not a serialized value that we read."""


def loads(text: str) -> Any:
    """Return the value as str, int, float, bool, None or dict; raise NotSerialized."""
    reader = _Reader(text.strip())
    value = reader.value(0)
    if reader.at != len(reader.text):
        raise NotSerialized("something stands after its end")
    return value


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.count = text, 0, 0

    def value(self, depth: int) -> Any:
        self.count += 1
        if depth > DEEPEST or self.count > MOST_VALUES:
            raise NotSerialized("it is too deep or too long")
        if found := _SCALAR.match(self.text, self.at):
            self.at = found.end()
            return _scalar(found)
        if found := _TEXT.match(self.text, self.at):
            return self._string(found.end(), int(found[1]))
        if found := _ARRAY.match(self.text, self.at):
            self.at = found.end()
            return self._array(int(found[1]), depth)
        raise NotSerialized("an object, or nothing we know")

    def _string(self, start: int, count: int) -> str:
        piece = self.text[start : start + count]  # never longer in characters than in bytes
        for end in (start + count, start + len(_first_bytes(piece, count))):
            if self.text.startswith('";', end):
                self.at = end + 2
                return self.text[start:end]
        found = _AFTER_TEXT.search(self.text, start)
        if not found:
            raise NotSerialized("a text without an end")
        self.at = found.end()
        return self.text[start : found.start()]

    def _array(self, count: int, depth: int) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for _ in range(min(count, MOST_VALUES)):
            if self.text.startswith("}", self.at):
                break
            key = self.value(depth + 1)
            if isinstance(key, dict):
                raise NotSerialized("a list as a key")
            found[key] = self.value(depth + 1)
        if not self.text.startswith("}", self.at):
            raise NotSerialized("an array without an end")
        self.at += 1
        return found


def _scalar(found: re.Match[str]) -> Any:
    if found[1]:
        return None
    if found[2]:
        return found[2] == "1"
    if found[3]:
        return int(found[3])
    try:
        return float(found[4].replace("INF", "inf").replace("NAN", "nan"))
    except ValueError as error:
        raise NotSerialized("no number") from error


def _first_bytes(text: str, count: int) -> str:
    """Return as many characters of `text` as `count` bytes of UTF-8 hold."""
    return text.encode("utf-8", errors="replace")[:count].decode("utf-8", errors="ignore")
