"""`stepwell score` on a million made PHQ-9 rows, beside the bare sum and the bare reading.

All three work on the same rows in one run, in turn. The sum is one numpy expression
over numbers that are parsed already: the least that the arithmetic can take. The
reading is Python's own csv reader and nothing else: the least that the file can take.
It has a process of its own (`python -m bench.scoring`), as the command has.
"""

import csv
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

import numpy as np

from stepwell.cli.score import score
from stepwell.domain import instruments

ROWS = 1_000_000
ROUNDS = 3
SEED = 9
TEST = "phq-9"


def made(folder: Path, rows: int) -> tuple[Path, np.ndarray]:
    """Write a file of complete answers; return it with the same answers as an array."""
    items = [item.id for item in instruments.instrument(TEST).items if item.scored]
    answers = np.random.default_rng(SEED).integers(0, 4, (rows, len(items)), dtype=np.int8)
    file = folder / "answers.csv"
    text = (answers + ord("0")).tobytes().decode("ascii")
    width = len(items)
    lines = (",".join(text[at : at + width]) for at in range(0, rows * width, width))
    file.write_text("\n".join((",".join(items), *lines)) + "\n", encoding="ascii")
    return file, answers


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes once."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def read_alone(file: Path) -> int:
    """Read every row and keep none."""
    with file.open(encoding="utf-8", newline="") as source:
        return sum(1 for _ in csv.reader(source))


def score_all(file: Path, out: Path) -> None:
    """Score the file through the command, as a person would."""
    with redirect_stderr(StringIO()):
        score.main([TEST, str(file), "--out", str(out)], standalone_mode=False)


def report(rows: int = ROWS) -> str:
    """Return the table of times and ratios; refuse a run whose totals are not the sums."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        file, answers = made(folder, rows)
        out = folder / "scores.csv"
        works = {
            "the sum alone, numpy, answers already parsed": lambda: answers.sum(axis=1),
            "reading the CSV file alone": lambda: read_alone(file),
            "`stepwell score`: read, total, band, alerts, written": lambda: score_all(file, out),
        }
        rounds = [{name: seconds(work) for name, work in works.items()} for _ in range(ROUNDS)]
        _check(out, answers)
    return _table(rows, {name: statistics.median(one[name] for one in rounds) for name in works})


def _check(out: Path, answers: np.ndarray) -> None:
    with out.open(encoding="utf-8", newline="") as source:
        totals = np.fromiter((int(row["total"]) for row in csv.DictReader(source)), np.int64)
    assert np.array_equal(totals, answers.sum(axis=1)), "the totals are not the sums"


def _table(rows: int, medians: dict[str, float]) -> str:
    bare, reading, _ = medians.values()
    lines = [
        f"| {name} | {time:.2f} | {rows / time:,.0f} | {time / bare:,.1f} | {time / reading:.1f} |"
        for name, time in medians.items()
    ]
    return (
        f"## A million rows of the PHQ-9\n\n{rows:,} made rows, median of {ROUNDS} rounds in turn; "
        "every total is compared with the sum.\n\n"
        "| what | s | rows/s | ratio to the sum | ratio to reading |\n|---|---:|---:|---:|---:|\n"
        + "\n".join(lines)
        + "\n"
    )


if __name__ == "__main__":
    print(report(), end="")
