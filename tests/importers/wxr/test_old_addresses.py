"""Addresses of the old site lead to our pages, once these are published."""

import pytest

from tests.importers.wxr.build import publish
from tests.importers.wxr.test_edge_cases import page, run

pytestmark = pytest.mark.django_db
OLD = ["/2020/05/post-2/", "/?p=2", "/2020/05/older-name/"]


@pytest.mark.parametrize("address", OLD)
def test_an_old_address_leads_on_for_good_once_the_draft_is_published(client, address):
    run("links")
    before = client.get(address)

    publish(page(2))
    after = client.get(address)

    assert before.status_code == (200 if address.startswith("/?") else 404)
    assert (after.status_code, after["Location"].removeprefix("http://testserver")) == (
        301,
        "/news/post-2/",
    )


def test_a_number_nobody_knows_shows_the_front_page(client):
    run("links")

    assert client.get("/?p=9999").status_code == 200
    assert client.get("/?p=9&p=" + "x" * 3000).status_code == 200
    assert client.get("/no/such/page/%00").status_code == 404


def test_a_published_import_keeps_its_first_day_and_says_that_nobody_reviewed_it(client):
    run("links")
    publish(page(2))

    text = client.get("/news/post-2/").content.decode()

    assert "6 May 2020" in text
    assert "ot yet reviewed" in text
