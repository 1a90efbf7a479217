"""About, privacy, disclaimer, sitemap: what they say is what is there."""

import re

import pytest
from django.test import Client

from stepwell.domain import promises
from stepwell.domain.tags import tags
from stepwell.web import retention

pytestmark = pytest.mark.django_db


def test_D3_everything_that_is_not_public_says_how_long_it_is_kept():
    written = {model for kept in retention.table() for model in kept.models}

    assert retention.not_public() - written == set(), "add it to stepwell/config/retention.toml"
    assert written - set(retention.classes_by_model()) == set()
    assert all(bool(kept.days) != bool(kept.until) for kept in retention.table())


def test_D3_the_privacy_page_shows_the_table_with_the_host_s_settings(client: Client, settings):
    settings.CONTACT_KEEP_DAYS = 33

    text = client.get("/about/privacy/").content.decode()

    assert "<td>33 days</td>" in text
    assert text.count('<th scope="row">') == len(retention.table())


def test_the_privacy_page_shows_each_promise_that_holds_once(client: Client):
    text = client.get("/about/privacy/").content.decode()

    for topic, made in promises.shown().items():
        assert f"<h2>{topic}</h2>" in text
        for promise in made:
            assert text.count(f'<li id="{promise.id}">') == 1
    assert f"Version {promises.proven().version}" in text


def test_about_says_who_answers_and_how_money_works(client: Client, settings):
    settings.CONTACT_READERS = "Ada and Ben"

    text = client.get("/about/").content.decode()

    for heading in ("How an article is made", "How a listing is checked", "How money works"):
        assert f"<h2>{heading}</h2>" in text
    assert "Ada and Ben" in text
    assert promises.sentence("P8-about") in text


def test_the_sitemap_names_every_part_with_few_queries(client: Client, django_assert_num_queries):
    with django_assert_num_queries(1):
        text = client.get("/about/sitemap/").content.decode()

    assert len(re.findall(r"<li><a href=\"/", text)) > 150
    for tag in tags():
        assert f'href="/tags/{tag}/"' in text
    for path in ("/contact/", "/help-now/", "/self-tests/phq-9/", "/support/psychotherapy/"):
        assert f'href="{path}"' in text
