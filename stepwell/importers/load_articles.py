"""Stores articles of another system as Wagtail drafts. It never publishes anything.

Each item is one transaction, found again by its source and key: whatever stops an
import, running it again goes on where it was. What an editor changed since is left.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import astuple
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import ReferenceIndex, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from stepwell.apps.magazine import actions, rendering
from stepwell.apps.magazine.models import (
    ArticleDates,
    ArticleImport,
    ArticlePage,
    Author,
    Byline,
    Fate,
    ImportedItem,
    SectionPage,
)
from stepwell.apps.magazine.starter import make_site
from stepwell.importers.article_media import Placed, Shelf
from stepwell.importers.wxr.draft import Draft
from stepwell.importers.wxr.links import address_path
from stepwell.importers.wxr.records import Writer
from stepwell.importers.wxr.shaped import Folded, Picture, Quote, RichPart, Shaped

NAMESPACE = UUID("b3b2a0d7-5a55-4f0e-9a3d-2f1c60c3f6a1")  # ours; never change it
LONGEST_PATH = 255


class Outcome(NamedTuple):
    """What becomes of one article."""

    fate: Fate
    reason: str = ""
    is_new_text: bool = False  # a page is there, and it is to say something else


class Loader:
    """Writes drafts of one run."""

    def __init__(self, run: ArticleImport, shelf: Shelf) -> None:
        self.run, self.shelf = run, shelf
        self.sections: dict[str, SectionPage] = make_site()
        self.site = Site.objects.filter(is_default_site=True).first()

    def load(self, draft: Draft) -> Outcome:
        """Store one draft, or say why it is left as it is."""
        try:
            return self._load(draft)
        except ValidationError as error:
            self.shelf.forget()
            why = "; ".join(error.messages)
            return Outcome(Fate.SKIPPED, f"it cannot be stored: {why}"[:240])

    def _load(self, draft: Draft) -> Outcome:
        with transaction.atomic():
            placed = self.shelf.place(draft)
            known = known_as(self.run.source, draft.key)
            said = content_hash(draft, placed)
            outcome = decided(known, said, self.run.pk)
            with disable_reference_index_auto_update():  # it would be made anew at every save
                page = self._written(known, outcome, draft, placed, said)
            if page is not None:
                ReferenceIndex.create_or_update_for_object(page)
            return outcome

    def _written(
        self,
        known: ImportedItem | None,
        outcome: Outcome,
        draft: Draft,
        placed: list[Placed],
        said: str,
    ) -> ArticlePage | None:
        """Write what was decided; return the page that was written."""
        if known is None:
            return self._create(draft, placed, said)
        if not outcome.is_new_text or known.page is None:
            return None
        self._update(known, known.page, draft, placed, said)
        return known.page

    def _create(self, draft: Draft, placed: list[Placed], said: str) -> ArticlePage:
        page = ArticlePage(slug=draft.slug, live=False, **fields(draft, placed))
        page.bylines = self._bylines(draft.writers)
        section = self.sections[draft.section]
        try:
            section.add_child(instance=page)
        except Exception:
            section.refresh_from_db()  # the tree's own counts may have been rolled back
            raise
        self._keep_dates(page, draft)
        revision = page.save_revision(user=self.run.by, clean=False)
        ImportedItem.objects.create(
            source=self.run.source,
            key=draft.key,
            made_by=self.run,
            page=page,
            revision_id=revision.pk,
            place=f"{draft.section}/{page.slug}",
            content_hash=said,
        )
        self._redirect(page, f"/{draft.section}/{draft.slug}/", draft, placed)
        return page

    def _update(
        self, known: ImportedItem, page: ArticlePage, draft: Draft, placed: list[Placed], said: str
    ) -> None:
        for name, value in fields(draft, placed).items():
            setattr(page, name, value)
        page.bylines = self._bylines(draft.writers)
        page.save()
        self._keep_dates(page, draft)
        known.revision_id = page.save_revision(user=self.run.by, clean=False).pk
        known.content_hash = said
        known.save(update_fields=["revision_id", "content_hash"])
        self._redirect(page, f"/{draft.section}/{page.slug}/", draft, placed)

    def _keep_dates(self, page: ArticlePage, draft: Draft) -> None:
        """Keep the day of first publication: publishing here does not make a text new."""
        if draft.published_at is None:
            return
        changed = draft.changed_at or draft.published_at
        ArticleDates.objects.update_or_create(
            page=page,
            defaults={
                "published_at": draft.published_at,
                "changed_on": timezone.localdate(changed),
                "text_hash": rendering.hash_of(page),
            },
        )

    def _bylines(self, writers: list[Writer]) -> list[Byline]:
        return [Byline(author=self._author(one)) for one in writers]

    def _author(self, writer: Writer) -> Author:
        """Return the profile of a writer: no login, no e-mail address."""
        login = hashlib.sha256(writer.login.encode()).hexdigest()[:24]
        source = f"{self.run.source[:160]}#{login}"
        new = not Author.objects.filter(source=source).exists()
        author = actions.author_named(writer.name, source=source)
        if new:
            ImportedItem.objects.update_or_create(
                source=self.run.source,
                key=f"author:{login}",
                defaults={"made_by": self.run, "author": author, "content_hash": ""},
            )
        return author

    def _redirect(self, page: ArticlePage, here: str, draft: Draft, placed: list[Placed]) -> None:
        """Send the old addresses here, but for those that already lead somewhere."""
        told = [*draft.addresses, *(one for each in placed for one in each.addresses)]
        wanted: dict[str, None] = {}
        for address in told:
            path = Redirect.normalise_path(address_path(address))
            if path not in {"/", here.rstrip("/")} and len(path) <= LONGEST_PATH:
                wanted[path] = None
        there = Redirect.objects.filter(site=self.site, old_path__in=list(wanted))
        taken = set(there.values_list("old_path", flat=True))
        Redirect.objects.bulk_create(
            Redirect(old_path=path, site=self.site, is_permanent=True, redirect_page=page)
            for path in wanted
            if path not in taken
        )


def decided(known: ImportedItem | None, said: str, run_id: int | None) -> Outcome:
    """Return what becomes of an article, from what is there of it."""
    if known is None:
        return Outcome(Fate.IMPORTED)
    page = known.page
    if page is None:
        return Outcome(Fate.SKIPPED, "imported before and deleted by an editor since")
    if known.content_hash == said and known.made_by_id == run_id:
        return Outcome(Fate.IMPORTED)
    before = f"import {known.made_by_id}"
    if known.content_hash == said:
        return Outcome(Fate.SKIPPED, f"imported before ({before}), unchanged")
    if is_touched(known, page):
        return Outcome(Fate.SKIPPED, f"changed by an editor since {before}, left as it is")
    return Outcome(Fate.IMPORTED, f"says something else than in {before}: a new draft", True)


def known_as(source: str, key: str) -> ImportedItem | None:
    """Return what is known of an item of a source."""
    found = ImportedItem.objects.filter(source=source, key=key).select_related("page")
    return found.first()


def is_touched(known: ImportedItem, page: ArticlePage) -> bool:
    """Say whether an editor did anything with a page since it was imported."""
    moved = not page.url_path.endswith(f"/{known.place}/")
    return bool(page.live or page.latest_revision_id != known.revision_id or moved)


def fields(draft: Draft, placed: list[Placed]) -> dict[str, Any]:
    """Return the fields of a page; of its pictures the first is the cover."""
    return {
        "title": draft.title,
        "draft_title": draft.title,
        "standfirst": draft.standfirst,
        "tags": draft.tags,
        "body": json.dumps(list(body(draft, placed))),
        "cover_image_id": placed[0].image_id,
        "cover_alt": placed[0].alt,
    }


def body(draft: Draft, placed: list[Placed]) -> Iterator[dict[str, Any]]:
    """Yield the blocks as Wagtail stores them; a picture that was not found leaves a gap."""
    waiting = iter(placed[1:])  # the first is the cover
    for at, block in enumerate(draft.blocks):
        value: dict[str, Any] | None = None
        kind = "figure"
        if isinstance(block, Picture):
            value = next(waiting).value()
        else:
            kind, value = words_of(block)
        if value is not None:
            yield {"type": kind, "value": value, "id": str(uuid5(NAMESPACE, f"{draft.key}/{at}"))}


def words_of(block: Shaped) -> tuple[str, dict[str, Any]]:
    """Return kind and value of a block that holds words."""
    match block:
        case RichPart(heading, text):
            return "part", {"heading": heading, "text": text}
        case Quote(words, speaker):
            return "quote", {"words": words, "speaker": speaker}
        case Folded(topic, text):
            return "content_note", {"topic": topic, "text": text}
    raise TypeError(f"no block of ours holds {type(block).__name__}")


def content_hash(draft: Draft, placed: list[Placed]) -> str:
    """Return a hash of everything that is written, without numbers that differ between hosts."""
    told = [
        draft.title,
        draft.standfirst,
        draft.tags,
        [one.login for one in draft.writers],
        [[type(one).__name__, *astuple(one)] for one in draft.blocks],
        [[one.key, one.alt, one.caption] for one in placed],
        [_iso(draft.published_at), _iso(draft.changed_at)],
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
