"""`stepwell score`: every row is scored or named."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stepwell.cli.score import score as command

HEAD = "interest,mood,sleep,energy,appetite,self_worth,concentration,movement,self_harm"


def run(tmp_path: Path, text: str | bytes, *options: str, test: str = "phq-9") -> Result:
    """Score `text` as a file and return what the command said."""
    file = tmp_path / "answers.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return CliRunner().invoke(command, [test, str(file), *options])


def test_scores_rows_with_band_and_alert(tmp_path: Path) -> None:
    done = run(tmp_path, f"{HEAD}\n1,1,1,1,1,1,1,1,1\n0,0,0,0,0,0,0,0,0\n")

    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "row,total,total_band,alerts",
        "2,9,mild,self_harm",
        "3,0,minimal,",
    ]
    assert "2 rows scored, 0 not scorable." in done.stderr


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ("1,1,,1,1,1,1,1,1", "sleep", "has no answer"),
        ("1,1, ,1,1,1,1,1,1", "sleep", "has no answer"),
        ("1,1,4,1,1,1,1,1,1", "sleep", "4 is not one of its answers"),
        ("1,1,-1,1,1,1,1,1,1", "sleep", "'-1' is not one of its answers"),
        ("1,1,1.0,1,1,1,1,1,1", "sleep", "'1.0' is not one of its answers"),
        ("1,1,²,1,1,1,1,1,1", "sleep", "is not one of its answers"),
        ("1,1,NA,1,1,1,1,1,1", "sleep", "'NA' is not one of its answers"),
        ("1,1", "sleep", "has no answer"),
    ],
)
def test_names_row_column_and_reason(tmp_path: Path, cells: str, column: str, reason: str) -> None:
    done = run(tmp_path, f"{HEAD}\n0,0,0,0,0,0,0,0,0\n{cells}\n", "--json")

    found = json.loads(done.stdout)
    assert done.exit_code == 1
    assert (found["scored"], found["unscorable"]) == (1, 1)
    assert (found["rows"][1]["row"], found["rows"][1]["column"]) == (3, column)
    assert reason in found["rows"][1]["reason"]


def test_every_unscorable_row_is_named_on_the_error_stream(tmp_path: Path) -> None:
    done = run(tmp_path, f"{HEAD}\n,,,,,,,,\n0,0,0,0,0,0,0,0,0\n9,0,0,0,0,0,0,0,0\n")

    assert done.exit_code == 1
    assert done.stderr.splitlines()[:2] == [
        "row 2: interest: has no answer (and 8 more). The published rule gives no score then.",
        "row 4: interest: 9 is not one of its answers. Use one of 0, 1, 2, 3.",
    ]
    assert done.stdout.splitlines()[1:] == ["2,,,", "3,0,minimal,", "4,,,"]


def test_columns_may_stand_in_any_order_among_others(tmp_path: Path) -> None:
    head = "person," + ",".join(reversed(HEAD.split(","))) + ",difficulty"

    done = run(tmp_path, f"\ufeff{head}\nx,3,0,0,0,0,0,0,0,0,2\n", "--json")

    row = json.loads(done.stdout)["rows"][0]
    assert row["scores"] == {
        "total": {"points": 3, "bands": {"published": "minimal"}, "standard_scores": {}}
    }
    assert row["alerts"] == ["self_harm"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("interest,mood\n1,1\n", "no column sleep, energy"),
        (f"{HEAD},mood\n", "two columns are called mood"),
        (b"\xff\xfe\x00", "not a CSV file in UTF-8"),
        ("", "no column interest"),
    ],
)
def test_misuse_is_told_apart_from_findings(tmp_path: Path, text: str | bytes, said: str) -> None:
    done = run(tmp_path, text)

    assert done.exit_code == 2
    assert said in done.stderr


def test_a_file_that_breaks_off_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, f"{HEAD}\n0,0,0,0,0,0,0,0,0\n".encode() + b"\xff,0,0,0,0,0,0,0,0\n")

    assert done.exit_code != 0
    assert "UTF-8" in done.stderr or "cannot be read" in done.stderr


def test_writes_to_a_file_and_never_over_its_source(tmp_path: Path) -> None:
    text = f"{HEAD}\n2,2,2,2,2,0,0,0,0\n"
    out = tmp_path / "scores.csv"

    done = run(tmp_path, text, "--out", str(out))
    over = run(tmp_path, text, "--out", str(tmp_path / "answers.csv"))

    assert done.exit_code == 0
    assert done.stdout == ""
    assert out.read_text(encoding="utf-8").splitlines()[1] == "2,10,moderate,"
    assert over.exit_code == 2
    assert (tmp_path / "answers.csv").read_text(encoding="utf-8") == text
