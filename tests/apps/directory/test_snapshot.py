"""The snapshot engine: the same answers as the database's, never behind, never half."""

import json
import logging
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import PIPE
from typing import Any

import numpy as np
import pytest
from django.db import transaction
from django.utils import timezone

from stepwell.apps.directory import actions
from stepwell.apps.directory.finding import rows
from stepwell.apps.directory.finding.database import DatabaseEngine
from stepwell.apps.directory.finding.engine import PAGE, Found
from stepwell.apps.directory.models import Listing, RowChange
from stepwell.apps.directory.snapshot import build as building
from stepwell.apps.directory.snapshot import engine as engines
from stepwell.apps.directory.snapshot import files, journal, layout, tasks
from stepwell.apps.directory.snapshot.build import build
from stepwell.apps.directory.snapshot.engine import SnapshotEngine
from stepwell.domain.offers import Preferences, Reach, Standing
from stepwell.domain.places import Point
from tests.apps.directory.build import TODAY, make_listing, make_place
from tests.apps.directory.proof_report import tell
from tests.apps.directory.test_directory_twin import scatter_listings, scatter_places, some_wishes

pytestmark = pytest.mark.django_db
WISHES = 60
CANARY = "Canarytown"


def no_progress(done: int) -> None:
    """Tell nobody."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep snapshots in a folder of the test's own."""
    monkeypatch.setattr(engines, "folder", lambda: tmp_path)
    monkeypatch.setattr(tasks, "folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What the engine says of itself."""
    caplog.set_level("DEBUG")
    logger = logging.getLogger("stepwell.directory.snapshot")
    logger.addHandler(caplog.handler)
    yield caplog
    logger.removeHandler(caplog.handler)


def ask(engine: Any, wanted: Preferences, page: int = 1) -> Found:
    """Ask an engine."""
    found: Found = engine.search(wanted, page=page, today=TODAY, site="test")
    return found


def ids(engine: Any, **wanted: Any) -> set[str]:
    """Return which listings an engine finds."""
    return {str(one) for one in ask(engine, Preferences(**wanted)).ids}


def fallen_back(engine: SnapshotEngine) -> str:
    """Return why the database would answer, or "" when it would not."""
    try:
        engine.source(timezone.now())
    except files.NoSnapshot as reason:
        return str(reason)
    return ""


def compare(seed: int, wishes: int, folder: Path) -> int:
    """Ask both engines the same; return how often something was found."""
    chance = random.Random(seed)
    places = scatter_places(chance)
    scatter_listings(chance, places)
    rows.rebuild(no_progress)
    build(folder, timezone.now())
    engine, twin = SnapshotEngine(), DatabaseEngine()
    found_something = 0
    for number in range(wishes):
        wanted = some_wishes(chance, places)
        if number == wishes // 2:
            change_some(chance)
        first = ask(engine, wanted)
        assert first == ask(twin, wanted), wanted
        if first.total > PAGE:
            assert ask(engine, wanted, 2) == ask(twin, wanted, 2), wanted
        found_something += bool(first.total)
    assert not fallen_back(engine)
    return found_something


def change_some(chance: random.Random) -> None:
    """Hide, show and change some listings after the snapshot was made."""
    some = list(Listing.objects.order_by("pk"))
    for one in chance.sample(some, 12):
        one.standing = chance.choice(list(Standing)).value
        one.remote = True
        one.save(update_fields=["standing", "remote"])
        rows.refresh([one.pk])
    rows.refresh([make_listing(remote=True, serves=frozenset({"GB"})).pk])


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_engines_agree_on_random_directories(seed: int, folder: Path) -> None:
    assert compare(seed, WISHES, folder) > WISHES / 4


@pytest.mark.proof
@pytest.mark.timeout(0)
def test_engines_agree_on_ten_thousand_queries(folder: Path) -> None:
    found = 0
    for seed in range(100, 120):
        undo = transaction.savepoint()
        found += compare(seed, 500, folder)
        transaction.savepoint_rollback(undo)
        shutil.rmtree(folder)
        folder.mkdir()
    assert found > 2_500
    tell(
        "the snapshot engine with the database's, two pages each, listings changed midway",
        "100 to 119",
        f"10,000 questions, {found:,} of them found something",
    )


@pytest.mark.parametrize(
    ("lat", "lon"), [(89.97, 10.0), (-89.97, 10.0), (0.0, 179.95), (64.1, -21.9), (-16.8, -179.98)]
)
def test_engines_agree_at_the_poles_and_the_date_line(lat: float, lon: float, folder: Path) -> None:
    chance = random.Random(7)
    for number in range(60):
        east = lon + chance.uniform(-0.6, 0.6) / max(0.02, np.cos(np.radians(lat)))
        point = (min(90, max(-90, lat + chance.uniform(-0.6, 0.6))), (east + 180) % 360 - 180)
        make_listing(place=make_place(town=f"T{number}", lat=point[0], lon=point[1]))
    rows.rebuild(no_progress)
    build(folder, timezone.now())
    engine = SnapshotEngine()

    for within in (5, 15, 40):
        wanted = Preferences(near=(Point(lat, lon),), within_km=within, reach=Reach.IN_PERSON)
        assert ask(engine, wanted) == ask(DatabaseEngine(), wanted)
    assert not fallen_back(engine)


def test_listing_that_was_hidden_is_gone_the_same_moment(folder: Path) -> None:
    kept, hidden = make_listing(), make_listing()
    rows.rebuild(no_progress)
    build(folder, timezone.now())
    engine = SnapshotEngine()
    assert ids(engine) == {str(kept.pk), str(hidden.pk)}

    Listing.objects.filter(pk=hidden.pk).update(standing=Standing.HIDDEN)
    actions.make_findable([hidden.pk])

    assert ids(engine) == {str(kept.pk)}
    assert not fallen_back(engine)


def test_listing_that_is_shown_again_is_there_the_same_moment(folder: Path) -> None:
    hidden = make_listing(standing=Standing.HIDDEN)
    rows.rebuild(no_progress)
    build(folder, timezone.now())
    engine = SnapshotEngine()
    assert ids(engine) == set()

    Listing.objects.filter(pk=hidden.pk).update(standing=Standing.ACTIVE)
    actions.make_findable([hidden.pk])

    assert ids(engine) == {str(hidden.pk)}
    assert not fallen_back(engine)


def test_listing_that_was_deleted_is_gone_the_same_moment(folder: Path) -> None:
    kept, deleted = make_listing(), make_listing()
    rows.rebuild(no_progress)
    build(folder, timezone.now())
    engine = SnapshotEngine()

    deleted.delete()

    assert ids(engine) == {str(kept.pk)}
    assert not fallen_back(engine)


def test_what_the_clock_ends_is_gone_without_anybody_doing_anything(folder: Path) -> None:
    old = make_listing(confirmed_on=TODAY - timedelta(days=90))
    rows.rebuild(no_progress)
    build(folder, timezone.now())
    engine = SnapshotEngine()

    def found(day: date) -> int:
        return engine.search(Preferences(), page=1, today=day, site="test").total

    assert ids(engine) == {str(old.pk)}
    assert found(TODAY + timedelta(days=1)) == 0


def test_missing_snapshot_lets_the_database_answer_and_logs_no_query(
    told: pytest.LogCaptureFixture,
) -> None:
    place = make_place(town=CANARY)
    listing = make_listing(place=place, kind="psychotherapy")
    rows.rebuild(no_progress)
    engine = SnapshotEngine()

    for _ in range(3):
        found = ids(engine, kind="psychotherapy", near=(Point(53.8, -1.55),))

    # The same record may come by more than one way.
    records = {id(one): one for one in told.records if one.name.endswith("snapshot")}
    said = [one.getMessage() for one in records.values()]
    assert found == {str(listing.pk)}
    assert said == ["The database answers searches: no snapshot was made yet."]
    assert "psychotherapy" not in " ".join(said)


def tear(path: Path) -> None:
    """Cut a file in half."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def of_another_layout(path: Path) -> None:
    """Say in the manifest that the layout is another one."""
    said = json.loads(path.read_text())
    path.write_text(json.dumps({**said, "layout": layout.VERSION + 1}))


@pytest.mark.parametrize(
    ("file", "break_it", "reason"),
    [
        ("turn.npy", tear, "torn"),
        ("starts.npy", Path.unlink, "cannot be read"),
        (files.MANIFEST, tear, "cannot be read"),
        (files.MANIFEST, of_another_layout, "another version"),
    ],
)
def test_broken_snapshot_lets_the_database_answer(
    file: str, break_it: Callable[[Path], None], reason: str, folder: Path
) -> None:
    listing = make_listing()
    rows.rebuild(no_progress)
    name = build(folder, timezone.now())
    assert name
    break_it(folder / name / file)
    engine = SnapshotEngine()

    assert reason in fallen_back(engine)
    assert ids(engine) == {str(listing.pk)}


def test_old_snapshot_is_not_used_and_is_due(folder: Path, settings: Any) -> None:
    settings.DIRECTORY_ENGINE = "snapshot"
    rows.rebuild(no_progress)
    build(folder, timezone.now() - timedelta(days=2))

    assert "too old" in fallen_back(SnapshotEngine())
    assert tasks.renew_when_due(timezone.now())
    assert not fallen_back(SnapshotEngine())
    assert tasks.renew_when_due(timezone.now()) is None


def test_too_many_changes_let_the_database_answer(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = make_listing()
    rows.rebuild(no_progress)
    build(folder, timezone.now())
    monkeypatch.setattr(journal, "MOST", 2)
    engine = SnapshotEngine()

    for changes in range(4):
        assert bool(fallen_back(engine)) == (changes > 2)
        rows.refresh([listing.pk])

    assert ids(engine) == {str(listing.pk)}


def test_all_rows_made_anew_let_the_database_answer(folder: Path) -> None:
    rows.rebuild(no_progress)
    build(folder, timezone.now())

    rows.rebuild(no_progress)

    assert "too much changed" in fallen_back(SnapshotEngine())


@pytest.mark.parametrize("at", range(12))
def test_build_that_dies_leaves_the_old_snapshot_in_use(
    at: int, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listing = make_listing()
    rows.rebuild(no_progress)
    first = build(folder, timezone.now())
    rows.refresh([make_listing().pk])
    calls = {"left": at * 6}

    def dying(path: Path, *, real: Callable[[Path], None] = files.to_disk) -> None:
        calls["left"] -= 1
        if calls["left"] < 0:
            raise KeyboardInterrupt
        real(path)

    monkeypatch.setattr(files, "to_disk", dying)
    died = False
    try:
        build(folder, timezone.now())
    except KeyboardInterrupt:
        died = True
    monkeypatch.undo()
    monkeypatch.setattr(engines, "folder", lambda: folder)
    engine = SnapshotEngine()

    assert not fallen_back(engine)
    assert len(ids(engine)) == 2
    assert str(listing.pk) in ids(engine)
    if died and files.current(folder) == first:
        assert build(folder, timezone.now())
    assert not list(folder.glob(f"{files.MAKING}*"))
    assert len(ids(SnapshotEngine())) == 2


def test_build_that_dies_while_writing_leaves_the_old_snapshot_in_use(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_listing()
    rows.rebuild(no_progress)
    first = build(folder, timezone.now())

    def dying(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(building, "write", dying)
    with pytest.raises(KeyboardInterrupt):
        build(folder, timezone.now())

    assert files.current(folder) == first
    assert len(ids(SnapshotEngine())) == 1


def test_only_one_builds_at_a_time(folder: Path) -> None:
    with files.only_builder(folder) as mine:
        assert mine
        assert build(folder, timezone.now()) is None


READER = """
import sys
from pathlib import Path
from stepwell.apps.directory.snapshot import files
folder = Path(sys.argv[1])
there = files.opened(folder, files.current(folder))
for order in sys.stdin:
    if order.strip() == "open":
        there = files.opened(folder, files.current(folder))
    print(there.name, there.rows, int(there.arrays["turn"][:].sum()), flush=True)
"""


def test_other_process_keeps_reading_what_was_replaced(folder: Path) -> None:
    make_listing()
    rows.rebuild(no_progress)
    first = build(folder, timezone.now())
    command = [sys.executable, "-c", READER, str(folder)]
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, text=True) as process:
        assert process.stdin and process.stdout  # noqa: PT018

        def look(order: str) -> list[str]:
            process.stdin.write(f"{order}\n")
            process.stdin.flush()
            return process.stdout.readline().split()

        before = look("look")
        for _ in range(4):
            rows.refresh([make_listing().pk])
            last = build(folder, timezone.now())
        after, newest = look("look"), look("open")
        process.stdin.close()

    assert before == after
    assert before[:2] == [first, "1"]
    assert not (folder / str(first)).exists()
    assert newest[:2] == [last, "5"]


def test_snapshot_is_replaced_while_searching(folder: Path) -> None:
    engine = SnapshotEngine()
    for number in range(1, 4):
        make_listing()
        rows.rebuild(no_progress)
        build(folder, timezone.now())
        assert len(ids(engine)) == number
        assert not fallen_back(engine)


def test_search_takes_one_query_when_nothing_changed(
    folder: Path, django_assert_num_queries: Callable[..., Any]
) -> None:
    make_listing()
    rows.rebuild(no_progress)
    build(folder, timezone.now())
    engine = SnapshotEngine()
    ids(engine)

    with django_assert_num_queries(1):
        ids(engine, kind="counselling", near=(Point(53.8, -1.55),))


def test_empty_directory_has_a_snapshot_too(folder: Path) -> None:
    build(folder, timezone.now())
    engine = SnapshotEngine()

    assert ids(engine, near=(Point(53.8, -1.55),)) == ids(engine) == set()
    assert not fallen_back(engine)


def test_changes_are_forgotten_when_no_snapshot_can_need_them() -> None:
    RowChange.objects.create(listing=None, at=datetime(2026, 1, 1, tzinfo=UTC))
    rows.refresh([make_listing().pk])

    journal.tidy(timezone.now())

    assert RowChange.objects.filter(listing__isnull=False).exists()
    assert not RowChange.objects.filter(listing=None).exists()
    assert journal.KEPT > journal.USED
