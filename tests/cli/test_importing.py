"""`stepwell import`: what it prints and with which status it ends."""

import json
import os
import subprocess
import sys
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


def test_a_file_that_is_no_export_of_ours_needs_a_mapping(files: list[str]) -> None:
    result = run("listings", files[0])

    assert result.exit_code == 1
    assert "--map" in str(result.exception)


def command(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run the real command in an empty installation."""
    environment = {**os.environ, "STEPWELL_VAR": str(folder), "SECRET_KEY": "for this test"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-m", "stepwell.cli.main", "import", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )


def test_command_starts_by_itself_and_says_when_there_is_no_database(
    tmp_path: Path, files: list[str]
) -> None:
    shown = command(tmp_path, "--help")
    refused = command(tmp_path, "listings", *files)

    assert shown.returncode == 0
    assert "hsds" in shown.stdout
    assert refused.returncode == 1
    assert "stepwell run --prepare-only" in refused.stderr
    assert "Traceback" not in refused.stderr
