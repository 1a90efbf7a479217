"""Publishing in a real browser: refused with the reason, repaired, published, shown to readers."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from stepwell.apps.magazine import newsroom
from stepwell.apps.magazine.models import ArticlePage, ArticleRow, PublishOverride
from tests.apps.magazine.build import make_article
from tests.apps.magazine.people import make_person
from tests.apps.magazine.test_pictures import make_picture
from tests.browser.staff import sign_in

ALT = "A path between two hills"
TYPED = "A summary typed just before publishing."


@pytest.fixture
def article(transactional_db) -> ArticlePage:
    """A draft whose picture has no alternative text; Ada is an editor."""
    page = make_article(publish=False)
    newsroom.settle_newsroom()
    make_person("ada", "Editors")
    page.cover_image = make_picture(900, 500)
    page.save_revision()
    return page


def publish(page: Page) -> None:
    page.get_by_role("button", name="More actions").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Publish", exact=True).click()


def finds_nothing(page: Page, *, within: str = "body") -> None:
    found = Axe().run(page, context=within)
    assert found.violations_count == 0, found.generate_report()


def test_W3_a_missing_alternative_text_is_refused_then_repaired(
    page: Page, page_without_js: Page, live_server, article: ArticlePage
):
    sign_in(page, live_server.url, "ada")
    page.goto(f"{live_server.url}/admin/pages/{article.pk}/edit/")
    page.locator('[name="standfirst"]').fill(TYPED)
    publish(page)

    expect(page.locator("#panel-child-content-cover_picture-section")).to_contain_text(
        "It has no alternative text."
    )
    expect(page.locator('[name="standfirst"]')).to_have_value(TYPED)
    assert not ArticlePage.objects.get(pk=article.pk).live
    assert not ArticleRow.objects.exists()

    page.get_by_label("what the picture shows").fill(ALT)
    publish(page)

    expect(page.get_by_text("published.").first).to_be_visible()
    row = ArticleRow.objects.get(pk=article.pk)
    assert (row.cover["alt"], row.standfirst) == (ALT, TYPED)
    assert not PublishOverride.objects.exists()

    address = live_server.url + row.url
    page_without_js.goto(address)
    picture = page_without_js.get_by_alt_text(ALT)
    picture.evaluate("img => img.decode()")
    assert picture.evaluate("img => img.naturalWidth") > 0
    assert picture.evaluate("img => img.currentSrc").endswith((".avif", ".webp"))
    page.goto(address)
    finds_nothing(page)


def test_P1_a_preview_link_is_made_opened_and_revoked_without_scripts(
    page: Page, page_without_js: Page, live_server, article: ArticlePage
):
    staff = page_without_js
    sign_in(staff, live_server.url, "ada")
    staff.goto(f"{live_server.url}/admin/preview-links/{article.pk}/")
    staff.get_by_label("7 days").check()
    staff.get_by_role("button", name="Make a link").click()
    address = staff.get_by_label("Copy it now").input_value()

    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(article.title)
    expect(page.get_by_text("This is a draft.")).to_be_visible()
    finds_nothing(page)
    assert page.context.cookies() == []

    staff.goto(f"{live_server.url}/admin/preview-links/{article.pk}/")
    staff.get_by_role("button", name="Revoke").click()
    expect(staff.get_by_text("The link is revoked.")).to_be_visible()
    assert page.goto(address).status == 404


def test_the_page_on_preview_links_has_nothing_for_axe_to_find(
    page: Page, live_server, article: ArticlePage
):
    sign_in(page, live_server.url, "ada")
    page.goto(f"{live_server.url}/admin/pages/{article.pk}/edit/")

    header = page.get_by_role("navigation", name="Actions", exact=True)
    header.get_by_role("button", name="Actions").click()
    page.get_by_role("link", name="Preview link").click()
    page.wait_for_url("**/preview-links/*/")
    page.get_by_role("button", name="Make a link").click()

    expect(page.get_by_label("Copy it now")).to_be_visible()
    finds_nothing(page, within=".nice-padding")
