"""The editors' side in a real browser: it works, and it speaks to this site only."""

import pytest
from django.core.management import call_command

from stepwell.importers import starter

PASSWORD = "a long enough password"
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
]


@pytest.fixture
def editor(transactional_db, live_server, page, django_user_model):
    """Somebody who signed in."""
    call_command("load_starter_articles", verbosity=0)
    starter.load()
    django_user_model.objects.create_superuser("ada", password=PASSWORD)
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    return page


def test_P3_P5_admin_asks_no_other_host_and_breaks_no_policy(editor, live_server):
    complaints: list[str] = []
    editor.on("console", lambda line: complaints.append(line.text) if line.type == "error" else 0)

    for place in PLACES:
        answer = editor.goto(live_server.url + place)
        assert answer is not None
        assert answer.status == 200, place
        editor.wait_for_load_state("networkidle")

    assert [words for words in complaints if "Content Security Policy" in words] == []


def test_an_editor_opens_an_article_and_sees_its_preview(editor, live_server):
    from stepwell.apps.magazine.models import ArticlePage

    article = ArticlePage.objects.order_by("pk").first()

    editor.goto(f"{live_server.url}/admin/pages/{article.pk}/edit/")
    assert editor.get_by_text(article.title).first.is_visible()
    answer = editor.goto(f"{live_server.url}/admin/pages/{article.pk}/view_draft/")

    assert answer.status == 200
    assert editor.get_by_role("heading", level=1).inner_text() == article.title


def test_P8_staff_get_a_session_cookie_that_scripts_cannot_read(editor):
    session = next(c for c in editor.context.cookies() if c["name"] == "session")

    assert session["httpOnly"]
    assert session["sameSite"] == "Lax"
