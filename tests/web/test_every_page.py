"""What holds for every page: a table over all routes, and a crawl of the whole site."""

import re
from collections import deque
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import html5lib
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import resolve

from stepwell.importers import starter
from stepwell.web.middleware import HEADERS
from stepwell.web.routes import PageClass, Route, register
from tests.web.addresses import ADDRESSES

pytestmark = pytest.mark.django_db  # makes the database, even if only this file is run
HEALTH_WORDS = re.compile(
    r"depress|anxi|suicid|therap|psych|mental|mood|phq|gad|trauma|abuse|addict|eating|counsel", re.I
)
READER_ROUTES = [route for route in register().routes if "visitor" in route.roles]


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """A reader on the starter network, which is rolled back after this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_starter_articles", verbosity=0)
        starter.load()
        yield Client()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def answers(site: Client):
    """What the whole site answers to a reader who follows every link."""
    return crawl(site)


class Links(HTMLParser):
    """The addresses that a page links to, and those that it loads."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loads: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag in {"a", "area"} and values.get("href"):
            self.links.add(values["href"] or "")
        for name in ("src", "srcset", "poster"):
            if values.get(name):
                self.loads.add(values[name] or "")
        if tag == "link" and values.get("rel") in {"stylesheet", "icon", "preload", "preconnect"}:
            self.loads.add(values.get("href") or "")


def links_of(text: str) -> Links:
    found = Links()
    found.feed(text)
    return found


def crawl(client: Client, pairs: int = 40) -> dict[str, object]:
    """Follow every link from the first page; return each answer by its path.

    Of the comparisons, of which there is one for every pair, only the first `pairs`.
    """
    waiting = deque(["/", "/about/sitemap/", "/design/", "/latest/"])
    answers: dict[str, object] = {}
    while waiting:
        path = waiting.popleft()
        pairs -= (is_pair := "/vs/" in path) and path not in answers
        if path in answers or path.startswith(("/admin", "/exit")) or (is_pair and pairs < 0):
            continue
        answers[path] = response = client.get(path)
        if "text/html" in response.get("Content-Type", "") and response.status_code == 200:
            found = links_of(response.content.decode())
            for link in (*found.links, *found.loads):
                parts = urlsplit(urljoin(f"http://testserver{path}", link))
                if parts.netloc == "testserver" and parts.path not in answers:
                    waiting.append(parts.path)
    return answers


def pages(answers: dict[str, object]) -> Iterator[tuple[str, str, object]]:
    """Yield path, text and answer of every whole page."""
    for path, response in answers.items():
        if response.status_code == 200 and "text/html" in response["Content-Type"]:
            yield path, response.content.decode(), response


def content_hash() -> str:
    """A digest of every row of every table but sessions."""
    digest = sha256()
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table.startswith(("django_session", "sqlite_")):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            digest.update(repr(sorted(map(repr, cursor.fetchall()))).encode())
    return digest.hexdigest()


def address_of(route: Route, answers: dict[str, object]) -> str:
    """Return an address of the route: one the crawl found, or one written down."""
    if route.name in ADDRESSES:
        return ADDRESSES[route.name]
    found = [path for path in answers if resolve(path).view_name == route.name]
    assert found, f"write an address of {route.name} into tests/web/addresses.py"
    return found[0]


@pytest.mark.parametrize("route", READER_ROUTES, ids=lambda route: route.name)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_P4_P5_X1_headers_follow_the_class(site: Client, answers, route: Route, method: str):
    address = address_of(route, answers)

    response = getattr(site, method)(address)

    for name, value in HEADERS.items():
        assert response[name] == value, (address, name)
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    kept = route.page_class is PageClass.PUBLIC and response.status_code < 400
    assert ("no-store" in response["Cache-Control"]) is not kept, address
    assert "Set-Cookie" not in response.headers


def test_P2_P3_P7_P8_the_whole_site_as_a_reader(site: Client):
    before = content_hash()

    answers = crawl(site)

    assert len(answers) > 250
    broken = {path: r.status_code for path, r in answers.items() if r.status_code >= 400}
    assert broken == {}
    for path, response in answers.items():
        assert not response.cookies, path
        assert "Cookie" not in response.get("Vary", ""), path
    for path, text, _ in pages(answers):
        assert len(re.findall(r"<h1[ >]", text)) == 1, path
        assert '<html lang="en' in text, path
        foreign = [load for load in links_of(text).loads if load.startswith(("http", "//"))]
        assert foreign == [], path
    assert content_hash() == before
    assert not site.cookies


def test_P2_pages_are_well_formed(answers):
    for path, text, _ in pages(answers):
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(text)
        assert parser.errors == [], (path, parser.errors[:3])


def test_P2_X2_titles_say_what_the_heading_says_or_nothing(answers):
    for path, text, response in pages(answers):
        title = re.sub(r"\s+", " ", re.search(r"<title>(.*?)</title>", text, re.S)[1]).strip()
        heading = re.sub(r"<[^>]+>", "", re.search(r"<h1[^>]*>(.*?)</h1>", text, re.S)[1])
        heading = re.sub(r"\s+", " ", heading).strip()
        if response["Cache-Control"] == "no-store":
            assert not HEALTH_WORDS.search(title), (path, title)
        elif path != "/":
            assert title.startswith(heading), (path, title, heading)


def test_X3_sensitive_forms_are_not_refilled(answers):
    for path, text, response in pages(answers):
        if response["Cache-Control"] != "no-store":
            continue
        for tag in re.findall(r"<(?:form|input|select|textarea)\b[^>]*>", text):
            if 'type="hidden"' not in tag and 'type="submit"' not in tag:
                assert 'autocomplete="off"' in tag, (path, tag)


def test_P10_skip_help_and_exit_come_first_in_this_order(answers):
    for path, text, _ in pages(answers):
        first = re.findall(r"<a\b[^>]*href=\"([^\"]*)\"", text.partition("<body")[2])[:3]
        assert first[0].startswith("#"), path
        assert first[1:] == ["/help-now/", "/exit/"], (path, first)
