"""Reads HSDS 3.x: JSON in every shape, a folder of either, CSV tables in a folder or a zip."""

import codecs
from collections.abc import Iterator
from pathlib import Path

from stepwell.importers.fetch import PACKED
from stepwell.importers.hsds.attributes import NO_MAP, TermMap
from stepwell.importers.hsds.csv_tables import find_in_csv
from stepwell.importers.hsds.find import Found, Service, find, find_in_all
from stepwell.importers.hsds.services import rows_of
from stepwell.importers.records import ImportRefused, Row

LARGEST_BYTES = 8 * 2**30
PIECE = 2**20  # bytes


def read(path: Path, meant: TermMap = NO_MAP) -> Iterator[Row]:
    """Yield what becomes of each service in a file or folder, in its order.

    Raises ImportRefused, naming the file, when it is no HSDS 3.x at all.
    """
    yield from rows_in(find_in(path), meant)


def read_text(text: str, file: str, meant: TermMap = NO_MAP) -> Iterator[Row]:
    """Yield what becomes of each service in a JSON text."""
    yield from rows_in(find(iter([text]), file), meant)


def rows_in(found: Iterator[Found], meant: TermMap) -> Iterator[Row]:
    """Yield the rows of each service, and everything that is told around them."""
    for one in found:
        if isinstance(one, Service):
            yield from rows_of(one.row, one.said, meant)
        else:
            yield one


def find_in(path: Path) -> Iterator[Found]:
    """Yield the services of a path."""
    if path.is_dir():
        pages = sorted(one for one in path.glob("*.json") if one.name != "datapackage.json")
        if any(path.glob("*.csv")) or not pages:
            yield from find_in_csv(path)
        else:
            yield from find_in_all([(pieces(page), page.name) for page in pages], path.name)
    elif path.suffix.casefold() in {".zip", ".csv"}:
        yield from find_in_csv(path)
    else:
        yield from find(pieces(path), path.name)


def pieces(path: Path) -> Iterator[str]:
    """Yield the text of a file piece by piece; raise ImportRefused for what is no text."""
    if not path.is_file():
        raise ImportRefused(f"{path.name}: there is no such file. Check the path.")
    if path.stat().st_size > LARGEST_BYTES:
        raise ImportRefused(
            f"{path.name}: it is larger than {LARGEST_BYTES // 2**30} GB. Split it."
        )
    decoder, lines, first = codecs.getincrementaldecoder("utf-8-sig")(), 1, True
    with path.open("rb") as file:
        while True:
            raw = file.read(PIECE)
            if first and raw.startswith(PACKED):
                raise ImportRefused(f"{path.name}: it is an archive. Unpack it, or name it .zip.")
            text = decoded(decoder, raw, path.name, lines)
            if first and text.lstrip().startswith("<"):
                raise ImportRefused(f"{path.name}: it is XML or HTML. Export it as JSON or CSV.")
            first, lines = False, lines + text.count("\n")
            yield text
            if not raw:
                return


def decoded(decoder: codecs.IncrementalDecoder, raw: bytes, file: str, line: int) -> str:
    """Return the text of some bytes; raise ImportRefused with the line it breaks."""
    try:
        text = decoder.decode(raw, final=not raw)
    except UnicodeDecodeError as error:
        line += raw[: error.start].count(b"\n")
        raise ImportRefused(
            f"{file}: line {line}: a character is not utf-8. Save the file as UTF-8."
        ) from error
    if "\0" in text:
        raise ImportRefused(f"{file}: it holds zero bytes, so it is not text. Export it again.")
    return text
