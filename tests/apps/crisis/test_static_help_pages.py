"""R6, the last page standing: help as files that need neither application nor database."""

import gzip
import os
import shutil
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.utils.html import escape

from stepwell.apps.crisis import static_pages
from stepwell.domain import crisis

TODAY = date(2026, 11, 24)
DAY_AFTER_REVIEW = date(2027, 5, 24)
LIMIT = 14 * 1024


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All pages, written once for this module."""
    place = tmp_path_factory.mktemp("static")
    static_pages.write_pages(place, TODAY)
    return place


def html_of(folder: Path, code: str) -> str:
    """Return one country's page as it was written."""
    return (folder / "help-now" / code.lower() / "index.html").read_text(encoding="utf-8")


def compressed(folder: Path) -> dict[str, int]:
    """Return the size of each gzip copy by its folder's name."""
    return {file.parent.name: file.stat().st_size for file in folder.rglob("*.gz")}


def test_R6_there_is_a_page_for_every_country_and_the_index(folder):
    assert len(list(folder.rglob("index.html"))) == 250
    assert len(compressed(folder)) == 250
    assert (folder / "help-now" / "gb" / "index.html").is_file()


def test_W8_no_page_is_over_14_kilobytes_compressed(folder):
    sizes = compressed(folder)

    assert max(sizes.values()) <= LIMIT, max(sizes, key=sizes.__getitem__)


@pytest.mark.parametrize("home_country", ["", "GB"])
def test_X8_the_sizes_of_all_pages_lie_in_one_class(tmp_path, settings, home_country):
    settings.HOME_COUNTRY = home_country
    static_pages.write_pages(tmp_path, TODAY)

    assert len({size // 4096 for size in compressed(tmp_path).values()}) == 1


def test_R6_the_compressed_copy_is_the_page(folder):
    for page in folder.rglob("index.html"):
        assert gzip.decompress(page.with_name("index.html.gz").read_bytes()) == page.read_bytes()


def test_R6_a_file_is_the_page_that_the_site_shows(folder, client, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: TODAY)

    for address in ("help-now/", "help-now/gb/", "help-now/aq/"):
        assert (folder / address / "index.html").read_bytes() == client.get(f"/{address}").content


def test_R6_a_page_is_readable_without_the_style(folder):
    page = BeautifulSoup((folder / "help-now/gb/index.html").read_bytes(), "html.parser")
    first = page.main.find("a")

    assert first["href"] == "tel:999"
    assert not page.select("main script, main img, main [style]")


def test_R6_an_expired_number_leaves_the_files(folder, tmp_path):
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    before = {code: html_of(tmp_path, code) for code in crisis.covered()}

    static_pages.write_pages(tmp_path, DAY_AFTER_REVIEW)

    for code, html in before.items():
        after = html_of(tmp_path, code)
        for line in crisis.help_for(code, today=TODAY).lines:
            assert escape(line.name) in html
            assert escape(line.name) not in after


def test_replace_leaves_the_old_page_whole_when_it_is_stopped(tmp_path, monkeypatch):
    page = tmp_path / "index.html"
    static_pages.replace(page, b"old")
    monkeypatch.setattr(os, "replace", _stopped)

    with pytest.raises(KeyboardInterrupt):
        static_pages.replace(page, b"new")

    assert page.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [page]


def test_replace_makes_a_file_that_the_web_server_may_read(tmp_path):
    page = tmp_path / "deep" / "index.html"

    static_pages.replace(page, b"page")

    assert page.read_bytes() == b"page"
    assert page.stat().st_mode & 0o777 == 0o644


def test_the_command_says_what_it_wrote(tmp_path):
    said = StringIO()

    call_command("write_help_pages", tmp_path, stdout=said)

    assert said.getvalue().startswith("250 pages, the largest ")
    assert (tmp_path / "help-now" / "index.html").is_file()


def _stopped(*_: object) -> None:
    raise KeyboardInterrupt
