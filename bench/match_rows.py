"""The made directory that `python -m bench match` asks: rows, blocks in a database, a snapshot.

Rows are drawn with numpy, the same in every run, and written straight into the tables that a
search reads: all blocks, the words, and as many rows of `ListingRow` as a search ever counts.
Providers, listings and places are not made. 40 in 100 lie in thirty cities (the largest has
about 5 in 100 of all), the rest over 26,000 postcode areas; 12 in 100 are of the kind asked
for, 30 in 100 are given from afar too. What was made is marked when it is whole; what is
found without its mark, or with that of another size, is thrown away and made again.
"""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import h3.api.basic_int as h3
import numpy as np

TODAY = date(2026, 11, 24)
CENTRES = [(40.71, -74.0), (34.05, -118.24), (41.88, -87.63)]
CITIES, AREAS, CITY_SHARE, CITY_KM = 30, 26_000, 0.4, 15
KINDS, LANGUAGES = 40, ("en", "es", "zh", "vi", "ru", "ar", "fr", "de")
SHARES = (0.9, 0.15, 0.03, 0.02, 0.02, 0.01, 0.01, 0.01)
DRAWN, WRITTEN = 250_000, 2_000
COUNTED = 12_000  # rows of ListingRow: more than a search counts
KM_PER_DEGREE = 111.2
VERSION = 4  # of what is made here
LONG_FROM_NOW = "2100-01-01T00:00:00+00:00"  # a snapshot a day old would not be used


def drawn_points(count: int, chance: np.random.Generator) -> tuple[Any, Any]:
    """Return where `count` listings are."""
    fixed = np.random.default_rng(1)
    cities = np.column_stack([fixed.uniform(26, 48, CITIES), fixed.uniform(-123, -70, CITIES)])
    cities[: len(CENTRES)] = CENTRES
    areas = np.column_stack([fixed.uniform(25, 49, AREAS), fixed.uniform(-124, -67, AREAS)])
    weights = np.arange(1, CITIES + 1) ** -0.6
    city = chance.choice(CITIES, count, p=weights / weights.sum())
    in_city = chance.random(count) < CITY_SHARE
    middle = np.where(in_city[:, None], cities[city], areas[chance.integers(0, AREAS, count)])
    spread = np.where(in_city, CITY_KM, 2) / KM_PER_DEGREE
    lat = middle[:, 0] + chance.normal(0, 1, count) * spread
    lon = middle[:, 1] + chance.normal(0, 1, count) * spread / np.cos(np.radians(middle[:, 0]))
    return lat, lon


def drawn_rows(first: int, count: int) -> Any:
    """Return packed rows, the same in every run."""
    columns = import_module("stepwell.apps.directory.finding.columns")
    chance = np.random.default_rng(first)
    rows = np.zeros(count, columns.ROW)
    rows["turn"] = chance.integers(0, 2**31 - 1, count)
    rows["place"] = np.arange(first + 1, first + count + 1)
    rows["id"][:, 0], rows["id"][:, 1] = chance.integers(0, 2**62, count), rows["place"]
    rows["lat"], rows["lon"] = drawn_points(count, chance)
    for number, share in enumerate(SHARES):
        rows["language"][:, 0] |= np.uint64(1 << number) * (chance.random(count) < share)
    rows["need"] = 1 << chance.integers(0, 29, count).astype(np.uint64)
    rows["approach"][:, 0] = 1 << chance.integers(0, 60, count).astype(np.uint64)
    rows["goal"], rows["fee"] = 1 << chance.integers(0, 16, count), columns.NO_FEE
    now = columns.day_number(TODAY)
    rows["confirmed"] = now - chance.integers(0, 110, count)
    rows["said"] = now - chance.integers(0, 20, count)
    rows["credential"] = columns.NO_END
    rows["checked"][:, 0] = np.where(chance.random(count) < 0.3, columns.NO_END, 0)
    rows["country"] = columns.code_number("US")
    rest = chance.integers(1, KINDS, count)
    rows["kind"] = np.where(chance.random(count) < 0.12, 0, rest)
    for family, bits in (("format", 7), ("access", 6), ("payer", 4)):
        rows[family] = chance.integers(0, 2**bits, count)
    afar = columns.REMOTE * (chance.random(count) < 0.3)
    rows["state"] = chance.integers(0, 4, count) | chance.integers(0, 4, count) << 2 | afar
    return rows


def is_marked(folder: Path, rows: int) -> bool:
    """Say whether what lies here is whole, and what this program makes."""
    try:
        said = json.loads((folder / "made.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(said == {"rows": rows, "version": VERSION})


def mark(folder: Path, rows: int) -> None:
    """Write down that what lies here is whole."""
    told = json.dumps({"rows": rows, "version": VERSION})
    (folder / "made.json").write_text(told, encoding="utf-8")


def afresh(folder: Path) -> Path:
    """Return an empty folder in the place of whatever was there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def all_rows(folder: Path, many: int) -> tuple[Any, Any]:
    """Return every row and its cell, mapped; made where they are not there whole."""
    columns = import_module("stepwell.apps.directory.finding.columns")
    there = folder / "rows"
    if not is_marked(there, many):
        afresh(there)
        with (there / "rows").open("wb") as rows, (there / "cells").open("wb") as cells:
            for first in range(0, many, DRAWN):
                some = drawn_rows(first, min(DRAWN, many - first))
                rows.write(some.tobytes())
                points = zip(some["lat"].tolist(), some["lon"].tolist(), strict=True)
                cells.write(np.array([h3.latlng_to_cell(*at, 5) for at in points], "<i8"))
        mark(there, many)
    return np.memmap(there / "rows", columns.ROW, "r"), np.memmap(there / "cells", "<i8", "r")


def made_blocks(rows: Any, cells: Any) -> Iterator[tuple[int, int, int, int, int, bytes]]:
    """Yield the blocks of some rows: those of cells, of the country, and served from afar."""
    blocks = import_module("stepwell.apps.directory.finding.blocks")
    columns = import_module("stepwell.apps.directory.finding.columns")
    home = columns.code_number("US")
    kinds = rows["kind"].astype(np.int64) << blocks.PART_BITS
    parts = kinds | rows["turn"].astype(np.int64) >> blocks.TURN_BITS
    near = blocks.area_of(blocks.NEAR) | cells >> blocks.CELL_SHIFT & blocks.CELL_MASK
    afar = np.flatnonzero(rows["state"] & columns.REMOTE)
    everybody = np.arange(len(rows))
    bits = blocks.KIND_BITS + blocks.PART_BITS
    shelves = [(everybody, near << bits | kinds)]
    for shelf, key, who in (
        (blocks.COUNTRY, home, everybody),
        (blocks.AFAR, 0, afar),
        (blocks.AFAR, home, afar),
    ):
        shelves.append((who, blocks.area_of(shelf, key) << bits | parts[who]))
    for who, numbers in shelves:
        order = np.argsort(numbers, kind="stable")
        there, starts = np.unique(numbers[order], return_index=True)
        ends = np.append(starts[1:], len(order))
        for number, begin, end in zip(there.tolist(), starts.tolist(), ends.tolist(), strict=True):
            area, kind = divmod(number >> blocks.PART_BITS, 2**blocks.KIND_BITS)
            yield number, area, kind, end - begin, number, rows[who[order[begin:end]]].tobytes()


def fill(folder: Path, many: int) -> None:
    """Make the tables of the database in use, fill them, and only then make their indexes."""
    models = import_module("stepwell.apps.directory.models")
    connection = import_module("django.db").connection
    rows, cells = all_rows(folder, many)
    tables = [models.RowWord, models.ListingRow, models.RowBlock, models.ListingRowTerm]
    tables.append(models.RowChange)
    with connection.cursor() as cursor:
        for table in ["bench_made", "bench_plain", *(one._meta.db_table for one in tables[::-1])]:
            cascade = "CASCADE" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TABLE IF EXISTS {table} {cascade}")
    connection.disable_constraint_checking()  # the listings themselves are not made
    with connection.schema_editor(atomic=False) as editor:
        for table in tables:
            editor.create_model(table)
        later = [sql for sql in editor.deferred_sql if "FOREIGN KEY" not in str(sql)]
        editor.deferred_sql = []
    words = [("kind", f"kind-{n}") for n in range(KINDS)]
    words += [("language", code) for code in LANGUAGES]
    models.RowWord.objects.bulk_create(
        models.RowWord(family=family, value=value, number=words.index((family, value)) % KINDS)
        for family, value in words
    )
    connection.disable_constraint_checking()
    with import_module("django.db").transaction.atomic():
        insert(
            "directory_rowblock (number, area, kind, many, stamp, packed)", made_blocks(rows, cells)
        )
        told = "directory_listingrow (listing_id, c5, country, kind, place, afar, packed)"
        insert(told, counted_rows(rows[:COUNTED], cells[:COUNTED]))
        fill_plain(rows)
    with connection.cursor() as cursor:
        for sql in later:
            cursor.execute(str(sql))
        cursor.execute("CREATE INDEX bench_plain_kind ON bench_plain (kind, lat, lon)")
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM")
        cursor.execute("CREATE TABLE bench_made (listings bigint, version int)")
        cursor.execute("INSERT INTO bench_made VALUES (%s, %s)", [many, VERSION])


def is_filled(many: int) -> bool:
    """Say whether the database in use holds the whole directory."""
    connection = import_module("django.db").connection
    if "bench_made" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT listings, version FROM bench_made")
        return bool(cursor.fetchone() == (many, VERSION))


def counted_rows(rows: Any, cells: Any) -> Iterator[tuple[Any, ...]]:
    """Yield rows of ListingRow, so many as are ever counted."""
    plain = import_module("django.db").connection.vendor == "sqlite"
    for row, cell in zip(rows, cells.tolist(), strict=True):
        key = UUID(int=int(row["id"][0]) << 64 | int(row["id"][1]))
        name = key.hex if plain else key
        yield name, cell, "US", int(row["kind"]), int(row["place"]), "", row.tobytes()


def fill_plain(rows: Any) -> None:
    """Make the peer's table: what the question of the bench asks for, a column each."""
    with import_module("django.db").connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_plain (id integer, kind smallint, lat double precision,"
            " lon double precision, language bigint, state smallint, confirmed int, said int,"
            " checked int, format smallint, access smallint, payer smallint)"
        )
    names = ("place", "kind", "lat", "lon", "language", "state", "confirmed", "said", "checked")
    names += ("format", "access", "payer")

    def told() -> Iterator[tuple[Any, ...]]:
        for first in range(0, len(rows), DRAWN):
            some = rows[first : first + DRAWN]
            wide = {"language", "checked"}
            columns = [some[name][:, 0] if name in wide else some[name] for name in names]
            yield from zip(*(column.tolist() for column in columns), strict=True)

    insert(f"bench_plain ({', '.join(names).replace('place', 'id', 1)})", told())


def insert(into: str, rows: Iterator[tuple[Any, ...]]) -> None:
    """Insert rows as fast as the database takes them."""
    connection = import_module("django.db").connection
    batches = import_module("stepwell.lib.batches").batches
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.cursor.copy(f"COPY {into} FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["?"] * (into.count(",") + 1))
        for some in batches(rows, WRITTEN):
            cursor.cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", some)  # noqa: S608


def snapshot(folder: Path, many: int) -> None:
    """Make the snapshot of all rows, where it is not there whole."""
    build = import_module("stepwell.apps.directory.snapshot.build")
    columns = import_module("stepwell.apps.directory.finding.columns")
    there = Path(os.environ["STEPWELL_VAR"]) / "snapshot"
    if is_marked(there, many):
        return
    rows, cells = all_rows(folder, many)
    afresh(there)

    def some() -> Iterator[tuple[Any, Any]]:
        for first in range(0, many, DRAWN):
            yield cells[first : first + DRAWN], rows[first : first + DRAWN]

    def afar() -> Iterator[tuple[Any, Any]]:
        for _, packed in some():
            remote = packed[packed["state"] & columns.REMOTE != 0]
            for country in ("", "US"):
                yield np.full(len(remote), columns.code_number(country), "<u2"), remote

    told = {"watermark": 0, "built_at": LONG_FROM_NOW}
    build.build_from(there, some(), afar(), told, lambda done: None)
    mark(there, many)
