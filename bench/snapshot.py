"""How quickly the snapshot engine answers, and how much memory it holds.

    python -m bench.snapshot 1000000 [QUERIES]

Rows are made straight into a snapshot, without a database: 40 % of them around thirty
large cities, the rest anywhere in a country. One process then opens it and asks. What is
not measured here is the one query for the journal (`tests/apps/directory/test_snapshot.py`
holds that there is one).
"""

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

os.environ.setdefault("STEPWELL_VAR", tempfile.mkdtemp(prefix="stepwell-bench-"))
os.environ.setdefault("SECRET_KEY", "for the bench only")
os.environ.setdefault("UNSIGNED_ACKNOWLEDGED", "yes")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stepwell.config.settings")

import django

django.setup()

import h3.api.numpy_int as h3  # noqa: E402
import numpy as np  # noqa: E402

from stepwell.apps.directory.finding import columns  # noqa: E402
from stepwell.apps.directory.finding.answering import answer  # noqa: E402
from stepwell.apps.directory.finding.columns import ROW, Array, Words  # noqa: E402
from stepwell.apps.directory.snapshot import files  # noqa: E402
from stepwell.apps.directory.snapshot.build import build_from  # noqa: E402
from stepwell.apps.directory.snapshot.source import Fresh, Source  # noqa: E402
from stepwell.apps.directory.snapshot.table import Columns  # noqa: E402
from stepwell.domain.offers import Preferences, Reach  # noqa: E402
from stepwell.domain.places import Point  # noqa: E402

TODAY = date(2026, 11, 24)
BATCH = 50_000
CITIES = 30
LARGEST = 0.05  # of all rows in the largest city
REMOTE = 0.05
KINDS = 40
FAMILIES = {"language": 30, "need": 40, "goal": 20, "approach": 60, "format": 7, "access": 6}


def words() -> Words:
    """Return the numbers of made-up words."""
    known = {("kind", f"kind{n}"): n for n in range(KINDS)}
    for family, many in FAMILIES.items():
        known |= {(family, f"{family}{n}"): n for n in range(many)}
    return known


def centres(chance: np.random.Generator) -> Array:
    """Return where the large cities are."""
    return np.stack([chance.uniform(30, 47, CITIES), chance.uniform(-120, -72, CITIES)], axis=1)


def shares() -> Array:
    """Return which part of the city rows each city has: the first 5 % of all."""
    falling = 1 / np.arange(1, CITIES + 1)
    return falling / falling.sum()


def made(rows: int, chance: np.random.Generator, cities: Array) -> Iterator[tuple[Array, Array]]:
    """Yield cells and packed rows."""
    for begin in range(0, rows, BATCH):
        many = min(BATCH, rows - begin)
        packed = np.zeros(many, ROW)
        packed["turn"] = chance.integers(0, 2**31 - 1, many)
        packed["id"] = chance.integers(0, 2**63, (many, 2), dtype=np.uint64)
        packed["place"] = chance.integers(1, 2**31, many)
        lat, lon = points(many, chance, cities)
        packed["lat"], packed["lon"] = lat, lon
        packed["kind"] = np.minimum(KINDS - 1, chance.geometric(0.12, many) - 1)
        say_words(packed, chance)
        today = columns.day_number(TODAY)
        packed["confirmed"] = today - chance.integers(0, 110, many)
        packed["said"] = today - chance.integers(0, 40, many)
        packed["credential"] = columns.NO_END
        packed["checked"][chance.random(many) < 0.3] = columns.NO_END
        packed["country"] = columns.code_number("US")
        packed["fee"] = chance.integers(0, 40, many) * 500
        packed["state"] = chance.integers(0, 16, many)
        packed["state"] |= np.where(chance.random(many) < REMOTE, columns.REMOTE, 0).astype("u1")
        cells = np.array(
            [h3.latlng_to_cell(*point, 5) for point in zip(lat, lon, strict=True)], "<i8"
        )
        yield cells, packed


def points(many: int, chance: np.random.Generator, cities: Array) -> tuple[Array, Array]:
    """Return points, two in five of them in a city."""
    lat, lon = chance.uniform(26, 48, many), chance.uniform(-123, -70, many)
    urban = chance.random(many) < 0.4
    which = chance.choice(CITIES, many, p=shares())
    lat[urban] = (cities[which, 0] + chance.normal(0, 0.12, many))[urban]
    lon[urban] = (cities[which, 1] + chance.normal(0, 0.15, many))[urban]
    return lat, lon


def say_words(packed: Array, chance: np.random.Generator) -> None:
    """Have each row name one of 400 sets of words a family, as many say nothing."""
    many = len(packed)
    for family, known in FAMILIES.items():
        column = packed[family].reshape(many, -1)
        bits = column.dtype.itemsize * 8
        fixed = np.random.default_rng(known)
        for _ in range(3):
            sets = fixed.integers(0, known, 400)
            said = sets[chance.integers(0, 400, many)]
            names = chance.random(many) < 0.5
            for word in range(column.shape[1]):
                here = names & (said // bits == word)
                mask = column.dtype.type(1) << (said % bits).astype(column.dtype)
                column[here, word] |= mask[here]


def afar(rows: int, chance: np.random.Generator, cities: Array) -> Iterator[tuple[Array, Array]]:
    """Yield the rows given from afar again, under their country and under any."""
    for _, packed in made(rows, chance, cities):
        remote = packed[packed["state"] & columns.REMOTE != 0]
        for country in ("", "US"):
            yield np.full(len(remote), columns.code_number(country), "<u2"), remote


def wishes(many: int, chance: np.random.Generator, cities: Array, dense: bool) -> list[Preferences]:
    """Return searches: in the three largest cities, or where listings are."""
    lat, lon = points(many, chance, cities)
    asked = []
    for number in range(many):
        where = cities[number % 3] if dense else (lat[number], lon[number])
        asked.append(
            Preferences(
                kind=f"kind{number % 3}",
                need=f"need{chance.integers(40)}",
                language=f"language{chance.integers(30)}",
                accepting=bool(number % 2),
                country="US",
                reach=Reach.EITHER if number % 2 else Reach.IN_PERSON,
                near=(Point(float(where[0]), float(where[1])),),
                within_km=(15, 40)[number % 2] if not dense else 40,
            )
        )
    return asked


def resident() -> dict[str, int]:
    """Return this process's memory in MB: of its own, and mapped from files."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = {}
    for line in status.splitlines():
        name, _, value = line.partition(":")
        if name in {"RssAnon", "RssFile"}:
            found[name] = int(value.split()[0]) // 1024
    return found


def main(rows: int, many: int) -> None:
    """Build, ask, and say the figures as JSON."""
    folder = Path(os.environ["STEPWELL_VAR"]) / "snapshot"
    folder.mkdir(parents=True, exist_ok=True)
    cities = centres(np.random.default_rng(1))
    begun = time.perf_counter()
    told = {"watermark": 0, "built_at": f"{TODAY.isoformat()}T00:00:00+00:00"}
    build_from(
        folder,
        made(rows, np.random.default_rng(2), cities),
        afar(rows, np.random.default_rng(2), cities),
        told,
        lambda done: None,
    )
    built = time.perf_counter() - begun
    os.environ["BENCH_BUILT"] = json.dumps(
        {
            "build_s": round(built, 1),
            "build_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
    )
    # A process of its own, so that the memory of the build is not counted.
    command = [sys.executable, "-m", "bench.snapshot", "ask", str(rows), str(many)]
    os.execv(sys.executable, command)  # noqa: S606 - this very program again


def ask(rows: int, many: int) -> None:
    """Open the snapshot and ask."""
    folder = Path(os.environ["STEPWELL_VAR"]) / "snapshot"
    cities = centres(np.random.default_rng(1))
    before = resident()
    there = Columns(files.opened(folder, files.current(folder)))
    none = np.zeros(0, ROW)
    fresh = Fresh(np.zeros(0, np.int64), none, none, np.zeros(0, "<u2"), words())
    figures: dict[str, object] = {"rows": rows, **json.loads(os.environ["BENCH_BUILT"])}
    for dense in (False, True):
        times, busy, found = [], [], []
        asked = wishes(many, np.random.default_rng(3), cities, dense)
        for wanted in asked[:10] + asked:
            begun, used = time.perf_counter(), time.process_time()
            answered = answer(Source(there, fresh), wanted, page=1, today=TODAY, site="bench")
            times.append((time.perf_counter() - begun) * 1000)
            busy.append((time.process_time() - used) * 1000)
            found.append(answered.total)
        quick, spent = sorted(times[10:]), sorted(busy[10:])
        figures["dense" if dense else "mixed"] = {
            "p50": round(quick[many // 2], 2),
            "p95": round(quick[int(many * 0.95)], 2),
            "p99": round(quick[int(many * 0.99)], 2),
            "worst": round(quick[-1], 2),
            "cpu_p50": round(spent[many // 2], 2),
            "cpu_p99": round(spent[int(many * 0.99)], 2),
            "found_most": max(found),
        }
    sizes = {one.name: one.stat().st_size for one in (folder / there.snapshot.name).iterdir()}
    after = resident()
    figures["memory_mb"] = {name: after[name] - before[name] for name in after}
    figures["disk_mb"] = round(sum(sizes.values()) / 2**20)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    if sys.argv[1] == "ask":
        ask(int(sys.argv[2]), int(sys.argv[3]))
    else:
        main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 300)
