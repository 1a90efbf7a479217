"""A stream in front of the XML parser that mends what exports are known to break.

Byte-order marks, blanks before the prolog, control characters, references to
characters that XML does not allow, and bytes that are not in the encoding the
file declares. Everything mended is counted and its first line remembered.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

CHUNK = 64 * 1024
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
_LONGEST_REFERENCE = 14
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
SEVERAL_BYTES = ("utf-16", "utf-32")  # a name of these in the prolog is wrong without a mark


class Repaired:
    """Yields UTF-8 that an XML parser takes; `counts` and `first_line` say what was mended."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.counts: Counter[str] = Counter()
        self.first_line: dict[str, int] = {}
        self._line = 1

    def chunks(self) -> Iterator[bytes]:
        """Yield the mended file in pieces."""
        head, encoding = self._head(self.stream.read(CHUNK))
        # Half a character of two bytes has no byte of its own to keep.
        errors = "replace" if encoding.startswith(SEVERAL_BYTES) else "surrogateescape"
        decoder = codecs.getincrementaldecoder(encoding)(errors=errors)
        kept, at_start, raw = "", True, head
        while True:
            last = not raw
            text = kept + decoder.decode(raw, final=last)
            if at_start:
                text = self._without_blanks(text)
                at_start = not text
            text, kept = (text, "") if last else _split(text)
            yield self._mended(text).encode("utf-8")
            if last:
                return
            raw = self.stream.read(CHUNK)

    def _head(self, first: bytes) -> tuple[bytes, str]:
        for mark, encoding in MARKS:
            if first.startswith(mark):
                self._count("byte-order mark at the start removed")
                return first[len(mark) :], encoding
        declared = _DECLARED.search(first[:1024])
        return first, _usable(declared[1].decode("ascii")) if declared else "utf-8"

    def _without_blanks(self, text: str) -> str:
        bare = text.lstrip("\ufeff \t\r\n")
        if len(bare) < len(text):
            self._count("blanks before the first tag removed")
        return bare

    def _mended(self, text: str) -> str:
        if _BAD.search(text):
            text = _BAD.sub(self._mend_character, text)
        if "&#" in text:
            text = _REFERENCE.sub(self._mend_reference, text)
        self._line += text.count("\n")
        return text

    def _mend_character(self, found: re.Match[str]) -> str:
        line = self._line + found.string.count("\n", 0, found.start())
        if 0xDC80 <= ord(found[0]) <= 0xDCFF:
            self._count("bytes that are not in the file's encoding read as Windows-1252", line)
            return _as_windows(ord(found[0]) - 0xDC00)
        self._count("control characters removed", line)
        return ""

    def _mend_reference(self, found: re.Match[str]) -> str:
        number = int(found[1], 16) if found[1] else int(found[2])
        if _is_xml_character(number):
            return found[0]
        line = self._line + found.string.count("\n", 0, found.start())
        self._count("references to characters that XML does not know removed", line)
        return ""

    def _count(self, what: str, line: int = 1) -> None:
        self.counts[what] += 1
        self.first_line.setdefault(what, line)


def _usable(name: str) -> str:
    """Return a codec for the declared name; what we do not know is read as UTF-8."""
    if name.lower().startswith(SEVERAL_BYTES):
        return "utf-8"
    try:
        found = codecs.lookup(name)
    except LookupError:
        return "utf-8"
    return found.name if found._is_text_encoding else "utf-8"


def _split(text: str) -> tuple[str, str]:
    """Part the text before a reference that may go on in the next piece."""
    at = text.rfind("&", max(0, len(text) - _LONGEST_REFERENCE))
    return (text, "") if at < 0 or ";" in text[at:] else (text[:at], text[at:])


def _as_windows(byte: int) -> str:
    return bytes([byte]).decode("cp1252", errors="replace")


def _is_xml_character(number: int) -> bool:
    if number < 0x20:
        return number in (0x9, 0xA, 0xD)
    return number <= 0xD7FF or 0xE000 <= number <= 0xFFFD or 0x10000 <= number <= 0x10FFFF
