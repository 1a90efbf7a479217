"""Reads the CSV tables of HSDS 3.x: a folder or a zip of them, perhaps with a datapackage."""

import csv
import io
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from stepwell.importers.hsds.find import Found, Service, Tables
from stepwell.importers.hsds.tables import NUMBERS, check_version, table_of
from stepwell.importers.mirror.archive import Member, members_of
from stepwell.importers.records import ImportRefused, Reject, Remark

LARGEST_PACKAGE = 2 * 2**20  # bytes of a datapackage.json


def find_in_csv(path: Path) -> Iterator[Found]:
    """Yield the services of CSV tables, and what is wrong around them.

    Raises ImportRefused, naming the file, when they are no HSDS 3.x.
    """
    with members_of(path) as members:
        names = names_in_package(path)
        check_version(path.name, [member.name for member in members])
        tables, found = Tables(path.name, {}), 0
        try:
            for member in members:
                yield from lay_aside(member, names.get(member.name, member.name), tables)
            if not tables.lines.get("services"):
                raise ImportRefused(
                    f"{path.name}: there is no services.csv with rows in it. Give the folder or "
                    "the zip that holds the tables of an HSDS 3.x bundle."
                )
            for one in tables.found():
                found += isinstance(one, Service)
                yield one
        finally:
            tables.shelf.close()


def lay_aside(member: Member, name: str, tables: Tables) -> Iterator[Found]:
    """Lay the rows of one file aside; yield what cannot be used of it."""
    table = table_of(name)
    if not table:
        yield Remark(column=member.name, reason="left out: it is no table of HSDS 3.x")
        return
    try:
        with member.open() as raw:
            lines = io.TextIOWrapper(raw, "utf-8-sig", newline="")
            yield from rows_of_file(lines, member.name, table, tables)
    except UnicodeDecodeError as error:
        raise ImportRefused(f"{member.name}: it is not UTF-8. Save it as UTF-8.") from error
    except csv.Error as error:
        raise ImportRefused(f"{member.name}: it is no CSV we can read ({error}).") from error
    except (BadZipFile, zlib.error, EOFError) as error:
        raise ImportRefused(f"{member.name}: it is damaged in the zip. Get it again.") from error


def rows_of_file(lines: io.TextIOWrapper, file: str, table: str, tables: Tables) -> Iterator[Found]:
    """Lay each row aside by the line on which it ends; yield those of another width."""
    reader = csv.reader(lines, strict=True)
    header = [name.strip() for name in next(reader, [])]
    if header and "id" not in header:
        raise ImportRefused(f"{file}: line 1: there is no column id. HSDS asks for one.")
    for cells in reader:
        if not cells:
            continue
        if any("\0" in cell for cell in cells):
            raise ImportRefused(f"{file}: line {reader.line_num}: it holds zero bytes.")
        if len(cells) != len(header):
            yield Reject(
                row=reader.line_num, source_id=f"{table}/{reader.line_num}",
                column=f"{table}: the whole row", part=table != "services",
                reason=f"it has {len(cells)} cells, the header has {len(header)}",
                repair="Put quotes around the cell that holds a comma.",
            )  # fmt: skip
            continue
        named = {name: cell for name, cell in zip(header, cells, strict=True) if cell.strip()}
        tables.put(
            table, {name: number_of(name, cell) for name, cell in named.items()}, reader.line_num
        )


def number_of(name: str, cell: str) -> Any:
    """Return a cell, as a number where its column holds numbers."""
    if name not in NUMBERS:
        return cell
    try:
        value = float(cell)
    except ValueError:
        return cell
    return int(value) if value.is_integer() else value


def names_in_package(path: Path) -> Mapping[str, str]:
    """Return the name of the table of each file, as a datapackage beside them says."""
    raw = package_of(path)
    try:
        package = json.loads(raw) if raw else {}
    except (ValueError, RecursionError):
        return {}  # tables are then known by the names of their files
    resources = package.get("resources") if isinstance(package, dict) else None
    return {
        str(one["path"]).rsplit("/", 1)[-1]: str(one["name"])
        for one in (resources if isinstance(resources, list) else [])
        if isinstance(one, dict) and one.get("path") and table_of(str(one.get("name", "")))
    }


def package_of(path: Path) -> bytes:
    """Return the datapackage.json of a folder or a zip that was looked at before, or nothing."""
    if path.is_dir():
        file = path / "datapackage.json"
        if not file.is_file() or file.is_symlink() or file.stat().st_size > LARGEST_PACKAGE:
            return b""
        return file.read_bytes()
    if path.suffix.casefold() != ".zip":
        return b""
    with ZipFile(path) as archive:
        for one in archive.infolist():
            if (
                one.filename.rsplit("/", 1)[-1] == "datapackage.json"
                and one.file_size < LARGEST_PACKAGE
            ):
                return archive.read(one)
    return b""
