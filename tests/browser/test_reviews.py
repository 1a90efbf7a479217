"""The way of a signed review in a real browser: handed in, signed, changed, shown."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from playwright.sync_api import Page, expect

from stepwell.apps.accounts.models import Person
from stepwell.apps.magazine import newsroom
from stepwell.apps.magazine.models import ArticlePage
from tests.apps.magazine.people import make_clinician, make_person
from tests.browser.staff import sign_in

SLUG = "habits-that-hold"


@pytest.fixture
def article(transactional_db, live_server) -> ArticlePage:
    """A starter article; Ada is an editor and Cleo a clinician."""
    call_command("load_starter_articles", verbosity=0)
    newsroom.settle_newsroom()
    make_person("ada", "Editors")
    make_clinician("cleo")
    return ArticlePage.objects.get(slug=SLUG)


def on_page(page: Page, url: str, *, visit: int) -> dict[str, object]:
    """Open the article as on a first visit; return its badge and whether machines are told."""
    page.goto(f"{url}/growth-psychology/{SLUG}/?visit={visit}")  # a browser keeps a page a minute
    whole = json.loads(page.locator('script[type="application/ld+json"]').first.inner_text())
    return {"claims": "reviewedBy" in json.dumps(whole), "badge": page.locator(".review")}


def finds_nothing(page: Page, *, within: str = "body") -> None:
    found = Axe().run(page, context=within)
    assert found.violations_count == 0, found.generate_report()


def sign(page: Page, url: str, article: ArticlePage) -> None:
    page.goto(f"{url}/admin/reviews/{article.pk}/sign/")
    page.get_by_label("I approve it").check()
    page.get_by_label("The whole text").check()
    page.get_by_label("I have read this text as a whole.").check()
    page.get_by_role("button", name="Sign this review").click()
    page.wait_for_url("**/admin/reviews/")


def test_a_review_is_signed_shown_and_falls_with_one_word(
    page: Page, live_server, article: ArticlePage
):
    url, edit = live_server.url, f"/admin/pages/{article.pk}/edit/"
    sign_in(page, url, "ada")
    page.goto(url + edit)
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Submit to Editor, then clinician").click()
    page.wait_for_url("**/admin/pages/*/")
    state = ArticlePage.objects.get(pk=article.pk).current_workflow_task_state
    state.task.specific.on_action(state, Person.objects.get(username="ada"), "approve")

    sign_in(page, url, "cleo")
    page.goto(f"{url}/admin/reviews/")
    expect(page.get_by_role("link", name="Read and sign: ")).to_be_visible()
    finds_nothing(page, within=".nice-padding")
    page.get_by_role("link", name="Read and sign: ").click()
    page.wait_for_url("**/sign/")
    finds_nothing(page, within=".nice-padding")
    sign(page, url, article)

    found = on_page(page, url, visit=1)
    expect(found["badge"]).to_have_attribute("data-badge", "current")
    assert found["claims"]
    finds_nothing(page)

    sign_in(page, url, "ada")
    page.goto(url + edit)
    summary = page.locator('[name="standfirst"]')
    summary.fill(summary.input_value().replace(".", ", mostly.", 1))
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("published.").first).to_be_visible()

    found = on_page(page, url, visit=2)
    expect(found["badge"]).to_have_attribute("data-badge", "changed")
    assert not found["claims"]
    page.get_by_text("What is different now").click()
    expect(page.locator(".review ins")).to_contain_text("mostly")
    finds_nothing(page)


def test_P1_signing_works_without_scripts(page_without_js: Page, live_server, article):
    page, url = page_without_js, live_server.url
    sign_in(page, url, "cleo")

    sign(page, url, article)

    found = on_page(page, url, visit=1)
    expect(found["badge"]).to_have_attribute("data-badge", "current")
