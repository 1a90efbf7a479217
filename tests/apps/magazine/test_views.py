"""The magazine as readers meet it."""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from stepwell.apps.magazine import starter
from stepwell.apps.magazine.models import ArticlePage, ArticleRow
from tests.apps.magazine.build import make_article, make_many

FOLDER = Path(__file__).parent / "starter"
ARTICLE = "/growth-psychology/two-words-for-help/"
PAGES = ["/", "/latest/", "/growth-psychology/", "/tags/depression/", "/tags/adhd/", ARTICLE]
pytestmark = pytest.mark.django_db
CountQueries = Callable[[int], AbstractContextManager[Any]]


@pytest.fixture
def loaded() -> None:
    """A small magazine."""
    starter.load(FOLDER)


def text_of(html: str, tag: str) -> list[str]:
    """Return the text of each `tag` in a page."""
    inner = re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", html, re.S)
    return [re.sub(r"<[^>]*>", "", found).strip() for found in inner]


class Ids(HTMLParser):
    """Collects ids and the anchors that links point to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name == "href" and (value or "").startswith("#"):
                self.targets.add((value or "")[1:])


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("path", PAGES)
def test_P2_status_one_heading_and_title_from_it(client: Client, path: str) -> None:
    response = client.get(path)
    html = response.content.decode()

    assert response.status_code == 200
    (heading,) = text_of(html, "h1")
    assert text_of(html, "title") == [f"{heading} · Mental Health Network"]


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("path", [*PAGES, "/feeds/latest.rss", "/sitemap.xml", "/no-such-page/"])
def test_P8_no_cookie_for_readers(client: Client, path: str) -> None:
    response = client.get(path)

    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("path", PAGES)
def test_links_inside_a_page_lead_somewhere(client: Client, path: str) -> None:
    page = Ids(client.get(path).content.decode())

    assert len(page.ids) == len(set(page.ids))
    assert page.targets <= set(page.ids)


@pytest.mark.usefixtures("loaded")
def test_home_has_three_doors_sections_latest_and_tags(client: Client) -> None:
    html = client.get("/").content.decode()

    assert text_of(html, "h1") == ["What would help?"]
    for door in ("/guide/", "/self-tests/", "/find/"):
        assert f'href="{door}"' in html
    assert {"Growth psychology", "Recent news", "Latest", "Topics"} <= set(text_of(html, "h2"))
    assert html.count('class="tags"') == 1
    assert len(set(re.findall(r"/tags/[a-z-]+/", html))) == 30
    assert re.search(r"depression<span[^>]*>, 2 articles</span>", html)


def test_home_before_anything_is_loaded_still_shows_the_doors(client: Client) -> None:
    html = client.get("/").content.decode()

    assert text_of(html, "h1") == ["What would help?"]
    assert 'href="/guide/"' in html


@pytest.mark.usefixtures("loaded")
def test_article_shows_all_its_parts(client: Client) -> None:
    html = client.get(ARTICLE).content.decode()

    assert 'By <a href="/authors/the-editors/">The editors</a>' in html
    assert "First published" in html
    assert "2 November 2026" in html
    assert "Last reviewed" not in html
    assert "Starter article. Not yet reviewed by a clinician of this organisation." in html
    assert "<details" in html
    assert "This text speaks of feeling low." in html
    assert "2. Two words, one overlap" in text_of(html, "h2")
    assert 'href="https://doi.org/10.1000/182"' in html
    assert 'href="https://pubmed.ncbi.nlm.nih.gov/12345678/"' in html
    assert 'href="https://example.org/report"' in html
    assert '<a href="/guide/">Find what fits</a>' in html
    assert 'href="/tags/psychotherapy/"' in html
    assert "Also about depression" in html
    assert 'aria-current="page">Growth psychology</a>' in html


@pytest.mark.usefixtures("loaded")
def test_an_editors_article_is_not_called_a_starter(client: Client) -> None:
    page = make_article()

    html = client.get(page.url).content.decode()

    assert "Not yet reviewed by a clinician of this organisation." in html
    assert "Starter article" not in html


@pytest.mark.usefixtures("loaded")
def test_the_content_note_stays_on_its_page(client: Client) -> None:
    elsewhere = [
        "/",
        "/latest/",
        "/growth-psychology/",
        "/tags/depression/",
        "/feeds/latest.rss",
        "/feeds/latest.atom",
        "/news/a-new-rule/",
        "/sitemap-news.xml",
    ]

    for path in elsewhere:
        assert b"speaks of feeling low" not in client.get(path).content


def test_structured_data_says_what_is_visible_and_cannot_break_out(client: Client) -> None:
    page = make_article(title='</script><script>alert("1")</script> & more')

    html = client.get(page.url).content.decode()

    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    article, crumbs = json.loads(data)["@graph"]
    assert article["headline"] == page.title
    assert article["author"][0]["name"] == "Ann Example"
    assert [step["name"] for step in crumbs["itemListElement"]] == [
        "Home",
        "Growth psychology",
        page.title,
    ]
    assert "<script>alert" not in html


@pytest.mark.parametrize("number", [30, 120])
def test_R12_queries_do_not_grow_with_the_articles(
    client: Client, django_assert_num_queries: CountQueries, number: int
) -> None:
    make_many(number)
    row = ArticleRow.objects.order_by("pk")[number // 4 * 2]  # about depression
    client.get("/")
    expected = {
        "/": 4,
        row.url: 4,  # its tag bears no notice; others ask once more (test_notices.py)
        f"/{row.section}/": 5,
        "/latest/": 2,
        "/tags/depression/": 2,
        "/tags/": 1,
        "/archive/": 1,
        "/archive/2026/01/": 3,
        "/authors/": 1,
        "/authors/ann-example/": 3,
        "/feeds/tags/depression.atom": 1,
        "/feeds/authors/ann-example.rss": 2,
        "/sitemap.xml": 3,  # one of them for the towns of the directory
        "/sitemap-lists.xml": 3,
        "/feeds/latest.rss": 1,
        f"/feeds/{row.section}.atom": 2,
        "/sitemap-articles-1.xml": 1,
        "/sitemap-news.xml": 1,
    }

    for path, queries in expected.items():
        with django_assert_num_queries(queries):
            assert client.get(path).status_code == 200, path


def test_lists_are_paged_and_page_one_has_one_address(client: Client) -> None:
    make_many(100)

    for base in ("/latest/", "/news/", "/tags/depression/"):
        second = client.get(f"{base}page/2/")
        first = client.get(f"{base}page/1/")
        assert second.status_code == 200
        assert f'<link rel="prev" href="{base}">' in second.content.decode()
        assert f'<a rel="prev" href="{base}">' in second.content.decode()
        assert (first.status_code, first["Location"]) == (301, base)
        assert client.get(f"{base}page/99/").status_code == 404
        assert client.get(f"{base}page/0/").status_code == 404


def test_every_article_is_on_exactly_one_page_of_a_list(client: Client) -> None:
    make_many(30)

    pages = [client.get(f"/latest/page/{number}/").content.decode() for number in (2, 3)]
    pages.append(client.get("/latest/").content.decode())

    for row in ArticleRow.objects.all():
        assert sum(f'<a href="{row.url}">' in html for html in pages) == 1


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    "path",
    [
        "/no-such-section/",
        "/growth-psychology/no-such-article/",
        "/tags/no-such-tag/",
        "/news/page/",
        "/feeds/no-such-section.rss",
        "/a/b/c/",
    ],
)
def test_what_is_not_there_is_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.usefixtures("loaded")
def test_what_is_not_published_is_404(client: Client) -> None:
    draft = make_article(publish=False)
    ArticlePage.objects.get(slug="two-words-for-help").unpublish()

    assert client.get(f"/growth-psychology/{draft.slug}/").status_code == 404
    assert client.get(ARTICLE).status_code == 404


@pytest.mark.usefixtures("loaded")
def test_I8_a_private_article_asks_for_its_password_and_shows_nothing(client: Client) -> None:
    page = ArticlePage.objects.get(slug="two-words-for-help")
    PageViewRestriction.objects.create(page=page, restriction_type="password", password="x")

    html = client.get(ARTICLE).content

    assert b"Words overlap" not in html
    assert b"Two words for help" not in client.get("/latest/").content


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/feeds/latest.rss", "rss"),
        ("/feeds/growth-psychology.rss", "rss"),
        ("/feeds/latest.atom", "atom"),
        ("/feeds/growth-psychology.atom", "atom"),
    ],
)
def test_feeds_are_xml_with_the_articles(client: Client, path: str, kind: str) -> None:
    from xml.etree import ElementTree

    response = client.get(path)
    root = ElementTree.fromstring(response.content)

    atom = "{http://www.w3.org/2005/Atom}"
    entries = root.findall("channel/item" if kind == "rss" else f"{atom}entry")
    titles = [one.findtext("title" if kind == "rss" else f"{atom}title") for one in entries]
    assert f"application/{kind}+xml" in response["Content-Type"]
    assert "Two words for help" in titles
    assert ("A new rule" in titles) == ("latest" in path)


@pytest.mark.usefixtures("loaded")
def test_sitemaps_name_every_article_once(client: Client) -> None:
    from xml.etree import ElementTree

    index = client.get("/sitemap.xml").content.decode()
    listed = client.get("/sitemap-articles-1.xml").content.decode()

    assert re.findall(r"<loc>http://localhost:8000(.*?)</loc>", index) == [
        "/sitemap-pages.xml",
        "/sitemap-lists.xml",
        "/sitemap-articles-1.xml",
        "/sitemap-towns-1.xml",
        "/sitemap-news.xml",
    ]
    ElementTree.fromstring(listed)
    for row in ArticleRow.objects.all():
        assert listed.count(f"<loc>http://localhost:8000{row.url}</loc>") == 1
    assert "<lastmod>2026-11-02</lastmod>" in listed


def test_the_news_sitemap_holds_two_days(client: Client) -> None:
    from datetime import timedelta

    from django.utils import timezone

    now = timezone.now()
    new = make_article(published_at=now - timedelta(days=1), title="New & true")
    make_article(published_at=now - timedelta(days=3), title="Older")

    xml = client.get("/sitemap-news.xml").content.decode()

    assert xml.count("<news:news>") == 1
    assert f"{new.slug}/" in xml
    assert "<news:title>New &amp; true</news:title>" in xml
    assert "<news:name>Mental Health Network</news:name>" in xml


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("name", ["HomePage", "SectionPage", "ArticlePage"])
def test_editors_preview_each_kind_of_page(name: str) -> None:
    from stepwell.apps.magazine import models

    page = getattr(models, name).objects.first()
    page.title = "Changed in the draft"

    response = page.make_preview_request()
    response.render()

    assert response.status_code == 200
    assert text_of(response.content.decode(), "h1")[0] in {
        "Changed in the draft",
        "Growth psychology",
        "Interpersonal relationship",
    }
