"""`stepwell import`: what it prints and with which status it ends."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stepwell.apps.directory.models import Listing
from stepwell.cli.importing import import_

MAP = """
source = "test"
consent = "organisation"
[columns]
id = "Ref"
name = "Name"
provider = "By"
kind = "Kind"
town = "Town"
[defaults]
country = "GB"
fictional = "yes"
"""
ROWS = "Ref,Name,By,Kind,Town\n1,One,Org,counselling,Leeds\n2,Two,Org,magic,Leeds\n"

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """A CSV with one good and one bad row, and its mapping."""
    rows, mapping = tmp_path / "rows.csv", tmp_path / "rows.map.toml"
    rows.write_text(ROWS)
    mapping.write_text(MAP)
    return [str(rows), "--map", str(mapping)]


def run(*arguments: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(import_, list(arguments))


def test_rejected_row_ends_with_status_1_and_its_repair(files: list[str]) -> None:
    result = run("listings", *files)

    assert result.exit_code == 1
    assert "row 2: 1 imported." in result.stdout
    assert "row 3, column kind: 2 rejected." in result.stdout
    assert "Use one of the ids of the kinds of support." in result.stdout
    assert "rows.csv: 1 imported, 0 updated" in result.stdout
    assert "Storing ..." in result.stderr
    assert Listing.objects.count() == 1


def test_dry_run_says_so_and_stores_nothing(files: list[str]) -> None:
    result = run("listings", *files, "--dry-run")

    assert "Nothing was changed: this was a dry run." in result.stdout
    assert "Storing" not in result.stderr
    assert not Listing.objects.exists()


def test_json_is_all_there_is_on_standard_output(files: list[str]) -> None:
    report = json.loads(run("listings", *files, "--json").stdout)

    assert report["counts"]["imported"] == 1
    assert [row["fate"] for row in report["rows"]] == ["imported", "rejected"]
    assert report["file"] == "rows.csv"


def test_good_file_ends_with_status_0(files: list[str]) -> None:
    Path(files[0]).write_text(ROWS.replace("magic", "psychotherapy"))

    assert run("listings", *files).exit_code == 0


def test_hsds_is_imported_too(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text(json.dumps({"id": "s", "name": "Counselling", "status": "active"}))

    result = run("hsds", str(path))

    assert result.exit_code == 1
    assert "column organization" in result.stdout


def test_missing_mapping_is_misuse(files: list[str]) -> None:
    assert run("listings", files[0]).exit_code == 2
