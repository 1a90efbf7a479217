"""Dated articles: published and taken down within the minute, and the dates cleared."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision

from stepwell.apps.audit.models import Event
from stepwell.apps.magazine import queries, scheduling
from stepwell.apps.magazine.models import ArticlePage, ArticleRow
from tests.apps.magazine.build import make_article

pytestmark = pytest.mark.django_db


def scheduled(page: ArticlePage, *, in_minutes: float) -> ArticlePage:
    """Return the page with a revision that is approved for then."""
    page.go_live_at = timezone.now() + timedelta(minutes=30)
    revision = page.save_revision()
    revision.publish()
    moment = timezone.now() + timedelta(minutes=in_minutes)
    content = Revision.objects.get(pk=revision.pk).content | {"go_live_at": moment.isoformat()}
    Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=moment, content=content)
    Page.objects.filter(pk=page.pk).update(go_live_at=moment)
    return page


def test_an_article_is_published_when_its_time_comes_and_the_date_is_cleared():
    page = scheduled(make_article(publish=False), in_minutes=-1)

    scheduling.do_what_is_due(timezone.now())

    fresh = ArticlePage.objects.get(pk=page.pk)
    assert fresh.live
    assert fresh.go_live_at is None
    assert fresh.get_latest_revision_as_object().go_live_at is None
    assert ArticleRow.objects.filter(pk=page.pk).exists()
    assert PageLogEntry.objects.filter(action="wagtail.publish.scheduled").count() == 1


def test_an_article_waits_for_its_time():
    page = scheduled(make_article(publish=False), in_minutes=5)

    scheduling.do_what_is_due(timezone.now())

    assert not ArticlePage.objects.get(pk=page.pk).live
    assert not ArticleRow.objects.filter(pk=page.pk).exists()


def test_an_article_is_taken_down_when_it_expires_and_can_be_edited_again():
    page = make_article()
    page.expire_at = timezone.now() - timedelta(minutes=1)
    page.save_revision()
    page.save()

    scheduling.do_what_is_due(timezone.now())

    fresh = ArticlePage.objects.get(pk=page.pk)
    assert (fresh.live, fresh.expired, fresh.expire_at) == (False, True, None)
    assert fresh.get_latest_revision_as_object().expire_at is None
    assert not ArticleRow.objects.filter(pk=page.pk).exists()


def test_what_the_checks_refuse_stays_a_draft_and_editors_are_told(client, django_user_model):
    page = scheduled(make_article(publish=False), in_minutes=-1)
    revision = Revision.objects.get(pk=page.latest_revision_id)
    revision.content["standfirst"] = ""
    revision.content["references"] = []
    revision.save()
    client.force_login(django_user_model.objects.create_superuser("ada", password="x"))

    scheduling.do_what_is_due(timezone.now())

    assert not ArticlePage.objects.get(pk=page.pk).live
    assert Revision.objects.filter(approved_go_live_at__isnull=False).count() == 0
    assert [one.pk for one in queries.kept_back()] == [page.pk]
    front = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "Not published when their time came" in front
    assert page.title in front
    event = Event.objects.get(verb="kept scheduled draft")
    assert event.reason == "references, summary"


def test_a_second_run_changes_nothing():
    scheduled(make_article(publish=False), in_minutes=-1)
    scheduling.do_what_is_due(timezone.now())
    before = (PageLogEntry.objects.count(), Revision.objects.count())

    scheduling.do_what_is_due(timezone.now())

    assert (PageLogEntry.objects.count(), Revision.objects.count()) == before


def test_one_page_that_fails_stops_no_other_and_is_tried_again(monkeypatch):
    first = scheduled(make_article(publish=False, title="First"), in_minutes=-2)
    second = scheduled(make_article(publish=False, title="Second"), in_minutes=-1)
    publish = ArticlePage.publish

    def fails_once(self, revision, *args, **kwargs):
        if self.pk == first.pk:
            raise RuntimeError
        return publish(self, revision, *args, **kwargs)

    monkeypatch.setattr(ArticlePage, "publish", fails_once)
    with pytest.raises(scheduling.SomeFailed):
        scheduling.do_what_is_due(timezone.now())
    assert ArticlePage.objects.get(pk=second.pk).live
    assert not ArticlePage.objects.get(pk=first.pk).live

    monkeypatch.setattr(ArticlePage, "publish", publish)
    scheduling.do_what_is_due(timezone.now())
    assert ArticlePage.objects.get(pk=first.pk).live
