"""The search of the directory among a million listings and more, beside a scan of all rows.

    python -m bench.matching [--rows N] [--data FOLDER] [--database URL] [--queries N]

Rows are made once, in the folder or in the (empty) PostgreSQL database, and used again by
the next run. 40 in 100 lie in thirty cities (the largest has about 5 in 100 of all), the
rest over 26,000 postcode areas. Asked for is one kind of support (12 in 100 of all) within
25 km, in one language, taking new people: score, order, funnel and all facets included.
*mixed*: 200 places drawn as listings are; *dense*: in and around New York, Los Angeles and
Chicago. Every answer is compared with that of the scan, for the first of each set.
"""

import argparse
import os
import resource
import sys
import time
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
BATCH = 100_000
COMPARED = 5
KM_PER_DEGREE = 111.2


def arguments() -> argparse.Namespace:
    """Return what was asked on the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, default=Path("var/bench-matching"))
    parser.add_argument("--database", default="", help="address of a PostgreSQL database")
    parser.add_argument("--queries", type=int, default=200)
    return parser.parse_args()


def set_up(asked: argparse.Namespace) -> None:
    """Make Django use the database of the bench."""
    asked.data.mkdir(parents=True, exist_ok=True)
    os.environ["STEPWELL_VAR"] = str(asked.data.resolve())
    file = asked.data.resolve() / f"matching-{asked.rows}.sqlite3"
    os.environ["DATABASE_URL"] = asked.database or f"sqlite:///{file}"
    os.environ.setdefault("SECRET_KEY", "for the bench only")
    os.environ.setdefault("UNSIGNED_ACKNOWLEDGED", "yes")
    os.environ["DJANGO_SETTINGS_MODULE"] = "stepwell.config.settings"
    import_module("django").setup()


def points(count: int, chance: np.random.Generator) -> tuple[Any, Any]:
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


def packed(first: int, count: int) -> Any:
    """Return packed rows, the same in every run."""
    columns = import_module("stepwell.apps.directory.finding.columns")
    chance = np.random.default_rng(first)
    rows = np.zeros(count, columns.ROW)
    rows["turn"] = chance.integers(0, 2**31 - 1, count)
    rows["place"] = np.arange(first + 1, first + count + 1)
    rows["id"][:, 0], rows["id"][:, 1] = chance.integers(0, 2**62, count), rows["place"]
    rows["lat"], rows["lon"] = points(count, chance)
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


def make(rows: int) -> None:
    """Make the tables, fill them, and only then make their indexes."""
    models = import_module("stepwell.apps.directory.models")
    connection = import_module("django.db").connection
    tables = [models.RowWord, models.ListingRow, models.AfarRow, models.ListingRowTerm]
    if models.ListingRow._meta.db_table in connection.introspection.table_names():
        return
    connection.disable_constraint_checking()
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
    connection.disable_constraint_checking()  # the listings themselves are not made
    with import_module("django.db").transaction.atomic():
        for first in range(0, rows, BATCH):
            fill(connection, packed(first, min(BATCH, rows - first)))
    with connection.cursor() as cursor:
        for sql in later:
            cursor.execute(str(sql))
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM")


def fill(connection: Any, rows: Any) -> None:
    """Store some rows, and those given from afar a second and a third time."""
    columns = import_module("stepwell.apps.directory.finding.columns")
    plain = connection.vendor == "sqlite"
    told, afar = [], []
    for row, lat, lon in zip(rows, rows["lat"].tolist(), rows["lon"].tolist(), strict=True):
        key = UUID(int=int(row["id"][0]) << 64 | int(row["id"][1]))
        name, kind, data = key.hex if plain else key, int(row["kind"]), row.tobytes()
        cells = [h3.latlng_to_cell(lat, lon, size) for size in (4, 5, 7)]
        told.append((name, *cells, "US", kind, int(row["place"]), data))
        if row["state"] & columns.REMOTE:
            afar += [(name, "", kind, data), (name, "US", kind, data)]
    with connection.cursor() as cursor:
        insert(
            cursor,
            "directory_listingrow (listing_id, c4, c5, c7, country, kind, place, packed)",
            told,
        )
        insert(cursor, "directory_afarrow (row_id, country, kind, packed)", afar)


def insert(cursor: Any, into: str, rows: list[tuple[Any, ...]]) -> None:
    """Insert rows as fast as the database takes them."""
    if cursor.db.vendor == "postgresql":
        with cursor.cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join(["%s"] * len(rows[0]))
    cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608


def wishes(set_name: str, count: int, reach: str) -> list[Any]:
    """Return what is asked."""
    offers = import_module("stepwell.domain.offers")
    places = import_module("stepwell.domain.places")
    chance = np.random.default_rng(99)
    if set_name == "mixed":
        lat, lon = points(count, chance)
    else:
        centre = np.array([CENTRES[n % len(CENTRES)] for n in range(count)])
        lat, lon = (centre + chance.normal(0, 0.02, (count, 2))).T
    return [
        offers.Preferences(
            kind="kind-0",
            near=(places.Point(float(here), float(there)),),
            within_km=25,
            language="es",
            accepting=True,
            reach=offers.Reach(reach),
        )
        for here, there in zip(lat, lon, strict=True)
    ]


class Scan:
    """Every row in memory, looked at one and all: what the engine has to agree with."""

    def __init__(self, rows: int) -> None:
        self.engine = import_module("stepwell.apps.directory.finding.database").Database()
        self.all = np.concatenate(
            [packed(first, min(BATCH, rows - first)) for first in range(0, rows, BATCH)]
        )
        self.words, self.start = self.engine.words, self.engine.start

    def within_reach(self, wanted: Any, words: Any, lot: Any, *, of_kind: bool) -> Any:
        """Return the rows within reach, after a look at every one."""
        answering = import_module("stepwell.apps.directory.finding.answering")
        judging = import_module("stepwell.apps.directory.finding.judging")
        away = judging.distances(self.all, wanted)
        kept = judging.is_here(judging.Rows(self.all, away, {}), wanted)
        if wanted.reach.value != "no":
            kept |= judging.remote(self.all)
        return answering.Pool(self.all[kept], away[kept])


def milliseconds(work: Any, asked: list[Any]) -> tuple[list[float], list[float], list[Any]]:
    """Return how long each wish took, how much of it this process worked, and its answer."""
    times, worked, answers = [], [], []
    for wanted in asked:
        started, busy = time.perf_counter(), time.process_time()
        answers.append(work(wanted))
        worked.append((time.process_time() - busy) * 1000)
        times.append((time.perf_counter() - started) * 1000)
    return times, worked, answers


def main() -> None:
    """Make the rows, ask, compare, print."""
    asked = arguments()
    set_up(asked)
    started = time.perf_counter()
    make(asked.rows)
    print(f"{asked.rows:,} rows ready after {time.perf_counter() - started:.0f} s")
    answering = import_module("stepwell.apps.directory.finding.answering")
    engine = import_module("stepwell.apps.directory.finding.database").DatabaseEngine()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    measured = []
    for set_name, reach in (("mixed", "no"), ("dense", "no"), ("mixed", ""), ("dense", "")):
        questions = wishes(set_name, asked.queries, reach)
        ask = lambda wanted: engine.search(wanted, page=1, today=TODAY, site="bench")  # noqa: E731
        milliseconds(ask, questions[:5])
        measured.append((set_name, reach, questions, *milliseconds(ask, questions)))
    used = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    scan = Scan(asked.rows)
    for set_name, reach, questions, times, worked, answers in measured:
        look = lambda one: answering.answer(scan, one, page=1, today=TODAY, site="bench")  # noqa: E731
        scanned, _, expected = milliseconds(look, questions[:COMPARED])
        same = sum(
            1
            for one, other in zip(answers, expected, strict=False)
            if (one.ids, one.total) == (other.ids, other.total)
        )
        half, most, worst = np.percentile(times, [50, 95, 99])
        fits = np.median([one.total for one in answers])
        few = sum(bool(one.what_if) for one in answers)
        print(
            f"{set_name:6} {'in person ' if reach == 'no' else 'either way'}"
            f" p50 {half:6.1f}  p95 {most:6.1f}  p99 {worst:6.1f} ms"
            f" (of its own work p99 {np.percentile(worked, 99):.1f}),"
            f" {np.median(scanned) / half:5.1f} x a scan; {fits:.0f} fit (median),"
            f" what-if for {few}; {same} of {COMPARED} compared are the same"
        )
    print(f"memory: {used:.0f} MB more than before the first question")


if __name__ == "__main__":
    sys.exit(main())
