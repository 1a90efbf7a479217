"""`stepwell score`: every row is scored or named."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stepwell.cli import score as module
from stepwell.cli.score import score as command
from stepwell.domain import loading
from tests.domain.instrument_builder import EVERYTHING

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


# --- foreign files ----------------------------------------------------------------------------


@pytest.mark.parametrize("row", ["1,1,1,1,1,1,1,1,0", "1,1,1,1,1,1,1,1,0,3"])
def test_columns_by_position_hold_the_scored_items_or_the_whole_form(
    tmp_path: Path, row: str
) -> None:
    head = ",".join(f"v{number}" for number in range(row.count(",") + 1))

    named = run(tmp_path, f"{head}\n{row}\n", "--order")
    bare = run(tmp_path, f"{row}\n", "--order", "--no-header")

    assert named.stdout.splitlines()[1:] == ["2,8,mild,"]
    assert bare.stdout.splitlines()[1:] == ["1,8,mild,"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--order",), "8 columns, but the form has 10 questions, 9 of them scored"),
        (("--no-header",), "--no-header needs --order"),
    ],
)
def test_order_refuses_what_it_cannot_place(
    tmp_path: Path, options: tuple[str, ...], said: str
) -> None:
    done = run(tmp_path, "1,1,1,1,1,1,1,1\n", *options)

    assert done.exit_code == 2
    assert said in done.stderr


MAP = """
missing = ["NA"]
[columns]
interest = "Q one"
[codes_for.frequency]
"not at all" = 0
"often" = 3
"""


def mapped(tmp_path: Path, text: str, csv_text: str, *options: str) -> Result:
    """Score a file with a map file of that text."""
    file = tmp_path / "map.toml"
    file.write_text(text, encoding="utf-8")
    return run(tmp_path, csv_text, "--map", str(file), *options)


def test_a_map_gives_foreign_names_and_codes(tmp_path: Path) -> None:
    head = HEAD.replace("interest", "Q one")
    none, often = ",".join(["not at all"] * 8), ",".join(["often"] * 8)

    done = mapped(tmp_path, MAP, f"{head}\noften,{none}\nNA,{none}\noften,{often}\n0,{none}\n")

    assert done.stdout.splitlines()[1:] == ["2,3,minimal,", "3,,,", "4,27,severe,self_harm", "5,,,"]
    assert "row 3: interest: has no answer." in done.stderr
    assert "row 5: interest: '0' is not one of its answers. Use one of not at all, often." in (
        done.stderr
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[columns]\nintrest = "a"\n', "columns: no item 'intrest'"),
        ('[codes_for.slep]\n"a" = 0\n', "codes_for: no item 'slep'"),
        ('[codes]\n"always" = 7\n', "'always' stands for 7, which is no answer"),
        ('[colums]\ninterest = "a"\n', "map.toml: colums"),
        ('[columns]\ndifficulty = "D"\n', "no column D"),
    ],
)
def test_a_wrong_map_is_misuse_and_named(tmp_path: Path, text: str, said: str) -> None:
    done = mapped(tmp_path, text, f"{HEAD}\n")

    assert done.exit_code == 2
    assert said in done.stderr


def test_order_and_named_columns_contradict_each_other(tmp_path: Path) -> None:
    done = mapped(tmp_path, MAP, f"{HEAD}\n", "--order")

    assert done.exit_code == 2
    assert "contradict" in done.stderr


# --- many scales ------------------------------------------------------------------------------


@pytest.fixture
def everything() -> Iterator[None]:
    """Load a made-up test that uses every rule there is, as a host's own."""
    loading.use_folders([EVERYTHING])
    yield
    loading.use_folders([])


@pytest.mark.usefixtures("everything")
def test_every_scale_band_set_and_standard_score_has_its_column(tmp_path: Path) -> None:
    rows = "happened,calm,tense,periods\n1,4,5,n/a\n1,2,,\n0,,,\n"

    done = run(tmp_path, rows, test="everything")

    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "row,tension,tension_band_women,tension_band_men,calmness,recoded,total,total_t,alerts",
        "2,3.50,more,more,37.5,25,62.5,33,body",
        "3,,,,,75,,,",
        "4,2.33,fewer,fewer,50.0,100,150.0,72,",
    ]
    assert "row 3: tense: has no answer (and 1 more)." in done.stderr


# --- progress ---------------------------------------------------------------------------------


def test_progress_is_told_in_plain_lines_where_there_is_no_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PLAIN_EVERY", 2)

    done = run(tmp_path, HEAD + "\n0,0,0,0,0,0,0,0,0" * 5 + "\n")

    assert [line for line in done.stderr.splitlines() if "read" in line] == [
        "2 rows read",
        "4 rows read",
    ]


def test_progress_is_a_bar_on_a_terminal(tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    file.write_text(HEAD + "\n0,0,0,0,0,0,0,0,0" * 3000 + "\n", encoding="utf-8")
    ours, theirs = pty.openpty()
    code = "from stepwell.cli.score import score; score(['phq-9', 'answers.csv', '--out', 'o.csv'])"

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        stderr=theirs,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "xterm"},
        check=True,
    )

    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    os.close(theirs)
    assert done.returncode == 0
    assert "Scoring" in shown
    assert "3000 rows scored" in shown
