"""An editor's way through Wagtail: write, publish, and be refused with a reason."""

import json
import re
from collections.abc import Sequence

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.rich_text import features
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from stepwell.apps.magazine import actions, starter
from stepwell.apps.magazine.models import ArticlePage, ArticleRow, HomePage, SectionPage
from tests.apps.magazine.build import make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    """A client that is signed in."""
    client.force_login(get_user_model().objects.create_superuser("ada", password="x" * 20))
    return client


def written(tags: Sequence[str] = ("autism", "adhd"), **changed: object) -> dict[str, object]:
    """Return what the form of a new article sends."""
    part = {"heading": "One part", "text": rich_text("<p>Words [1].</p>", features=["link"])}
    told = {
        "title": "By an editor",
        "slug": "by-an-editor",
        "standfirst": "A sentence.",
        "bylines": inline_formset([{"author": str(actions.author_named("Ada").pk)}]),
        "content_note": "",
        "body": streamfield([("part", part)]),
        "references": inline_formset(
            [
                {
                    "authors": "A",
                    "title": "B",
                    "published_in": "",
                    "year": "2020",
                    "doi": "10.1000/182",
                    "pmid": "",
                    "url": "",
                }
            ]
        ),
        "comments": inline_formset([]),
        "action-publish": "1",
        **changed,
    }
    return {**nested_form_data(told), "tags": tags}


def test_an_article_is_written_and_published(editor: Client) -> None:
    news = starter.make_site()["news"]

    answer = editor.post(f"/admin/pages/add/magazine/articlepage/{news.pk}/", written())

    assert answer.status_code == 302, answer.context["form"].errors
    row = ArticleRow.objects.get(slug="by-an-editor")
    assert row.url == "/news/by-an-editor/"
    assert row.tags == ["autism", "adhd"]
    assert row.text.references[0]["doi"] == "10.1000/182"
    assert '<a href="#reference-1">' in row.text.body


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"standfirst": ""}, "standfirst"),
        ({"tags": ["no-such-tag"]}, "tags"),
        ({"standfirst": "x" * 221}, "standfirst"),
    ],
)
def test_publishing_is_refused_with_a_reason(
    editor: Client, changed: dict[str, object], field: str
) -> None:
    news = starter.make_site()["news"]

    answer = editor.post(f"/admin/pages/add/magazine/articlepage/{news.pk}/", written(**changed))

    assert field in answer.context["form"].errors
    assert not ArticlePage.objects.exists()


@pytest.mark.parametrize("model", [HomePage, SectionPage, ArticlePage])
def test_P3_the_editing_page_opens_and_names_no_other_host(
    editor: Client, model: type[ArticlePage]
) -> None:
    make_article()

    html = editor.get(f"/admin/pages/{model.objects.first().pk}/edit/").content.decode()

    loaded = re.findall(r"""<(?:script|link|img|iframe)[^>]*(?:src|href)=["']([^"']*)""", html)
    assert loaded
    assert not [address for address in loaded if re.match(r"(https?:)?//", address)]


def test_every_rich_text_field_offers_the_allow_list_only() -> None:
    assert features.get_default_features() == ["bold", "italic", "ul", "ol", "link"]


def test_a_script_as_a_link_is_dropped_by_the_editor(editor: Client) -> None:
    news = starter.make_site()["news"]
    state = {
        "blocks": [
            {
                "key": "a",
                "text": "click",
                "type": "unstyled",
                "depth": 0,
                "inlineStyleRanges": [],
                "entityRanges": [{"offset": 0, "length": 5, "key": 0}],
            }
        ],
        "entityMap": {
            "0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}
        },
    }
    part = {"heading": "One part", "text": json.dumps(state)}

    editor.post(
        f"/admin/pages/add/magazine/articlepage/{news.pk}/",
        written(body=streamfield([("part", part)])),
    )

    body = ArticleRow.objects.get(slug="by-an-editor").text.body
    assert "click" in body
    assert "javascript" not in body
