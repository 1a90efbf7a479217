"""Every edge case we know of real exports, each with a file of its own in fixtures/."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image as Pillow
from wagtail.contrib.redirects.models import Redirect

from stepwell.apps.magazine.models import ArticleDates, ArticlePage, Author, ImportedFate
from stepwell.importers.article_runs import ArticleReport, import_wxr
from stepwell.importers.records import ImportRefused

pytestmark = pytest.mark.django_db
FIXTURES = Path(__file__).parent / "fixtures"
REFUSED = {
    "truncated": "cut off",
    "broken-cdata": "]]>",
    "tag-mismatch": "a tag is closed that was not opened",
    "plain-rss": "not a WordPress export",
    "not-rss": "not with <rss>",
    "xxe": "document type",
    "billion-laughs": "document type",
}
READABLE = [one for one in sorted(FIXTURES.glob("*.xml")) if one.stem not in REFUSED]
SAID = ("heading", "topic", "words", "text", "speaker", "caption")  # PostgreSQL sorts keys
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def run(*names: str, map_text: str = "", tmp_path: Path | None = None, **options) -> ArticleReport:
    """Import fixtures by name."""
    if map_text:
        options["map_path"] = tmp_path / "map.toml"
        options["map_path"].write_text(map_text)
    paths = [FIXTURES / f"{name}.xml" for name in names]
    return import_wxr(paths, clock=lambda: NOW, **options)


def page(number: int = 1) -> ArticlePage:
    """The page that the post with this id became."""
    return ArticlePage.objects.get(imported_from__key__startswith=f"post:{number}:")


def words(article: ArticlePage) -> str:
    """Everything its blocks say."""
    return " | ".join(
        str(value)
        for block in article.body.raw_data
        for value in (block["value"].get(name) for name in SAID)
        if isinstance(value, str)
    )


def reasons(report: ArticleReport) -> dict[int, str]:
    """Why each item was not, or not only, imported."""
    fates = ImportedFate.objects.filter(run=report.run_id)
    return {one.number: f"{one.fate}: {one.reason}" for one in fates}


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """A copy of an uploads folder with two pictures."""
    folder = tmp_path / "uploads" / "2020" / "01"
    folder.mkdir(parents=True)
    Pillow.new("RGB", (40, 30), "teal").save(folder / "a.jpg")
    Pillow.new("RGB", (30, 40), "olive").save(folder / "b.png")
    return tmp_path / "uploads"


def test_control_characters_marks_and_blanks_are_mended_and_counted():
    report = run("control-characters").as_document()

    assert page().title == "Broken title"
    assert "Zero and and gone" in words(page())
    assert report["repairs"]["control characters removed"][0] == 4
    assert set(report["repairs"]) >= {
        "byte-order mark at the start removed",
        "blanks before the first tag removed",
        "references to characters that XML does not know removed",
    }


@pytest.mark.parametrize("name", ["not-utf8", "declared-latin1", "utf16"])
def test_text_in_another_encoding_is_read(name: str):
    run(name)

    assert page().title == "Café"


@pytest.mark.parametrize(("name", "said"), REFUSED.items())
def test_I3_a_file_that_cannot_be_read_is_refused_in_plain_words_and_leaves_nothing(name, said):
    with pytest.raises(ImportRefused) as refusal:
        run("classic", name)

    assert f"{name}.xml" in str(refusal.value)
    assert said in str(refusal.value)
    assert "Nothing was changed" in str(refusal.value)
    assert not ArticlePage.objects.exists()
    assert not ImportedFate.objects.exists()


@pytest.mark.parametrize(
    "name", ["version-1.1", "https-namespace", "rebound-namespace", "no-version"]
)
def test_every_version_and_namespace_is_read(name: str):
    run(name)

    assert page().title == "A title"


def test_version_1_0_names_each_category_twice_and_counts_it_once():
    run("version-1.0")

    assert page().tags == ["depression"]
    assert page().get_parent().slug == "news"


def test_a_text_that_was_written_in_two_cdata_sections_is_one():
    run("cdata-in-two-parts")

    assert "an arrow ]]&gt; in the text" in words(page())


def test_classic_content_becomes_paragraphs_and_pages_are_joined():
    run("classic")

    text = words(page())
    assert "<p>First line<br>second line</p><p>Next paragraph</p>" in text
    assert "<p>kept<br><br>as it is</p>" in text
    assert "<li>One cell · two</li>" in text
    assert "<p>After more</p>" in text
    assert "<p>Second page</p>" in text
    assert page().standfirst.startswith("First line second line")


def test_blocks_become_ours_and_unknown_ones_keep_their_words_and_are_listed():
    report = run("blocks").as_document()

    article = page()
    kinds = [block["type"] for block in article.body.raw_data]
    text = words(article)
    assert kinds == ["part", "part", "quote", "content_note", "part", "part"]
    for said in ("<li>one</li><li>two</li>", "Rest is work too. | Ben Example", "Folded words",
                 "https://video.example/watch?v=1", "A talk", "Words used twice", "Plugin words",
                 "A · B", "A small note"):  # fmt: skip
        assert said in text, said
    assert report["blocks"] == {
        "core/latest-posts (filled when shown; nothing to keep)": 1,
        "core/block (reusable, not in the export)": 1,
        "acme/box": 1,
    }
    assert report["kinds"]["wp_block"] == {"merged": 1}


def test_shortcodes_become_ours_and_unknown_ones_keep_their_words_and_are_listed(media):
    report = run("shortcodes", media_path=media).as_document()

    article = page()
    figures = [one["value"] for one in article.body.raw_data if one["type"] == "figure"]
    assert [one["picture"]["alt_text"] for one in figures] == ["A bench", "A door", "A bench"]
    assert figures[0]["caption"] == "A quiet bench"
    for said in ("watch?v=2</a>", "watch?v=3</a>", "x.mp3</a>", "Builder words.", "Plugin words.",
                 "[gallery]", "[sic], see [1]"):  # fmt: skip
        assert said in words(article), said
    assert report["shortcodes"] == {"acme_form": 1, "spoiler": 1}
    assert report["kinds"]["attachment"] == {"imported": 2}


def test_the_text_of_a_page_builder_is_found():
    report = run("elementor").as_document()

    assert "Finding words | <p>Long text of the page.</p><p>One</p><p>Tab words</p>" in words(
        page()
    )
    assert report["changed"]["text taken from a page builder (Elementor)"] == 1


def test_a_featured_picture_may_stand_in_another_file(media):
    report = run("featured-1", "featured-2", media_path=media).as_document()

    assert page(1).cover_image is not None
    assert page(1).cover_alt == "A bench by a lake"
    assert page(2).cover_image is None
    assert [one["type"] for one in page(2).body.raw_data] == ["part"]
    assert len(report["media"]) == 1


def test_copies_of_a_picture_in_other_sizes_and_from_other_hosts_are_one_picture(media):
    report = run("resized", media_path=media).as_document()

    ids = {
        one["value"]["picture"]["image"] for one in page().body.raw_data if one["type"] == "figure"
    }
    assert len(ids) == 1
    assert report["media"] == {"picture of another site: elsewhere.example": 1}


def test_links_to_the_old_site_lead_to_our_pages(tmp_path):
    run("links", map_text='[types]\npage = "growth-psychology"', tmp_path=tmp_path)

    text = words(page())
    assert text.count('<a href="/news/post-2/">') == 3
    assert '<a href="/growth-psychology/post-3/">five</a>' in text
    assert '<a href="https://old.example.org/gone/">four</a>' in text
    assert "<a" not in text[text.index("five</a>") + 8 :]


def test_every_old_address_becomes_a_permanent_redirect(tmp_path):
    run("links", map_text='[types]\npage = "growth-psychology"', tmp_path=tmp_path)

    found = Redirect.objects.filter(redirect_page=page(2).page_ptr)
    assert set(found.values_list("old_path", flat=True)) == {
        "/2020/05/post-2", "/?p=2", "/2020/05/older-name",
    }  # fmt: skip
    assert Redirect.objects.filter(old_path="/?page_id=3", is_permanent=True).exists()
    assert Redirect.objects.filter(old_path="/about-us").exists()


def test_a_copy_is_merged_and_a_different_text_with_the_same_id_is_skipped():
    report = run("duplicates")

    assert reasons(report) == {
        1: "imported: ",
        2: "merged: the same as item 1",
        3: "skipped: it has the id and address of item 1 but says something else",
        4: "imported: ",
    }
    assert page(2).slug == "post-1-2"


def test_addresses_are_made_of_any_script_and_clash_with_none():
    run("slugs")

    slugs = [page(number).slug for number in range(1, 7)]
    assert slugs[0] == "agapi"
    assert slugs[1] == "no-slug-here"
    assert slugs[2] == "x" * 200
    assert slugs[3].isascii()
    assert slugs[4:] == ["same", "same-2"]


def test_dates_without_gmt_are_read_in_the_zone_of_the_map(tmp_path):
    report = run("dates", map_text='zone = "Europe/Athens"', tmp_path=tmp_path)

    dates = ArticleDates.objects.get(page=page(1))
    assert dates.published_at == datetime(2020, 7, 1, 9, 0, tzinfo=UTC)
    assert not ArticleDates.objects.filter(page__in=[page(2), page(3)]).exists()
    assert report.notes.changed["dates without a zone read as Europe/Athens"] >= 1


def test_categories_lead_to_sections_and_tags_and_the_rest_is_proposed(tmp_path):
    told = '[sections]\ngrowth = "growth-psychology"\nlow-mood = "news"\n[tags]\npanic = ""'
    report = run("categories", map_text=told, tmp_path=tmp_path)

    assert page(1).get_parent().slug == "growth-psychology"
    assert page(3).tags == ["depression", "adhd"]
    assert "none of its categories leads to a section" in reasons(report)[2]
    assert '"uncategorized" = ""  # 1' in report.proposal


def test_authors_are_profiles_without_addresses_and_nobody_can_sign_in(django_user_model):
    run("authors")

    assert page(1).author == ""
    assert page(2).author == ""
    assert page(3).author == "unknown-login"
    assert page(4).author == "Cleo Example and Ann Example"
    assert not django_user_model.objects.exists()
    assert not Author.objects.filter(name__contains="@").exists()
    assert not Author.objects.filter(source__contains="@").exists()


def test_comments_addresses_and_passwords_stay_out(tmp_path):
    report = run("comments")

    left = report.as_document()
    assert left["never_imported"] == {"comments": 1, "passwords": 1}
    whole = str(left) + words(page()) + str(page().__dict__)
    for private in ("hunter2", "Dora", "dora@", "192.0.2.7", "I feel the same", "ann@example"):
        assert private not in whole
    assert not page().live


def test_every_state_of_a_text_has_its_fate():
    report = run("states")

    told = reasons(report)
    assert [told[number].split(":")[0] for number in range(1, 6)] == ["imported"] * 5
    assert told[6] == "skipped: in the bin of the old site"
    assert told[7] == "skipped: an empty draft"
    assert told[8] == "skipped: an older version of a text"
    assert told[9] == "skipped: the map names no section for items of type product"
    assert told[10] == "skipped: it has no text"
    assert not ArticlePage.objects.filter(live=True).exists()


def test_summaries_come_from_where_they_are_and_what_has_no_place_is_told():
    report = run("extras").as_document()

    assert page(1).standfirst == "Words for search engines."
    assert page(2).standfirst == "Other words."
    assert set(report["changed"]) >= {
        "texts that were pinned to the top; pin them by hand",
        "post formats dropped",
        "texts hidden from search engines on the old site",
        "canonical addresses dropped",
    }


def test_menus_are_proposed_and_not_applied():
    report = run("menus")

    assert report.as_document()["menus"] == {"Main": ["About us"]}
    assert reasons(report)[2] == "skipped: menus are proposed in the report, not applied"


def test_I6_tracking_is_removed_and_listed():
    report = run("tracking").as_document()

    text = words(page())
    assert '<a href="https://shop.example/?id=3">shop</a>' in text
    for gone in ("utm_", "fbclid", "facebook", "count.gif", "ads.example", "track()", "onclick"):
        assert gone not in text
    assert report["removed"] == {
        "tracking words in links": 2,
        "tracking picture: www.facebook.com": 1,
        "tracking picture: old.example.org": 1,
        "script: ads.example": 1,
        "script": 1,
        "frame, a link kept: frames.example": 1,
        "form: forms.example": 1,
        "handlers of events": 1,
    }


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.stem)
def test_I5_the_fates_add_up_a_dry_run_tells_them_and_a_second_run_changes_nothing(path: Path):
    dry = import_wxr([path], clock=lambda: NOW, dry_run=True)
    assert not ArticlePage.objects.exists()
    first = import_wxr([path], clock=lambda: NOW)
    revisions = {one.pk: one.latest_revision_id for one in ArticlePage.objects.all()}
    second = import_wxr([path], clock=lambda: NOW)

    for report in (dry, first, second):
        assert sum(report.counts.values()) == report.survey.items
    assert dry.counts == first.counts
    assert second.as_document()["fates"]["imported"] == 0
    assert {one.pk: one.latest_revision_id for one in ArticlePage.objects.all()} == revisions
