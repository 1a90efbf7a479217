"""R1: an import killed at any point and run again leaves what an uninterrupted one leaves."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from subprocess import PIPE
from typing import NamedTuple

import pytest
from django.db import connection

from bench.nppes_files import write as write_many
from stepwell.apps.registers.models import MirrorRun, RegisterEntry, RegisterName, RegisterTaxonomy
from stepwell.importers.mirror import tables
from stepwell.importers.nppes import child
from tests.conftest import ROOT
from tests.importers.nppes.files import bare, npi, row, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def whole_again():
    yield
    tables.drop_waiting()
    for table in (tables.NAMES, tables.TAXONOMIES, tables.ENTRIES):
        tables.execute(f"DELETE FROM {table}")
    for sql in tables.missing_indexes():
        tables.execute(sql)


def environment() -> dict[str, str]:
    """Return an environment in which a process works on the database of this test."""
    settings = connection.settings_dict
    host, port = settings["HOST"] or "127.0.0.1", settings["PORT"] or "5432"
    name = settings["NAME"]
    address = (
        f"sqlite:///{name}"
        if connection.vendor == "sqlite"
        else f"postgres://{settings['USER']}:{settings['PASSWORD']}@{host}:{port}/{name}"
    )
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATABASE_URL": address}


class Run(NamedTuple):
    """How an import ended, its statements and its milliseconds."""

    code: int
    statements: int
    milliseconds: int


@contextmanager
def runs(*told: str) -> Iterator[Callable[..., Run]]:
    """Give a function that imports in a process of its own, killed at a point."""
    command = [sys.executable, "-m", "tests.importers.nppes.killed", *told]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdin=PIPE, stdout=PIPE, text=True
    ) as server:

        def ask(folder: Path, point: int = 0) -> Run:
            server.stdin.write(f"{point} {folder}\n")
            server.stdin.flush()
            return Run(*map(int, server.stdout.readline().split()))

        yield ask
        server.stdin.close()


@pytest.fixture(scope="module")
def run(django_db_setup, django_db_blocker):
    with runs("small") as ask:
        yield ask


def content() -> str:
    """Return a hash of what the mirror holds; the numbering of its rows does not count."""
    told = sha256()
    fields = [f.name for f in RegisterEntry._meta.fields if f.name != "id"]
    for table in (RegisterEntry, RegisterTaxonomy, RegisterName):
        own = [f.name for f in table._meta.fields if f.name not in {"id", "entry"}]
        names = fields if table is RegisterEntry else ["entry__number", *own]
        for values in sorted(map(repr, table.objects.values_list(*names))):
            told.update(values.encode())
    return told.hexdigest()


def empty() -> None:
    for table in (tables.NAMES, tables.TAXONOMIES, tables.ENTRIES):
        tables.execute(f"DELETE FROM {table}")
    MirrorRun.objects.all().delete()


def first_file(folder: Path) -> Path:
    rows = [row(npi(n * 7919 % 1000), last=f"EXAMPLE{n}", first="BO") for n in range(300)]
    rows += [rows[3], {"NPI": "1234567890"}, bare(npi(2000), "01/02/2020")]
    write(folder / "npidata_pfile_20050523-20261011.csv", rows)
    return folder


def second_file(folder: Path) -> Path:
    rows = [row(npi(n * 7919 % 1000), last=f"EXAMPLE{n}", first="BO") for n in range(20, 300)]
    for n in range(0, 280, 9):
        rows[n] = {**rows[n], "Provider License Number_1": f"N{n}"}
    rows += [row(npi(3000 + n), last="NEWCOMER", first=f"CY{n}") for n in range(40)]
    folder.mkdir(exist_ok=True)
    write(folder / "npidata_pfile_20050523-20261108.csv", rows)
    return folder


def hold_at(run, points, first: Path, second: Path | None, expected: str) -> None:
    for point in points:
        empty()
        if second is not None:
            assert run(first).code == 0
        folder = second or first

        killed = run(folder, point)
        resumed = run(folder)

        assert killed.code == -signal.SIGKILL, point
        assert resumed.code == 0, point
        assert content() == expected, point
        assert MirrorRun.objects.filter(state="reading").count() == 0
        run_now = MirrorRun.objects.order_by("-pk").first()
        assert run_now.read == (303 if second is None else 320)


def total(run, folder: Path) -> tuple[int, str]:
    done = run(folder)
    assert done.code == 0
    return done.statements, content()


def spread(statements: int, points: int) -> list[int]:
    return sorted({1 + (statements - 1) * n // (points - 1) for n in range(points)})


def test_R1_first_load_killed_and_resumed_is_whole(run, tmp_path):
    first = first_file(tmp_path)
    statements, expected = total(run, first)

    hold_at(run, spread(statements, 4), first, None, expected)


def test_R1_second_load_killed_and_resumed_is_whole(run, tmp_path):
    first, second = first_file(tmp_path), second_file(tmp_path / "second")
    assert run(first).code == 0
    statements, expected = total(run, second)

    hold_at(run, spread(statements, 3), first, second, expected)


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_R1_killed_at_twenty_random_points_each(run, tmp_path):
    first, second = first_file(tmp_path), second_file(tmp_path / "second")
    chance = random.Random(1)
    statements, expected = total(run, first)
    points = sorted(chance.sample(range(1, statements + 1), min(20, statements)))
    print("first load, killed at statements", points, "of", statements, expected)
    hold_at(run, points, first, None, expected)
    empty()
    assert run(first).code == 0
    statements, expected = total(run, second)

    points = sorted(chance.sample(range(1, statements + 1), min(20, statements)))
    print("second load, killed at statements", points, "of", statements, expected)
    hold_at(run, points, first, second, expected)


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_R1_killed_from_outside_at_twenty_random_moments(tmp_path):
    file = write_many(tmp_path, 60_000)
    assert file.stat().st_size > child.SMALL  # so that a second process reads
    chance = random.Random(2)
    with runs() as run:
        whole = run(tmp_path)
        expected = content()
        moments = sorted(chance.sample(range(1, whole.milliseconds), 20))
        killed = 0
        for moment in moments:
            empty()

            first = run(tmp_path, -moment)
            second = run(tmp_path)

            killed += first.code == -signal.SIGKILL
            assert second.code == 0, moment
            assert content() == expected, moment
            assert MirrorRun.objects.filter(state="reading").count() == 0
    print("killed after milliseconds", moments, "of", whole.milliseconds, killed, expected)
    assert killed >= 15  # the others had ended before
