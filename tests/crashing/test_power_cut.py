"""R3: what was acknowledged is still there after a power cut that drops every unsynced byte."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import connection

from tests.cli.test_backup import environment
from tests.conftest import ROOT
from tests.crashing.disk import Disk, replay
from tests.proof import write_report

pytestmark = pytest.mark.django_db
NAME = "site.sqlite3"


class Cuts(NamedTuple):
    """What came of cutting the power after each acknowledgement, and once at random besides."""

    tried: int
    lost: int
    broken: int
    syncs: int


@pytest.fixture
def strace() -> str:
    """The program that tells what a process asks of the system."""
    found = shutil.which("strace")
    if connection.vendor != "sqlite" or found is None:
        pytest.skip("needs SQLite and strace")
    return found


def cut_after_each(strace: str, folder: Path, letters: int, synchronous: str = "FULL") -> Cuts:
    """Store letters, and look at the disk of a power cut after each of them."""
    folder.mkdir()
    source = sqlite3.connect(connection.settings_dict["NAME"])
    with closing(source), closing(sqlite3.connect(folder / NAME)) as copy:
        source.backup(copy)
    disk = Disk({NAME: bytearray((folder / NAME).read_bytes())})
    child = [sys.executable, "-m", "tests.crashing.letters", str(letters), synchronous]
    calls = "trace=pwrite64,write,pwritev,fdatasync,fsync,ftruncate,unlink"
    told = [strace, "-y", "-xx", "-s", "10000000", "-e", calls, "-o", str(folder / "trace")]
    there = {**environment(folder, folder / NAME), "PYTHONPATH": str(ROOT)}
    subprocess.run([*told, *child], cwd=ROOT, env=there, check=True, stdout=subprocess.DEVNULL)
    acknowledged: set[str] = set()
    luck, tried, lost, broken = random.Random(20261124), 0, 0, 0
    for code in replay(folder / "trace", disk):
        acknowledged.add(code)
        for files in (disk.after_a_cut(), disk.after_a_cut(luck)):
            tried += 1
            found, well = what_is_left(folder / "after", files)
            lost += bool(acknowledged - found)
            broken += not well
    assert len(acknowledged) == letters
    return Cuts(tried, lost, broken, disk.syncs)


def what_is_left(folder: Path, files: dict[str, bytes]) -> tuple[set[str], bool]:
    """Open a database as it is after a cut; return the letters in it and whether it is sound."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    with closing(sqlite3.connect(folder / NAME)) as database:
        well = database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {code for (code,) in database.execute("SELECT code_hash FROM contact_letter")}, well


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_R3_a_power_cut_takes_no_acknowledged_letter(strace: str, tmp_path: Path) -> None:
    letters = int(os.environ.get("KILLS", "200"))

    full = cut_after_each(strace, tmp_path / "full", letters)
    normal = cut_after_each(strace, tmp_path / "normal", letters, "NORMAL")

    write_report(
        "crashes.md",
        "sqlite, power cut",
        f"{date.today()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}: {letters} letters "
        "were stored by a process whose system calls were written down; after each "
        "acknowledgement the files were made as a power cut leaves them: once without any byte "
        "that was not synced, once with half of those writes at random. With the site's settings "
        f"(WAL, FULL) {full.tried} cuts: acknowledged letters lost in {full.lost}, database not "
        f"sound in {full.broken}; {full.syncs} syncs for {letters} commits. To see that the method "
        f"finds a loss, the same with `synchronous=NORMAL`: lost in {normal.lost} of "
        f"{normal.tried}, not sound in {normal.broken}, {normal.syncs} syncs. Not tried: names of "
        "files that are lost with their folder, disks that lie about a sync.",
    )
    assert (full.lost, full.broken) == (0, 0)
    assert full.syncs >= letters
    assert normal.lost > letters  # else the method would find nothing
