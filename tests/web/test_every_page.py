"""What holds for every page: a table over all routes, and a crawl of the whole site."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import html5lib
import pytest
import xmlschema
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import NoReverseMatch, resolve, reverse

from stepwell.apps.magazine.models import ArticleRow
from stepwell.importers import starter
from stepwell.web import sitemaps
from stepwell.web.middleware import HEADERS
from stepwell.web.routes import PageClass, Route, register
from tests.conftest import ROOT
from tests.web import feeds, structured
from tests.web.addresses import ADDRESSES

pytestmark = pytest.mark.django_db  # makes the database, even if only this file is run
HEALTH_WORDS = re.compile(
    r"depress|anxi|suicid|therap|psych|mental|mood|phq|gad|trauma|abuse|addict|eating|counsel", re.I
)
SITE = "http://localhost:8000"
SCHEMAS = ROOT / "tests" / "web" / "schemas"
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


def test_P10_W2_skip_help_and_exit_come_first_in_this_order(answers):
    for path, text, _ in pages(answers):
        first = re.findall(r"<a\b[^>]*href=\"([^\"]*)\"", text.partition("<body")[2])[:3]
        assert first[0].startswith("#"), path
        assert first[1:] == ["/help-now/", "/exit/"], (path, first)


def meta(text: str, name: str) -> str:
    """Return what a page's head says under `name`."""
    found = re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)">', text)
    assert len(found) == 1, (name, found)
    return found[0]


def paths_in(site: Client, sitemap: str) -> list[str]:
    """Return the paths that a sitemap lists."""
    text = site.get(sitemap).content.decode()
    return re.findall(rf"<loc>{SITE}(.*?)</loc>", text)


def test_every_public_page_has_a_description_one_address_and_a_card(site: Client, answers):
    cards = set()
    for path, text, response in pages(answers):
        if resolve(path).view_name == "sealed:answer":
            continue  # a page of its own, which says nothing to anybody
        assert 10 <= len(meta(text, "description")) <= 420, (path, meta(text, "description"))
        canonical = re.findall(r'<link rel="canonical" href="([^"]*)">', text)
        if response["Cache-Control"] == "no-store":
            assert canonical == [], path
            assert meta(text, "robots") == "noindex", path
            assert not HEALTH_WORDS.search(meta(text, "description")), path
            continue
        assert len(canonical) == 1, path
        assert canonical[0].startswith(f"{SITE}/"), path
        if "/vs/" not in path and "/in/" not in path:
            assert canonical == [f"{SITE}{path}"], path
        assert meta(text, "og:url") == canonical[0], path
        assert meta(text, "og:title"), path
        cards.add(meta(text, "og:image"))
    for card in cards:
        assert card.startswith(f"{SITE}/"), card
        answer = site.get(card.removeprefix(SITE))
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png"), card


def test_ids_are_unique_and_every_link_has_words(answers):
    for path, text, _ in pages(answers):
        ids = Counter(re.findall(r'\sid="([^"]*)"', text))
        assert not [one for one, count in ids.items() if count > 1], path
        for tag, inner in re.findall(r"(<a\b[^>]*>)(.*?)</a>", text, re.S):
            words = re.sub(r"<[^>]*>", "", inner).strip()
            said = re.search(r'aria-label="[^"]+"|aria-hidden="true"', tag)
            assert words or said or 'alt="' in inner, (path, tag)


def test_structured_data_is_whole_and_says_what_the_page_shows(answers):
    kinds = Counter()
    for path, text, _ in pages(answers):
        assert structured.problems(text) == [], path
        kinds.update(node["@type"] for node in structured.nodes(text))

    assert {"Article", "NewsArticle", "CollectionPage", "ProfilePage", "WebSite"} <= set(kinds)
    assert kinds["Article"] + kinds["NewsArticle"] == ArticleRow.objects.count()
    assert "MedicalWebPage" not in kinds


def test_sitemaps_follow_their_schemas_and_list_what_a_reader_finds(site: Client, answers):
    index = xmlschema.XMLSchema11(SCHEMAS / "siteindex.xsd")
    files = xmlschema.XMLSchema11(SCHEMAS / "sitemap.xsd", locations={
        "http://www.google.com/schemas/sitemap-news/0.9": str(SCHEMAS / "news.xsd")
    })  # fmt: skip
    names = paths_in(site, "/sitemap.xml")

    index.validate(site.get("/sitemap.xml").content.decode())
    listed = []
    for name in names:
        files.validate(site.get(name).content.decode())
        listed += paths_in(site, name) if name != "/sitemap-news.xml" else []

    assert len(listed) == len(set(listed))
    assert not [path for path in listed if path in answers and answers[path].status_code != 200]
    unknown = [path for path in listed if path not in answers]
    assert not [path for path in unknown if site.get(path).status_code != 200]
    found = {
        path
        for path, _, response in pages(answers)
        if resolve(path).view_name.startswith("magazine:") and "/page/" not in path
    }
    assert found <= set(listed)
    assert f"Sitemap: {SITE}/sitemap.xml" in site.get("/robots.txt").content.decode()


def test_every_public_route_stands_in_the_sitemap_or_is_left_out_with_a_reason():
    for name in sitemaps.listed_routes():
        try:
            assert name in sitemaps.ARGUMENTS or reverse(name)
        except NoReverseMatch:
            pytest.fail(
                f"{name}: say in web/sitemaps.py what its argument is, or why it is left out"
            )
    known = {route.name for route in register().routes}
    assert set(sitemaps.LEFT_OUT) | set(sitemaps.ARGUMENTS) <= known


def test_every_feed_that_a_page_names_is_valid_and_tells_no_notes(site: Client, answers):
    named = set()
    for _, text, _ in pages(answers):
        named |= set(
            re.findall(r'<link rel="alternate" type="[^"]*" title="[^"]*" href="([^"]*)"', text)
        )
    notes = [row.text.content_note for row in ArticleRow.objects.select_related("text")]

    assert {"/feeds/latest.rss", "/feeds/latest.atom"} < named
    assert len(named) > 70
    for path in named:
        content = site.get(path).content
        assert feeds.problems(content) == [], path
        assert not [note for note in notes if note and note.encode() in content], path


def test_previous_and_next_are_each_others_inverse_over_all_articles(answers):
    ways = {}
    for path, text, _ in pages(answers):
        if resolve(path).view_name == "magazine:article":
            ways[path] = dict(re.findall(r'<a rel="(prev|next)" href="([^"]*)"', text))

    assert len(ways) == ArticleRow.objects.count()
    assert sum(len(way) for way in ways.values()) > len(ways)
    for path, way in ways.items():
        assert "prev" not in way or ways[way["prev"]]["next"] == path
        assert "next" not in way or ways[way["next"]]["prev"] == path
