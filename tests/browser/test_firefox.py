"""Leaving a page in a second engine: Firefox, driven over WebDriver BiDi (TRUST X6)."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from stepwell.importers import starter

HERE = Path(__file__).parent / "firefox"
CANARY = "zebrafinch7f3a"
SECONDS = 150


def find_firefox() -> str:
    """Return the program; skip by name, or fail where everything is required."""
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    driven = shutil.which("node") and (HERE / "node_modules" / "puppeteer-core").is_dir()
    if firefox and driven:
        return firefox
    words = "no Firefox, or no node to drive it: the exit is tried in Chromium only"
    if os.environ.get("STEPWELL_REQUIRE_ALL"):
        pytest.fail(words)
    pytest.skip(words)


@pytest.mark.timeout(SECONDS + 30)
@pytest.mark.parametrize("scripts", ["with", "without"])
def test_X6_after_the_exit_firefox_shows_nothing_that_was_typed(
    transactional_db, live_server, settings, scripts: str
):
    firefox = find_firefox()
    settings.EXIT_URL = f"{live_server.url}/robots.txt"
    starter.load()

    done = subprocess.run(
        ["node", "leave.mjs", firefox, live_server.url, CANARY, scripts],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    seen = json.loads(done.stdout)
    for place in ("back", "forward", "reload"):
        assert not seen[place]["seen"], (place, seen)
    assert seen["kept"] == ["", 0, 0]
    if scripts == "with":  # replaced, not pushed: Back leads to the page before
        assert seen["after"] <= seen["before"]
        assert seen["back"]["url"].endswith("/about/")
