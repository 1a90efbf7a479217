"""A real Chromium, with JavaScript and without, that may speak to the test's own server only."""

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    Route,
    expect,
    sync_playwright,
)

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
