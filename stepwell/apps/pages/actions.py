"""Writes: say what has changed, and bring the pages that show it up to date."""

import logging
import sqlite3
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, close_old_connections, transaction
from django.db.models import Count, Max, Sum
from django.utils import timezone

from stepwell.apps.pages import folder, inputs, rendering
from stepwell.apps.pages.folder import store
from stepwell.apps.pages.models import Change
from stepwell.apps.pages.store import Store

log = logging.getLogger("stepwell.pages")
EVERYTHING = "everything"
REMEMBERED = timedelta(hours=3)  # longer than any transaction lasts
AT_ONCE = 20  # pages looked at before an editor's request ends; the others soon after


def touch(keys: Iterable[str]) -> None:
    """Say that what these keys stand for is different. Call it inside the transaction."""
    told = sorted(set(keys))
    if not settings.KEEP_PAGES or not told:
        return
    Change.objects.bulk_create([Change(key=key) for key in told])
    transaction.on_commit(follow)


def follow() -> None:
    """Take out of service what changes touch, and make the first pages of it again.

    The change is stored already, so nothing here may fail it. Where the folder cannot be
    changed any more, no page of it is served: an old page is worse than a slow one.
    """
    kept = store()
    if kept is None:
        return
    try:
        with kept.locked():
            hold_what_changed(kept)
        settle(kept, AT_ONCE)
    except (OSError, sqlite3.Error):
        log.exception("follow", extra={"event": "page store given up", "fields": {}})
        kept.give_up()


def hold_what_changed(kept: Store) -> None:
    """Take every page out of service that an unfollowed change touches. Call it locked.

    Where the last look is longer ago than changes are remembered, that is every page.
    """
    if kept.seconds_unwatched() > REMEMBERED.total_seconds() / 2:
        kept.hold(kept.paths())
    since = timezone.now() - REMEMBERED
    known = kept.followed()
    found = Change.objects.filter(at__gte=since).values_list("pk", "key", "at")
    news = [(pk, key, at) for pk, key, at in found if pk not in known]
    if news:
        keys = {key for _, key, _ in news}
        kept.hold(kept.paths() if EVERYTHING in keys else kept.made_from(keys))
        done = [(pk, at.isoformat()) for pk, _, at in news]
        kept.follow(done, forget_before=(since - REMEMBERED).isoformat())
    kept.watched()


def look() -> None:
    """Follow what other processes and hosts changed. Cheap where nothing is new."""
    kept = store()
    if kept is None:
        return
    seen = _sign_of_changes()
    if seen == kept.seen and kept.seconds_unwatched() < REMEMBERED.total_seconds() / 2:
        kept.watched()
        return
    try:
        with kept.locked():
            hold_what_changed(kept)
    except (OSError, sqlite3.Error):
        kept.give_up()
        raise
    kept.seen = seen


def _sign_of_changes() -> tuple[int | None, ...]:
    """Return what is different after every change that is remembered, however late it is seen."""
    recent = Change.objects.filter(at__gte=timezone.now() - REMEMBERED)
    found = recent.aggregate(newest=Max("pk"), number=Count("pk"), total=Sum("pk"))
    return tuple(found[name] for name in ("newest", "number", "total"))


def may_serve() -> bool:
    """Follow in a web process where nobody else did; say whether kept pages may be served.

    While the database is away nobody can change anything through it, and reading goes on.
    """
    close_old_connections()
    try:
        look()
    except DatabaseError:
        log.warning("look", extra={"event": "changes not followed", "fields": {}})
    except (OSError, sqlite3.Error):
        log.exception("look", extra={"event": "page store given up", "fields": {}})
        return False
    finally:
        close_old_connections()
    return True


def recent_changes() -> set[int]:
    """Return the numbers of the changes that are remembered and can be seen now."""
    since = timezone.now() - REMEMBERED
    return set(Change.objects.filter(at__gte=since).values_list("pk", flat=True))


def changed_since(known: set[int], keys: Iterable[str]) -> bool:
    """Say whether a change that was not `known` touches any of these keys."""
    since = timezone.now() - REMEMBERED
    wanted = {EVERYTHING, *keys}
    found = Change.objects.filter(at__gte=since).values_list("pk", "key")
    return any(pk not in known and key in wanted for pk, key in found)


def catch_up() -> None:
    """Follow at the start what happened since this folder was last looked after."""
    kept = store()
    if kept is None:
        return
    folder.remove_old()
    with kept.locked():
        hold_what_changed(kept)
    folder.point_here()


def settle(kept: Store, most: int | None = None) -> int:
    """Put back held pages that are as they were and make the others again; return how many.

    At most `most` are looked at, the ones nearest to the front page first: a new article of
    20,000 moves thousands of pages of lists.
    """
    made = 0
    nearest = sorted(kept.held_paths(), key=lambda one: (one.count("/"), len(one), one))
    for path in nearest[:most]:
        with kept.locked():
            if not kept.is_held(path):
                continue
            if is_unchanged(kept, path):
                kept.put_back(path)
                continue
            kept.drop([path])
        rendering.make(path)
        made += 1
    return made


def is_unchanged(kept: Store, path: str) -> bool:
    """Say whether a page's queries answer as they did when it was made."""
    queries, answered = kept.inputs_of(path)
    return inputs.fingerprint(inputs.read(queries)) == answered


def forget_changes() -> None:
    """Delete changes that every process has followed long ago."""
    Change.objects.filter(at__lt=timezone.now() - 3 * REMEMBERED).delete()


def make_ended_again() -> int:
    """Make the pages again whose last day is over; return how many."""
    kept = store()
    if kept is None:
        return 0
    ended = kept.ended(timezone.localdate())
    for path in ended:
        with kept.locked():
            kept.drop([path])
        rendering.make(path)
    return len(ended)


def fill(paths: Iterable[str], most: int) -> int:
    """Make pages that are not kept yet, at most so many; return how many were made."""
    kept = store()
    if kept is None:
        return 0
    there = set(kept.paths())
    missing = [path for path in paths if path not in there][:most]
    for path in missing:
        rendering.make(path)
    return len(missing)


def rebuild(paths: Iterable[str], progress: Callable[[int], None]) -> int:
    """Make every page again and let no other stay; return how many there are.

    The disk is waited for once, at the end. A power failure before that is healed by
    rebuilding again; our own server serves no page that has lost bytes.
    """
    kept = store()
    if kept is None:
        return 0
    wanted = set(paths)
    with kept.locked():
        kept.drop(set(kept.paths()) - wanted)
    with kept.many():
        for number, path in enumerate(sorted(wanted), start=1):
            rendering.make(path)
            progress(number)
    return len(kept.paths())
