"""The editors' side in a real browser: it works, and it speaks to this site only."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.utils import timezone

from stepwell.apps.directory.models import Cause, Credential, Listing
from stepwell.apps.directory.stewards.cases import open_case
from stepwell.apps.magazine import newsroom
from stepwell.apps.magazine.models import ArticlePage
from stepwell.importers import starter
from tests.apps.magazine.people import make_clinician
from tests.browser.staff import sign_in

PLACES = [
    "/admin/",
    "/admin/pages/",
    "/admin/images/",
    "/admin/documents/",
    "/admin/redirects/",
    "/admin/users/",
    "/admin/reports/site-history/",
    "/admin/account/",
    "/admin/sites/",
    "/admin/reviews/",
    "/admin/reviews/?due=never",
    "/admin/reports/workflow/",
    "/admin/workflows/list/",
    "/admin/clinicians/",
    "/admin/directory_listings/",
    "/admin/directory/cases/",
    "/admin/directory/due/",
]
OF_ARTICLE = [
    "/admin/pages/{pk}/edit/",
    "/admin/pages/{pk}/history/",
    "/admin/pages/{pk}/revisions/compare/earliest...latest/",
    "/admin/reviews/{pk}/sign/",
    "/admin/reviews/{pk}/typing/",
]


@pytest.fixture
def editor(transactional_db, live_server, page):
    """Somebody who signed in."""
    call_command("load_starter_articles", verbosity=0)
    starter.load()
    newsroom.settle_newsroom()
    ada = make_clinician("ada")  # who may also do everything else, so that every page opens
    ada.is_superuser = True
    ada.save()
    sign_in(page, live_server.url, "ada")
    return page


def test_P3_P5_admin_asks_no_other_host_and_breaks_no_policy(editor, live_server):
    complaints: list[str] = []
    editor.on("console", lambda line: complaints.append(line.text) if line.type == "error" else 0)

    article = ArticlePage.objects.order_by("pk").first()
    article.save_revision()  # a second one, to compare with the first
    for place in PLACES + [place.format(pk=article.pk) for place in OF_ARTICLE]:
        answer = editor.goto(live_server.url + place)
        assert answer is not None
        assert answer.status == 200, place
        editor.wait_for_load_state("networkidle")

    assert [words for words in complaints if "Content Security Policy" in words] == []


def test_an_editor_opens_an_article_and_sees_its_preview(editor, live_server):
    article = ArticlePage.objects.order_by("pk").first()

    editor.goto(f"{live_server.url}/admin/pages/{article.pk}/edit/")
    assert editor.get_by_text(article.title).first.is_visible()
    answer = editor.goto(f"{live_server.url}/admin/pages/{article.pk}/view_draft/")

    assert answer.status == 200
    assert editor.get_by_role("heading", level=1).inner_text() == article.title


def test_W1_axe_finds_nothing_in_what_is_ours_on_the_pages_of_stewards(editor, live_server):
    listing = Listing.objects.select_related("provider").first()
    number = {"register": "us_nppes", "number": "1234567893", "jurisdiction": "US"}
    held = Credential.objects.create(provider=listing.provider, **number)
    case = open_case(
        cause=Cause.REGISTER, provider=listing.provider, credential=held, key="k",
        at=timezone.now(), detail="This number is no longer in the register's full file.",
    )  # fmt: skip
    for place in (
        "cases/", f"cases/{case.pk}/", "due/", f"listing/{listing.pk}/", f"credential/{held.pk}/",
        f"provider/{listing.provider_id}/",
    ):  # fmt: skip
        for width in (390, 1280):
            editor.set_viewport_size({"width": width, "height": 900})
            editor.goto(f"{live_server.url}/admin/directory/{place}")
            found = Axe().run(editor, context=".nice-padding")
            assert found.violations_count == 0, f"{place} {width}: {found.generate_report()}"
            assert editor.evaluate("document.documentElement.scrollWidth") <= width, place
