"""`stepwell import nppes|leie|nucc` from a terminal."""

import json

import pytest
from click.testing import CliRunner

from stepwell.apps.registers.models import RegisterEntry
from stepwell.cli.importing import import_
from stepwell.cli.importing_registers import Lines
from tests.importers.nppes.files import npi, row, write

pytestmark = pytest.mark.django_db
FILE = "npidata_pfile_20050523-20261108.csv"


def run(*words: str):
    return CliRunner().invoke(import_, words)


def test_nppes_reports_as_json_and_ends_with_0(tmp_path):
    write(tmp_path / FILE, [row(npi(n)) for n in range(3)])

    result = run("nppes", str(tmp_path), "--json")

    (told,) = json.loads(result.stdout)
    assert result.exit_code == 0
    assert (told["fate"], told["full"], told["counts"]["new"]) == ("merged", True, 3)


def test_nppes_with_rejects_ends_with_1_and_names_the_file_of_them(tmp_path, settings):
    settings.VAR = tmp_path / "var"
    write(tmp_path / FILE, [row(npi(1)), row("123")])

    result = run("nppes", str(tmp_path))

    assert result.exit_code == 1
    assert f"{FILE}.rejects.csv" in result.stdout
    assert (tmp_path / "var" / "imports" / f"{FILE}.rejects.csv").exists()


def test_nppes_dry_run_changes_nothing(tmp_path):
    write(tmp_path / FILE, [row(npi(1))])

    result = run("nppes", str(tmp_path), "--dry-run")

    assert "dry run: 1 read, 1 new" in result.stdout
    assert RegisterEntry.objects.count() == 0


def test_nppes_resume_with_nothing_unfinished_says_so(tmp_path):
    write(tmp_path / FILE, [row(npi(1))])

    result = run("nppes", str(tmp_path), "--resume")

    assert "no unfinished import" in str(result.exception)


def test_progress_lines_tell_rows_rate_and_time_left(capsys):
    lines = Lines()

    lines("Reading", 50_000, 1, 2)
    lines("Reading", 60_000, 1, 2)

    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    assert told[0].startswith("Reading: 50,000 rows, ")
    assert told[0].endswith("s left")
