"""An article that moves takes its readers along."""

import pytest
from django.test import TestCase

from stepwell.apps.magazine import starter
from stepwell.apps.magazine.models import ArticlePage
from tests.apps.magazine.build import make_article

pytestmark = pytest.mark.django_db


def renamed(page: ArticlePage, slug: str) -> None:
    fresh = ArticlePage.objects.get(pk=page.pk)
    fresh.slug = slug
    with TestCase.captureOnCommitCallbacks(execute=True):  # Wagtail speaks of it after the commit
        fresh.save_revision().publish()


def test_a_new_address_is_found_from_the_old_one(client):
    page = make_article()

    renamed(page, "newer")

    response = client.get(f"/growth-psychology/{page.slug}/")
    assert response.status_code == 301
    assert response["Location"].endswith("/growth-psychology/newer/")
    assert client.get("/growth-psychology/newer/").status_code == 200


def test_every_older_address_leads_straight_to_the_newest(client):
    page = make_article()

    renamed(page, "second")
    renamed(page, "third")

    for slug in (page.slug, "second"):
        response = client.get(f"/growth-psychology/{slug}/")
        assert response.status_code == 301
        assert response["Location"].endswith("/growth-psychology/third/")


def test_going_back_to_an_old_address_makes_no_loop(client):
    page = make_article()

    renamed(page, "second")
    renamed(page, page.slug)

    assert client.get(f"/growth-psychology/{page.slug}/").status_code == 200
    response = client.get("/growth-psychology/second/")
    assert response.status_code == 301
    assert response["Location"].endswith(f"/growth-psychology/{page.slug}/")


def test_an_article_that_moves_to_another_section_is_found(client):
    page = make_article()

    page.move(starter.make_site()["news"], pos="last-child")

    response = client.get(f"/growth-psychology/{page.slug}/")
    assert response.status_code == 301
    assert response["Location"].endswith(f"/news/{page.slug}/")
    assert client.get(f"/news/{page.slug}/").status_code == 200


def test_an_address_that_never_was_is_404(client):
    make_article()

    assert client.get("/growth-psychology/never-was/").status_code == 404
