"""`python -m bench match`: the search of the directory, among a million listings and more.

    python -m bench match [--rows N] [--postgresql URL] [--snapshot] [--data FOLDER] [--queries N]

Asked for is one kind of support (12 in 100 of all) within 25 km, in one language, taking new
people: score, order, funnel, all facets and "what if" included. *mixed*: places drawn as
listings are; *dense*: in and around New York, Los Angeles and Chicago; in person alone, or
from afar as well. Peers, in the same run: SQL with a bounding box, ordered by distance, which
counts nothing else; and a look at every row in numpy, whose answers have to be the same. Each
engine answers in a process of its own. The made directory (bench/match_rows.py) is kept in
the folder, and in the PostgreSQL database that is named (give it an empty one), for the next run.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from bench import match_rows
from bench.match_rows import CENTRES, TODAY

RESULTS = Path(__file__).parent / "RESULTS.md"
SETS = (("mixed", "no"), ("dense", "no"), ("mixed", ""), ("dense", ""))
COMPARED, WARM = 5, 10
WAYS = {"no": "in person", "": "either way"}
SELECT = """
SELECT id, (lat - {lat}) * (lat - {lat}) + (lon - {lon}) * (lon - {lon}) * {slant} AS away
FROM bench_plain
WHERE kind = 0 AND lat BETWEEN {south} AND {north} AND lon BETWEEN {west} AND {east}
AND (language & 2 <> 0 OR language = 0) AND state & 12 = 4 AND confirmed BETWEEN {old} AND {now}
AND said BETWEEN {late} AND {now} ORDER BY away LIMIT 20
"""


def wishes(set_name: str, count: int, reach: str) -> list[Any]:
    """Return what is asked."""
    offers = import_module("stepwell.domain.offers")
    places = import_module("stepwell.domain.places")
    chance = np.random.default_rng(99)
    if set_name == "mixed":
        lat, lon = match_rows.drawn_points(count, chance)
    else:
        centre = np.array([CENTRES[n % len(CENTRES)] for n in range(count)])
        lat, lon = (centre + chance.normal(0, 0.02, (count, 2))).T
    return [
        offers.Preferences(
            kind="kind-0",
            country="US",
            near=(places.Point(float(here), float(there)),),
            within_km=25,
            language="es",
            accepting=True,
            reach=offers.Reach(reach),
        )
        for here, there in zip(lat, lon, strict=True)
    ]


def timed(work: Any, asked: list[Any]) -> tuple[dict[str, float], list[Any]]:
    """Return how long wishes took, by the clock and of this process's own work; the answers."""
    times, worked, answers = [], [], []
    for wanted in [*asked[:WARM], *asked]:
        started, busy = time.perf_counter(), time.process_time()
        answers.append(work(wanted))
        worked.append((time.process_time() - busy) * 1000)
        times.append((time.perf_counter() - started) * 1000)
    told = {f"p{n}": float(np.percentile(times[WARM:], n)) for n in (50, 95, 99)}
    told |= {f"cpu{n}": float(np.percentile(worked[WARM:], n)) for n in (50, 95, 99)}
    return told, answers[WARM:]


def resident() -> dict[str, int]:
    """Return this process's memory in MB: of its own, and mapped from files."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    found = dict(line.split(":", 1) for line in lines)
    return {name: int(found[name].split()[0]) // 1024 for name in ("RssAnon", "RssFile")}


class Scan:
    """Every row in memory, looked at one and all: what an engine has to agree with."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.engine = import_module("stepwell.apps.directory.finding.database").Database()
        self.all = np.array(match_rows.all_rows(folder, rows)[0])
        self.words, self.start = self.engine.words, self.engine.start

    def within_reach(self, wanted: Any, words: Any, lot: Any, *, of_kind: bool) -> Any:
        """Return the rows within reach, after a look at every one."""
        answering = import_module("stepwell.apps.directory.finding.answering")
        judging = import_module("stepwell.apps.directory.finding.judging")
        away = judging.distances(self.all, wanted)
        kept = judging.is_here(judging.Rows(self.all, away, {}), wanted)
        if wanted.reach.value != "no":
            kept |= judging.remote(self.all)
        return answering.Pool(judging.Picked.whole((self.all, len(self.all)))[kept], away[kept])


def in_a_box(wanted: Any) -> Any:
    """Ask the peer: twenty rows in a bounding box, the nearest first."""
    columns = import_module("stepwell.apps.directory.finding.columns")
    here, now = wanted.near[0], columns.day_number(TODAY)
    slant = float(np.cos(np.radians(here.lat)))
    high = wanted.within_km / match_rows.KM_PER_DEGREE
    wide = high / slant
    sql = SELECT.format(
        lat=here.lat, lon=here.lon, slant=slant * slant,
        south=here.lat - high, north=here.lat + high, west=here.lon - wide, east=here.lon + wide,
        now=now, old=now - 90, late=now - 14,
    )  # fmt: skip
    with import_module("django.db").connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def ask(engine: str, folder: Path, rows: int, queries: int) -> dict[str, Any]:
    """Make what is missing, ask one engine, and return the figures."""
    started = time.perf_counter()
    if not match_rows.is_filled(rows):
        match_rows.fill(folder, rows)
    if engine == "snapshot":
        match_rows.snapshot(folder, rows)
        asked = import_module("stepwell.apps.directory.snapshot.engine").SnapshotEngine()
        asked.source(datetime.now(UTC))  # raises where the database would answer
    else:
        asked = import_module("stepwell.apps.directory.finding.database").DatabaseEngine()
    told: dict[str, Any] = {"made_s": time.perf_counter() - started, "sets": {}}
    work = lambda wanted: asked.search(wanted, page=1, today=TODAY, site="bench")  # noqa: E731
    before = resident()
    answers = {}
    for set_name, reach in SETS:
        questions = wishes(set_name, queries, reach)
        figures, answers[set_name, reach] = timed(work, questions)
        figures["fit"] = float(np.median([one.total for one in answers[set_name, reach]]))
        figures["what_if"] = sum(bool(one.what_if) for one in answers[set_name, reach])
        told["sets"][f"{set_name} {WAYS[reach]}"] = figures
    told["memory"] = {name: mb - before[name] for name, mb in resident().items()}
    told["box"] = {
        name: timed(in_a_box, wishes(name, queries, "no"))[0] for name in ("mixed", "dense")
    }
    scan = Scan(folder, rows)
    answering = import_module("stepwell.apps.directory.finding.answering")
    look = lambda one: answering.answer(scan, one, page=1, today=TODAY, site="bench")  # noqa: E731
    same, compared, looks = 0, 0, []
    for (set_name, reach), found in answers.items():
        for one, wanted in zip(found[:COMPARED], wishes(set_name, queries, reach), strict=False):
            begun = time.process_time()
            other = look(wanted)
            looks.append((time.process_time() - begun) * 1000)
            facets = {name: other.facets[name] for name in one.facets}
            if not one.more:  # else the engine did not look at every row, and says so
                compared += 1
                same += (one.ids, one.total, one.facets) == (other.ids, other.total, facets)
    return told | {"same": same, "compared": compared, "scan": float(np.median(looks))}


def in_a_process(engine: str, asked: argparse.Namespace) -> dict[str, Any]:
    """Let one engine answer in a process of its own."""
    folder = asked.data.resolve() / str(asked.rows)
    folder.mkdir(parents=True, exist_ok=True)
    address = f"sqlite:///{folder}/match.sqlite3"
    environ = {
        **os.environ,
        "STEPWELL_VAR": str(folder),
        "DATABASE_URL": asked.postgresql if engine == "PostgreSQL" else address,
    }
    command = [sys.executable, "-m", "bench.matching", engine, str(folder)]
    command += [str(asked.rows), str(asked.queries)]
    done = subprocess.run(command, env=environ, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603
    return dict(json.loads(done.stdout))


def lines_of(engine: str, told: dict[str, Any]) -> list[str]:
    """Return the lines of an engine and of its peers in the table."""
    lines = []
    for name, one in told["sets"].items():
        box = told["box"].get(name.split()[0]) if "person" in name else None
        ratio = f"{box['p50'] / one['p50']:.1f}" if box else "-"
        lines.append(
            f"| {engine}, {name} | {one['p50']:.1f} / {one['p95']:.1f} / {one['p99']:.1f} |"
            f" {one['cpu50']:.1f} / {one['cpu95']:.1f} / {one['cpu99']:.1f} |"
            f" {one['fit']:.0f} | {one['what_if']} | {ratio} | {told['scan'] / one['cpu50']:.0f} |"
        )
    if engine != "snapshot":
        for name, box in told["box"].items():
            lines.append(
                f"| {engine}, SQL in a bounding box, {name} |"
                f" {box['p50']:.1f} / {box['p95']:.1f} / {box['p99']:.1f} |"
                f" {box['cpu50']:.1f} / {box['cpu95']:.1f} / {box['cpu99']:.1f} | - | - | 1 | - |"
            )
    return lines


def report(asked: argparse.Namespace, told: dict[str, dict[str, Any]], loads: list[float]) -> str:
    """Return the section of the results."""
    lines = [line for engine, one in told.items() for line in lines_of(engine, one)]
    memory = [
        f"{engine} {one['memory']['RssAnon']} MB of its own and {one['memory']['RssFile']} mapped"
        for engine, one in told.items()
    ]
    agreed = [f"{engine} {one['same']} of {one['compared']}" for engine, one in told.items()]
    heads = (
        "what", "ms by the clock, p50 / p95 / p99", "ms of CPU, p50 / p95 / p99", "fit, median",
        '"what if"', "times faster than SQL in a box", "than a look at every row, CPU",
    )  # fmt: skip
    return f"""## Matching, {asked.rows:,} listings

`python -m bench match --rows {asked.rows}`, {datetime.now(UTC):%Y-%m-%d %H:%M},
Python {platform.python_version()}, {os.cpu_count()} cores that did other work too (load
{loads[0]:.1f} before, {loads[1]:.1f} after). {asked.queries} questions a row after {WARM} to warm
up: one kind of support (12 in 100) within 25 km, in one language, taking people; score, order,
funnel, facets and "what if" included. Made rows; the tables hold blocks, words and so many
rows as are counted. CPU is that of the asking process; what a PostgreSQL server works is in
the clock alone. SQL in a box gives the nearest twenty in person and counts nothing.

| {" | ".join(heads)} |
|---|---:|---:|---:|---:|---:|---:|
{chr(10).join(lines)}

More memory than before the first question: {"; ".join(memory)}.
The same ids, total and facets as a look at every row, where all were looked at:
{"; ".join(agreed)}.
"""


def keep(section: str) -> None:
    """Write a section into the results, in the place of the one with its title."""
    title, text = section.partition("\n")[0], RESULTS.read_text(encoding="utf-8")
    before, found, after = text.partition(f"\n{title}\n")
    if found:
        rest = after.partition("\n## ")
        text = f"{before}\n{section}{rest[1] and chr(10)}{rest[1].lstrip()}{rest[2]}"
    else:
        text = f"{text.rstrip()}\n\n{section}"
    RESULTS.write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Ask each engine, and write what was measured into bench/RESULTS.md."""
    parser = argparse.ArgumentParser(prog="python -m bench match")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, default=Path("var/bench-match"))
    parser.add_argument("--postgresql", default="", help="address of an empty database")
    parser.add_argument("--snapshot", action="store_true")
    parser.add_argument("--queries", type=int, default=200)
    asked = parser.parse_args(arguments)
    engines = ["SQLite", *(["PostgreSQL"] if asked.postgresql else [])]
    engines += ["snapshot"] if asked.snapshot else []
    before, told = os.getloadavg()[0], {}
    for engine in engines:
        told[engine] = in_a_process(engine, asked)
        print(engine, json.dumps(told[engine]), flush=True)
    section = report(asked, told, [before, os.getloadavg()[0]])
    keep(section)
    print(section)


if __name__ == "__main__":
    os.environ.setdefault("SECRET_KEY", "for the bench only")
    os.environ.setdefault("UNSIGNED_ACKNOWLEDGED", "yes")
    os.environ["DJANGO_SETTINGS_MODULE"] = "stepwell.config.settings"
    import_module("django").setup()
    print(json.dumps(ask(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))))
