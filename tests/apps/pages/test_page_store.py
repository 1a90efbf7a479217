"""The page store: what is kept, served, followed and dropped."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from stepwell.apps.magazine.models import Notice
from stepwell.apps.pages import actions, rendering
from stepwell.apps.pages.models import Change
from stepwell.apps.pages.serving import Shelf
from stepwell.web.all_pages import kept_paths
from tests.apps.magazine.build import make_article


def shelf(kept) -> Shelf:
    return Shelf(kept.root, hosts=["testserver"], https=False, look=lambda: True)


def ask(kept, path: str, **more: str):
    environ = {**rendering.environ_of(path), **more}
    return shelf(kept).answer(environ)


def test_an_article_is_kept_as_it_was_made_and_served_without_django(kept):
    page = make_article(title="A first title")
    path = page.row.url

    response = rendering.make(path)

    found = ask(kept, path)
    assert found.status == "200 OK"
    assert found.body == response.content
    assert dict(found.headers)["Content-Security-Policy"] == response["Content-Security-Policy"]


def test_an_edit_takes_exactly_the_pages_away_that_show_it(kept, committed):
    page, other = make_article(title="Before"), make_article(section="news")
    for path in (page.row.url, other.row.url, "/", "/latest/", "/news/", "/growth-psychology/"):
        rendering.make(path)
    untouched = {path: ask(kept, path).body for path in (other.row.url, "/news/")}

    page.title = "After"
    with committed():
        page.save_revision().publish()

    assert b"After" in ask(kept, page.row.url).body
    for path in ("/", "/latest/", "/growth-psychology/"):
        assert b"After" in ask(kept, path).body
    for path, body in untouched.items():
        assert ask(kept, path).body == body


def test_an_unpublished_article_is_nowhere(kept, committed):
    page = make_article(title="A title that goes")
    path = page.row.url
    actions.rebuild(kept_paths(), lambda done: None)

    with committed():
        page.unpublish()
    actions.settle(kept)

    assert ask(kept, path) is None
    for file in kept.files.rglob("*"):
        assert (
            not file.is_file()
            or file.suffix in {".br", ".gz"}
            or b"A title that goes" not in (file.read_bytes())
        )


def test_a_draft_is_never_kept(kept):
    page = make_article(publish=False)

    rendering.make(f"/growth-psychology/{page.slug}/")

    assert ask(kept, f"/growth-psychology/{page.slug}/") is None


@pytest.mark.parametrize(
    ("more", "served"),
    [
        ({}, True),
        ({"REQUEST_METHOD": "HEAD"}, True),
        ({"REQUEST_METHOD": "POST"}, False),
        ({"QUERY_STRING": "q=1"}, False),
        ({"HTTP_HOST": "elsewhere.example"}, False),
    ],
)
def test_only_what_anybody_would_ask_is_answered_from_the_store(kept, more, served):
    rendering.make("/about/")

    assert (ask(kept, "/about/", **more) is not None) == served


def test_head_304_and_encodings_are_right(kept):
    rendering.make("/about/")
    whole = ask(kept, "/about/")
    packed = ask(kept, "/about/", HTTP_ACCEPT_ENCODING="gzip, deflate, br")

    etags = {dict(one.headers)["ETag"] for one in (whole, packed)}
    again = ask(
        kept,
        "/about/",
        HTTP_ACCEPT_ENCODING="gzip, deflate, br",
        HTTP_IF_NONE_MATCH=dict(packed.headers)["ETag"],
    )

    assert len(etags) == 2
    assert dict(packed.headers)["Content-Encoding"] == "br"
    assert len(packed.body) < len(whole.body) / 2
    assert again.status == "304 Not Modified"
    assert again.body == b""
    assert dict(again.headers)["Vary"] == "Accept-Encoding"
    assert ask(kept, "/about/", REQUEST_METHOD="HEAD").body == b""
    assert "Content-Encoding" not in dict(
        ask(kept, "/about/", HTTP_ACCEPT_ENCODING="br;q=0").headers
    )


def test_a_torn_file_is_not_served(kept):
    rendering.make("/about/")
    file = kept.files / "about/index.html"

    file.write_bytes(file.read_bytes()[:100])

    assert ask(kept, "/about/") is None


def test_a_page_that_ends_is_not_served_on_the_next_day(kept, monkeypatch):
    today = timezone.localdate()
    Notice.objects.create(
        title="An offer",
        text="Words",
        sponsor="A sponsor",
        from_on=today,
        until_on=today,
        on_front=True,
    )
    rendering.make("/")
    assert b"An offer" in ask(kept, "/").body

    tomorrow = datetime.now(UTC) + timedelta(days=1)
    monkeypatch.setattr("stepwell.apps.pages.serving.time", tomorrow.timestamp)

    assert ask(kept, "/") is None


def test_a_page_made_while_something_changed_is_not_kept(kept, monkeypatch):
    page = make_article()
    path = page.row.url
    fingerprint = actions.changed_since

    def change_first(*args):
        Change.objects.create(key=f"article:{page.pk}")
        return fingerprint(*args)

    monkeypatch.setattr(actions, "changed_since", change_first)
    rendering.make(path)

    assert ask(kept, path) is None


def test_a_page_that_reads_a_table_nobody_spoke_for_is_not_kept(kept, monkeypatch):
    monkeypatch.setattr("stepwell.apps.magazine.notice_queries.made_from", lambda *keys: None)

    rendering.make("/")

    assert ask(kept, "/") is None


def test_what_changed_while_nobody_watched_is_followed_at_the_start(kept):
    page = make_article(title="Before the crash")
    path = page.row.url
    rendering.make(path)
    # A crash between the change and its following leaves the row and the old page.
    type(page.row).objects.filter(pk=page.pk).update(title="After the crash")
    Change.objects.create(key=f"article:{page.pk}")

    actions.catch_up()

    assert ask(kept, path) is None
    actions.settle(kept)
    assert b"After the crash" in ask(kept, path).body


def test_a_store_that_cannot_follow_serves_nothing_and_fails_no_edit(kept, committed, monkeypatch):
    page = make_article(title="Before")
    path = page.row.url
    rendering.make(path)
    monkeypatch.setattr(kept, "hold", raising(OSError("No space left on device")))

    page.title = "After"
    with committed():
        page.save_revision().publish()

    page.row.refresh_from_db()
    assert page.row.title == "After"
    assert ask(kept, path) is None


def test_a_reader_is_answered_where_nothing_can_be_kept(kept, monkeypatch):
    monkeypatch.setattr(kept, "put", raising(OSError("No space left on device")))

    response = rendering.make("/about/")

    assert response.status_code == 200
    assert ask(kept, "/about/") is None


def raising(error: Exception):
    def refuse(*args, **more):
        raise error

    return refuse
