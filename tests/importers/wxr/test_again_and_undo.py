"""What a second import and an undo do to pages that editors have worked on."""

from pathlib import Path

import pytest
from PIL import Image as Pillow
from wagtail.contrib.redirects.models import Redirect
from wagtail.images import get_image_model

from stepwell.apps.audit.models import Event
from stepwell.apps.magazine.models import ArticlePage, Author, ImportedItem
from stepwell.importers.article_runs import import_wxr
from stepwell.importers.article_undo import undo
from stepwell.importers.records import ImportRefused
from tests.importers.wxr.build import attachment, item, publish, write
from tests.importers.wxr.test_edge_cases import NOW, page

pytestmark = pytest.mark.django_db


def run(path: Path, **options):
    return import_wxr([path], clock=lambda: NOW, **options)


def edit(article: ArticlePage) -> None:
    """Change a word, as an editor does."""
    article.title = "By an editor"
    article.save_revision()


def test_a_newer_export_becomes_a_new_draft_unless_an_editor_was_there(tmp_path):
    run(write(tmp_path, item(1), item(2), item(3)))
    edit(page(2))
    publish(page(3))

    newer = write(tmp_path, *(item(n, content="Newer words.") for n in (1, 2, 3)))
    report = run(newer)

    assert report.as_document()["fates"] == {"imported": 1, "merged": 0, "skipped": 2}
    assert "Newer words." in str(page(1).body.raw_data[0])
    assert page(2).get_latest_revision_as_object().title == "By an editor"
    assert "Newer words." not in str(page(3).body.raw_data[0])


def test_what_an_editor_deleted_does_not_come_back(tmp_path):
    path = write(tmp_path, item(1))
    run(path)
    page(1).delete()

    report = run(path)

    assert not ArticlePage.objects.exists()
    assert "deleted by an editor" in next(iter(report.reasons))


def test_undo_takes_back_what_it_made_and_leaves_what_was_touched(tmp_path):
    (tmp_path / "up").mkdir()
    for name, colour in (("a", "navy"), ("b", "teal")):
        Pillow.new("RGB", (9, 9), colour).save(tmp_path / f"up/{name}.png")
    content = '<p>Words</p><img class="wp-image-{}" src="">'
    path = write(
        tmp_path,
        item(1, content=content.format(8)),
        item(2, content=content.format(9), creator="someone"),
        attachment(8, "a.png"),
        attachment(9, "b.png"),
    )
    before = get_image_model().objects.count()
    report = run(path, media_path=tmp_path / "up")
    edit(page(2))

    undone = undo(report.run_id, by=None, clock=lambda: NOW)

    assert (undone.articles, undone.pictures, undone.authors, undone.redirects) == (1, 1, 1, 4)
    assert len(undone.left) == 3
    assert [one.title for one in ArticlePage.objects.all()] == ["A title"]
    assert get_image_model().objects.count() == before + 1
    assert Redirect.objects.count() == 4
    assert [one.name for one in Author.objects.all()] == ["someone"]
    assert ImportedItem.objects.filter(made_by=report.run_id).count() == 3
    assert Event.objects.filter(
        verb="undo_import", thing=f"article_import:{report.run_id}"
    ).exists()


def test_undo_of_an_import_that_never_was_says_so():
    with pytest.raises(ImportRefused, match="There is no import 77"):
        undo(77, by=None, clock=lambda: NOW)


def test_pictures_that_were_missing_come_with_a_second_run(tmp_path):
    path = write(
        tmp_path,
        item(1, content='<p>Words</p><img class="wp-image-8" src="">'),
        attachment(8, "2020/01/a.png", alt="A lake"),
    )
    first = run(path)
    (tmp_path / "up" / "2020" / "01").mkdir(parents=True)
    Pillow.new("RGB", (9, 9)).save(tmp_path / "up" / "2020" / "01" / "a.png")

    run(path, media_path=tmp_path / "up")

    assert sum(first.notes.media.values()) == 1
    assert [one["type"] for one in page(1).body.raw_data] == ["part", "figure"]
