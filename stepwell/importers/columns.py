"""Reads chosen columns of a large, fully quoted CSV file, many times faster than the csv module.

The file is taken in blocks. Where every cell of a line stands in quotes and no
cell holds a quote, the places of `","` alone tell where each cell begins and
ends; they are found for a whole block at once. That a line is of this kind is
proved, not presumed: it starts and ends with a quote, it has as many `","` as
there are gaps between columns, none of them sharing a quote with another, and
two quotes for each column, so no quote is left over. Every other line goes
through the csv module.
"""

import csv
from collections.abc import Iterator, Sequence
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stepwell.importers.records import ImportRefused

BLOCK = 256 * 1024  # what is made of a block should fit into the processor's cache
LONGEST_ROW = 256 * 1024  # bytes; a longer one is a quote that nobody closed
SEPARATOR = '","'
QUOTE, COMMA, NEWLINE, RETURN = b'",\n\r'
BOM = b"\xef\xbb\xbf"

Array = NDArray[np.int64]


class Rows(NamedTuple):
    """Neighbouring rows, column by column, with the line on which each begins."""

    lines: Sequence[int]
    columns: list[list[str]]
    seldom: dict[int, list[str]]  # by place in this run: the seldom filled columns, where filled


class Broken(NamedTuple):
    """A line that is no row of this file."""

    line: int
    reason: str


class Block(NamedTuple):
    """What a block of the file held. Blocks are cut at the same places in every reading."""

    number: int
    size: int  # bytes read so far
    parts: list[Rows | Broken]
    other_encoding: int  # rows that were not UTF-8 and were read as Windows-1252


def read_header(stream: BinaryIO) -> tuple[list[str], bytes]:
    """Return the names in the first line, and what was read beyond it; raise ImportRefused."""
    start = stream.read(64 * 1024).removeprefix(BOM)
    line, _, rest = start.partition(b"\n")
    text, _ = decode(line.rstrip(b"\r"))
    try:
        names = next(csv.reader([text]), [])
    except csv.Error as error:
        raise ImportRefused(f"line 1: {error}. Get the file again.") from error
    return [" ".join(name.split()) for name in names], rest


def decode(raw: bytes) -> tuple[str, bool]:
    """Return the text, and whether it was not UTF-8."""
    try:
        return raw.decode("utf-8"), False
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace"), True


def read_blocks(
    stream: BinaryIO,
    rest: bytes,
    width: int,
    wanted: Sequence[int],
    seldom: Sequence[int] = (),
    block: int = BLOCK,
) -> Iterator[Block]:
    """Yield the file block by block: of each row the wanted columns, in the order asked for.

    `rest` is what was read beyond the header, `width` the number of columns.
    """
    reader = _Reader(width, wanted, seldom)
    number, size, kept = 0, len(rest), rest
    while True:
        fresh = read_fully(stream, block)
        size += len(fresh)
        raw = kept + fresh
        cut = len(raw) if not fresh else raw.rfind(b"\n") + 1
        if cut == 0 and len(raw) > LONGEST_ROW:
            raise ImportRefused(
                f"line {reader.line}: it is longer than {LONGEST_ROW // 1024} kB, so this is "
                "not the CSV file it was taken for. Get the file again."
            )
        parts, used = reader.take(raw[:cut], last=not fresh)
        kept = raw[used:]
        if parts or fresh:
            yield Block(number, size, parts, reader.other_encoding)
        if not fresh:
            return
        number += 1


def runs_of(columns: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and last of each run of neighbours in ascending numbers."""
    runs: list[tuple[int, int]] = []
    for column in columns:
        if runs and runs[-1][1] == column - 1:
            runs[-1] = (runs[-1][0], column)
        else:
            runs.append((column, column))
    return runs


def read_fully(stream: BinaryIO, size: int) -> bytes:
    """Return exactly `size` bytes, fewer only at the end."""
    pieces, left = [], size
    while left and (piece := stream.read(left)):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


class _Reader:
    def __init__(self, width: int, wanted: Sequence[int], seldom: Sequence[int]) -> None:
        self.width, self.wanted, self.seldom = width, list(wanted), list(seldom)
        in_file = sorted(self.wanted)
        self.runs = runs_of(in_file)
        self.places = [in_file.index(column) for column in self.wanted]
        self.line = 2  # the next line's number; the header is line 1
        self.other_encoding = 0

    def take(self, raw: bytes, *, last: bool) -> tuple[list[Rows | Broken], int]:
        """Return what whole lines hold, and how many bytes of them were used."""
        if last and raw and not raw.endswith(b"\n"):
            raw += b"\n"
        found: list[Rows | Broken] = []
        lines = _Lines(raw, self.width)
        at = 0
        while at < len(lines.ends):
            until = lines.end_of_run(at)
            if until > at:
                found.append(self.quick(lines, at, until))
                self.line += until - at
                at = until
            else:
                used = self.slow(lines, at, found, last=last)
                if used == 0:  # the row goes on in the next block
                    return found, int(lines.starts[at])
                self.line += used
                at += used
        return found, len(raw)

    def quick(self, lines: "_Lines", first: int, until: int) -> Rows:
        """Return a run of plain lines, cut at the separators."""
        cells = lines.cells_of(first, until)
        texts = self.texts(lines.raw, cells, self.runs)
        told = SEPARATOR.join(texts).split(SEPARATOR)
        columns = [told[place :: len(self.wanted)] for place in self.places]
        numbers = range(self.line, self.line + until - first)
        return Rows(numbers, columns, self.filled(lines.raw, cells))

    def texts(self, raw: bytes, cells: "_Cells", runs: list[tuple[int, int]]) -> list[str]:
        """Return what stands in runs of neighbouring columns: one text for each row."""
        edges = [edge for a, b in runs for edge in (cells.begin(a), cells.end(b))]
        bounds = np.stack(edges, axis=1).tolist()
        if len(runs) == 1:
            joined = [raw[a:b] for a, b in bounds]
        else:
            pairs = range(0, 2 * len(runs), 2)
            joined = [b'","'.join([raw[row[n] : row[n + 1]] for n in pairs]) for row in bounds]
        try:
            return [b'","'.join(joined).decode("utf-8")]
        except UnicodeDecodeError:
            return [self.decoded(text) for text in joined]

    def decoded(self, raw: bytes) -> str:
        """Return the text of one row, and count it when it is not UTF-8."""
        text, other = decode(raw)
        self.other_encoding += other
        return text

    def filled(self, raw: bytes, cells: "_Cells") -> dict[int, list[str]]:
        """Return the seldom filled columns of those rows in which one of them holds something."""
        if not self.seldom:
            return {}
        first, last, each = self.seldom[0], self.seldom[-1], len(self.seldom)
        empty = len(SEPARATOR) * (each - 1)
        rows = np.flatnonzero(cells.end(last) - cells.begin(first) > empty)
        if not len(rows):
            return {}
        texts = self.texts(raw, cells.some(rows), [(first, last)])
        told = SEPARATOR.join(texts).split(SEPARATOR)
        return {row: told[n * each : (n + 1) * each] for n, row in enumerate(rows.tolist())}

    def slow(self, lines: "_Lines", at: int, found: list[Rows | Broken], *, last: bool) -> int:
        """Read one row with the csv module; return its number of lines, 0 if it is unfinished."""
        pieces = _Pieces(lines, at)
        try:
            cells = next(csv.reader(pieces, strict=True), None)
        except csv.Error as error:
            if pieces.ran_out and not last:
                return 0
            found.append(Broken(self.line, reason_of(error, pieces)))
            return 1
        self.other_encoding += pieces.other
        if not cells:
            return max(pieces.taken, 1)  # an empty line
        if any("\0" in cell for cell in cells):
            found.append(Broken(self.line, "it holds a zero byte"))
        elif len(cells) != self.width:
            reason = f"it has {len(cells)} cells, the header has {self.width}"
            found.append(Broken(self.line, reason))
        else:
            seldom = [cells[column] for column in self.seldom]
            wanted = [[cells[column]] for column in self.wanted]
            found.append(Rows([self.line], wanted, {0: seldom} if any(seldom) else {}))
        return pieces.taken


class _Cells(NamedTuple):
    """Where the cells of a run of plain lines begin and end."""

    firsts: Array  # of each line, its first quote
    lasts: Array  # and its last
    separators: Array  # a row for each line

    def begin(self, column: int) -> Array:
        """Return where a column begins in each line."""
        return self.separators[:, column - 1] + len(SEPARATOR) if column else self.firsts + 1

    def end(self, column: int) -> Array:
        """Return where a column ends in each line."""
        return self.lasts if column == self.separators.shape[1] else self.separators[:, column]

    def some(self, lines: Array) -> "_Cells":
        """Return the cells of some of the lines."""
        return _Cells(self.firsts[lines], self.lasts[lines], self.separators[lines])


class _Lines:
    """The lines of a block, and which of them are plain."""

    def __init__(self, raw: bytes, width: int) -> None:
        self.raw, self.width = raw, width
        self.bytes = np.frombuffer(raw, np.uint8)
        self.ends: Array = np.flatnonzero(self.bytes == NEWLINE)
        self.starts: Array = np.concatenate((np.zeros(1, np.int64), self.ends[:-1] + 1))
        self.starts = self.starts[: len(self.ends)]
        returns = (self.ends > self.starts) & (self.bytes[self.ends - 1] == RETURN)
        self.lasts: Array = self.ends - 1 - returns
        quotes = self.bytes == QUOTE
        separates = quotes[:-2] & (self.bytes[1:-1] == COMMA) & quotes[2:]
        self.separators: Array = np.flatnonzero(separates)
        self.first_separator: Array = np.searchsorted(self.separators, self.starts)
        counts = np.searchsorted(self.separators, self.ends) - self.first_separator
        self.plain = (counts == width - 1) & self.in_quotes()
        self.rule_out(np.flatnonzero(separates[:-2] & separates[2:]))
        self.check_quotes(quotes)
        if b"\0" in raw:
            self.rule_out(np.flatnonzero(self.bytes == 0))
        self.turns: Array = np.flatnonzero(np.diff(self.plain)) + 1

    def in_quotes(self) -> NDArray[np.bool_]:
        """Say of each line whether it begins and ends with a quote that parts no two cells."""
        second = self.bytes[np.minimum(self.starts + 1, self.ends)]
        before = self.bytes[self.lasts - 1]
        quoted = (self.bytes[self.starts] == QUOTE) & (self.bytes[self.lasts] == QUOTE)
        whole = quoted & (self.lasts > self.starts) & (second != COMMA) & (before != COMMA)
        return np.asarray(whole, np.bool_)

    def check_quotes(self, quotes: NDArray[np.bool_]) -> None:
        """Rule out lines with more quotes than two for each column.

        None that is plain so far has fewer: so where all are, their sum tells of each.
        """
        right = 2 * self.width
        if len(self.ends) and not (
            self.plain.all() and np.count_nonzero(quotes) == right * len(self.ends)
        ):
            self.plain &= np.add.reduceat(quotes, self.starts, dtype=np.int64) == right

    def rule_out(self, places: Array) -> None:
        """Leave the lines with these places in them to the csv module."""
        self.plain[np.searchsorted(self.ends, places)] = False

    def end_of_run(self, at: int) -> int:
        """Return where the plain lines that begin at `at` end; `at` when that line is not plain."""
        if not self.plain[at]:
            return at
        turn = int(np.searchsorted(self.turns, at, side="right"))
        return int(self.turns[turn]) if turn < len(self.turns) else len(self.ends)

    def cells_of(self, first: int, until: int) -> _Cells:
        """Return where the cells of a run of plain lines stand."""
        gaps = self.width - 1
        begin = int(self.first_separator[first])
        separators = self.separators[begin : begin + (until - first) * gaps]
        return _Cells(
            self.starts[first:until],
            self.lasts[first:until],
            separators.reshape(until - first, gaps),
        )


class _Pieces:
    """Gives the csv module one line after another, and notes how far it went."""

    def __init__(self, lines: _Lines, at: int) -> None:
        self.lines, self.first = lines, at
        self.taken, self.other = 0, False
        self.ran_out = self.too_long = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.first + self.taken
        if line >= len(self.lines.ends):
            self.ran_out = True
            raise StopIteration
        start, end = int(self.lines.starts[line]), int(self.lines.ends[line]) + 1
        if end - int(self.lines.starts[self.first]) > LONGEST_ROW:
            self.too_long = True
            raise StopIteration
        self.taken += 1
        text, other = decode(self.lines.raw[start:end])
        self.other |= other
        return text


def reason_of(error: csv.Error, pieces: _Pieces) -> str:
    """Return what is wrong with a line in words."""
    if pieces.ran_out or pieces.too_long or "unexpected end" in str(error):
        return "a quote is not closed"
    return "its quotes are not where a row of this file has them"
