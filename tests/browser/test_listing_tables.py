"""A steward brings a table in, in a real browser: without scripts, and judged by axe with them."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Permission
from django.utils import timezone

from stepwell.apps.directory.models import Listing
from stepwell.importers.admin import listing_work
from tests.browser.staff import sign_in
from tests.importers.test_listing_tables import TABLE

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@pytest.fixture(autouse=True)
def var(settings, tmp_path: Path) -> Path:
    """A folder of its own for uploads."""
    settings.VAR = tmp_path
    return tmp_path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table on the steward's disk."""
    (tmp_path / "My table.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path / "My table.csv"


@pytest.fixture
def steward(transactional_db, django_user_model):
    """Somebody who looks after listings."""
    ada = django_user_model.objects.create_user("ada")
    rights = ["access_admin", "change_listing"]
    ada.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return ada


def upload(page, table: Path) -> None:
    page.get_by_label("CSV file").set_input_files(table)
    with page.expect_navigation():
        page.get_by_role("button", name="Upload and look").click()


def fill_in(page) -> None:
    page.get_by_label("On whose word").select_option("organisation")
    page.get_by_label("Otherwise: confirmed on").fill(timezone.localdate().isoformat())
    page.get_by_label("Words for kind").fill("Counselling = counselling\nOdd thing = support_group")


def test_P1_the_wizard_works_without_javascript(page_without_js, live_server, steward, table):
    page = page_without_js
    sign_in(page, live_server.url, "ada", "/admin/listing-tables/")
    upload(page, table)
    fill_in(page)

    page.get_by_label("Phone private").select_option("")  # a flag, passed over
    page.get_by_role("button", name="See what would become of the rows").click()
    assert page.get_by_text("It may keep something back").first.is_visible()
    assert "Odd thing = support_group" in page.get_by_label("Words for kind").input_value()

    page.get_by_label("Phone private").select_option("private:phone")
    page.get_by_role("button", name="See what would become of the rows").click()
    assert page.get_by_text("Imported: 2").is_visible()
    assert page.get_by_text("Left out: 1").is_visible()

    page.get_by_role("button", name="Import", exact=True).click()
    listing_work.import_confirmed()
    page.reload()
    assert page.get_by_text("What became of the rows").is_visible()
    assert set(Listing.objects.values_list("name", flat=True)) == {"Talk", "Group"}


def test_W1_the_pages_of_the_wizard_have_no_barrier_of_ours(page, live_server, steward, table):
    sign_in(page, live_server.url, "ada", "/admin/listing-tables/")
    found = [judged(page, "list")]
    upload(page, table)
    found.append(judged(page, "mapping"))
    fill_in(page)
    page.get_by_role("button", name="See what would become of the rows").click()
    page.get_by_role("heading", name="What would become of the rows").wait_for()
    found.append(judged(page, "fates"))
    page.goto(f"{live_server.url}/admin/listing-tables/download/")
    found.append(judged(page, "download"))

    assert [one for one in found if one] == []


def judged(page, name: str) -> str:
    """Return what axe finds in our part of a page; the frame around it is Wagtail's."""
    context = {"include": [[".nice-padding"]]}
    options = {"runOnly": {"type": "tag", "values": RULES}}
    page.locator(".nice-padding").first.wait_for()
    results = Axe().run(page, context=context, options=options)
    told = [
        f"{one['id']}: {node['html'][:160]}"
        for one in results.response["violations"]
        for node in one["nodes"]
    ]
    return f"{name}: {told}" if told else ""
