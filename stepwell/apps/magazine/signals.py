"""What happens to pages in Wagtail, and what that means for the rows."""

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete, pre_save
from wagtail.images import get_image_model
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from stepwell.apps.magazine import actions, keys, uploads
from stepwell.apps.magazine.models import ArticlePage, Author, HomePage, Notice, SectionPage
from stepwell.apps.pages.actions import touch


def follow_pages() -> None:
    """Connect the rows to every change that readers could see."""
    pre_save.connect(uploads.keep_clean, sender=get_image_model())
    page_published.connect(_show, sender=ArticlePage)
    page_slug_changed.connect(_show, sender=ArticlePage)
    page_unpublished.connect(_hide, sender=ArticlePage)
    pre_delete.connect(_hide, sender=ArticlePage)
    post_page_move.connect(_show_below)
    post_save.connect(_show_restricted, sender=PageViewRestriction)
    post_save.connect(_show_written_by, sender=Author)
    post_delete.connect(_show_restricted, sender=PageViewRestriction)
    for signal in (page_published, page_unpublished, page_slug_changed, post_delete):
        signal.connect(_front_changed, sender=HomePage)
        signal.connect(_section_changed, sender=SectionPage)
    for signal in (post_save, post_delete):
        signal.connect(_notice_changed, sender=Notice)


def _show(instance: ArticlePage, **kwargs: Any) -> None:
    actions.show(instance)


def _hide(instance: ArticlePage, **kwargs: Any) -> None:
    actions.hide(page_id=instance.pk)


def _show_below(instance: Page, **kwargs: Any) -> None:
    actions.show_below(instance)


def _show_written_by(instance: Author, created: bool, raw: bool = False, **kwargs: Any) -> None:
    if not created and not raw:
        actions.show_written_by(instance)
        touch([keys.AUTHORS, f"author:{instance.slug}"])


def _front_changed(**kwargs: Any) -> None:
    touch([keys.FRONT])


def _section_changed(instance: SectionPage, **kwargs: Any) -> None:
    touch([f"section:{instance.section}"])


def _notice_changed(instance: Notice, **kwargs: Any) -> None:
    # Where it stood before is not known here, so every place that may show one is looked at.
    touch(keys.places_of_notices())


def _show_restricted(instance: PageViewRestriction, **kwargs: Any) -> None:
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None:
        actions.show_below(page)
