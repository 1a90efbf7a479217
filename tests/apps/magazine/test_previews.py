"""A draft for somebody outside: one text, for a few days, behind one signed address."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.models import Event
from stepwell.apps.magazine import newsroom, preview_actions, preview_queries, starter
from stepwell.apps.magazine.models import ArticlePage, ArticleRow, PreviewLink
from tests.apps.magazine.build import make_article, make_many
from tests.apps.magazine.people import make_clinician, make_person
from tests.apps.magazine.test_pictures import make_picture

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def people(db: None) -> dict[str, Person]:
    """Ada and Ben are editors, Cleo is a clinician."""
    starter.make_site()
    newsroom.settle_newsroom()
    return {
        "ada": make_person("ada", "Editors"),
        "ben": make_person("ben", "Editors"),
        "cleo": make_clinician(),
    }


@pytest.fixture
def draft(people: dict[str, Person]) -> ArticlePage:
    """A draft with a picture."""
    page = make_article(title="Sleep after a loss", publish=False)
    page.cover_image, page.cover_alt = make_picture(), "Two hills"
    page.save_revision()
    return page


def ada() -> Person:
    return Person.objects.get(username="ada")


def make(
    page: ArticlePage, *, days: int = 7, now: datetime | None = None, by: Person | None = None
):
    """Return a link and its address."""
    link, token = preview_actions.make_preview_link(
        page=page, by=by or ada(), days=days, now=now or timezone.now()
    )
    return link, reverse("magazine:preview", args=[token])


def test_a_link_shows_the_draft_as_it_would_be_published(client: Client, draft) -> None:
    _, address = make(draft)

    response = client.get(address)

    words = response.content.decode()
    assert response.status_code == 200
    assert "<h1>Sleep after a loss</h1>" in words
    assert 'alt="Two hills"' in words
    assert "This is a draft." in words
    assert "Nothing here is published." in words
    assert not ArticleRow.objects.exists()


def test_a_link_says_until_when_it_works(client: Client, draft) -> None:
    link, address = make(draft, days=1)

    words = client.get(address).content.decode()

    ends = timezone.localtime(link.expires_at)
    assert f'it works until <time datetime="{ends:%Y-%m-%dT%H:%M}' in words


def test_P4_P8_the_page_is_kept_by_nobody_and_names_no_topic(client: Client, draft) -> None:
    _, address = make(draft)

    response = client.get(address)

    words = response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in words
    assert words.split("<title>")[1].startswith("Preview · ")
    assert "application/ld+json" not in words
    assert "og:title" not in words
    assert "canonical" not in words
    assert "Set-Cookie" not in response.headers
    assert client.post(address).status_code == 405


def test_P7_opening_a_link_writes_nothing(client: Client, draft) -> None:
    _, address = make(draft)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get(address)

    assert asked.captured_queries
    assert all(one["sql"].startswith("SELECT") for one in asked.captured_queries)


def test_a_link_costs_the_same_queries_however_many_articles_there_are(
    client: Client, draft, django_assert_max_num_queries
) -> None:
    _, address = make(draft)
    make_many(14)
    client.get(address)

    with django_assert_max_num_queries(14):  # nearly all by Wagtail, to build a page of a revision
        client.get(address)


@pytest.mark.parametrize("change", ["signature", "revision", "salt", "cut", "link", "rubbish"])
def test_a_changed_address_opens_nothing(client: Client, draft, change: str) -> None:
    link, address = make(draft)
    token = preview_queries.token_of(link)
    told, signature = token.rsplit(":", 1)
    other = make_article(publish=False)
    key, page_id, revision_id = told.split(".")
    later = draft.save_revision().pk
    changed = {
        "signature": f"{told}:{signature[::-1]}",
        "revision": f"{key}.{page_id}.{later}:{signature}",
        "salt": signing.Signer(salt="something else").sign(told),
        "cut": token[:-1],
        "link": f"{key}.{other.pk}.{revision_id}:{signature}",
        "rubbish": "\x00" + "a" * 5_000,
    }[change]

    response = client.get(reverse("magazine:preview", args=[changed]))

    assert client.get(address).status_code == 200
    assert response.status_code == 404


def test_a_signature_is_bound_to_page_and_revision_of_the_row(draft) -> None:
    link, _ = make(draft)
    token = preview_queries.token_of(link)
    later = draft.save_revision()

    PreviewLink.objects.filter(pk=link.pk).update(revision=later)

    assert preview_queries.find_preview(token, timezone.now()) is None


@pytest.mark.parametrize("days", [1, 7, 30])
def test_a_link_ends_by_the_clock(draft, days: int) -> None:
    link, _ = make(draft, days=days, now=NOON)
    token, end = preview_queries.token_of(link), NOON + timedelta(days=days)

    assert preview_queries.find_preview(token, end - timedelta(seconds=1)) == link
    assert preview_queries.find_preview(token, end) is None


def test_what_is_wrong_over_or_revoked_gives_the_same_page(client: Client, draft) -> None:
    _, over = make(draft, now=timezone.now() - timedelta(days=8))
    link, revoked = make(draft)
    preview_actions.revoke_preview_link(link=link, by=ada())
    wrong = reverse("magazine:preview", args=["a" * 40])

    answers = [client.get(address) for address in (over, revoked, wrong)]

    assert [one.status_code for one in answers] == [404, 404, 404]
    assert len({one.content for one in answers}) == 1


def test_a_later_edit_does_not_change_what_the_link_shows(client: Client, draft) -> None:
    _, address = make(draft)
    draft.title = "Another title"
    draft.save_revision().publish()

    words = client.get(address).content.decode()

    assert "<h1>Sleep after a loss</h1>" in words
    assert "Another title" not in words


def test_a_link_ends_with_its_revision(client: Client, draft) -> None:
    link, address = make(draft)

    Revision.objects.filter(pk=link.revision_id).delete()

    assert client.get(address).status_code == 404


def test_only_who_may_edit_makes_and_revokes_a_link(draft, people: dict[str, Person]) -> None:
    link, _ = make(draft, by=people["ada"])

    preview_actions.revoke_preview_link(link=link, by=people["ben"])
    with pytest.raises(PermissionDenied):
        make(draft, by=people["cleo"])
    with pytest.raises(PermissionDenied):
        preview_actions.revoke_preview_link(link=link, by=people["cleo"])

    assert PreviewLink.objects.count() == 1


def test_making_and_revoking_is_written_down_once_with_ids(draft) -> None:
    link, _ = make(draft)
    for _ in range(2):
        preview_actions.revoke_preview_link(link=link, by=ada())

    told = list(Event.objects.filter(verb__contains="preview").order_by("pk"))

    assert [one.verb for one in told] == ["made preview link", "revoked preview link"]
    assert {(one.thing, one.reason) for one in told} == {(f"article:{draft.pk}", str(link.pk))}


def test_a_time_that_is_not_offered_is_refused(draft) -> None:
    with pytest.raises(ValueError, match="1, 7, 30"):
        make(draft, days=365)


def test_the_newsroom_makes_a_link_and_shows_it_once(client: Client, draft) -> None:
    client.force_login(ada())
    place = reverse("magazine_preview_links", args=[draft.pk])

    made = client.post(place, {"days": "7"}).content.decode()

    link = PreviewLink.objects.get()
    address = reverse("magazine:preview", args=[preview_queries.token_of(link)])
    assert f"http://testserver{address}" in made
    assert address not in client.get(place).content.decode()
    assert Client().get(address).status_code == 200


def test_the_newsroom_lists_links_and_revokes_them(client: Client, draft) -> None:
    link, address = make(draft)
    client.force_login(ada())
    place = reverse("magazine_preview_links", args=[draft.pk])

    shown = client.get(place).content.decode()
    response = client.post(place, {"end": str(link.pk)}, follow=True)

    assert str(link.pk) in shown
    assert "Revoked" in response.content.decode()
    assert Client().get(address).status_code == 404


def test_a_link_of_another_article_is_not_revoked_here(client: Client, draft) -> None:
    link, _ = make(draft)
    other = make_article(publish=False)
    client.force_login(ada())

    for told in (str(link.pk), "no id"):
        place = reverse("magazine_preview_links", args=[other.pk])
        assert client.post(place, {"end": told}).status_code == 404

    assert PreviewLink.objects.get().revoked_at is None


def test_the_newsrooms_page_makes_nothing_without_a_time_or_a_saved_text(client, draft) -> None:
    client.force_login(ada())
    unsaved = make_article(publish=False)

    wrong = client.post(reverse("magazine_preview_links", args=[draft.pk]), {"days": "365"})
    empty = client.post(reverse("magazine_preview_links", args=[unsaved.pk]), {"days": "7"})

    assert "not one of the available choices" in wrong.content.decode()
    assert "Save it once" in empty.content.decode()
    assert not PreviewLink.objects.exists()


def test_the_editor_of_an_article_leads_to_its_links(client: Client, draft) -> None:
    client.force_login(ada())

    words = client.get(reverse("wagtailadmin_pages:edit", args=[draft.pk])).content.decode()

    assert reverse("magazine_preview_links", args=[draft.pk]) in words
