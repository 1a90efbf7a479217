"""`make bench`: pages against an empty page, the guide against a bare loop, scoring against a sum.

`python -m bench pages` measures pages made anew at 500 and 20,000 articles (bench/pages.py),
`python -m bench nppes` measures the import of the US register (bench/nppes.py), `python -m bench
kept` what our own server and nginx make of kept pages (bench/kept.py), `python -m bench match`
the search of a large directory (bench/matching.py).
Writes bench/RESULTS.md. Figures are ratios; the absolute times are of one machine.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path

os.environ["STEPWELL_VAR"] = tempfile.mkdtemp(prefix="stepwell-bench-")
os.environ.setdefault("SECRET_KEY", "for the bench only")
os.environ.setdefault("UNSIGNED_ACKNOWLEDGED", "yes")
os.environ["DJANGO_SETTINGS_MODULE"] = "stepwell.config.settings"

import django

django.setup()

from django.test import Client  # noqa: E402

RESULTS = Path(__file__).parent / "RESULTS.md"
ROUNDS = 200
ANSWERS = {
    "safety": ["none"],
    "who_for": "me",
    "age_band": "adult",
    "country": "GB",
    "needs": ["low_mood", "sleep"],
    "impact": "moderate",
    "duration": "months",
    "goals": ["feel_better"],
    "tried": "nothing",
    "preferences": ["one_to_one"],
}


def milliseconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Return the median time of `work` over `rounds` runs after ten warm-up runs."""
    for _ in range(10):
        work()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def pages() -> list[tuple[str, float]]:
    """Return the median time of each page, in process; the first is the limit."""
    import_module("stepwell.cli.preparing").prepare_site(Path(os.environ["STEPWELL_VAR"]))
    client = Client(SERVER_NAME="localhost")
    article = import_module("stepwell.apps.magazine.queries").latest()[0].url
    addresses = {
        "robots.txt (limit: a view that does nothing)": "/robots.txt",
        "home": "/",
        "article": article,
        "compare two kinds": "/support/psychotherapy/vs/life_coaching/",
        "help now, one country": "/help-now/gb/",
        "self-test, sealed": "/q/1/",
    }
    measured = []
    for name, address in addresses.items():
        assert client.get(address).status_code == 200, address
        measured.append((name, milliseconds(lambda address=address: client.get(address))))
    return measured


def guide() -> list[tuple[str, float]]:
    """Return the time of one level decision beside a loop that only compares ten values."""
    answers = import_module("stepwell.domain.answers").parse_answers(ANSWERS)
    plan = import_module("stepwell.domain.plans").plan
    values = list(ANSWERS.items())
    today = date(2026, 11, 24)

    def bare() -> int:
        return sum(1 for rule in range(100) for key, value in values if key == rule or not value)

    return [
        ("100 rules x 10 comparisons in plain Python (limit)", milliseconds(bare)),
        (
            "a whole plan, with every reason",
            milliseconds(lambda: plan(answers, today=today)),
        ),
    ]


def scoring() -> str:
    """Return the report on scoring, made in a process without Django, as the command is."""
    command = [sys.executable, "-m", "bench.scoring"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


def table(title: str, rows: list[tuple[str, float]]) -> str:
    """Return a table whose last column is the ratio to the first row."""
    limit = rows[0][1]
    lines = [f"| {name} | {ms:.2f} | {ms / limit:.1f} |" for name, ms in rows]
    return (
        f"## {title}\n\n| what | ms, median | ratio |\n|---|---:|---:|\n" + "\n".join(lines) + "\n"
    )


def main() -> None:
    """Measure and write the report."""
    head = (
        f"# Results\n\n{datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}, "
        f"Django {django.get_version()}, {os.cpu_count()} cores, SQLite. In process, no network, "
        f"median of {ROUNDS}. The ratio is to the first row of its table.\n\n"
    )
    parts = (table("Pages, nothing stored", pages()), table("The guide", guide()), scoring())
    report = head + "\n".join(parts)
    _, mark, by_hand = RESULTS.read_text(encoding="utf-8").partition("\n# By hand\n")
    RESULTS.write_text(report + mark + by_hand, encoding="utf-8")
    print(report)


if __name__ == "__main__":
    if sys.argv[1:2] == ["nppes"]:
        import_module("bench.nppes").main(sys.argv[2:])
    elif sys.argv[1:2] == ["match"]:
        import_module("bench.matching").main(sys.argv[2:])
    elif sys.argv[1:2] == ["kept"]:
        import_module("bench.kept").main()
    elif sys.argv[1:2] == ["pages"]:
        import_module("bench.pages").main(sys.argv[2:])
    else:
        main()
