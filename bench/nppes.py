"""`stepwell import nppes` beside polars reading the same columns and beside a plain csv loader.

All work on the same made file, in one run, each in a process of its own so that its
peak memory can be told. polars only reads: the least that the file can take. The plain
loader is the csv module and executemany into two bare SQLite tables without indexes.

    python -m bench nppes [--rows ROWS] [--postgresql DATABASE_URL of an empty database]

It takes about 4.5 kB of disk a row (nine million: 40 GB with the files of both databases)
and puts its table into bench/RESULTS.md. STEPWELL_BENCH names a folder for the files.
"""

import argparse
import csv
import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import django
from django.utils import timezone

from bench.nppes_files import write
from stepwell.importers.columns import Rows, read_blocks, read_header

ROWS = 1_000_000
RESULTS = Path(__file__).parent / "RESULTS.md"
Measured = tuple[str, float, float]  # what, seconds, megabytes at the peak


def columns() -> list[str]:
    """Return the names of the columns that the import reads."""
    django.setup()
    fetch = import_module("stepwell.importers.nppes.fetch")
    return [*fetch.COLUMNS[fetch.Part.MAIN].values(), *fetch.SELDOM]


def by_polars(file: Path, folder: Path) -> int:
    """Read the columns into memory and do nothing with them."""
    polars = import_module("polars")
    names = json.loads((folder / "columns.json").read_text())
    frame = polars.scan_csv(file, infer_schema=False).select(names).collect()
    return len(frame)


def by_quick_reader(file: Path, folder: Path) -> int:
    """Read the columns with our own reader and do nothing with them."""
    names = json.loads((folder / "columns.json").read_text())
    count = 0
    with file.open("rb") as stream:
        header, rest = read_header(stream)
        wanted = [header.index(name) for name in names[:25]]
        seldom = [header.index(name) for name in names[25:]]
        for block in read_blocks(stream, rest, len(header), wanted, seldom):
            count += sum(len(part.lines) for part in block.parts if isinstance(part, Rows))
    return count


def by_plain_csv(file: Path, folder: Path) -> int:
    """Read every cell with the csv module and insert the same columns as text."""
    names = json.loads((folder / "columns.json").read_text())
    database = sqlite3.connect(folder / "plain.sqlite3", isolation_level=None)
    database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
    database.execute(f"CREATE TABLE entry ({', '.join(f'c{n}' for n in range(25))})")
    database.execute("CREATE TABLE taxonomy (npi, code, licence, state, is_primary)")
    marks = ", ".join("?" * 25)
    count = 0
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        header = next(rows)
        places = [header.index(name) for name in names]
        entries, taxonomies = [], []
        for row in rows:
            entries.append([row[place] for place in places[:25]])
            for at in (*range(21, 25, 4), *range(25, len(places), 4)):
                told = [row[place] for place in places[at : at + 4]]
                if told[0]:
                    taxonomies.append([row[0], *told])
            count += 1
            if len(entries) == 20_000:
                plain_insert(database, marks, entries, taxonomies)
    plain_insert(database, marks, entries, taxonomies)
    return count


def plain_insert(
    database: sqlite3.Connection, marks: str, entries: list[list[str]], taxonomies: list[list[str]]
) -> None:
    """Insert what was gathered, in one transaction."""
    database.execute("BEGIN")
    database.executemany(f"INSERT INTO entry VALUES ({marks})", entries)  # noqa: S608
    database.executemany("INSERT INTO taxonomy VALUES (?, ?, ?, ?, ?)", taxonomies)
    database.execute("COMMIT")
    entries.clear()
    taxonomies.clear()


def by_import(file: Path, folder: Path) -> int:
    """Import the file as a host would, into the database that the environment names."""
    registers = import_module("stepwell.importers.registers")
    (outcome,) = registers.import_nppes(file, clock=timezone.now)
    return int(outcome.counts["read"])


WORKS: dict[str, Callable[[Path, Path], int]] = {
    "polars": by_polars, "quick": by_quick_reader, "csv": by_plain_csv, "import": by_import,
}  # fmt: skip


def work(name: str, file: Path, folder: Path) -> None:
    """Do one of the works in this process; print rows, seconds and seconds of processor."""
    if name == "import":
        django.setup()
    started, before = time.perf_counter(), processor()
    rows = WORKS[name](file, folder)
    passed = time.perf_counter() - started
    print(json.dumps({"rows": rows, "seconds": passed, "cpu": processor() - before}))


def processor() -> float:
    """Return the seconds of processor that this process and its children have taken."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def measured(name: str, file: Path, folder: Path, **env: str) -> dict[str, float]:
    """Do one of the works in a process of its own and return what it told."""
    command = [sys.executable, "-m", "bench.nppes", "--work", name, str(file), str(folder)]
    peak = 0
    with subprocess.Popen(  # noqa: S603
        command, env={**os.environ, **env}, stdout=subprocess.PIPE, text=True
    ) as worker:
        while worker.poll() is None:
            peak = max(peak, memory_of(worker.pid))
            time.sleep(0.1)
        told = worker.communicate()[0]
    if worker.returncode:
        raise SystemExit(f"{name} ended with status {worker.returncode}")
    result: dict[str, float] = {**json.loads(told.strip().splitlines()[-1]), "peak": peak / 1024}
    print(name, result, file=sys.stderr, flush=True)
    return result


def memory_of(process: int) -> int:
    """Return the memory of a process and of those it started, in kB; 0 when it is gone."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
        started = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return 0
    own = next((line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")), "0")
    return int(own) + sum(memory_of(int(child)) for child in started)


def migrate(**env: str) -> None:
    """Make the tables of an empty database."""
    command = [sys.executable, "-m", "django", "migrate", "--skip-checks", "--verbosity", "0"]
    subprocess.run(command, env={**os.environ, **env}, check=True)  # noqa: S603


def report(rows: int = ROWS, postgresql: str = "") -> str:
    """Return the table of times, rates, ratios and peak memory."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "stepwell.config.settings",
        "SECRET_KEY": "for the bench only",
        "UNSIGNED_ACKNOWLEDGED": "yes",
    }
    os.environ.update(settings)
    with tempfile.TemporaryDirectory(
        prefix="stepwell-bench-", dir=os.environ.get("STEPWELL_BENCH")
    ) as place:
        folder = Path(place)
        os.environ["STEPWELL_VAR"] = place
        file = write(folder, rows)
        (folder / "columns.json").write_text(json.dumps(columns()))
        migrate()
        told = {
            "polars, the same columns, reading only (limit)": measured("polars", file, folder),
            "our reader, the same columns, reading only": measured("quick", file, folder),
            "csv module and executemany, two bare tables": measured("csv", file, folder),
            "`stepwell import nppes` into SQLite, indexes included": measured(
                "import", file, folder
            ),
        }
        file.touch()
        told["the same file again, nothing to change, SQLite"] = measured("import", file, folder)
        if postgresql:
            migrate(DATABASE_URL=postgresql)
            told["`stepwell import nppes` into PostgreSQL, indexes included"] = measured(
                "import", file, folder, DATABASE_URL=postgresql
            )
            file.touch()
            told["the same file again, nothing to change, PostgreSQL"] = measured(
                "import", file, folder, DATABASE_URL=postgresql
            )
    return table(rows, told)


def table(rows: int, told: dict[str, dict[str, float]]) -> str:
    """Return what was measured; the ratios are to polars and to the plain loader."""
    results = list(told.values())
    assert all(result["rows"] == rows for result in results), "a work did not read every row"
    limit, plain = results[0]["seconds"], results[2]["seconds"]
    lines = [
        f"| {name} | {one['seconds']:.1f} | {rows / one['seconds']:,.0f} | {one['cpu']:.1f} | "
        f"{one['seconds'] / limit:.1f} | {plain / one['seconds']:.1f} | {one['peak']:.0f} |"
        for name, one in told.items()
    ]
    load = f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    return (
        f"## NPPES, {rows:,} rows\n\n{datetime.now(UTC):%Y-%m-%d}. A made V2 file, 330 columns, 81 "
        "read; one round, each work in a process of its own. The peak is that of all its "
        "processes together, sampled; seconds of processor are without starting up and without "
        f"the server of PostgreSQL. Load of the machine at the end: {load}.\n\n"
        "| what | s | rows/s | s of processor | times polars | faster than plain | peak MB |\n"
        "|---|---:|---:|---:|---:|---:|---:|\n" + "\n".join(lines) + "\n"
    )


def main(given: list[str]) -> None:
    """Measure, and put the table where one of as many rows stood."""
    parser = argparse.ArgumentParser(prog="python -m bench nppes")
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--postgresql", default="")
    told = parser.parse_args(given)
    part = report(told.rows, told.postgresql)
    title = part.splitlines()[0]
    head, *parts = re.split(r"^(?=#{1,2} )", RESULTS.read_text(encoding="utf-8"), flags=re.M)
    others = [one for one in parts if not one.startswith(title)]
    RESULTS.write_text(head + "".join(others).rstrip() + "\n\n" + part, encoding="utf-8")
    print(part)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--work"]:
        work(sys.argv[2], Path(sys.argv[3]), Path(sys.argv[4]))
    else:
        main(sys.argv[1:])
