"""Random sequences of what editors do: never a stale page, never one made for nothing."""

import os
import random
from collections import Counter
from datetime import date, timedelta
from time import monotonic

import pytest
from django.db import connection
from django.utils import timezone

from stepwell.apps.magazine.models import (
    ArticlePage,
    ArticleRow,
    Author,
    HomePage,
    Notice,
    SectionPage,
)
from stepwell.apps.pages import actions, folder, rendering
from stepwell.apps.pages.store import Store
from stepwell.web.all_pages import kept_paths
from tests.apps.magazine.build import make_article
from tests.proof import write_report

SECTIONS = ("growth-psychology", "news", "marriage-psychology", "workplace-psychology")
TAGS = ("depression", "adhd", "psychotherapy", "lovelorn", "autism")


class Editor:
    """Somebody who does at random what editors do."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def article(self) -> ArticlePage | None:
        found = list(ArticlePage.objects.filter(live=True).order_by("pk"))
        return self.dice.choice(found) if found else None

    def writes(self) -> None:
        days = self.dice.randrange(1, 400)
        make_article(
            section=self.dice.choice(SECTIONS),
            tags=self.dice.sample(TAGS, self.dice.randrange(3)),
            heavy=self.dice.random() < 0.2,
            authors=self.dice.sample(("Ann Example", "Ben Example"), 1),
            published_at=timezone.now() - timedelta(days=days),
        )

    def retitles(self) -> None:
        if page := self.article():
            page.title = f"Another title {self.dice.randrange(10**6)}"
            page.save_revision().publish()

    def rewrites(self) -> None:
        if page := self.article():
            page.content_note = f"A note {self.dice.randrange(10**6)}"
            page.save_revision().publish()

    def tags_anew(self) -> None:
        if page := self.article():
            page.tags = self.dice.sample(TAGS, self.dice.randrange(4))
            page.save_revision().publish()

    def publishes_the_same(self) -> None:
        if page := self.article():
            page.save_revision().publish()

    def saves_a_draft(self) -> None:
        if page := self.article():
            page.title = "A draft that nobody may see"
            page.save_revision()

    def unpublishes(self) -> None:
        if page := self.article():
            page.unpublish()

    def deletes(self) -> None:
        if page := self.article():
            page.delete()

    def renames_an_author(self) -> None:
        if author := Author.objects.order_by("?").first():
            author.role = f"Editor {self.dice.randrange(10**6)}"
            author.save()

    def changes_a_section(self) -> None:
        page = SectionPage.objects.get(section=self.dice.choice(SECTIONS))
        page.intro = f"About this section {self.dice.randrange(10**6)}"
        page.save_revision().publish()

    def changes_the_front(self) -> None:
        page = HomePage.objects.get()
        page.welcome = f"Welcome {self.dice.randrange(10**6)}"
        page.save_revision().publish()

    def books_a_notice(self) -> None:
        # With more than are shown at once, another one may change nothing today.
        for old in Notice.objects.order_by("-pk")[1:]:
            old.delete()
        today = timezone.localdate()
        begins = today - timedelta(days=self.dice.randrange(3))  # one to come changes no page yet
        Notice.objects.create(
            title=f"An offer {self.dice.randrange(10**6)}",
            text="Words",
            sponsor="A sponsor",
            from_on=begins,
            until_on=today + timedelta(days=self.dice.randrange(3)),
            on_front=self.dice.random() < 0.5,
            sections=self.dice.sample(SECTIONS, 1),
        )

    def cancels_a_notice(self) -> None:
        if notice := Notice.objects.order_by("pk").first():
            notice.delete()


MOVES = [name for name in vars(Editor) if name[0] != "_" and name != "article"]


@pytest.fixture
def counted(monkeypatch) -> Counter:
    """How often a page was made though it came out the same, to last as long."""
    seen: dict[str, tuple[object, ...]] = {}
    counts: Counter = Counter()
    put = Store.put

    def counting(self, made, **more):
        before = seen.get(made.path)
        counts["made"] += 1
        if before == (made.body, made.last_day):
            counts[f"needless {made.path}"] += 1
        seen[made.path] = (made.body, made.last_day)
        put(self, made, **more)

    monkeypatch.setattr(Store, "put", counting)
    return counts


def one_run(kept: Store, committed, counted: Counter, seed: int, moves: int) -> None:
    """Let an editor work; after each move the store must equal what is made fresh."""
    editor = Editor(seed)
    for _ in range(12):
        editor.writes()
    actions.rebuild(kept_paths(), lambda done: None)
    assert len(kept.paths()) >= 300
    for number in range(moves):
        move = editor.dice.choice(MOVES)
        with committed():
            getattr(editor, move)()
        actions.settle(kept)
        assert needless(counted) == {}, f"seed {seed}, move {number}: {move}"
    check_all_fresh(kept, seed)


def needless(counted: Counter) -> dict[str, int]:
    return {name: count for name, count in counted.items() if name.startswith("needless")}


def check_all_fresh(kept: Store, seed: int) -> None:
    """Assert that every kept page is byte for byte what Django makes now."""
    assert kept.held_paths() == []
    for path in kept.paths():
        file = kept.files / (path.lstrip("/") + ("index.html" if path.endswith("/") else ""))
        was = file.read_bytes()
        assert rendering.make(path).content == was, f"seed {seed}: {path} is stale"
    alive = {row.url for row in ArticleRow.objects.all()}
    sections = {f"/{one}/" for one in SECTIONS}
    for path in kept.paths():
        if path.count("/") == 3 and path.startswith(tuple(sections)):
            assert path in alive, f"seed {seed}: {path} outlived its article"


@pytest.mark.parametrize("seed", [1])
def test_no_page_is_stale_and_none_is_made_for_nothing(kept, committed, counted, seed):
    one_run(kept, committed, counted, seed, moves=40)


@pytest.mark.proof
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(100, 120))
def test_no_page_is_stale_over_long_runs(kept, committed, counted, seed):
    began = monotonic()

    one_run(kept, committed, counted, seed, moves=150)

    write_report(
        "pages.md",
        f"{connection.vendor}, seed {seed}",
        f"{date.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}: 150 moves, "
        f"{len(kept.paths())} pages kept at the end, {counted['made']} made in all, 0 needless, "
        f"0 stale, in {monotonic() - began:.0f} s.",
    )


def test_another_setting_makes_another_folder(kept, settings):
    before = folder.root()

    settings.SITE_NAME = "Another name"
    folder.release.cache_clear()

    assert folder.root() != before
