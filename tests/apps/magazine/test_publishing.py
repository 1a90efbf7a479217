"""Publishing asks the checks, on every way; an override is written down with its reason."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupPagePermission, ModelLogEntry, PageLogEntry

from stepwell.apps.audit.models import Event
from stepwell.apps.magazine import checking, publishing, starter
from stepwell.apps.magazine.checking import PublishRefused
from stepwell.apps.magazine.models import ArticlePage, ArticleRow, PublishOverride
from tests.apps.magazine.build import make_article, part

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client, django_user_model):
    """Somebody who may do everything, signed in."""
    person = django_user_model.objects.create_superuser("ada", password="x")
    client.force_login(person)
    return person


@pytest.fixture
def editor(client, django_user_model):
    """Somebody who may publish and may not override."""
    person = django_user_model.objects.create_user("eve", password="x")
    from django.contrib.auth.models import Group

    group = Group.objects.create(name="Plain editors")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    home = ArticlePage.get_first_root_node()
    for name in ("add_page", "change_page", "publish_page"):
        GroupPagePermission.objects.create(
            group=group, page=home, permission=Permission.objects.get(codename=name)
        )
    person.groups.add(group)
    client.force_login(person)
    return person


def bad(**kwargs) -> ArticlePage:
    """Return a draft without references."""
    return make_article(references=[], publish=False, **kwargs)


def typed(page: ArticlePage, **changes) -> dict[str, str]:
    """Return what the editor's form sends for `page`."""
    byline = page.bylines.first()
    data = {
        "title": page.title,
        "slug": page.slug,
        "standfirst": page.standfirst,
        "cover_image": "",
        "cover_alt": "",
        "content_note": page.content_note,
        "helping": "",
        "review_planned_on": (timezone.localdate() + timedelta(days=30)).isoformat(),
        "no_review_reason": "",
        "override_reason": "",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "part",
        "body-0-value-heading": "A heading typed just now",
        "body-0-value-text": json.dumps(
            {
                "blocks": [
                    {
                        "key": "a",
                        "text": "Some text.",
                        "type": "unstyled",
                        "depth": 0,
                        "inlineStyleRanges": [],
                        "entityRanges": [],
                    }
                ],
                "entityMap": {},
            }
        ),
        "bylines-TOTAL_FORMS": "1",
        "bylines-INITIAL_FORMS": "1",
        "bylines-MIN_NUM_FORMS": "1",
        "bylines-MAX_NUM_FORMS": "1000",
        "bylines-0-id": str(byline.pk),
        "bylines-0-author": str(byline.author_id),
        "bylines-0-ORDER": "1",
        "bylines-0-DELETE": "",
        "references-TOTAL_FORMS": "0",
        "references-INITIAL_FORMS": "0",
        "references-MIN_NUM_FORMS": "0",
        "references-MAX_NUM_FORMS": "1000",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        "action-publish": "action-publish",
    }
    return {**data, **changes}


def with_reference() -> dict[str, str]:
    return {
        "references-TOTAL_FORMS": "1",
        "references-0-authors": "Example, A.",
        "references-0-title": "An example",
        "references-0-published_in": "",
        "references-0-year": "2020",
        "references-0-doi": "",
        "references-0-pmid": "",
        "references-0-url": "",
        "references-0-ORDER": "1",
        "references-0-DELETE": "",
        "references-0-id": "",
    }


def send(client, page: ArticlePage, **changes):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), typed(page, **changes))


def test_W3_the_editors_button_refuses_with_the_reason_and_keeps_what_was_typed(client, chief):
    page = bad()

    response = send(client, page)

    words = response.content.decode()
    assert response.status_code == 200
    assert "References: There is none." in words
    assert "A heading typed just now" in words
    assert not ArticleRow.objects.filter(pk=page.pk).exists()
    assert not ArticlePage.objects.get(pk=page.pk).live


def test_the_editors_button_publishes_after_the_repair(client, chief):
    page = bad()

    response = send(client, page, **with_reference())

    assert response.status_code == 302, response.context["form"].errors
    assert ArticleRow.objects.filter(pk=page.pk).exists()
    assert not PublishOverride.objects.exists()


def test_saving_a_draft_asks_nothing(client, chief):
    page = bad()
    data = typed(page)
    del data["action-publish"]

    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data)

    assert response.status_code == 302


def test_an_override_publishes_and_is_written_down_three_times(client, chief):
    page = bad()

    response = send(client, page, override_reason="A notice, it rests on nothing.")

    assert response.status_code == 302, response.context["form"].errors
    assert ArticleRow.objects.filter(pk=page.pk).exists()
    given = PublishOverride.objects.get(page=page)
    assert (given.by, given.checks) == (chief, ["references"])
    event = Event.objects.get(verb="overrode checks")
    assert event.thing == f"article:{page.pk}"
    assert event.reason == "references: A notice, it rests on nothing."
    entry = PageLogEntry.objects.get(action=publishing.LOGGED_AS)
    history = client.get(reverse("wagtailadmin_pages:history", args=[page.pk])).content.decode()
    assert entry.message in history
    assert "A notice, it rests on nothing." in entry.message
    assert ModelLogEntry.objects.count() == 0


def test_an_override_of_a_new_article_is_written_down(client, chief):
    page = bad()
    section = page.get_parent()
    data = typed(page, slug="another", override_reason="A notice.")
    data |= {"bylines-INITIAL_FORMS": "0", "bylines-0-id": ""}
    address = reverse("wagtailadmin_pages:add", args=["magazine", "articlepage", section.pk])

    response = client.post(address, data)

    made = ArticlePage.objects.get(slug="another")
    assert response.status_code == 302
    assert made.live
    assert PublishOverride.objects.get(page=made).reason == "A notice."


def test_a_new_article_is_refused_in_the_editor_and_not_made(client, chief):
    page = bad()
    data = typed(page, slug="another")
    data |= {"bylines-INITIAL_FORMS": "0", "bylines-0-id": ""}
    address = reverse(
        "wagtailadmin_pages:add", args=["magazine", "articlepage", page.get_parent().pk]
    )

    response = client.post(address, data)

    assert "References: There is none." in response.content.decode()
    assert not ArticlePage.objects.filter(slug="another").exists()


def test_who_may_not_override_sees_no_field_and_cannot_send_one(client, editor):
    page = bad()

    response = send(client, page, override_reason="Because I say so.")

    assert response.status_code == 200
    assert "override_reason" not in response.context["form"].fields
    assert not ArticlePage.objects.get(pk=page.pk).live
    with pytest.raises(PermissionDenied):
        publishing.override(by=editor, page=page, findings=[], reason="x")


def test_an_override_holds_for_that_text_alone(client, chief):
    page = bad()
    found = checking.unanswered(page)
    publishing.override(by=chief, page=page, findings=found, reason="A notice.")

    page.save_revision().publish()
    assert ArticlePage.objects.get(pk=page.pk).live

    page.standfirst = "Another sentence about it."
    with pytest.raises(PublishRefused):
        page.save_revision().publish()


def test_an_override_cannot_be_changed_or_deleted(chief):
    given = publishing.override(by=chief, page=bad(), findings=[], reason="x")

    with pytest.raises(TypeError):
        given.save()
    with pytest.raises(TypeError):
        given.delete()


def test_the_alternative_text_is_asked_for_beside_its_field(client, chief):
    from tests.apps.magazine.test_pictures import make_picture

    page, image = make_article(publish=False), make_picture()

    response = send(client, page, cover_image=str(image.pk), **with_reference())

    assert "It has no alternative text." in str(response.context["form"].errors["cover_alt"])
    fixed = send(client, page, cover_image=str(image.pk), cover_alt="A path", **with_reference())
    assert fixed.status_code == 302
    assert ArticleRow.objects.get(pk=page.pk).cover["alt"] == "A path"


def test_a_revision_is_refused_whoever_publishes_it():
    page = bad()

    with pytest.raises(PublishRefused, match="References: There is none"):
        page.save_revision().publish()

    assert not ArticlePage.objects.get(pk=page.pk).live


def test_the_bulk_action_leads_to_the_editor_with_the_reasons(client, chief):
    page = bad()
    page.save_revision()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])

    response = client.post(f"{address}?id={page.pk}", {"include_descendants": ""}, follow=True)

    assert response.redirect_chain[-1][0] == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert "References: There is none." in response.content.decode()
    assert not ArticlePage.objects.get(pk=page.pk).live


def test_a_copy_is_not_published_around_the_checks(client, chief):
    page = make_article()
    page.references.all().delete()
    page.save()
    data = {
        "new_title": "A copy",
        "new_slug": "a-copy",
        "new_parent_page": page.get_parent().pk,
        "publish_copies": "on",
    }

    client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data)
    assert not ArticlePage.objects.filter(slug="a-copy").exists()

    del data["publish_copies"]
    client.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), data)
    assert not ArticlePage.objects.get(slug="a-copy").live


def test_the_editor_lists_findings_with_the_sentence_and_the_repair(client, chief):
    page = bad()
    page.body = part("A heading", "<p>He committed suicide. We utilise it.</p>")
    page.save_revision()

    words = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert "2 things to repair before publishing" in words
    assert "He committed suicide." in words
    assert "died by suicide" in words
    assert "hint" in words


def test_rich_text_is_read_as_readers_see_it():
    text = '<p>One <a href="/guide/">here</a>.</p><p>Two [3] &amp; <b>more</b></p>'
    page = make_article(text=text, publish=False)

    draft = checking.draft_of(page)

    assert draft.passages[-1].text == "One here.\nTwo [3] & more\n"
    assert draft.marks == (3,)
    assert [(one.text, one.url) for one in draft.links] == [("here", "/guide/")]


def test_every_starter_article_passes_by_merit():
    starter.load()

    assert ArticlePage.objects.live().count() >= 42
    assert not PublishOverride.objects.exists()
