"""`stepwell listings check`: what it prints and with which status it ends."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stepwell.apps.registers.models import Exclusion, MirrorRun, Part, RunState
from stepwell.cli.listings import listings
from stepwell.importers.records import ImportRefused

HEADER = "id,name,about,kind,country\n"
CLEAR = "1,Calm counselling,We listen.,counselling,GB\n"
LOUD = "2,Mindset coach,I treat depression. 100 % confidential.,life_coaching,GB\n"


def check(folder: Path, text: str, *options: str) -> Result:
    file = folder / "rows.csv"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(listings, ["check", str(file), *options])


def test_check_of_listings_in_order_ends_well(tmp_path: Path) -> None:
    result = check(tmp_path, HEADER + CLEAR)

    assert result.exit_code == 0
    assert "1 checked, 1 with nothing to look at" in result.output


def test_check_names_row_words_reason_repair_and_source(tmp_path: Path) -> None:
    result = check(tmp_path, HEADER + CLEAR + LOUD)

    assert result.exit_code == 1
    assert (
        'row 3 2, about: flagged: Promises confidentiality without limits. "100 %' in result.output
    )
    assert "Source: " in result.output
    assert "Say what you offer and what it is not" in result.output


def test_check_as_json_can_be_read_by_a_program(tmp_path: Path) -> None:
    document = json.loads(check(tmp_path, HEADER + CLEAR + LOUD, "--json").output)

    assert document["counts"] == {"flagged": 2, "cannot determine": 0}
    rules = [finding["rule"] for finding in document["listings"][1]["findings"]]
    assert rules == ["absolute_confidentiality", "clinical_promise"]


def test_country_is_for_rows_that_name_none(tmp_path: Path) -> None:
    rows = "id,name\n1,Jo Example clinical psychologist\n"

    here = check(tmp_path, rows, "--country", "gb")
    nowhere = check(tmp_path, rows)

    assert ": flagged: Uses a protected title" in here.output
    assert ": cannot determine: Uses a protected title" in nowhere.output


def test_country_that_is_none_is_misuse(tmp_path: Path) -> None:
    result = check(tmp_path, HEADER + CLEAR, "--country", "Britain")

    assert result.exit_code == 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEADER + "1,two cells\n", "row 2, the whole row: not checked: it has 2 cells"),
        (HEADER + "1,a,b,counselling,Britain\n", "row 2, country: not checked"),
        ("id,confirmed_on,name\n1,yesterday,a\n", "row 2, confirmed_on: not checked"),
    ],
)
def test_row_that_cannot_be_read_is_told_and_ends_it_with_findings(
    tmp_path: Path, text: str, told: str
) -> None:
    result = check(tmp_path, text)

    assert result.exit_code == 1
    assert told in result.output


def test_file_without_words_is_refused_with_the_repair(tmp_path: Path) -> None:
    result = check(tmp_path, "ref,town\n1,Leeds\n")

    assert result.exit_code == 1
    assert "--map" in str(result.exception)


@pytest.mark.django_db
def test_check_asks_the_exclusion_list_only_when_told_and_only_where_it_is(tmp_path: Path) -> None:
    rows = "id,name,provider,country,register,register_number\n1,Calm,Ada Example,US,us_nppes,{}\n"
    text = rows.format("2900000003")
    without = check(tmp_path, text, "--exclusions")
    assert isinstance(without.exception, ImportRefused)

    day = date(2026, 11, 24)
    MirrorRun.objects.create(
        source="us_leie", part=Part.EXCLUSIONS, state=RunState.MERGED, file="f", full=True,
        fingerprint="f", next_id=1, started_at=datetime(2026, 11, 24, tzinfo=UTC),
    )  # fmt: skip
    Exclusion.objects.create(
        key="k", npi="2900000003", is_person=True, excluded_on=day, last_seen_on=day
    )

    assert "exclu" not in check(tmp_path, text).output.lower()
    assert "Stands on a list of excluded providers" in check(tmp_path, text, "--exclusions").output
