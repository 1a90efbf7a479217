"""Takes back what one import made, and nothing that an editor touched since."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import ReferenceIndex

from stepwell.apps.audit import actions as audit
from stepwell.apps.magazine.models import ArticleImport, Byline, ImportedItem, RunState
from stepwell.importers.load_articles import is_touched
from stepwell.importers.records import ImportRefused


@dataclass(slots=True)
class Undone:
    """What an undo took back, and what it left."""

    run_id: int
    articles: int = 0
    pictures: int = 0
    authors: int = 0
    redirects: int = 0
    left: list[str] = field(default_factory=list)  # with the reason

    def as_document(self) -> dict[str, Any]:
        """Return it for programs."""
        return {name: getattr(self, name) for name in self.__slots__}


def undo(run_id: int, *, by: Any, clock: Callable[[], datetime]) -> Undone:
    """Remove what an import made, item by item; say what it left and why."""
    run = ArticleImport.objects.filter(pk=run_id).first()
    if run is None:
        raise ImportRefused(f"There is no import {run_id}. The admin lists them under WordPress.")
    done = Undone(run_id)
    made = ImportedItem.objects.filter(made_by=run).order_by("pk")
    for item in made.filter(image=None, author=None).select_related("page").iterator():
        with transaction.atomic():
            _undo_article(item, done)
    for item in made.exclude(image=None).iterator():
        with transaction.atomic():
            _undo_picture(item, done)
    for item in made.exclude(author=None).iterator():
        with transaction.atomic():
            _undo_author(item, done)
    with transaction.atomic():
        run.state, run.finished_at = RunState.UNDONE, run.finished_at or clock()
        run.save(update_fields=["state", "finished_at"])
        audit.record(by=by, verb="undo_import", thing=f"article_import:{run.pk}")
    return done


def _undo_article(item: ImportedItem, done: Undone) -> None:
    page = item.page
    if page is None:
        item.delete()  # an editor deleted it; nothing is left to take back
        return
    if is_touched(item, page):
        why = "it is published" if page.live else "an editor changed it"
        done.left.append(f"article {page.pk}: {why}")
        return
    counted = Redirect.objects.filter(redirect_page=page).aggregate(count=Count("pk"))
    done.redirects += counted["count"]
    item.delete()
    page.delete()
    done.articles += 1


def _undo_picture(item: ImportedItem, done: Undone) -> None:
    image = item.image
    if image is None:
        return
    if (
        ReferenceIndex.get_references_to(image)
        .exclude(model_path__startswith="image", base_content_type__model="importeditem")
        .exists()
    ):
        done.left.append(f"image {image.pk}: a page still shows it")
        return
    item.delete()
    image.delete()
    done.pictures += 1


def _undo_author(item: ImportedItem, done: Undone) -> None:
    author = item.author
    if author is None:
        return
    if Byline.objects.filter(author=author).exists() or author.about or author.role:
        done.left.append(f"author {author.pk}: somebody filled in the profile, or it has articles")
        return
    item.delete()
    author.delete()
    done.authors += 1
