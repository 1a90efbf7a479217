"""`stepwell restore`: a site from a backup, whole or not at all, without what was deleted since."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import django
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from stepwell.cli import archives
from stepwell.cli.archives import BackupError, Manifest, Reader, Told
from stepwell.cli.exporting import steps
from stepwell.lib import content_hash, database_copies, tombstones
from stepwell.lib.database_copies import CopyError
from stepwell.lib.env import read_env_file
from stepwell.lib.folders import write_secret

ASIDE = ".restore"  # in STEPWELL_VAR: what is not in place yet
FORGET = ("forget", "evidence")  # regular work that ends in one of these deletes what is old


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--var", type=click.Path(file_okay=False, path_type=Path), help="Folder of the site.")
@click.option("--keys", type=click.Path(dir_okay=False, path_type=Path), help="The file of keys.")
@click.option(
    "--tombstones",
    "stones",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A copy of the list of what was deleted since; may be given several times.",
)
@click.option("--over", is_flag=True, help="Move the site that is there aside. Stop it first.")
@click.option("--even-if-old", is_flag=True, help="Take a backup that is past its time.")
@click.option("--check", "only_check", is_flag=True, help="Read and compare; change nothing.")
def restore(file: Path, var: Path | None, keys: Path | None, stones: tuple[Path, ...], over: bool,
            even_if_old: bool, only_check: bool) -> None:  # fmt: skip
    """Make a site from a backup FILE, and delete again what was deleted after it was made.

    Every hash is compared before anything is written.
    """
    try:
        with steps() as told:
            reader = Reader(file)
            reader.check(told)
            if only_check:
                click.echo(f"{file} is whole. Content hash: {reader.manifest.content}")
                return
            _set_up(var, keys)
            check_can_restore(reader.manifest, over=over, even_if_old=even_if_old)
            said = put_back(reader, stones, told, over=over)
    except (BackupError, CopyError) as error:
        raise click.ClickException(str(error)) from error
    except (OSError, DatabaseError) as error:
        raise click.ClickException(
            f"The restore was stopped: {error}. The site that was there is as it was."
        ) from error
    click.echo("\n".join(said))


def _set_up(var: Path | None, keys: Path | None) -> None:
    """Read the settings of the folder that is restored into, with its keys put there first."""
    folder = Path(var or os.environ.get("STEPWELL_VAR", "var")).resolve()
    os.environ["STEPWELL_VAR"] = str(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if keys is not None:
        _put_keys(folder, keys)
    read_env_file(folder / ".env")
    if "SECRET_KEY" not in os.environ:
        raise BackupError(
            "There is no SECRET_KEY yet. Name the file of keys with --keys FILE, or put .env and "
            f"keys/ back into {folder} first. Nothing was restored."
        )
    django.setup()
    settings.KEEP_PAGES = False  # this process makes no pages; all of them are looked at later


def _put_keys(folder: Path, keys: Path) -> None:
    """Write settings and sealing keys where there are none; what is there already stays."""
    try:
        kept = json.loads(keys.read_text(encoding="utf-8"))
        lines = kept["env"] or f"SECRET_KEY={kept['secret_key']}\n"
        sealing = kept["sealing_keys"]
    except (OSError, ValueError, KeyError, TypeError):
        raise BackupError(f"{keys} is no file of keys that `stepwell backup` wrote.") from None
    if "SECRET_KEY=" not in lines:
        lines += f"\nSECRET_KEY={kept['secret_key']}\n"
    for path, content in ((folder / ".env", lines), (folder / "keys" / "sealing", sealing)):
        if content and not path.exists():
            write_secret(path, content)


def check_can_restore(manifest: Manifest, *, over: bool, even_if_old: bool) -> None:
    """Raise BackupError where this backup must not or cannot be put here."""
    if manifest.database != connection.vendor:
        raise BackupError(
            f"The backup is of {manifest.database}, and this site uses {connection.vendor}. "
            "Set DATABASE_URL to a database of the same kind."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    apps = {name.partition(".")[0] for name in known}
    newer = [n for n in manifest.migrations if n not in known and n.partition(".")[0] in apps]
    if newer:
        raise BackupError(
            f"The backup was made by a newer version ({manifest.version}) than this one. "
            "Upgrade first, then restore."
        )
    age = timezone.now() - datetime.fromisoformat(manifest.made_at)
    if age > timedelta(days=settings.BACKUP_KEEP_DAYS) and not even_if_old:
        raise BackupError(
            f"The backup is {age.days} days old, longer than BACKUP_KEEP_DAYS. What was deleted "
            "since is no longer known, and would come back. --even-if-old takes it all the same."
        )
    _check_free(over=over)
    archives.check_space(Path(settings.VAR), sum(part.size for part in manifest.parts))


def _check_free(*, over: bool) -> None:
    """Raise BackupError where a site is in the way."""
    if connection.vendor != "sqlite" and connection.introspection.table_names():
        raise BackupError(
            "The database is not empty. Make a new one (createdb), let DATABASE_URL name it, "
            "and restore into that: the old one stays as it is."
        )
    places = [_database()] if connection.vendor == "sqlite" else []
    there = [p for p in (*places, Path(settings.MEDIA_ROOT)) if _holds_something(p)]
    if there and not over:
        raise BackupError(
            f"There is a site already ({there[0]}). Name another folder with --var, or stop the "
            "site and say --over: then it is moved aside."
        )


def _database() -> Path:
    return Path(settings.DATABASES["default"]["NAME"])


def _holds_something(path: Path) -> bool:
    return path.is_file() or (path.is_dir() and any(path.iterdir()))


def put_back(reader: Reader, stones: tuple[Path, ...], told: Told, *, over: bool) -> list[str]:
    """Restore; return in sentences what was done. Nothing is in its place until all is done."""
    began, manifest, target = timezone.now(), reader.manifest, _database()
    dead = _all_tombstones(reader, stones)
    with _aside() as aside:
        for part in manifest.parts:
            told(part.path)
            reader.extract(part, aside / part.path)
        database = aside / "database" / database_copies.name_of(connection.vendor)
        _open_database(database)
        said = [_compare(manifest, told)]
        told("bringing the database up to date")
        call_command("migrate", verbosity=0)
        said += _delete_again(dead)
        _end_sessions()
        _close_database()
        import_module("stepwell.apps.pages.saving").make_unbelieved(aside / "pages")
        if over:
            said += _move_aside(target)
        _put_in_place(aside, database, target)
    seconds = (timezone.now() - began).total_seconds()
    return [*said, _about_keys(), f"Restored into {settings.VAR} in {seconds:.0f} s."]


@contextmanager
def _aside() -> Iterator[Path]:
    aside = Path(settings.VAR) / ASIDE
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(mode=0o700)
    try:
        yield aside
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _open_database(database: Path) -> None:
    """Let the site's own connection be to the database that is being restored."""
    if connection.vendor == "sqlite":
        database_copies.check_sqlite(database)
        connection.close()
        connection.settings_dict["NAME"] = database
    else:
        database_copies.load_postgresql(database)


def _compare(manifest: Manifest, told: Told) -> str:
    """Compare what the tables hold with what they held; return it in a sentence."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if known - set(manifest.migrations):
        return _compare_counts(manifest)
    content = content_hash.whole(content_hash.of_tables("default", told))
    if content != manifest.content:
        raise BackupError(
            f"The tables hold something else than was saved ({content} and not "
            f"{manifest.content}). Nothing was put in place. Take an older backup."
        )
    return f"Content hash: {content}, the same as when it was saved."


def _compare_counts(manifest: Manifest) -> str:
    """Compare how many rows there are: an older version's tables have other columns."""
    with connection.cursor() as cursor:
        for name, table in manifest.tables.items():
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608
            if cursor.fetchone()[0] != table.rows:
                raise BackupError(f"The table {name} holds another number of rows than was saved.")
    return (
        f"The backup is of an older version ({manifest.version}): every file and the number of "
        "rows of every table are as they were saved. The database was brought up to date."
    )


def _all_tombstones(reader: Reader, stones: tuple[Path, ...]) -> list[tombstones.Tombstone]:
    """Return what is known to be gone, and note all of it in this site's own list."""
    here = Path(settings.TOMBSTONES_FILE)
    found = set(tombstones.read(here))
    known = set(tombstones.parse(reader.text("tombstones")))
    for path in stones:
        if not path.exists():
            raise BackupError(f"There is no list of tombstones at {path}. Nothing was restored.")
        known |= set(tombstones.read(path))
    tombstones.add_all(here, sorted(known - found))
    return sorted(found | known)


def _delete_again(dead: list[tombstones.Tombstone]) -> list[str]:
    """Delete what was deleted since the backup, and what is past its time by now."""
    kinds: dict[str, list[str]] = {}
    for stone in dead:
        kinds.setdefault(stone.kind, []).append(stone.key)
    gone = sum(_replay(kind, keys) for kind, keys in kinds.items())
    for task in import_module("stepwell.apps.tasks.registry").tasks():
        if task.name.startswith("pages."):
            continue
        if task.name.endswith(FORGET):
            task.run(timezone.now())
    said = f"{gone} things that were deleted after the backup was made were deleted again."
    hint = (
        "" if dead else " No tombstones were found: if you keep a copy, give it with --tombstones."
    )
    return [said + hint]


def _replay(kind: str, keys: list[str]) -> int:
    """Delete one kind again; return how many there were."""
    contact = import_module("stepwell.apps.contact.actions")
    freshness = import_module("stepwell.apps.directory.freshness.actions")
    known: dict[str, Callable[[list[str]], int]] = {
        contact.TOMBSTONE: contact.delete_again,
        freshness.TOMBSTONE: freshness.forget_again,
    }
    if kind not in known:
        raise BackupError(f"The tombstones name a kind that this version does not know ({kind}).")
    return sum(known[kind](keys[at : at + 500]) for at in range(0, len(keys), 500))


def _end_sessions() -> None:
    """Sign everybody out: a session that was ended since would live again."""
    import_module("django.contrib.sessions.models").Session.objects.all().delete()


def _close_database() -> None:
    """Have a SQLite file stand alone, with nothing of what was deleted beside it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute("PRAGMA journal_mode=DELETE")
    connection.close()


def _move_aside(database: Path) -> list[str]:
    """Move the site that is there into a folder of its own."""
    before = Path(settings.VAR) / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    before.mkdir(mode=0o700)
    files = [database.with_name(database.name + end) for end in ("", "-wal", "-shm")]
    for path in [*files, Path(settings.MEDIA_ROOT), Path(settings.PAGES_ROOT)]:
        with suppress(FileNotFoundError):
            path.rename(before / path.name)
    shutil.rmtree(Path(settings.VAR) / "snapshot", ignore_errors=True)
    return [f"What was there before lies in {before}. Delete it when all is well."]


def _put_in_place(aside: Path, database: Path, target: Path) -> None:
    """Move everything to where it belongs, the database last."""
    for part, place in (("media", settings.MEDIA_ROOT), ("pages", settings.PAGES_ROOT)):
        if (aside / part).exists():
            with suppress(FileNotFoundError, NotADirectoryError):
                Path(place).rmdir()  # an empty one is in the way
            (aside / part).rename(place)
    if connection.vendor == "sqlite":
        target.parent.mkdir(parents=True, exist_ok=True)
        database.chmod(0o600)
        os.replace(database, target)
        connection.settings_dict["NAME"] = target


def _about_keys() -> str:
    """Say whether the keys that are here open what is sealed."""
    unopened: Any = import_module("stepwell.lib.sealing").find_unopened()
    if unopened is None:
        return "The keys that are here open the sealed texts."
    return (
        f"The keys that are here do NOT open the sealed texts: {unopened} Put the copy of your "
        "keys in place (docs/hosting/backup.md) before you start the site."
    )
