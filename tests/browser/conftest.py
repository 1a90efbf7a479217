"""A real Chromium, with JavaScript and without, that may speak to the test's own server only."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)

from stepwell.importers import starter

CANDIDATES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
HERE = Path(__file__).parent
expect.set_options(timeout=20_000)  # a busy machine is no finding


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder as a browser test."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


def find_chromium() -> str:
    """Return the program; skip by name, or fail where everything is required."""
    for candidate in CANDIDATES:
        if Path(candidate).exists():
            return candidate
    words = "no Chromium on this machine: browser tests not run"
    if os.environ.get("STEPWELL_REQUIRE_ALL"):
        pytest.fail(words)
    pytest.skip(words)


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """The program that drives browsers."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium(driver: Playwright) -> Iterator[Browser]:
    """One browser for all tests; each page gets a context of its own."""
    browser = driver.chromium.launch(executable_path=find_chromium(), args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database with the starter network is kept, once a test has loaded it."""
    return tmp_path_factory.mktemp("starter") / "loaded.sqlite3"


@pytest.fixture
def starter_network(transactional_db: None, loaded: Path) -> None:
    """Articles and listings of the starter network: loaded once, then copied back."""
    connection.ensure_connection()
    if loaded.exists():
        with closing(sqlite3.connect(loaded)) as kept:
            kept.backup(connection.connection)
        # what this process remembers of the rows that were there before
        cache.clear()
        ContentType.objects.clear_cache()
        return
    call_command("load_starter_articles", verbosity=0)
    starter.load()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(loaded)) as kept:
            connection.connection.backup(kept)


@pytest.fixture
def foreign() -> list[str]:
    """Addresses on other hosts that a page asked for: must stay empty."""
    return []


def guarded(context: BrowserContext, foreign: list[str]) -> BrowserContext:
    """Let the context speak to this machine only; write down every other address."""

    def decide(route: Route) -> None:
        host = urlsplit(route.request.url).hostname
        if host in {"localhost", "127.0.0.1"}:
            route.continue_()
        elif host == "neutral.example":
            route.fulfill(status=200, content_type="text/html", body="<title>Elsewhere</title>")
        else:
            foreign.append(route.request.url)
            route.abort()

    context.route("**/*", decide)
    return context


@pytest.fixture
def page(chromium: Browser, foreign: list[str]) -> Iterator[Page]:
    """A page with JavaScript. The test fails if it asks another host for anything."""
    context = guarded(chromium.new_context(), foreign)
    yield context.new_page()
    context.close()
    assert foreign == []


@pytest.fixture
def page_without_js(chromium: Browser, foreign: list[str]) -> Iterator[Page]:
    """A page without JavaScript. The test fails if it asks another host for anything."""
    context = guarded(chromium.new_context(java_script_enabled=False), foreign)
    yield context.new_page()
    context.close()
    assert foreign == []
