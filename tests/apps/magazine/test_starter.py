"""Starter articles: checked before anything is written, cleaned, loaded once, never forced."""

import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page, Site

from stepwell.apps.magazine import starter
from stepwell.apps.magazine.models import ArticlePage, ArticleRow, HomePage, SectionPage
from stepwell.domain.errors import FactError

FOLDER = Path(__file__).parent / "starter"
pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the test articles that a test may change."""
    shutil.copytree(FOLDER, tmp_path / "starter")
    return tmp_path / "starter"


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "growth-psychology" / "two-words-for-help.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def edit_two_words(change_page: Callable[[ArticlePage], None]) -> ArticlePage:
    page = ArticlePage.objects.get(slug="two-words-for-help")
    change_page(page)
    page.save_revision().publish()
    return ArticlePage.objects.get(pk=page.pk)


def test_the_packaged_articles_are_all_in_order() -> None:
    for file in starter.read():
        assert file.article.references, f"{file.section}/{file.slug} rests on nothing"


def test_loading_makes_site_sections_and_articles() -> None:
    done = starter.load(FOLDER)

    assert done == {"created": 3, "updated": 0, "unchanged": 0, "kept": 0}
    home = HomePage.objects.get()
    assert Site.objects.get(is_default_site=True).root_page_id == home.pk
    assert SectionPage.objects.child_of(home).live().count() == 7
    assert ArticlePage.objects.live().count() == ArticleRow.objects.count() == 3
    assert not Page.objects.filter(title__startswith="Welcome to your new").exists()


def test_dates_are_those_of_the_file() -> None:
    starter.load(FOLDER)

    row = ArticleRow.objects.get(slug="two-words-for-help")
    assert row.published_on.isoformat() == row.changed_on.isoformat() == "2026-11-02"
    assert row.reviewed_on is None
    assert row.review_due is None
    assert row.starter


def test_a_second_run_changes_nothing() -> None:
    starter.load(FOLDER)
    before = list(Page.objects.order_by("pk").values())

    done = starter.load(FOLDER)

    assert done == {"created": 0, "updated": 0, "unchanged": 3, "kept": 0}
    assert list(Page.objects.order_by("pk").values()) == before


def test_a_newer_file_updates_what_nobody_touched(folder: Path) -> None:
    starter.load(folder)
    change(folder, 'title = "Two words for help"', 'title = "Two newer words"')

    assert starter.load(folder)["updated"] == 1
    assert ArticleRow.objects.get(slug="two-words-for-help").title == "Two newer words"
    assert starter.load(folder)["unchanged"] == 3


def test_what_an_editor_changed_is_kept(folder: Path) -> None:
    starter.load(folder)
    edit_two_words(lambda page: setattr(page, "title", "The editor's words"))
    change(folder, 'title = "Two words for help"', 'title = "Two newer words"')

    assert starter.load(folder)["kept"] == 1
    assert ArticleRow.objects.get(slug="two-words-for-help").title == "The editor's words"


def test_what_an_editor_unpublished_stays_away(folder: Path) -> None:
    starter.load(folder)
    ArticlePage.objects.get(slug="two-words-for-help").unpublish()
    change(folder, 'title = "Two words for help"', 'title = "Two newer words"')

    assert starter.load(folder)["kept"] == 1
    assert not ArticleRow.objects.filter(slug="two-words-for-help").exists()


def test_what_an_editor_deleted_does_not_come_back(folder: Path) -> None:
    starter.load(folder)
    ArticlePage.objects.get(slug="two-words-for-help").delete()

    assert starter.load(folder)["created"] == 0
    change(folder, 'title = "Two words for help"', 'title = "Two newer words"')
    assert starter.load(folder)["kept"] == 1
    assert not ArticlePage.objects.filter(slug="two-words-for-help").exists()


def test_a_page_of_an_editor_at_the_same_address_is_left_alone() -> None:
    section = starter.make_site()["news"]
    section.add_child(
        instance=ArticlePage(title="Mine", slug="a-new-rule", standfirst="x", body="[]")
    )

    assert starter.load(FOLDER)["kept"] == 1
    assert ArticlePage.objects.get(slug="a-new-rule").title == "Mine"


XSS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    '<a href="jAvAsCrIpT&#58;alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:x" onclick="alert(1)">x</a>',
    '<svg onload=alert(1)><path d="M0"/></svg>',
    '<iframe src="https://example.com/"></iframe>',
    '<p style="background:url(https://example.com/x)">x</p>',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    '<form action="https://example.com/"><input autofocus onfocus=alert(1)></form>',
    '<embed embedtype="media" url="https://example.com/x"/>',
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><script>alert(1)</script-->",
    '<base href="https://example.com/"><meta http-equiv="refresh" content="0;url=//example.com">',
    "<template><script>alert(1)</script></template>",
]


@pytest.mark.parametrize("attack", XSS)
def test_I2_rich_text_is_cleaned_before_it_is_stored(folder: Path, attack: str) -> None:
    change(folder, '"""<p>Words overlap.', f"'''<p>Words overlap.</p>{attack}<p>")
    change(folder, '</ul>"""', "</ul>'''")

    starter.load(folder)

    page = ArticlePage.objects.get(slug="two-words-for-help")
    shown = ArticleRow.objects.get(pk=page.pk).text.body
    for stored in (str(page.body.raw_data[0]["value"]["text"]), shown):
        for bad in (
            "<script",
            "onerror",
            "onclick",
            "onload",
            "onfocus",
            "<img",
            "<svg",
            "<iframe",
            "<style",
            "style=",
            "<form",
            "<embed",
            "<base",
            "<meta",
            "<template",
            "javascript:",
            "vbscript:",
            "data:",
        ):
            assert bad not in stored.casefold()
        assert "Words overlap." in stored


BROKEN = [
    ('title = "Two words for help"', "", "title: Field required. Add this key"),
    ('author = "The editors"', 'writer = "x"', "author: Field required"),
    ("heavy = false", "havy = false", "havy: Extra inputs"),
    ("published_on = 2026-11-02", 'published_on = "soon"', "published_on: "),
    ('"depression", ', '"depresion", ', "tags: There is no tag with the id 'depresion'"),
    ('url = "/guide/"', 'url = "javascript:alert(1)"', "helps.0.url: Start with /"),
    ('url = "/guide/"', 'url = "//example.com/"', "helps.0.url: Start with /"),
    (
        'doi = "10.1000/182"',
        'doi = "https://doi.org/10.1000/182"',
        "references.0.doi: Write the DOI",
    ),
    ('pmid = "12345678"', 'pmid = "PMC1"', "references.0.pmid: Write the number"),
    ("again [2]", "again [3]", "parts.1.body: [3] has no reference"),
    (
        'url = "https://example.org/report"',
        'url = "file:///x"',
        "references.1.url: Write the whole",
    ),
    ("[[parts]]", "[[parts", "not TOML"),
    ('"<p>The same heading again, and a mark again [2].</p>"', '"<br><img>"', "parts.1.body: "),
]


@pytest.mark.parametrize(("old", "new", "told"), BROKEN)
def test_a_broken_file_is_refused_with_file_key_and_repair(
    folder: Path, old: str, new: str, told: str
) -> None:
    change(folder, old, new)

    with pytest.raises(FactError) as refused:
        starter.load(folder)

    assert str(refused.value).startswith("growth-psychology/two-words-for-help.toml: ")
    assert told in str(refused.value)
    assert not HomePage.objects.exists()  # nothing was written


def test_a_folder_that_is_no_section_is_refused(folder: Path) -> None:
    (folder / "news").rename(folder / "gossip")

    with pytest.raises(FactError, match=r"gossip/a-new-rule\.toml: the folder is no section"):
        starter.load(folder)


def test_a_name_that_is_no_address_is_refused(folder: Path) -> None:
    (folder / "news" / "a-new-rule.toml").rename(folder / "news" / "A new rule.toml")

    with pytest.raises(FactError, match="the name is no address"):
        starter.load(folder)


def test_command_says_what_was_done_and_names_what_is_wrong(folder: Path) -> None:
    said = StringIO()
    call_command("load_starter_articles", folder=folder, stdout=said)
    change(folder, 'title = "Two words for help"', "")

    with pytest.raises(CommandError, match="title: Field required"):
        call_command("load_starter_articles", folder=folder)

    assert said.getvalue() == "3 created, 0 updated, 0 unchanged, 0 kept\n"
