"""`stepwell import questionnaire`: what it writes, prints and refuses."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.questionnaire import questionnaire
from stepwell.cli.importing import import_
from stepwell.domain import instruments
from stepwell.importers.records import ImportRefused

LICENCE = """
[licence]
kind = "licensed-to-this-host"
standing = "owner"
owner = "Example Press"
terms = "May be shown on our site."
[[licence.evidence]]
words = "the licensee may display it"
where = "Agreement, section 2"
seen_on = 2026-11-24
"""


@pytest.fixture
def form(tmp_path: Path) -> str:
    """A Questionnaire that another site gave out."""
    one, text = instruments.instrument("phq-9"), instruments.wording("phq-9")
    file = tmp_path / "form.json"
    raw = questionnaire(one, text, Publisher("https://elsewhere.example/fhir", "Another"))
    file.write_text(json.dumps(raw), encoding="utf-8")
    return str(file)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(import_, ["questionnaire", *arguments])


def test_it_writes_two_files_once(form: str, tmp_path: Path) -> None:
    out = tmp_path / "facts"

    first = run(form, "--out", str(out), "--cleared")
    second = run(form, "--out", str(out), "--cleared")

    folder = out / "instruments" / "phq-9"
    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert sorted(path.name for path in folder.iterdir()) == ["instrument.toml", "text.en.toml"]
    assert f"{folder}: written." in first.stdout
    assert "this one takes its place" in first.stdout
    assert "FACTS_DIRS" in first.stdout
    assert f"{folder}: unchanged." in second.stdout


def test_a_dry_run_writes_nothing(form: str, tmp_path: Path) -> None:
    out = tmp_path / "facts"

    result = run(form, "--out", str(out), "--cleared", "--dry-run", "--json")

    assert json.loads(result.stdout)["fate"] == "would_be_written"
    assert not out.exists()


def test_work_on_the_files_is_never_written_over(form: str, tmp_path: Path) -> None:
    run(form, "--out", str(tmp_path), "--cleared")
    words = tmp_path / "instruments" / "phq-9" / "text.en.toml"
    words.write_text("# ours now\n", encoding="utf-8")

    result = run(form, "--out", str(tmp_path), "--cleared")

    assert isinstance(result.exception, ImportRefused)
    assert "Nothing was changed" in str(result.exception)
    assert words.read_text(encoding="utf-8") == "# ours now\n"


def test_the_licence_of_the_host_goes_into_the_ledger(form: str, tmp_path: Path) -> None:
    licence = tmp_path / "licence.toml"
    licence.write_text(LICENCE, encoding="utf-8")

    result = run(form, "--out", str(tmp_path), "--licence", str(licence), "--cleared")

    written = (tmp_path / "instruments" / "phq-9" / "instrument.toml").read_text(encoding="utf-8")
    assert result.exit_code == 0
    assert 'kind = "licensed-to-this-host"' in written
    assert 'where = "Agreement, section 2"' in written
    assert "Pfizer" not in written.partition("[licence]")[2].partition("[[")[0]


def test_without_the_host_s_word_nothing_is_written(form: str, tmp_path: Path) -> None:
    out = tmp_path / "facts"

    result = run(form, "--out", str(out))

    assert isinstance(result.exception, ImportRefused)
    assert "--cleared" in str(result.exception)
    assert not out.exists()
