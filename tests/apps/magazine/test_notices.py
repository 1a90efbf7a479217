"""Notices on the pages: labelled, few, gone in time, and nowhere near help."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.apps.magazine.models import ArticleRow, ArticleText, Notice
from stepwell.domain.notices import family_of
from stepwell.importers import starter
from stepwell.web.routes import register
from tests.apps.magazine.build import make_article
from tests.web.test_every_page import crawl, pages

pytestmark = pytest.mark.django_db
MARK = "data-notice"


def make_notice(**other: Any) -> Notice:
    said: dict[str, Any] = {
        "title": "A choir",
        "text": "Looks for voices.",
        "link": "https://choir.example/",
        "sponsor": "Example Choir",
        "from_on": timezone.localdate(),
        "on_front": True,
        "sections": [],
    }
    return Notice.objects.create(**{**said, **other})


@pytest.fixture
def row() -> ArticleRow:
    make_article()
    return ArticleRow.objects.get()


def test_a_notice_is_labelled_in_text_and_in_its_name(client: Client, row: ArticleRow) -> None:
    make_notice(sections=[row.section])

    for path in ("/", f"/{row.section}/", row.url):
        text = client.get(path).content.decode()
        assert text.count(MARK) == 1, path
        assert 'aria-label="Advertisement by Example Choir"' in text
        assert '<p class="paid__label">Advertisement</p>' in text
        assert 'rel="sponsored noopener noreferrer"' in text


def test_R12_notices_cost_one_query_however_many(
    client: Client, row: ArticleRow, django_assert_num_queries: Any
) -> None:
    for _ in range(9):
        make_notice(sections=[row.section])
    ArticleRow.objects.update(tags=["mental-fatigue"])
    client.get("/")

    for path, queries in {"/": 4, row.url: 5, f"/{row.section}/": 5}.items():
        with django_assert_num_queries(queries):
            assert MARK in client.get(path).content.decode()


def test_at_most_two_stand_on_a_page(client: Client, row: ArticleRow) -> None:
    for _ in range(5):
        make_notice(sections=[row.section])

    assert client.get("/").content.decode().count(MARK) == 2
    assert client.get(row.url).content.decode().count(MARK) == 2


def test_a_notice_stands_below_what_helps(client: Client, row: ArticleRow) -> None:
    make_notice(sections=[row.section])

    text = client.get(row.url).content.decode().partition("<main")[2]

    assert text.index(MARK) > text.index("</h1>")
    after = text[text.index(MARK) :]
    assert 'class="helps"' not in after
    assert "crisis" not in after.partition("</main>")[0]


def test_a_notice_goes_by_its_date(client: Client) -> None:
    notice = make_notice(until_on=timezone.localdate())
    assert MARK in client.get("/").content.decode()

    Notice.objects.filter(pk=notice.pk).update(
        from_on=timezone.localdate() - timedelta(9), until_on=timezone.localdate() - timedelta(1)
    )

    assert MARK not in client.get("/").content.decode()


@pytest.mark.parametrize("what", ["heavy", "content_note", "passage", "tags"])
def test_no_notice_on_a_heavy_or_noted_text(client: Client, row: ArticleRow, what: str) -> None:
    make_notice(sections=[row.section])
    if what == "heavy":
        ArticleRow.objects.update(heavy=True)
    elif what == "tags":
        ArticleRow.objects.update(tags=["depression"])
    elif what == "content_note":
        ArticleText.objects.update(content_note="It speaks of loss.")
    else:
        ArticleText.objects.update(body='<details class="note"><p>Loss.</p></details>')

    assert MARK not in client.get(row.url).content.decode()


def test_P3_notices_are_the_same_for_everybody_and_count_nobody(
    client: Client, row: ArticleRow
) -> None:
    make_notice(sections=[row.section])
    before = list(Notice.objects.values())

    first = client.get(row.url)
    other = Client(headers={"user-agent": "Another", "accept-language": "de", "cookie": "a=1"}).get(
        row.url
    )

    assert first.content == other.content
    assert not first.cookies
    assert list(Notice.objects.values()) == before
    assert {field.name for field in Notice._meta.fields} == {
        "id", "title", "text", "link", "sponsor", "from_on", "until_on", "on_front", "sections",
        "active",
    }  # fmt: skip


def test_no_forbidden_page_of_the_whole_site_carries_a_notice(client: Client) -> None:
    call_command("load_starter_articles", verbosity=0)
    starter.load()
    make_notice(sections=sorted({row.section for row in ArticleRow.objects.all()}))

    seen = {True: 0, False: 0}
    for path, text, _ in pages(crawl(client, pairs=3)):
        allowed = family_of(resolve(path).view_name).allowed
        seen[MARK in text] += 1
        assert allowed or MARK not in text or path == "/design/", path

    assert seen[True] > 20
    assert seen[False] > 200


def test_every_route_of_readers_belongs_to_a_family_by_name() -> None:
    families = {family_of(route.name).id for route in register().routes}

    assert {"home", "section", "article", "help", "guide", "self_tests", "contact"} <= families


def test_sponsors_are_named_and_where_none_may_stand(client: Client) -> None:
    make_notice(sponsor="Example Choir")
    make_notice(
        sponsor="Long Ago",
        from_on=timezone.localdate() - timedelta(800),
        until_on=timezone.localdate() - timedelta(700),
    )

    text = client.get("/about/sponsors/").content.decode()

    assert "Example Choir" in text
    assert "Long Ago" not in text
    assert "Nothing stands between a reader and help." in text
    assert MARK not in text


def test_editors_book_notices_and_see_where_they_stand(client: Client) -> None:
    client.force_login(Person.objects.create_superuser("ada"))

    places = client.get("/admin/magazine/notices/places/").content.decode()
    form = client.get("/admin/snippets/magazine/notice/add/")
    said = {"title": "A choir", "text": "x", "sponsor": "Choir", "from_on": "2026-11-24"}
    client.post("/admin/snippets/magazine/notice/add/", {**said, "sections": ["news"]})

    assert "Self-tests" in places
    assert form.status_code == 200
    assert Notice.objects.get().sections == ["news"]


def test_others_do_not_book(client: Client) -> None:
    client.force_login(Person.objects.create(username="cleo"))

    assert client.get("/admin/magazine/notices/places/").status_code in {302, 403}
