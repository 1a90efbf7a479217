"""R8: backup, another folder, restore: the same content; what was deleted since stays gone."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from django.conf import settings as site
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from stepwell.apps.contact import actions
from stepwell.apps.contact.codes import hash_of
from stepwell.apps.contact.models import Letter
from stepwell.apps.pages import folder as pages
from stepwell.apps.pages.store import Made, Store
from stepwell.cli.archives import MANIFEST, Reader
from stepwell.cli.backup import STAMP, backup
from stepwell.domain.letters import Kind
from stepwell.lib import tombstones
from tests.conftest import ROOT

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = b"a picture that is none"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Let this site have a folder of its own, with a little media in it."""
    settings.VAR = tmp_path / "var"
    settings.MEDIA_ROOT = settings.VAR / "media"
    settings.PAGES_ROOT = settings.VAR / "pages"
    settings.TOMBSTONES_FILE = settings.VAR / "tombstones"
    (settings.MEDIA_ROOT / "images").mkdir(parents=True)
    (settings.MEDIA_ROOT / "images" / "a.jpg").write_bytes(CANARY)
    (settings.MEDIA_ROOT / "images" / "same.jpg").write_bytes(CANARY)
    return settings.VAR


def write(code: str) -> Letter:
    """Store a letter that this code takes back."""
    actions.keep_letter(
        kind=Kind.QUESTION, message="please", reply_to="", page="", code=code, today=date.today()
    )
    return Letter.objects.get(code_hash=hash_of(code))


def save(*told: str, expect: int = 0) -> str:
    """Run the command in this process."""
    answer = CliRunner().invoke(backup, [*map(str, told)])
    assert answer.exit_code == expect, answer.output
    return answer.output


def environment(var: Path, name: object) -> dict[str, str]:
    """Return the environment of a process whose site lies elsewhere."""
    known = connection.settings_dict
    address = (
        f"sqlite:///{name}"
        if connection.vendor == "sqlite"
        else f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST'] or '127.0.0.1'}"
        f":{known['PORT'] or 5432}/{name}"
    )
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "stepwell.config.settings",
        "STEPWELL_VAR": str(var),
        "DATABASE_URL": address,
        "SECRET_KEY": site.SECRET_KEY,
    }


@pytest.fixture
def elsewhere(tmp_path):
    """An environment with a clean folder and an empty database."""
    var = tmp_path / "elsewhere"
    if connection.vendor == "sqlite":
        yield environment(var, var / "stepwell.sqlite3")
        return
    name = f"{connection.settings_dict['NAME']}_drill"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
    yield environment(var, name)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def restore(there: dict[str, str], *told: object, expect: int = 0) -> str:
    """Restore in a process of its own; return what it says."""
    command = [sys.executable, "-m", "stepwell.cli.main", "restore", *map(str, told)]
    done = subprocess.run(command, cwd=ROOT, env=there, capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout + done.stderr


def ask(there: dict[str, str], sql: str) -> list[tuple]:
    """Ask the restored database."""
    if connection.vendor == "sqlite":
        import sqlite3

        with sqlite3.connect(Path(there["STEPWELL_VAR"]) / "stepwell.sqlite3") as database:
            return database.execute(sql).fetchall()
    with psycopg.connect(there["DATABASE_URL"]) as database:
        return database.execute(sql).fetchall()


def only_file(folder: Path) -> Path:
    """Return the one backup in a folder; nothing else may lie there."""
    (found,) = folder.iterdir()
    return found


def test_R8_a_restore_on_a_clean_folder_gives_the_same_content_hash(tmp_path, elsewhere, folder):
    write("first")
    said = save(tmp_path / "backups")
    file = only_file(tmp_path / "backups")
    content = Reader(file).manifest.content

    restored = restore(elsewhere, file)

    assert f"Content hash: {content}" in said
    assert f"Content hash: {content}, the same as when it was saved." in restored
    assert "open the sealed texts" in restored
    there = Path(elsewhere["STEPWELL_VAR"])
    assert (there / "media" / "images" / "a.jpg").read_bytes() == CANARY
    assert (there / "media" / "images" / "same.jpg").read_bytes() == CANARY
    assert not (there / ".restore").exists()
    assert ask(elsewhere, "SELECT count(*) FROM contact_letter") == [(1,)]
    assert json.loads((folder / STAMP).read_text())["content"] == content


def test_D4_what_was_withdrawn_after_the_backup_stays_gone(tmp_path, elsewhere, folder):
    gone, kept = write("gone"), write("kept")
    save(tmp_path / "backups")
    file = only_file(tmp_path / "backups")
    actions.withdraw_letter(code="gone")

    said = restore(elsewhere, file, "--tombstones", folder / "tombstones")

    assert "1 things that were deleted" in said
    wanted = str(kept.pk) if connection.vendor != "sqlite" else kept.pk.hex
    assert [str(key) for (key,) in ask(elsewhere, "SELECT id FROM contact_letter")] == [wanted]
    there = Path(elsewhere["STEPWELL_VAR"])
    assert str(gone.pk) in (there / "tombstones").read_text()
    if connection.vendor == "sqlite":
        left = b"".join(
            p.read_bytes() for p in there.rglob("*") if p.name != "tombstones" and p.is_file()
        )
        assert gone.message.encode() not in left
        assert kept.message.encode() in left


def test_kept_pages_come_back_but_are_not_believed(tmp_path, elsewhere, settings):
    settings.KEEP_PAGES = True
    pages.store.cache_clear()
    kept = pages.store()
    try:
        kept.put(Made("/a/", "web:a", b"kept", {}, frozenset({"a"}), "[]", "", date.today()))
        kept.follow([(7, "2026-11-24")], forget_before="2000")
        kept.watched()
        save(tmp_path / "backups")
    finally:
        pages.store.cache_clear()

    restore(elsewhere, only_file(tmp_path / "backups"))

    there = Path(elsewhere["STEPWELL_VAR"]) / "pages" / kept.root.name
    assert (there / "files" / "a" / "index.html").read_bytes() == b"kept"
    assert Store(there).paths() == ["/a/"]
    assert Store(there).followed() == set()
    assert Store(there).seconds_unwatched() == float("inf")


def test_before_an_upgrade_rows_are_counted_and_not_hashed(tmp_path):
    write("one")
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("pages", "0001_changes")
    try:
        said = save(tmp_path / "backups")
    finally:
        recorder.record_applied("pages", "0001_changes")
    manifest = Reader(only_file(tmp_path / "backups")).manifest

    assert "The database waits for migrations" in said
    assert manifest.content == ""
    assert manifest.tables["contact_letter"].rows == 1


def test_nobody_stays_signed_in_over_a_restore(tmp_path, elsewhere, client, django_user_model):
    client.force_login(django_user_model.objects.create_user("ada", password="long enough words"))
    save(tmp_path / "backups")

    restore(elsewhere, only_file(tmp_path / "backups"))

    assert ask(elsewhere, "SELECT count(*) FROM django_session") == [(0,)]


def test_no_key_is_in_a_backup_and_keys_go_elsewhere(tmp_path, settings):
    settings.SECRET_KEY = "a-secret-canary-of-this-site"
    write("one")

    save(tmp_path / "backups", "--keys", tmp_path / "safe" / "keys.json")

    with zipfile.ZipFile(only_file(tmp_path / "backups")) as archive:
        held = b"".join(archive.read(name) for name in archive.namelist())
    sealing = settings.SEALING_KEYS.split()[1].encode()
    assert b"a-secret-canary" not in held
    assert sealing not in held
    keys = tmp_path / "safe" / "keys.json"
    assert json.loads(keys.read_text())["secret_key"] == "a-secret-canary-of-this-site"
    assert keys.stat().st_mode & 0o777 == 0o600
    assert only_file(tmp_path / "backups").stat().st_mode & 0o777 == 0o600


def test_keys_beside_the_backups_are_refused(tmp_path):
    said = save(tmp_path / "b", "--keys", tmp_path / "b" / "keys", expect=2)

    assert "Name another folder" in said


def test_keys_that_were_kept_open_a_restored_site(tmp_path, elsewhere):
    write("one")
    save(tmp_path / "backups", "--keys", tmp_path / "keys.json")
    bare = {k: v for k, v in elsewhere.items() if k not in {"SECRET_KEY", "SEALING_KEYS"}}

    without = restore(bare, only_file(tmp_path / "backups"), expect=1)
    said = restore(bare, only_file(tmp_path / "backups"), "--keys", tmp_path / "keys.json")

    assert "There is no SECRET_KEY yet" in without
    assert "The keys that are here open the sealed texts." in said


def test_keep_deletes_the_older_ones_only_after_the_new_one_is_whole(tmp_path):
    for name in ("stepwell-20200101T000000Z.zip", "stepwell-20210101T000000Z.zip"):
        (tmp_path / name).write_text("old")

    save(tmp_path, "--keep", "2")

    names = sorted(path.name for path in tmp_path.glob("*.zip"))
    assert len(names) == 2
    assert "stepwell-20200101T000000Z.zip" not in names


@pytest.mark.parametrize("damage", ["torn", "changed", "not one"])
def test_a_damaged_backup_is_refused_before_anything_is_written(tmp_path, elsewhere, damage):
    save(tmp_path / "backups")
    file = only_file(tmp_path / "backups")
    content = bytearray(file.read_bytes())
    at = content.find(CANARY)
    content[at] ^= 1
    damaged = {"torn": file.read_bytes()[: len(content) // 2], "changed": bytes(content)}
    file.write_bytes(damaged.get(damage, b"words"))

    said = restore(elsewhere, file, expect=1)

    assert ("is not what was saved" if damage == "changed" else "is no backup") in said
    assert not Path(elsewhere["STEPWELL_VAR"]).exists()


def rewritten(file: Path, **changed: object) -> None:
    """Change the manifest of a backup and leave its parts."""
    with zipfile.ZipFile(file) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    held[MANIFEST] = json.dumps(json.loads(held[MANIFEST]) | changed).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in held.items():
            archive.writestr(name, content)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"migrations": ["contact.9999_later"], "version": "9.9"}, "made by a newer version (9.9)"),
        ({"made_at": "2001-01-01T00:00:00+00:00"}, "longer than BACKUP_KEEP_DAYS"),
        ({"format": "stepwell-backup-7"}, "a form that this version does not know"),
        ({"content": "0" * 64}, "hold something else than was saved"),
        ({"parts": [{"path": "../x", "sha256": "0" * 64, "size": 1}]}, "outside of the site"),
    ],
)
def test_what_must_not_be_restored_is_refused(tmp_path, elsewhere, changed, words):
    save(tmp_path / "backups")
    file = only_file(tmp_path / "backups")
    rewritten(file, **changed)

    said = restore(elsewhere, file, expect=1)

    assert words in said
    assert not (Path(elsewhere["STEPWELL_VAR"]) / "stepwell.sqlite3").exists()
    assert not (Path(elsewhere["STEPWELL_VAR"]) / "media").exists()


def test_a_site_that_is_there_is_not_overwritten_unless_told(tmp_path, elsewhere):
    save(tmp_path / "backups")
    file = only_file(tmp_path / "backups")
    restore(elsewhere, file)

    refused = restore(elsewhere, file, expect=1)

    if connection.vendor != "sqlite":
        assert "The database is not empty" in refused
        return
    assert "There is a site already" in refused
    said = restore(elsewhere, file, "--over")
    there = Path(elsewhere["STEPWELL_VAR"])
    (before,) = there.glob("before-restore-*")
    assert (before / "stepwell.sqlite3").exists()
    assert (before / "media" / "images" / "a.jpg").exists()
    assert str(before) in said
    assert ask(elsewhere, "SELECT count(*) FROM django_migrations")[0][0] > 0


def test_a_disk_that_is_full_leaves_no_file(tmp_path, folder):
    if connection.vendor != "sqlite":
        pytest.skip("the limit would hold for pg_dump as well, which says it in its own words")
    limit = 200_000  # bytes in one file; the database alone has more

    done = in_a_process(tmp_path, folder, limit)

    with done:
        said = done.stderr.read()
    assert done.returncode == 1
    assert "No file was made" in said
    assert list((tmp_path / "backups").iterdir()) == []


def in_a_process(tmp_path: Path, folder: Path, limit: int = 0) -> subprocess.Popen[str]:
    """Begin a backup of this database in another process."""

    def small() -> None:
        if limit:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [sys.executable, "-m", "stepwell.cli.main", "backup", str(tmp_path / "backups")]
    there = environment(folder, connection.settings_dict["NAME"])
    return subprocess.Popen(
        command, cwd=ROOT, env=there, preexec_fn=small, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_a_killed_backup_leaves_nothing_under_the_final_name(tmp_path, folder):
    (folder / "media" / "big").write_bytes(os.urandom(40_000_000))
    target = tmp_path / "backups"
    running = in_a_process(tmp_path, folder)
    until = time.monotonic() + 60
    while not list(target.glob(".stepwell-*-part")) and time.monotonic() < until:
        time.sleep(0.005)
    time.sleep(0.1)

    running.kill()
    running.wait()

    assert list(target.glob(".stepwell-*-part"))
    assert list(target.glob("*.zip")) == []
    assert not (folder / STAMP).exists()
    running.stderr.close()


def test_tombstones_are_written_before_the_letter_is_gone_and_forgotten_with_the_backups(
    tmp_path, settings
):
    letter = write("gone")
    actions.withdraw_letter(code="gone")
    tombstones.add(settings.TOMBSTONES_FILE, "contact_letter", ["old"], date(2001, 1, 1))

    save(tmp_path / "backups")

    stones = tombstones.read(settings.TOMBSTONES_FILE)
    assert [(stone.kind, stone.key) for stone in stones] == [("contact_letter", str(letter.pk))]
