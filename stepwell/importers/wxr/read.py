"""Reads a WordPress export in constant memory: bytes in, items, terms and authors out.

Touches no database and no network. A document type or an entity is refused, so
nothing can be pulled in or blown up (TRUST I3). Names are matched by what their
namespace says, whatever prefix, version or scheme it is written with.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.parsers import expat  # entities and document types are refused below

from stepwell.importers.records import ImportRefused
from stepwell.importers.wxr.assemble import Assembler
from stepwell.importers.wxr.records import Entry
from stepwell.importers.wxr.repair import Repaired

DEEPEST = 60
LONGEST_TEXT = 32 * 1024 * 1024  # characters of one element
MOST_ATTRIBUTES = 64
_SPACES = (
    ("excerpt", re.compile(r"https?://(?:www\.)?wordpress\.org/export/[\w.]*/?excerpt/?$")),
    ("wp", re.compile(r"https?://(?:www\.)?wordpress\.org/export/?([\w.]*)/?$")),
    ("content", re.compile(r"https?://(?:www\.)?purl\.org/rss/1\.0/modules/content/?$")),
    ("dc", re.compile(r"https?://(?:www\.)?purl\.org/dc/elements/1\.[01]/?$")),
)
_PLAIN = {
    expat.errors.XML_ERROR_NO_ELEMENTS: "it ends before anything was said",
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: "it ends in the middle of a tag",
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION: "it ends in the middle of a text",
    expat.errors.XML_ERROR_TAG_MISMATCH: "a tag is closed that was not opened there",
    expat.errors.XML_ERROR_UNBOUND_PREFIX: "a tag has a prefix that the file does not explain",
    expat.errors.XML_ERROR_INVALID_TOKEN: (
        "something stands there that is no XML; often a text that holds ]]> and was not "
        "written in two parts"
    ),
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: "it names an entity that XML does not know",
}
_ENDS_EARLY = {
    expat.errors.XML_ERROR_NO_ELEMENTS,
    expat.errors.XML_ERROR_UNCLOSED_TOKEN,
    expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
}


def read(stream: BinaryIO, file: str, repaired: Repaired | None = None) -> Iterator[Entry]:
    """Yield what the export holds, in its order; raise ImportRefused at the first broken place."""
    return _Reading(file).run(repaired or Repaired(stream))


class _Reading:
    """One file: an expat parser whose events an Assembler turns into entries."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.depth = 0
        self.text: list[str] = []
        self.length = 0
        self.known: dict[str, tuple[str, str]] = {}
        self.saw_wordpress = False
        self.assembler = Assembler(file)
        self.parser = self._parser()

    def run(self, repaired: Repaired) -> Iterator[Entry]:
        ended = False
        for chunk in repaired.chunks():
            self._feed(chunk, last=False)
            yield from self.assembler.take()
            ended = ended or self.depth == 0
        self._feed(b"", last=True)
        if not self.saw_wordpress:
            raise ImportRefused(
                f"{self.file}: it is XML, but not a WordPress export. In WordPress, choose Tools, "
                "Export, All content. Nothing was changed."
            )
        yield from self.assembler.take()

    def _feed(self, chunk: bytes, *, last: bool) -> None:
        try:
            self.parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise self._refused(error) from error

    def _parser(self) -> Any:
        parser = expat.ParserCreate("utf-8", " ")
        parser.buffer_text = True
        parser.buffer_size = 64 * 1024
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._no_doctype
        parser.EntityDeclHandler = self._no_doctype
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        return parser

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._stop(f"tags stand more than {DEEPEST} deep in each other")
        if len(attributes) > MOST_ATTRIBUTES:
            raise self._stop("a tag has too many attributes")
        if self.depth == 1 and name.rpartition(" ")[2] != "rss":
            raise self._stop(f"it begins with <{name.rpartition(' ')[2][:40]}>, not with <rss>")
        self.text, self.length = [], 0
        space, local = self._name(name)
        self.assembler.start(space, local, attributes, self.parser.CurrentLineNumber)

    def _end(self, name: str) -> None:
        self.depth -= 1
        space, local = self._name(name)
        self.assembler.end(space, local, "".join(self.text))
        self.text, self.length = [], 0

    def _characters(self, data: str) -> None:
        self.length += len(data)
        if self.length > LONGEST_TEXT:
            raise self._stop("one text is longer than 32 million characters")
        self.text.append(data)

    def _name(self, name: str) -> tuple[str, str]:
        found = self.known.get(name)
        if found is None:
            uri, _, local = name.rpartition(" ")
            found = self.known[name] = (_space_of(uri), local)
            self.saw_wordpress = self.saw_wordpress or found[0] == "wp"
        return found

    def _no_doctype(self, *told: Any) -> None:
        raise self._stop("it declares a document type or an entity, which no export needs")

    def _stop(self, why: str) -> ImportRefused:
        line = self.parser.CurrentLineNumber
        return ImportRefused(f"{self.file}: line {line}: {why}. Nothing was changed.")

    def _refused(self, error: expat.ExpatError) -> ImportRefused:
        words = expat.errors.messages.get(error.code, "")
        why = _PLAIN.get(words, f"it is not well-formed XML ({words or error.code})")
        repair = "Export it from WordPress again"
        if words in _ENDS_EARLY:
            repair = "The download was probably cut off. Export it from WordPress again"
        return ImportRefused(
            f"{self.file}: line {error.lineno}: {why}. {repair}. Nothing was changed."
        )


def _space_of(uri: str) -> str:
    """Return our short name of a namespace; "" for none, "?" for one we do not read."""
    if not uri:
        return ""
    return next((name for name, pattern in _SPACES if pattern.match(uri)), "?")
