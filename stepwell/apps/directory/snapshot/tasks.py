"""The room's regular work: a new snapshot before the old one is of no use."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models.signals import post_delete

from stepwell.apps.directory.models import Listing
from stepwell.apps.directory.snapshot import files, journal
from stepwell.apps.directory.snapshot.build import build
from stepwell.apps.directory.snapshot.engine import folder
from stepwell.apps.tasks.registry import register

EVERY = timedelta(minutes=1)
LEASE = timedelta(hours=1)  # nine million rows take minutes
OLD = timedelta(hours=12)
MANY = journal.MOST // 4


def register_tasks() -> None:
    """Have the snapshot looked after, and told of listings that are deleted."""
    post_delete.connect(journal.note_deleted, Listing, dispatch_uid="directory.snapshot")
    register("directory.snapshot", every=EVERY, run=renew_when_due, lease=LEASE)


def renew_when_due(now: datetime) -> str | None:
    """Make a snapshot when the engine is in use and much has changed, or the last one is old."""
    if settings.DIRECTORY_ENGINE != "snapshot":
        journal.tidy(now)
        return None
    return build(folder(), now) if is_due(now) else None


def is_due(now: datetime) -> bool:
    """Say whether there should be a new snapshot."""
    try:
        there = files.opened(folder(), files.current(folder()))
    except files.NoSnapshot:
        return True
    state = journal.state(there.watermark)
    return bool(state.everything) or state.changes > MANY or now - there.built_at > OLD
