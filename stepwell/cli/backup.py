"""`stepwell backup`: everything of this site but its keys, in one file that was read again."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_EX, LOCK_NB, flock
from importlib import import_module
from pathlib import Path

import click
import django
from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from stepwell import __version__
from stepwell.cli import archives
from stepwell.cli.archives import BackupError, Manifest, Reader, Told, Writer
from stepwell.cli.exporting import steps
from stepwell.lib import content_hash, database_copies, tombstones
from stepwell.lib.database_copies import CopyError, name_of
from stepwell.lib.folders import write_secret

STAMP = "last-backup.json"  # in STEPWELL_VAR: when the last good backup was
LEFT_BEHIND = 24 * 60 * 60  # seconds after which a part of a killed backup is removed


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(min=1), help="Delete older backups in the folder.")
@click.option(
    "--keys", type=click.Path(dir_okay=False, path_type=Path), help="Write the keys here."
)
@click.option("--without-pages", is_flag=True, help="Leave kept pages out; they are made again.")
def backup(target: Path, keep: int | None, keys: Path | None, without_pages: bool) -> None:
    """Save database, media and kept pages in TARGET, a folder or a FILE.zip, while the site runs.

    The file is read again before it gets its name. Keys are never in it: with --keys they are
    written to a file of their own, which belongs in another place.
    """
    django.setup()
    folder = target.parent if target.suffix == ".zip" else target
    if keep and folder == target.parent:
        raise click.UsageError("--keep is for a folder of backups. Name the folder, not a file.")
    if keys and keys.resolve().parent == folder.resolve():
        raise click.UsageError("Keys and backups together open everything. Name another folder.")
    try:
        with _alone(), steps() as told:
            path, manifest = make(target, told, pages=not without_pages)
            _stamp(path, manifest)
            gone = _delete_older(folder, keep) if keep else 0
            _forget_tombstones()
        if keys:
            write_keys(keys)
    except (BackupError, CopyError) as error:
        raise click.ClickException(str(error)) from error
    except (OSError, DatabaseError) as error:
        raise click.ClickException(_plainly(error)) from error
    click.echo(_words(path, manifest, gone, keys))


def make(target: Path, told: Told, *, pages: bool) -> tuple[Path, Manifest]:
    """Write, check and name one backup; return its path and what it says of itself."""
    is_file = target.suffix == ".zip"
    folder = (target.parent if is_file else target).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / (target.name if is_file else f"stepwell-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.zip")
    _remove_left_behind(folder)
    archives.check_space(folder, _needed())
    draft, database, index = (
        folder / f".stepwell-{os.getpid()}-{word}" for word in ("part", "database", "pages")
    )
    try:
        manifest = _write(Writer(draft, told), database, index if pages else None, told)
        Reader(draft).check(lambda name: told(f"reading again: {name}"))
        draft.replace(path)
        _sync(folder)
    finally:
        for left in folder.glob(f".stepwell-{os.getpid()}-*"):  # with what SQLite lays beside
            left.unlink(missing_ok=True)
    return path, manifest


def _write(out: Writer, database: Path, index: Path | None, told: Told) -> Manifest:
    with out:
        made_at = timezone.now()
        tables, migrations = _copy_database(database, told)
        out.add(f"database/{name_of(connection.vendor)}", database)
        for name, file in _media():
            try:
                out.add(f"media/{name}", file)
            except FileNotFoundError:
                continue  # deleted since it was listed
        if index is not None:
            with import_module("stepwell.apps.pages.saving").held_still(index) as kept:
                for name, file in kept:
                    out.add(f"pages/{name}", file)
        if Path(settings.TOMBSTONES_FILE).exists():
            out.add("tombstones", Path(settings.TOMBSTONES_FILE))
        return out.finish(
            made_at=made_at.isoformat(timespec="seconds"),
            version=__version__,
            database=connection.vendor,
            migrations=tuple(sorted(migrations)),
            content=_content(tables),
            tables={name: {"rows": one.rows, "total": one.total} for name, one in tables.items()},
        )


def _copy_database(target: Path, told: Told) -> tuple[dict[str, content_hash.TableHash], list[str]]:
    """Copy the database to `target`; return the hashes of its tables and its migrations."""
    if connection.vendor != "sqlite":
        with database_copies.one_moment() as snapshot:
            told("database")
            database_copies.dump_postgresql(target, snapshot)
            return _looked_at("default", told)
    source = Path(connection.settings_dict["NAME"])
    if not source.exists():
        raise BackupError(f"There is no database at {source}. Is STEPWELL_VAR the right folder?")
    database_copies.copy_sqlite(
        source, target, lambda done, every: told(f"database: {done} of {every} pages")
    )
    with database_copies.opened_sqlite(target) as copy:
        return _looked_at(copy, told)


def _looked_at(using: str, told: Told) -> tuple[dict[str, content_hash.TableHash], list[str]]:
    """Return the hashes of the tables, or only how many rows they have before an upgrade."""
    seen = applied(using)
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if not seen:
        raise BackupError("There is no site here yet. `stepwell run` makes one.")
    found = content_hash.counts(using) if known - set(seen) else content_hash.of_tables(using, told)
    return found, seen


def _content(tables: dict[str, content_hash.TableHash]) -> str:
    """Return the hash over all tables; nothing where rows were only counted."""
    hashed = all(table.total for table in tables.values())
    return content_hash.whole(tables) if hashed else ""


def applied(using: str) -> list[str]:
    """Return the migrations that a database has seen, as app.name."""
    return [
        f"{app}.{name}" for app, name in MigrationRecorder(connections[using]).applied_migrations()
    ]


def _media() -> Iterator[tuple[str, Path]]:
    root = Path(settings.MEDIA_ROOT)
    for file in sorted(root.rglob("*")) if root.exists() else ():
        if file.is_file() and not file.is_symlink():
            yield file.relative_to(root).as_posix(), file


def _needed() -> int:
    """Return how many bytes a backup may take: the database twice, for its copy lies beside."""
    roots = [Path(settings.MEDIA_ROOT), Path(settings.PAGES_ROOT)]
    files = sum(
        file.stat().st_size for root in roots if root.exists() for file in root.rglob("*")
        if file.is_file()
    )  # fmt: skip
    if connection.vendor != "sqlite":
        return files
    database = Path(connection.settings_dict["NAME"])
    return files + (2 * database.stat().st_size if database.exists() else 0)


@contextmanager
def _alone() -> Iterator[None]:
    """Let one backup run at a time."""
    lock = Path(settings.VAR) / ".backup.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            raise BackupError("Another backup is being made. Wait for it.") from None
        yield


def _remove_left_behind(folder: Path) -> None:
    for left in folder.glob(".stepwell-*"):
        if time.time() - left.stat().st_mtime > LEFT_BEHIND:
            left.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _delete_older(folder: Path, keep: int) -> int:
    older = sorted(folder.glob("stepwell-*Z.zip"), reverse=True)[keep:]
    for path in older:
        path.unlink()
    return len(older)


def _forget_tombstones() -> None:
    """Drop tombstones that no backup can bring back any more."""
    day = timezone.localdate() - timedelta(days=settings.BACKUP_KEEP_DAYS)
    tombstones.forget(Path(settings.TOMBSTONES_FILE), day)


def _stamp(path: Path, manifest: Manifest) -> None:
    told = {"at": manifest.made_at, "file": path.name, "content": manifest.content}
    write_secret(Path(settings.VAR) / STAMP, json.dumps(told) + "\n")


def write_keys(path: Path) -> None:
    """Write what opens this site's texts and signs its links, for its owner only."""
    told, sealing = Path(settings.VAR) / ".env", Path(settings.SEALING_KEYS_FILE)
    kept = {
        "format": "stepwell-keys-1",
        "secret_key": settings.SECRET_KEY,
        "sealing_keys": settings.SEALING_KEYS
        or (sealing.read_text(encoding="utf-8") if sealing.exists() else ""),
        "env": told.read_text(encoding="utf-8") if told.exists() else "",
    }
    write_secret(path, json.dumps(kept, indent=1) + "\n")


def _words(path: Path, manifest: Manifest, gone: int, keys: Path | None) -> str:
    media = sum(1 for _ in manifest.below("media"))
    pages = sum(1 for _ in manifest.below("pages"))
    rows = sum(table.rows for table in manifest.tables.values())
    lines = [
        f"Saved and read again: {path} ({path.stat().st_size / 2**20:.1f} MB)",
        f"{rows} rows, {media} media files, {pages} files of kept pages.",
        f"Content hash: {manifest.content}"
        if manifest.content
        else "The database waits for migrations: rows were counted, not hashed.",
    ]
    lines += [f"Deleted {gone} older backups."] if gone else []
    if keys:
        return "\n".join([*lines, f"Keys: in {keys}. Keep them in another place than backups."])
    where = "SEALING_KEYS" if settings.SEALING_KEYS else settings.SEALING_KEYS_FILE
    return "\n".join(
        [
            *lines,
            f"The keys are not in it: SECRET_KEY (in {Path(settings.VAR) / '.env'} or the "
            f"environment) and the sealing keys ({where}).",
            "Without them letters cannot be read again. Copy them apart: --keys FILE.",
        ]
    )


def _plainly(error: Exception) -> str:
    if isinstance(error, OSError):
        where = f" ({error.filename})" if error.filename else ""
        return f"The backup could not be written: {error.strerror}{where}. No file was made."
    return f"The database does not answer ({type(error).__name__}). No file was made."
