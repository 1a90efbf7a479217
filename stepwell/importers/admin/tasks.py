"""The importers' regular work."""

from datetime import timedelta

from stepwell.apps.tasks.registry import register
from stepwell.importers.admin import listing_work

EVERY = timedelta(minutes=1)


def register_tasks() -> None:
    """Import the tables that stewards said yes to."""
    register("importers.listings", every=EVERY, run=lambda now: listing_work.import_confirmed())
