"""How a CSV is written: its encoding and what stands between its cells."""

import csv
import io
import re
from collections import Counter
from typing import NamedTuple

from stepwell.importers.fetch import decode
from stepwell.importers.records import ImportRefused

DELIMITERS = (",", ";", "\t", "|")
SEP_LINE = re.compile(r"\ufeff?sep=(.)\s*$", re.IGNORECASE)
LOOKED_AT = 40  # lines


class Shape(NamedTuple):
    """What was found out, and what its host should know of it."""

    encoding: str
    delimiter: str
    notes: tuple[str, ...]


def detect(raw: bytes, file: str) -> Shape:
    """Return how a file is written; raise ImportRefused where it is no text we can read."""
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise ImportRefused(f"{file}: it is UTF-16. Save it as CSV UTF-8.")
    notes: list[str] = []
    try:
        text, encoding = raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        text, encoding = decode(raw, file, "cp1252"), "cp1252"
        notes.append("It is not UTF-8, so it was read as Windows-1252. Look at the accents.")
    if "\0" in text:
        raise ImportRefused(f"{file}: it holds zero bytes, so it is not text. Export it again.")
    return Shape(encoding, delimiter_of(text), tuple(notes))


def delimiter_of(text: str) -> str:
    """Return what parts the cells: what a "sep=" line says, else what gives even rows."""
    lines = text.splitlines()[:LOOKED_AT]
    said = SEP_LINE.match(lines[0]) if lines else None
    if said and said[1] in DELIMITERS:
        return said[1]
    return max(DELIMITERS, key=lambda one: evenness("\n".join(lines), one))


def evenness(text: str, delimiter: str) -> tuple[float, int]:
    """Return which part of the rows has the commonest width, if that is more than one cell."""
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except csv.Error:
        return (0.0, 0)
    if not widths:
        return (0.0, 0)
    width, often = Counter(widths).most_common(1)[0]
    return (often / len(widths), width) if width > 1 else (0.0, 0)
