"""`stepwell doctor`: is everything in order, and if not, what to do."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from stepwell.cli import findings
from stepwell.cli.backup import STAMP
from stepwell.cli.findings import Finding
from stepwell.domain import checking, loading, sign_off
from stepwell.lib.moments import newest_stored

DUE = re.compile(r"^review_due = (\d{4}-\d{2}-\d{2})", re.M)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
def doctor(as_json: bool) -> None:
    """Look at settings, disk, keys, database, regular work, backups, facts and the clock.

    Changes nothing and asks no other computer. Ends with 1 where something is not in order.
    """
    django.setup()
    found = list(look(datetime.now(UTC)))
    if as_json:
        click.echo(json.dumps([one._asdict() for one in found], indent=2, ensure_ascii=False))
    else:
        click.echo("\n\n".join(map(words, found)) or "Everything is in order.")
    if found:
        raise SystemExit(1)


def words(found: Finding) -> str:
    """Return a finding in sentences."""
    return (
        f"{found.subject}: {found.wrong}\n    Why it matters: {found.why}\n"
        f"    What to do: {found.todo}"
    )


def look(now: datetime) -> Iterator[Finding]:
    """Yield what is not in order now."""
    var = Path(settings.VAR)
    chosen = site()
    yield from findings.settings(chosen)
    yield from findings.mail(chosen)
    if var.exists():
        room = shutil.disk_usage(var)
        yield from findings.disk(room.free, room.total)
        yield from findings.pages(_size(Path(settings.PAGES_ROOT)), room.free, _unwatched())
    yield from findings.permissions({str(path): path.stat().st_mode for path in secrets(var)})
    yield from findings.facts(checking.look()[0], due_days(), now.date())
    yield from findings.backup(last_backup(var / STAMP), now)
    yield from _about_database(now)


def _about_database(now: datetime) -> Iterator[Finding]:
    """Yield what is not in order of the database and of what stands in it."""
    try:
        waiting = waiting_migrations()
        yield from findings.database(None, waiting)
        if waiting:
            return  # its tables may lack what the next checks read
        yield from findings.tasks(works(now), now)
        yield from findings.clock(newest_moment(), now)
        unopened: Any = import_module("stepwell.lib.sealing").find_unopened()
        yield from findings.sealing(unopened)
    except DatabaseError as error:
        yield from findings.database(type(error).__name__, [])


def site() -> findings.Site:
    """Return the settings that are looked at."""
    return findings.Site(
        debug=settings.DEBUG,
        site_url=settings.SITE_URL,
        hosts=tuple(settings.ALLOWED_HOSTS),
        secret_key=settings.SECRET_KEY,
        unsigned_acknowledged=settings.UNSIGNED_ACKNOWLEDGED,
        signed=bool(sign_off.rules_signed() and sign_off.numbers_signed()),
        contact_email=settings.CONTACT_EMAIL,
        email_host=settings.EMAIL_HOST,
    )


def secrets(var: Path) -> Iterator[Path]:
    """Yield what is for this account only, where it exists; web servers read media and pages."""
    keys = Path(settings.SEALING_KEYS_FILE)
    wanted = [var / ".env", keys.parent, keys, Path(settings.TOMBSTONES_FILE)]
    if connection.vendor == "sqlite":
        database = Path(connection.settings_dict["NAME"])
        wanted += [database, database.with_name(database.name + "-wal")]
    yield from (path for path in wanted if path.exists())


def due_days() -> Iterator[tuple[str, date]]:
    """Yield each file of facts with the first day on which something in it is to be reviewed."""
    chosen: dict[str, Path] = {}
    for folder in (loading.PACKAGED, *map(Path, settings.FACTS_DIRS)):
        chosen |= {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.toml")}
    for name, path in chosen.items():
        days = DUE.findall(path.read_text(encoding="utf-8"))
        if days:
            yield name, date.fromisoformat(min(days))


def last_backup(stamp: Path) -> datetime | None:
    """Return when the newest good backup was made; None where none was, or nobody can say."""
    try:
        return datetime.fromisoformat(json.loads(stamp.read_text(encoding="utf-8"))["at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def waiting_migrations() -> list[str]:
    """Return the migrations that this database has not seen."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def works(now: datetime) -> Iterator[findings.Work]:
    """Yield the state of each registered piece of regular work; never asked for is never late."""
    states = import_module("stepwell.apps.tasks.queries").states()
    for state in states:
        running = state.claimed_until is not None and state.claimed_until > now
        yield findings.Work(state.name, state.due_at, state.failures, state.failed_with, running)


def newest_moment() -> datetime | None:
    """Return the newest moment that the site's own clock has stored."""
    begun = import_module("stepwell.apps.tasks.queries").newest_moment()
    return max(filter(None, (begun, newest_stored())), default=None)


def _size(folder: Path) -> int:
    if not folder.exists():
        return 0
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _unwatched() -> float | None:
    """Return seconds since the kept pages were looked after; None where none are kept."""
    folder: Any = import_module("stepwell.apps.pages.folder")
    if not settings.KEEP_PAGES or not folder.root().exists():
        return None
    kept = folder.store()
    seconds = float(kept.seconds_unwatched())
    return seconds if seconds < float("inf") else None
