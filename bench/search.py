"""Search in 20,000 made articles, on SQLite and PostgreSQL, beside LIKE and Wagtail's own search.

Timed is the whole work of the server between a sent form and a finished answer:
crisis words, index, ranking, the directory's word on every listing, the lines to
show. No network and no template. Each database has a process of its own; peers
hold the same texts in the same database.

    python -m bench.search [ARTICLES] [address of a PostgreSQL server, without a database]
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from importlib import import_module

DATABASE = "stepwell_bench_search"
SETTINGS = {
    "DJANGO_SETTINGS_MODULE": "stepwell.config.settings",
    "SECRET_KEY": "for the bench only",
    "UNSIGNED_ACKNOWLEDGED": "yes",
}
Times = dict[str, list[float]]


def run(articles: int, **env: str) -> dict:
    """Make the tables of an empty database and measure it in a process of its own."""
    whole = {**os.environ, **SETTINGS, **env}
    migrate = [sys.executable, "-m", "django", "migrate", "--skip-checks", "--verbosity", "0"]
    subprocess.run(migrate, env=whole, check=True)  # noqa: S603
    command = [sys.executable, "-m", "bench.search_work", str(articles)]
    done = subprocess.run(command, env=whole, check=True, stdout=subprocess.PIPE)  # noqa: S603
    result: dict = json.loads(done.stdout)
    return result


def on_server(server: str, statement: str) -> None:
    """Make or drop the bench's own database."""
    psycopg = import_module("psycopg")  # only where PostgreSQL is asked for
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connected:
        connected.execute(statement)


def table(name: str, told: dict) -> str:
    """Return the figures of one database as a table with ratios to both peers."""
    times: Times = told["times"]
    lines = []
    for what, own in times.items():
        if what.endswith((", LIKE", ", Wagtail")):
            continue
        middle = statistics.median(own)
        last = sorted(own)[max(0, int(len(own) * 0.95 + 0.5) - 1)]
        ratios = [
            f"{statistics.median(times[key]) / middle:.1f}" if key in times else "-"
            for key in (f"{what}, LIKE", f"{what}, Wagtail")
        ]
        differ = told["differ"].get(what)
        differs = "-" if differ is None else f"{differ} of {told['compared']}"
        lines.append(f"| {what} | {middle:.1f} | {last:.1f} | {' | '.join(ratios)} | {differs} |")
    filled = told["filled"]
    return (
        f"{name}; all put in within {filled['ours']:.0f} s, Wagtail's index filled within "
        f"{filled['peer']:.0f} s.\n\n"
        "| what | ms, median | ms, 95th of 100 | LIKE takes times | Wagtail takes times "
        "| first ten differ unbounded |\n|---|---:|---:|---:|---:|---:|\n" + "\n".join(lines) + "\n"
    )


def report(articles: int, server: str) -> str:
    """Measure both databases and return the report."""
    parts = [f"Load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}.\n"]
    with tempfile.TemporaryDirectory(prefix="stepwell-bench-") as place:
        env = {"STEPWELL_VAR": place, "DATABASE_URL": f"sqlite:///{place}/bench.sqlite3"}
        parts.append(table("SQLite", run(articles, **env)))
        if server:
            on_server(server, f"CREATE DATABASE {DATABASE}")
            try:
                told = run(articles, STEPWELL_VAR=place, DATABASE_URL=f"{server}/{DATABASE}")
            finally:
                on_server(server, f"DROP DATABASE {DATABASE} WITH (FORCE)")
            parts.append(table("PostgreSQL", told))
    return "\n".join(parts)


if __name__ == "__main__":
    count = int(sys.argv[1]) if sys.argv[1:] else 20_000
    print(report(count, sys.argv[2].rstrip("/") if sys.argv[2:] else ""))
