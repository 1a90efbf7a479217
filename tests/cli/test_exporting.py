"""The magazine as files and as data: whole, alike each time, and put in place at once."""

import json
import posixpath
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from stepwell.apps.magazine import actions, starter
from stepwell.cli.exporting import MARK, export
from tests.apps.magazine.build import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def magazine(settings):
    """Two published articles and a draft."""
    settings.SITE_URL = "http://localhost"
    starter.make_site()
    make_article(title="One with a tag", tags=["depression"])
    make_article(title="Two")
    make_article(title="A secret draft", publish=False)
    actions.rebuild()


def run(*told: str):
    """Run the command."""
    return CliRunner().invoke(export, ["magazine", *told])


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with what it holds."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def test_pages_are_exported_with_all_they_need_and_every_link_works(tmp_path):
    answer = run(str(tmp_path / "out"))

    assert answer.exit_code == 0, answer.output
    there = files(tmp_path / "out")
    assert "index.html" in there
    assert "help-now/index.html" in there
    assert "tags/depression/index.html" in there
    assert len([name for name in there if name.startswith("growth-psychology/article-")]) == 2
    assert any(name.endswith(".css") for name in there)
    assert any(name.endswith(".woff2") for name in there)
    assert b"A secret draft" not in b"".join(there.values())
    broken = []
    for name, content in there.items():
        if not name.endswith(".html"):
            continue
        for address in re.findall(r'\s(?:href|src|action)="([^"]*)"', content.decode()):
            if re.match(r"[a-z]+:|#", address):
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), address))
            if target.partition("#")[0] not in there:
                broken.append((name, address))
    assert broken == []


def test_a_second_export_is_the_same_to_the_last_byte_and_replaces_the_first(tmp_path):
    for kind in ("html", "json"):
        folder = tmp_path / kind
        run(str(folder), "--format", kind)
        first = files(folder)
        (folder / "left-behind.html").write_text("old")

        answer = run(str(folder), "--format", kind)

        assert answer.exit_code == 0, answer.output
        assert files(folder) == first
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["html", "json"]


def test_the_data_follows_its_schema_and_holds_what_is_published(tmp_path):
    run(str(tmp_path / "out"), "--format", "json")

    data = json.loads((tmp_path / "out" / "magazine.json").read_text())
    schema = json.loads((tmp_path / "out" / "magazine.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(data)
    assert sorted(one["title"] for one in data["articles"]) == ["One with a tag", "Two"]
    assert data["articles"][0]["blocks"][0]["type"] == "part"
    assert data["articles"][0]["review"]["state"] == "none"


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")

    answer = run(str(tmp_path))

    assert answer.exit_code == 2
    assert "holds something else" in answer.output
    assert files(tmp_path) == {"mine.txt": b"mine"}


def test_an_export_that_fails_leaves_the_one_before(tmp_path, monkeypatch):
    folder = tmp_path / "out"
    run(str(folder), "--format", "json")
    before = files(folder)
    monkeypatch.setattr("stepwell.apps.magazine.export.articles", lambda: 1 / 0)

    answer = run(str(folder), "--format", "json")

    assert isinstance(answer.exception, ZeroDivisionError)
    assert files(folder) == before
    assert MARK in before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
