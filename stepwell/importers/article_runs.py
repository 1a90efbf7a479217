"""Runs an import of articles: look at everything, plan, then write item by item; and undo one.

A dry run does all of it but the writing.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from stepwell.apps.audit import actions as audit
from stepwell.apps.magazine.models import (
    ArticleImport,
    ArticlePage,
    Fate,
    ImportedFate,
    ImportedItem,
    RunState,
)
from stepwell.importers.article_media import Shelf
from stepwell.importers.load_articles import Loader, Outcome, content_hash, decided, known_as
from stepwell.importers.records import ImportRefused
from stepwell.importers.wxr.draft import Draft, Drafter
from stepwell.importers.wxr.index import Index, Planned
from stepwell.importers.wxr.links import LinkRule, normal
from stepwell.importers.wxr.mapping import Map, Sorter, read_map
from stepwell.importers.wxr.media import Media, open_media
from stepwell.importers.wxr.notes import Notes
from stepwell.importers.wxr.plan import OPEN, Planner
from stepwell.importers.wxr.records import Item
from stepwell.importers.wxr.survey import Survey, entries

Told = Callable[[str, int], None]  # a step, and how many bytes of it were read
OnItems = Callable[[Iterator[Planned]], None]


@dataclass(slots=True)
class ArticleReport:
    """What became of the files."""

    files: list[str]
    dry_run: bool
    survey: Survey
    notes: Notes
    words: dict[str, Any]
    proposal: str
    run_id: int | None = None
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)

    def as_document(self) -> dict[str, Any]:
        """Return counts and names for programs; no texts of articles."""
        kinds: dict[str, dict[str, int]] = {}
        for (kind, fate), count in self.counts.items():
            kinds.setdefault(kind, {})[fate] = count
        fates = Counter[str]()
        for (_, fate), count in self.counts.items():
            fates[fate] += count
        told = self.survey
        return {
            "files": self.files,
            "source": told.source,
            "dry_run": self.dry_run,
            "import": self.run_id,
            "items": told.items,
            "fates": {fate.value: fates[fate] for fate in Fate},
            "kinds": kinds,
            "reasons": dict(self.reasons.most_common()),
            "repairs": {what: [n, told.first_lines[what]] for what, n in told.repairs.items()},
            "never_imported": {what: n for what, n in told.left_out.items() if n},
            **self.notes.as_document(),
            "words": self.words,
            "menus": told.menus,
            "versions": sorted(filter(None, told.versions)),
        }


def silent(step: str, read: int) -> None:
    """Tell nobody of the progress."""


def import_wxr(
    paths: list[Path],
    *,
    clock: Callable[[], datetime],
    map_path: Path | None = None,
    media_path: Path | None = None,
    by: Any = None,
    dry_run: bool = False,
    told: Told = silent,
    on_items: OnItems | None = None,
    run: ArticleImport | None = None,
) -> ArticleReport:
    """Import exports as drafts and return what became of every item; a dry run writes nothing.

    Raises ImportRefused, before anything is written, when a file cannot be used.
    """
    map_ = read_map(map_path) if map_path else Map()
    media = open_media(media_path)
    with Index() as index:
        work = _Work(paths, map_, media, index, clock(), told)
        work.survey_all()
        if map_path:
            work.survey.digest.update(map_path.read_bytes())
        if not dry_run:
            work.run = started(work.survey, paths, by, clock(), run)
        work.write_all()
        report = work.report()
        if work.run is not None:
            finish(work.run, index, report, clock())
        if on_items is not None:
            on_items(index.fates())
    return report


class _Work:
    """One import while it goes on."""

    def __init__(
        self, paths: list[Path], map_: Map, media: Media, index: Index, now: datetime, told: Told
    ) -> None:
        self.paths, self.map, self.media, self.index = paths, map_, media, index
        self.now, self.told = now, told
        self.survey = Survey()
        self.sorter = Sorter(map_, self.survey.terms)
        self.notes = Notes()
        self.run: ArticleImport | None = None

    def survey_all(self) -> None:
        """Read every file to its end and plan every item."""
        planner = Planner(self.index, self.sorter)
        seeded = False
        for entry in entries(self.paths, self.survey, lambda n: self.told("Checking", n)):
            if not isinstance(entry, Item):
                self.survey.note(entry)
                continue
            if not seeded:
                seed(self.index, self.survey.source)
                seeded = True
            self.survey.note_item(entry)
            planner.plan(entry)
        if not self.survey.items:
            raise ImportRefused(
                f"{self.paths[0].name}: it holds no items. In WordPress, export All content."
            )

    def write_all(self) -> None:
        """Go through the files again: draft what was planned, and store it unless it is dry."""
        hosts = frozenset(filter(None, {*self.survey.hosts, *self.map.own_hosts}))
        shelf = Shelf(self.index, self.media, self.survey.source, hosts, self.run)
        links = LinkRule(hosts, lambda address: self.index.page_at(normal(address)))
        drafter = Drafter(self.index, links, self.survey.writers, self.map.zone, self.now)
        loader = Loader(self.run, shelf) if self.run is not None else None
        for entry in entries(self.paths, None, lambda n: self.told("Importing", n)):
            if not isinstance(entry, Item):
                continue
            planned = self.index.planned(entry.number)
            if planned.fate == OPEN and planned.section:
                draft = drafter.draft(entry, planned, self.sorter.tags(entry.labels))
                outcome = self._settled(draft, loader, shelf)
                self.index.settle(entry.number, outcome.fate, outcome.reason)
                self.notes.add(draft.notes)
        settle_rest(self.index)

    def _settled(self, draft: Draft, loader: Loader | None, shelf: Shelf) -> Outcome:
        if not draft.blocks and not draft.cover.isdigit():
            return Outcome(Fate.SKIPPED, "nothing is left of its text once it is cleaned")
        if loader is not None:
            return loader.load(draft)
        said = content_hash(draft, shelf.place(draft))
        return decided(known_as(self.survey.source, draft.key), said, None)

    def report(self) -> ArticleReport:
        """Return the report; raise when the sums do not agree, which would be our own fault."""
        counts = self.index.counts()
        if sum(counts.values()) != self.survey.items or any(not fate for _, fate in counts):
            raise RuntimeError("the fates of the items do not add up to their number")
        report = ArticleReport(
            files=[path.name for path in self.paths],
            dry_run=self.run is None,
            survey=self.survey,
            notes=self.notes,
            words=self.sorter.as_document(),
            proposal=self.sorter.proposal(),
            run_id=self.run.pk if self.run else None,
            counts=counts,
        )
        for one in self.index.fates():
            if one.reason:
                report.reasons[general(one.reason)] += 1
        return report


def general(reason: str) -> str:
    """Return a reason without the numbers in it, so that like reasons count together."""
    return " ".join("N" if word.strip("(),:").isdigit() else word for word in reason.split())


def seed(index: Index, source: str) -> None:
    """Tell the index what is here: every address in use, and what was imported before."""
    pages = ArticlePage.objects.values_list("pk", "url_path")
    places: dict[int, tuple[str, str]] = {}
    wanted = set(
        ImportedItem.objects.filter(source=source, page__isnull=False).values_list(
            "page_id", flat=True
        )
    )
    for pk, url_path in pages.iterator():
        section, _, slug = url_path.strip("/").rpartition("/")
        section = section.rpartition("/")[2]
        index.take(section, slug)
        if pk in wanted:
            places[pk] = (section, slug)
    items = ImportedItem.objects.filter(source=source, image=None, author=None)
    told = items.values_list("key", "page_id", "revision_id")
    for key, page_id, revision_id in told.iterator():
        if page_id in places:
            index.know(key, *places[page_id], gone=False)
        elif revision_id is not None:
            index.know(key, "", "", gone=True)


def settle_rest(index: Index) -> None:
    """Give the pictures and reusable blocks that are still open their fate."""
    for one in index.fates():
        if one.fate != OPEN:
            continue
        if one.kind == "wp_block" and index.reusable_was_used(one.number):
            index.settle(one.number, Fate.MERGED, "put into the articles that show it")
        elif one.kind == "wp_block":
            index.settle(one.number, Fate.SKIPPED, "no article that is imported holds it")
        elif one.kind == "attachment":
            index.settle(one.number, Fate.SKIPPED, "no article that is imported shows it")


def started(
    survey: Survey, paths: list[Path], by: Any, now: datetime, run: ArticleImport | None
) -> ArticleImport:
    """Return the run: the given one, one of the same files that was stopped, or a new one."""
    fingerprint = survey.digest.hexdigest()
    if run is None:
        run = ArticleImport.objects.filter(
            source=survey.source, fingerprint=fingerprint, state=RunState.RUNNING
        ).first()
    if run is None:
        run = ArticleImport(started_at=now, by=by)
    run.source, run.fingerprint, run.state = survey.source, fingerprint, RunState.RUNNING
    run.files = [path.name for path in paths]
    with transaction.atomic():
        run.save()
        audit.record(by=by, verb="import_articles", thing=f"article_import:{run.pk}")
    return run


@transaction.atomic
def finish(run: ArticleImport, index: Index, report: ArticleReport, now: datetime) -> None:
    """Write down the fate of every item and that the run is done."""
    run.fates.all().delete()
    batch: list[ImportedFate] = []
    for one in index.fates():
        batch.append(
            ImportedFate(
                run=run,
                number=one.number,
                key=one.key,
                kind=one.kind,
                fate=one.fate,
                reason=one.reason,
            )
        )
        if len(batch) == 500:
            ImportedFate.objects.bulk_create(batch)
            batch = []
    ImportedFate.objects.bulk_create(batch)
    run.state, run.finished_at, run.report = RunState.DONE, now, report.as_document()
    run.save()
