"""Reads JSON of any length piece by piece: only one member of a list is in memory at a time."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from stepwell.importers.records import ImportRefused

LONGEST_MEMBER = 16 * 2**20  # characters; one service with all that belongs to it is far smaller
SPACE = " \t\n\r"


class Part(NamedTuple):
    """A member of a list, or the value of a key, at the top of a document."""

    key: str  # "" in a list at the top
    value: Any
    is_member: bool  # of the list that stands at the key


class Text:
    """The text of a file, read as far as is needed."""

    def __init__(self, pieces: Iterator[str], file: str) -> None:
        self.pieces, self.file = pieces, file
        self.buffer, self.at, self.ended = "", 0, False
        self.lines, self.columns = 1, 1  # where the buffer begins
        self.decoder = json.JSONDecoder()

    def fill(self) -> None:
        """Read more; forget what was used."""
        used = self.buffer[: self.at]
        self.lines, self.columns = self.place_after(used)
        rest, wanted = [self.buffer[self.at :]], max(len(self.buffer) - self.at, 1)
        self.at = 0
        while wanted > 0 and not self.ended:
            piece = next(self.pieces, None)
            self.ended = piece is None
            rest.append(piece or "")
            wanted -= len(piece or "")
        self.buffer = "".join(rest)

    def place_after(self, used: str) -> tuple[int, int]:
        """Return line and column after a text that begins where the buffer does."""
        breaks = used.count("\n")
        column = len(used) - used.rfind("\n") if breaks else self.columns + len(used)
        return self.lines + breaks, column

    def peek(self) -> str:
        """Return the next character that is no space, or "" at the end."""
        while True:
            while self.at < len(self.buffer) and self.buffer[self.at] in SPACE:
                self.at += 1
            if self.at < len(self.buffer) or self.ended:
                return self.buffer[self.at : self.at + 1]
            self.fill()

    def take(self, wanted: str) -> str:
        """Use the next character, which must be one of these."""
        found = self.peek()
        if not found or found not in wanted:
            raise self.broken(self.at, f"Expecting {' or '.join(map(repr, wanted))}")
        self.at += 1
        return found

    def value(self) -> Any:
        """Use the next value and return it."""
        self.peek()
        while (found := self.attempt()) is None:
            if len(self.buffer) - self.at > LONGEST_MEMBER:
                raise self.broken(self.at, "what begins here does not end within 16 MB")
            self.fill()
        value, self.at = found
        return value

    def attempt(self) -> tuple[Any, int] | None:
        """Return the next value and where it ends, or None where more must be read first."""
        try:
            value, end = self.decoder.raw_decode(self.buffer, self.at)
        except json.JSONDecodeError as error:
            if self.ended or self.is_definite(error):
                raise self.broken(error.pos, error.msg) from error
            return None
        except RecursionError as error:
            raise ImportRefused(f"{self.file}: it is nested too deeply. Export it flat.") from error
        except ValueError as error:  # a number of thousands of digits
            raise self.broken(self.at, "a number is too long") from error
        whole = end < len(self.buffer) or self.ended  # else a number may go on
        return (value, end) if whole else None

    def is_definite(self, error: json.JSONDecodeError) -> bool:
        """Say whether no further text could repair it."""
        in_the_middle = error.pos < len(self.buffer) - 16
        return in_the_middle and error.msg.startswith(("Expecting", "Invalid"))

    def broken(self, position: int, reason: str) -> ImportRefused:
        """Return the refusal for JSON that breaks at a position of the buffer."""
        line, column = self.place_after(self.buffer[:position])
        return ImportRefused(
            f"{self.file}: line {line}, column {column}: {reason}. Correct the JSON there."
        )


def documents(text: Text) -> Iterator[Iterator[Part]]:
    """Yield each document of a file: one, or one after the other (NDJSON). Use each up first."""
    while True:
        yield parts(text)
        if not text.peek():
            return


def parts(text: Text) -> Iterator[Part]:
    """Yield the members of a list, or key by key what an object holds, its lists by member."""
    first = text.peek()
    if first == "[":
        for member in members(text):
            yield Part("", member, True)
    elif first == "{":
        text.take("{")
        if text.peek() == "}":
            text.take("}")
            return
        while True:
            yield from key_and_value(text)
            if text.take(",}") == "}":
                return
    else:
        yield Part("", text.value(), False)


def key_and_value(text: Text) -> Iterator[Part]:
    """Yield what stands at the next key of an object."""
    if text.peek() != '"':
        raise text.broken(text.at, "Expecting a name in double quotes")
    key = str(text.value())
    text.take(":")
    if text.peek() == "[":
        empty = True
        for member in members(text):
            empty = False
            yield Part(key, member, True)
        if empty:
            yield Part(key, [], False)
    else:
        yield Part(key, text.value(), False)


def members(text: Text) -> Iterator[Any]:
    """Yield the members of a list."""
    text.take("[")
    if text.peek() == "]":
        text.take("]")
        return
    while True:
        yield text.value()
        if text.take(",]") == "]":
            return
