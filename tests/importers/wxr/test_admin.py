"""The editors' page: upload, look, say yes, undo; for those who may, and without JavaScript."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from stepwell.apps.magazine.models import ArticleImport, ArticlePage
from stepwell.importers.admin import uploads
from tests.importers.wxr.build import export, item

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def var(settings, tmp_path: Path):
    """A folder of its own for uploads."""
    settings.VAR = tmp_path
    return tmp_path


@pytest.fixture
def signed_in(django_user_model):
    """Return a browser in which somebody with these rights is signed in."""

    def make(*rights: str) -> Client:
        person = django_user_model.objects.create_user("ben", password="long enough for all")
        person.user_permissions.set(Permission.objects.filter(codename__in=rights))
        browser = Client()
        browser.force_login(person)
        return browser

    return make


def send(browser: Client, text: str, name: str = "export.xml"):
    """Upload one export."""
    file = SimpleUploadedFile(name, text.encode(), content_type="text/xml")
    return browser.post("/admin/wordpress/upload/", {"export": file}, follow=True)


def test_an_upload_is_looked_at_then_imported_then_taken_back(signed_in, var):
    browser = signed_in("access_admin", "import_articles")

    looked = send(browser, export(item(1), item(2, categories=("odd",))))
    run = ArticleImport.objects.get()
    assert "Import as drafts" in looked.content.decode()
    assert "none of its categories leads to a section" in looked.content.decode()
    assert not ArticlePage.objects.exists()
    assert list((var / "imports").iterdir())

    done = browser.post(f"/admin/wordpress/{run.pk}/import/", follow=True)
    assert "Take this import back" in done.content.decode()
    assert [one.live for one in ArticlePage.objects.all()] == [False]
    assert not list((var / "imports").iterdir())

    undone = browser.post(f"/admin/wordpress/{run.pk}/undo/", follow=True)
    assert "Undone" in undone.content.decode()
    assert not ArticlePage.objects.exists()


def test_a_broken_upload_is_refused_in_words_and_deleted(signed_in, var):
    answer = send(signed_in("access_admin", "import_articles"), export(item(1))[:-300])

    assert "cut off" in answer.content.decode()
    assert not list((var / "imports").iterdir())


def test_an_upload_can_be_dropped(signed_in, var):
    browser = signed_in("access_admin", "import_articles")
    send(browser, export(item(1)))

    browser.post(f"/admin/wordpress/{ArticleImport.objects.get().pk}/drop/")

    assert not ArticleImport.objects.exists()
    assert not list((var / "imports").iterdir())


def test_an_upload_that_is_too_large_is_stopped(signed_in, var, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST_BYTES", 2_000)

    answer = send(signed_in("access_admin", "import_articles"), export(*map(item, range(1, 9))))

    assert answer.status_code == 400
    assert not ArticleImport.objects.exists()


def test_the_token_is_checked_although_the_size_comes_first(django_user_model):
    person = django_user_model.objects.create_superuser("ada", password="long enough for all")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(person)

    answer = send(browser, export(item(1)))

    assert answer.status_code == 403
    assert not ArticleImport.objects.exists()


@pytest.mark.parametrize("address", ["", "upload/", "1/", "1/import/", "1/drop/", "1/undo/"])
def test_an_editor_without_the_right_sees_and_does_nothing(signed_in, address):
    browser = signed_in("access_admin")
    ArticleImport.objects.create(pk=1, started_at="2026-11-24T00:00Z", state="checked")

    got = browser.get(f"/admin/wordpress/{address}")
    posted = browser.post(f"/admin/wordpress/{address}")

    assert {got.status_code, posted.status_code} <= {302, 403, 405}
    assert "WordPress" not in browser.get("/admin/").content.decode()
    assert ArticleImport.objects.get().state == "checked"


def test_nobody_gets_there_without_signing_in(client):
    answer = client.post("/admin/wordpress/upload/")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/staff/sign-in/")
