"""R1: an import that is killed at any point and run again ends as if nothing had happened."""

import hashlib
import json
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image as Pillow

from tests import migrated
from tests.conftest import ROOT
from tests.importers.wxr.build import attachment, item, write

SIGKILL = -9


def make_export(folder: Path, posts: int) -> tuple[Path, Path]:
    """An export with pictures and links, and its uploads folder."""
    uploads = folder / "uploads" / "2020"
    uploads.mkdir(parents=True)
    items = []
    for number in range(1, posts + 1):
        picture = 1000 + number % 7
        content = (
            f"<h2>One</h2><p>Words {number} "
            f'<a href="/2020/05/post-{number % posts + 1}/">on</a></p>'
            f'<img class="wp-image-{picture}" src="">'
        )
        items.append(item(number, content=content, creator=f"writer{number % 3}"))
    for at in range(7):
        Pillow.new("RGB", (20 + at, 20), (at * 30, 10, 10)).save(uploads / f"{at}.png")
        items.append(attachment(1000 + at, f"2020/{at}.png", alt=f"Picture {at}"))
    return write(folder, *items), folder / "uploads"


def prepare(var: Path) -> None:
    """Make the tables."""
    var.mkdir()
    shutil.copyfile(migrated.sqlite(), var / "stepwell.sqlite3")


def run(var: Path, last: int, media: Path, export: Path) -> subprocess.CompletedProcess[str]:
    """Import in another process that may die at a statement."""
    told = [sys.executable, "-m", "tests.importers.wxr.stopped", str(last), str(media), str(export)]
    environ = migrated.environment(STEPWELL_VAR=str(var))
    return subprocess.run(told, env=environ, cwd=ROOT, check=False, text=True, capture_output=True)


def everything(var: Path) -> str:
    """A hash of all that an import leaves, without numbers that rows happen to have."""
    db = sqlite3.connect(var / "stepwell.sqlite3")
    images = dict(db.execute("SELECT id, file_hash FROM wagtailimages_image"))
    pages = [
        [path, title, standfirst, tags, _with_hashes(body, images)]
        for path, title, standfirst, tags, body in db.execute(
            "SELECT url_path, title, standfirst, tags, body FROM magazine_articlepage "
            "JOIN wagtailcore_page ON id = page_ptr_id ORDER BY url_path"
        )
    ]
    told = [pages]
    for sql in (
        "SELECT old_path, url_path FROM wagtailredirects_redirect "
        "JOIN wagtailcore_page p ON p.id = redirect_page_id ORDER BY old_path",
        "SELECT key, content_hash, place FROM magazine_importeditem ORDER BY key",
        "SELECT number, key, fate, reason FROM magazine_importedfate ORDER BY number",
        "SELECT url_path, published_at, changed_on FROM magazine_articledates "
        "JOIN wagtailcore_page p ON p.id = page_id ORDER BY url_path",
        "SELECT name, source FROM magazine_author ORDER BY source",
        "SELECT count(*), count(DISTINCT object_id) FROM wagtailcore_revision",
        "SELECT state FROM magazine_articleimport",
    ):
        told.append(db.execute(sql).fetchall())
    told.append(sorted(images.values()))
    told.append(sorted(path.name for path in (var / "media" / "original_images").iterdir()))
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _with_hashes(body: str, images: dict[int, str]) -> str:
    blocks = json.loads(body)
    for block in blocks:
        if block["type"] == "figure":
            block["value"]["picture"]["image"] = images[block["value"]["picture"]["image"]]
    return json.dumps(blocks)


def check_kills(tmp_path: Path, posts: int, kills: int) -> None:
    """Kill an import again and again, then let it end, and compare with one that was let be."""
    export, media = make_export(tmp_path, posts)
    calm, hurried = tmp_path / "calm", tmp_path / "hurried"
    prepare(calm)
    shutil.copytree(calm, hurried)
    let_be = run(calm, 0, media, export)
    statements = int(let_be.stdout.split()[-1])
    chance = random.Random(20261124)
    ends = []

    for _ in range(kills):
        last = chance.randrange(1, max(60, 3 * statements // kills))
        ends.append(run(hurried, last, media, export).returncode)
    assert run(hurried, 0, media, export).returncode == 0

    assert ends.count(SIGKILL) >= kills // 2, ends
    assert everything(hurried) == everything(calm)


def test_R1_an_import_that_is_killed_ends_like_one_that_was_not(tmp_path):
    check_kills(tmp_path, posts=12, kills=3)


@pytest.mark.proof
@pytest.mark.timeout(7200)
def test_R1_two_hundred_kills(tmp_path):
    check_kills(tmp_path, posts=1200, kills=200)
