"""Many rows at once come to what the exact scorer says of each row alone."""

import random
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from stepwell.cli import score, score_chunks
from stepwell.cli.score_columns import ColumnMap, Columns, by_name
from stepwell.domain import instruments, loading
from stepwell.domain.instrument_schema import Instrument
from tests.domain.instrument_builder import EVERYTHING

EVERY = list(instruments.instruments().values())
FILE = Path("answers.csv")
ROWS = 60
STRANGE = ("", "", " ", "n/a", "99", "-1", " 1", "01", "1.0", "no answer")


def columns_of(test: Instrument, known: ColumnMap | None = None) -> Columns:
    """Return columns in the order of the form."""
    return by_name(test, FILE, [item.id for item in test.items], known or ColumnMap())


def complete(test: Instrument, chance: random.Random) -> list[str]:
    """Return a row in which every question has one of its answers."""
    return [str(chance.choice(test.values(item.id))) for item in test.items]


def damaged(row: list[str], chance: random.Random) -> list[str]:
    """Return a row with up to three cells that are empty, odd or impossible, or cut short."""
    row = list(row)
    for _ in range(chance.randint(1, 3)):
        row[chance.randrange(len(row))] = chance.choice(STRANGE)
    return row if chance.random() < 0.8 else [*row[: chance.randrange(len(row) + 1)], "x"]


def rows_of(test: Instrument) -> list[list[str]]:
    """Return rows with the lowest and highest answers, random ones, and damaged ones."""
    chance = random.Random(test.code)
    ends = [[str(end(test.values(i.id))) for i in test.items] for end in (min, max)]
    whole = [complete(test, chance) for _ in range(ROWS)]
    broken = [damaged(row, chance) for row in whole]
    mixed = [*ends, *whole, *broken]
    chance.shuffle(mixed)
    return mixed


def both(columns: Columns, rows: list[list[str]]) -> tuple[list[Any], list[Any]]:
    """Return the results of all rows at once, and of one after the other."""
    results = score._results(columns, score._chunks(iter(rows), 2))
    at_once = [
        (n, one.result) for numbers, ones in results for n, one in zip(numbers, ones, strict=True)
    ]
    alone = [(n, score._result(columns, row)) for n, row in enumerate(rows, start=2) if row]
    return at_once, alone


@pytest.fixture
def everything() -> Iterator[Instrument]:
    """Yield a made-up test that uses every rule there is."""
    loading.use_folders([EVERYTHING])
    yield instruments.instrument("everything")
    loading.use_folders([])


@pytest.mark.parametrize("test", EVERY, ids=attrgetter("id"))
def test_rows_come_to_the_same_at_once_and_alone(test: Instrument) -> None:
    at_once, alone = both(columns_of(test), rows_of(test))

    assert at_once == alone


def test_rules_that_no_shipped_test_combines_come_to_the_same(everything: Instrument) -> None:
    at_once, alone = both(columns_of(everything), rows_of(everything))

    assert at_once == alone
    assert {"reason" in result for _, result in at_once} == {True, False}


@pytest.mark.parametrize("test", EVERY, ids=attrgetter("id"))
def test_complete_rows_never_need_the_exact_scorer(test: Instrument) -> None:
    chance = random.Random(test.code)
    rows = [complete(test, chance) for _ in range(ROWS)]

    def refuse(row: list[str]) -> None:
        raise AssertionError(f"left to the exact scorer: {row}")

    scorer = score_chunks.Chunks(columns_of(test), exact=refuse, built=lambda scores, alerts: None)

    assert len(scorer.outcomes(rows)) == ROWS


def test_an_empty_answer_that_adds_nothing_keeps_a_row_quick_and_right() -> None:
    test = instruments.instrument("phq-9")
    rows = [["3"] * 9 + [""], ["0"] * 10, ["0"] * 9 + ["7"]]

    at_once, alone = both(columns_of(test), rows)

    assert at_once == alone
    assert [result["scores"]["total"]["points"] for _, result in at_once[:2]] == [27, 0]
    assert "7 is not one of its answers" in at_once[2][1]["reason"]


def test_codes_and_cells_for_no_answer_come_to_the_same() -> None:
    test = instruments.instrument("phq-15")
    known = ColumnMap(codes={"no": 0, "some": 1, "much": 2, "NA": "n/a", "-": 0}, missing=("-",))
    chance = random.Random(15)
    texts = ("no", "some", "much", "much", "some", "NA", "-", "0", "")
    rows = [[chance.choice(texts[:3]) for _ in test.items] for _ in range(ROWS)]
    rows += [[chance.choice(texts) for _ in test.items] for _ in range(ROWS)]

    at_once, alone = both(columns_of(test, known), rows)

    assert at_once == alone


def test_a_total_of_zero_and_an_alert_stand_side_by_side() -> None:
    test = instruments.instrument("core-10")
    row = ["0"] * 10
    for item in ("support", "coping"):
        row[[one.id for one in test.items].index(item)] = "4"
    alarmed = list(row)
    alarmed[[one.id for one in test.items].index("plans_to_die")] = "1"

    at_once, alone = both(columns_of(test), [row, alarmed])

    assert at_once == alone
    assert [result["scores"]["total"]["points"] for _, result in at_once] == [0, 1]
    assert [result["alerts"] for _, result in at_once] == [[], ["self_harm"]]


@pytest.mark.parametrize("size", [1, 4, 7])
def test_the_size_of_a_chunk_changes_nothing(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    test = instruments.instrument("mos-sleep")
    monkeypatch.setattr(score, "CHUNK", size)
    monkeypatch.setattr(score_chunks, "MOST_KNOWN", 3)

    at_once, alone = both(columns_of(test), [*rows_of(test)[:40], [], *rows_of(test)[40:80]])

    assert at_once == alone


def test_only_so_many_rows_are_held_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score, "CHUNK", 4)
    rows = iter([["1"], [], ["2"]] * 3)

    chunks = list(score._chunks(rows, 1))

    assert [list(chunk.numbers) for chunk in chunks] == [[1, 3, 4], [6, 7], [9]]


def test_rows_before_a_break_are_scored_and_the_break_is_named(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text('interest,mood\n1,1\n2,2\n3,"a"b\n0,0\n', encoding="utf-8")

    done = CliRunner().invoke(score.score, ["phq-2", str(file)])

    assert [line.split(",")[:2] for line in done.stdout.splitlines()[1:]] == [
        ["2", "2"], ["3", "4"], ["4", ""],
    ]  # fmt: skip
    assert "row 4: the file cannot be read from here on" in done.stderr
    assert done.exit_code == 1


@pytest.mark.parametrize(
    "cells",
    [
        ("1", "2"),
        ("1", ""),
        ("", "12"),
        ("1", ",", ""),
        (",", "1"),
        (",,", ""),
        ("²", "1"),
        ("x", "0"),
    ],
)
def test_cells_of_one_sign_are_told_from_others(cells: tuple[str, ...]) -> None:
    known = {"0": 0, "1": 1, "12": 2, "": 3}

    found = score_chunks._of_one_sign_each(cells, known)

    single = all(len(cell) == 1 and cell.isascii() and cell != "," for cell in cells)
    assert (found is not None) is single
    if found is not None:
        assert found.tolist() == [known.get(cell, score_chunks.UNKNOWN) for cell in cells]
