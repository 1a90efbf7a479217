"""What helps next, below an article: from its tags, after its editor's own box."""

import json

import pytest
from django.test import Client

from stepwell.apps.magazine.models import ArticlePage
from tests.apps.magazine.build import make_article

pytestmark = pytest.mark.django_db


def test_an_article_without_a_box_gets_one_and_the_tests_of_its_tags(client: Client) -> None:
    page = make_article(tags=["adhd", "inattention"])

    html = client.get(page.url).content.decode()

    assert html.count('class="helps"') == 1
    main = html.partition("<main")[2].partition("</main>")[0]
    for path in ("/guide/", "/support/", "/find/", "/self-tests/about/adhd/"):
        assert f'href="{path}"' in main
    assert "it is no diagnosis" in main


def test_an_editors_own_box_stays_the_only_one(client: Client) -> None:
    page = ArticlePage.objects.get(pk=make_article(tags=["adhd"]).pk)
    box = {"links": [{"label": "The guide", "url": "/guide/"}]}
    page.body = json.dumps(
        [
            {"type": "part", "value": {"heading": "One", "text": "<p>Words.</p>"}},
            {"type": "helps", "value": box},
        ]
    )
    page.save_revision().publish()

    html = client.get(page.url).content.decode()

    assert html.count('class="helps"') == 1
    assert 'href="/self-tests/about/adhd/"' in html
