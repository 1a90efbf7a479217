"""Lists of articles beside the sections: archive, topics, authors; their heads and feeds."""

import re
from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from stepwell.apps.magazine import cards
from stepwell.apps.magazine.models import ArticleRow
from stepwell.design.cards import HEIGHT, MOST_BYTES, WIDTH, Card, png
from tests.apps.magazine.build import make_article, make_many

pytestmark = pytest.mark.django_db


def test_the_archive_names_each_month_once_with_its_articles(client: Client) -> None:
    for day in (datetime(2026, 1, 31, 23, 59, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)):
        make_article(published_at=day)
    make_article(published_at=datetime(2025, 2, 1, tzinfo=UTC))

    html = client.get("/archive/").content.decode()

    assert re.findall(r'href="(/archive/\d.*?)"', html) == [
        "/archive/2026/02/",
        "/archive/2026/01/",
        "/archive/2025/02/",
    ]
    assert client.get("/archive/2026/1/").status_code == 404
    assert client.get("/archive/2026/03/").status_code == 404
    assert client.get("/archive/2026/13/").status_code == 404
    assert client.get("/archive/0000/01/").status_code == 404


def test_a_month_leads_to_the_months_around_it_that_have_articles(client: Client) -> None:
    for month in (1, 3, 6):
        make_article(published_at=datetime(2026, month, 5, tzinfo=UTC), title=f"Of month {month}")

    html = client.get("/archive/2026/03/").content.decode()

    assert "Of month 3" in html
    assert "Of month 1" not in html
    assert {"/archive/2026/01/", "/archive/2026/06/"} <= set(re.findall(r'href="(.*?)"', html))


def test_a_paged_list_names_its_neighbours_in_the_head(client: Client) -> None:
    make_many(30)

    first = client.get("/latest/").content.decode()
    second = client.get("/latest/page/2/").content.decode()

    assert '<link rel="next" href="/latest/page/2/">' in first
    assert '<link rel="prev"' not in first
    assert '<link rel="prev" href="/latest/">' in second
    assert '<link rel="next" href="/latest/page/3/">' in second
    assert '<link rel="canonical" href="http://localhost:8000/latest/page/2/">' in second


def test_a_section_shows_its_own_tags_the_most_used_first(client: Client) -> None:
    make_article(section="news", tags=["adhd"])
    make_article(section="news", tags=["adhd", "autism"])
    make_article(section="growth-psychology", tags=["depression"])

    html = client.get("/news/").content.decode()

    assert re.findall(r'href="/tags/([a-z-]+)/"', html) == ["adhd", "autism"]
    assert re.search(r"ADHD<span[^>]*>, 2 articles</span>", html)


def test_a_card_is_drawn_at_publish_and_goes_with_its_article(client: Client) -> None:
    page = make_article(title="A card of its own")
    row = ArticleRow.objects.get(page=page)
    card = cards.of_article(row, noted=False)
    path = re.search(
        r'og:image" content="http://localhost:8000(/.*?)"', client.get(row.url).content.decode()
    )

    answer = client.get(path[1])
    kept = default_storage.exists(f"cards/{card.version}.png")
    page.unpublish()

    assert kept
    assert answer["Content-Type"] == "image/png"
    assert "immutable" in answer["Cache-Control"]
    assert not default_storage.exists(f"cards/{card.version}.png")
    assert client.get(path[1]).status_code == 404


def test_the_same_words_give_the_same_card_of_bounded_size() -> None:
    long = "A title " * 30

    for card in (Card("Site"), Card("Site", "Short", "Section", 18), Card("Site", long, "S", 262)):
        first = png(card)
        png.cache_clear()
        assert png(card) == first
        assert first[16:24] == WIDTH.to_bytes(4, "big") + HEIGHT.to_bytes(4, "big")
        assert len(first) <= MOST_BYTES


@pytest.mark.parametrize("told", [{"heavy": True}, {"content_note": "It speaks of loss."}])
def test_a_heavy_or_noted_text_has_a_neutral_card(client: Client, told: dict[str, object]) -> None:
    page = make_article(title="Sensitive title", standfirst="Sensitive line.", **told)

    html = client.get(page.url).content.decode()

    metas = re.findall(r"<meta[^>]*>", html)
    assert not [meta for meta in metas if "Sensitive" in meta]
    assert 'property="og:image" content="http://localhost:8000/design/card-' in html
