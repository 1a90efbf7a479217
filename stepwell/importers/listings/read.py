"""Reads a plain CSV through a mapping file. One row becomes a record, or a reason."""

import csv
import io
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from stepwell.importers.listings.fields import record_of
from stepwell.importers.listings.mapping import Mapped
from stepwell.importers.records import ImportRefused, LeftOut, Reject, Row

LONGEST_CELL = 100_000


def read(text: str, file: str, mapping: Mapped) -> Iterator[Row]:
    """Yield what becomes of each row; raise ImportRefused when the file is not as mapped."""
    lines = lines_of(text, file, mapping.delimiter)
    header = header_of(lines)
    check_header(header, mapping, file)
    for number, cells in lines:
        yield read_row(number, header, cells, mapping)


def header_in(text: str) -> list[str]:
    """Return the names of the columns of a comma-separated text."""
    return header_of(lines_of(text.partition("\n")[0], "", ","))


def sources_in(text: str, file: str, mapping: Mapped) -> list[str]:
    """Return the sources that a file names, in the order in which they come."""
    lines = lines_of(text, file, mapping.delimiter)
    header = header_of(lines)
    check_header(header, mapping, file)
    at = header.index(mapping.source_column)
    named = (cells[at].strip() for _, cells in lines if len(cells) > at)
    return list(dict.fromkeys(named))


def read_source(text: str, file: str, mapping: Mapped, source: str, first: bool) -> Iterator[Row]:
    """Yield the rows of one source; rows that are no rows are told with the first."""
    column = mapping.source_column
    lines = lines_of(text, file, mapping.delimiter)
    header = header_of(lines)
    at = header.index(column)
    for number, cells in lines:
        broken = len(cells) != len(header)
        if (broken and first) or (not broken and cells[at].strip() == source):
            yield read_row(number, header, cells, mapping)


def lines_of(text: str, file: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold anything, each with the number of its line."""
    csv.field_size_limit(LONGEST_CELL)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells) and not is_sep_line(lines.line_num, cells):
                yield lines.line_num, cells
    except csv.Error as error:
        raise ImportRefused(
            f"{file}: line {lines.line_num}: {error}. Export the file again as CSV, with quotes "
            "around cells that hold the delimiter or a line break."
        ) from error


def is_sep_line(number: int, cells: list[str]) -> bool:
    """Say whether a row is the first line "sep=;" with which a spreadsheet names the delimiter."""
    return number == 1 and len(cells) <= 2 and cells[0].strip().casefold()[:4] == "sep="


def header_of(lines: Iterator[tuple[int, list[str]]]) -> list[str]:
    """Return the names of the columns: the first row."""
    _, cells = next(lines, (0, []))
    return [cell.strip() for cell in cells]


def check_header(header: list[str], mapping: Mapped, file: str) -> None:
    """Raise ImportRefused when a mapped column is missing or stands there twice."""
    for column in sorted(mapping.named_columns()):
        if column not in header:
            near = get_close_matches(column, header, n=2)
            hint = f" Did you mean {' or '.join(near)}?" if near else ""
            raise ImportRefused(
                f"{file}: line 1: there is no column {column!r}.{hint} Correct the mapping file."
            )
        if header.count(column) > 1:
            raise ImportRefused(
                f"{file}: line 1: the column {column!r} stands there twice. Rename one of the two."
            )


def read_row(line: int, header: list[str], cells: list[str], mapping: Mapped) -> Row:
    """Return one record, or why the row cannot be one."""
    if uneven := check_width(line, header, cells):
        return uneven
    row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    source_id = row.get(mapping.column("id"), "") or mapping.defaults.get("id", "")
    if not source_id:
        return Reject(
            row=line,
            column=mapping.column("id"),
            reason="it is empty",
            repair="Give every row an id that stays the same from file to file.",
        )
    column = flag_raised(row, mapping)
    if column:
        reason = f"the column {column!r} says that it is not for showing"
        return LeftOut(row=line, source_id=source_id, column=column, reason=reason)
    return record_of(line, source_id, row, mapping)


def check_width(line: int, header: list[str], cells: list[str]) -> Reject | None:
    """Return why a row is none: it has not as many cells as the header."""
    if len(cells) == len(header):
        return None
    return Reject(
        row=line,
        column="the whole row",
        reason=f"it has {len(cells)} cells, the header has {len(header)}",
        repair="Put quotes around the cell that holds the delimiter.",
    )


def flag_raised(row: Mapping[str, str], mapping: Mapped) -> str:
    """Return the first column that asks for the row to be left out, or "".

    Anything but a plain no counts, so that a date ("made inactive on") does too.
    """
    for column in mapping.leave_out:
        if row[column].casefold() not in {"", "no", "n", "false", "0"}:
            return column
    return ""
