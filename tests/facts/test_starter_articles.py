"""Every starter article: whole, plainly marked up, referenced, and linked to pages that exist."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from stepwell.domain import approaches, instruments, professions, sections, support, tags

STARTER = Path(__file__).parents[2] / "stepwell" / "apps" / "magazine" / "starter"
FILES = sorted(STARTER.glob("*/*.toml"))
ARTICLES = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)

TODAY = date(2026, 11, 24)
KEYS = {
    "title",
    "standfirst",
    "author",
    "published_on",
    "tags",
    "heavy",
    "content_note",
    "helps",
    "parts",
    "references",
}
REFERENCE_KEYS = {"authors", "title", "published_in", "year", "doi", "pmid", "url"}
TAGS = {"p", "ul", "ol", "li", "strong", "em", "a"}
UNPLAIN = re.compile(
    r"!|committed suicide|\bguaranteed?\b|100 ?%|\byou are (ill|depressed)\b", re.I
)
PHONE_LIKE = re.compile(r"\+?\d[\d\s().-]{5,}\d")
FEW_DIGITS = re.compile(r"\b(call|ring|text|dial|phone)\b[^.]{0,40}\b\d{3,}", re.I)
SENSITIVE = re.compile(r"suicid|self-harm|abuse|violence|overdose|end your life", re.I)


class Markup(HTMLParser):
    """Collects tags with their attributes, and the words, of one body."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.started: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.started.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def markup(body: str) -> Markup:
    read = Markup()
    read.feed(body)
    read.close()
    assert read.open == []
    return read


def links(article: dict[str, Any]) -> Iterator[str]:
    yield from (link["url"] for link in article["helps"])
    for part in article["parts"]:
        for tag, attributes in markup(part["body"]).started:
            if tag == "a":
                yield attributes["href"] or ""


def exists(url: str) -> bool:
    """Say whether an address of this site leads to a page that the facts make."""
    match url.strip("/").split("/"):
        case ["guide" | "find" | "help-now" | "support" | "self-tests"]:
            return url == f"{url.rstrip('/')}/"
        case ["support", "therapy" | "confidentiality" | "professions" | "approaches"]:
            return True
        case ["support", "professions", name]:
            return name in professions.professions()
        case ["support", "approaches", name]:
            return name in approaches.approaches()
        case ["support", name]:
            return name in support.kinds()
        case ["support", one, "vs", other]:
            return one != other and {one, other} <= set(support.kinds())
        case ["self-tests", name]:
            return name in instruments.instruments()
    return False


def test_there_are_enough_in_every_section() -> None:
    found = Counter(path.parent.name for path in FILES)

    assert found.total() >= 44
    assert set(found) == {section.id for section in sections.sections()}
    assert min(found.values()) >= 5


def test_every_tag_has_at_least_three() -> None:
    used = Counter(tag for path in FILES for tag in load(path)["tags"])

    assert set(used) == set(tags.tags())
    assert min(used.values()) >= 3


def test_a_heavy_article_says_so_before_the_text_and_leads_to_help_now() -> None:
    heavy = [article for article in map(load, FILES) if article["heavy"]]

    assert len(heavy) >= 2
    for article in heavy:
        assert article["content_note"], article["title"]
        assert "/help-now/" in {link["url"] for link in article["helps"]}


def test_no_two_articles_share_an_address_or_a_title() -> None:
    assert len({path.stem for path in FILES}) == len(FILES)
    assert len({load(path)["title"] for path in FILES}) == len(FILES)


@ARTICLES
def test_an_article_has_the_agreed_keys(path: Path) -> None:
    article = load(path)

    assert set(article) == KEYS
    assert all(set(part) == {"heading", "body"} for part in article["parts"])
    assert all(set(link) == {"label", "url"} for link in article["helps"])
    assert all(set(one) == REFERENCE_KEYS for one in article["references"])
    assert 2 <= len(article["helps"]) <= 4
    assert 3 <= len(article["parts"]) <= 6
    assert 2 <= len(article["references"]) <= 5
    assert article["published_on"] <= TODAY


@ARTICLES
def test_an_article_is_neither_a_note_nor_a_book(path: Path) -> None:
    words = [word for part in load(path)["parts"] for word in markup(part["body"]).words]

    assert 450 <= len(words) <= 800


@ARTICLES
def test_an_article_claims_no_review(path: Path) -> None:
    article = load(path)

    assert article["author"] == "The editors"
    assert "reviewed by" not in str(article).lower()


@ARTICLES
def test_the_standfirst_is_short_and_tells_nothing_sensitive(path: Path) -> None:
    article = load(path)

    assert len(article["standfirst"]) <= 220
    assert not SENSITIVE.search(f"{article['title']} {article['standfirst']}")


@ARTICLES
def test_only_the_allowed_markup_is_used(path: Path) -> None:
    for part in load(path)["parts"]:
        for tag, attributes in markup(part["body"]).started:
            assert tag in TAGS
            assert set(attributes) == ({"href"} if tag == "a" else set())


@ARTICLES
def test_marks_and_references_meet(path: Path) -> None:
    article = load(path)
    text = " ".join(part["body"] for part in article["parts"])
    marks = {int(mark) for mark in re.findall(r"\[(\d+)\]", text)}

    assert marks == set(range(1, len(article["references"]) + 1))
    assert "[" not in re.sub(r"\[\d+\]", "", text)


@ARTICLES
def test_a_reference_can_be_found(path: Path) -> None:
    for one in load(path)["references"]:
        assert one["title"]
        assert one["published_in"]
        assert 1900 < one["year"] <= TODAY.year
        assert re.fullmatch(r"(10\.\d{4,9}/[^\s\"<>]+)?", one["doi"])
        assert re.fullmatch(r"(https://\S+)?", one["url"])
        assert re.fullmatch(r"\d*", one["pmid"])


@ARTICLES
def test_links_stay_on_this_site_and_lead_somewhere(path: Path) -> None:
    for url in links(load(path)):
        assert url.startswith("/")
        assert url.endswith("/")
        assert exists(url), url


@ARTICLES
def test_no_number_of_a_crisis_line_stands_in_an_article(path: Path) -> None:
    article = load(path)
    text = " ".join([article["standfirst"], *(part["body"] for part in article["parts"])])

    assert not PHONE_LIKE.search(text)
    assert not FEW_DIGITS.search(text)


@ARTICLES
def test_W4_an_article_is_plainly_worded(path: Path) -> None:
    article = load(path)
    text = " ".join([article["title"], article["standfirst"], *map(str, article["parts"])])
    words = [word for part in article["parts"] for word in markup(part["body"]).words]
    ends = sum(bool(re.search(r"[.?:]\W*$", word)) for word in words)

    assert not UNPLAIN.search(text)
    assert len(words) / ends <= 16


@ARTICLES
def test_an_article_that_speaks_of_danger_leads_to_help_now(path: Path) -> None:
    article = load(path)
    text = " ".join(part["body"] for part in article["parts"])

    if SENSITIVE.search(text) or "not living on" in text or "hurt yourself" in text:
        assert "/help-now/" in set(links(article))
