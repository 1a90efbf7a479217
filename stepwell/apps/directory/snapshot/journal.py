"""What changed since a snapshot was made, so that a search is never behind.

Whoever changes the rows of the search writes the listing down here in the same
transaction. A search leaves those rows of the snapshot out and reads them from the
database instead: what was hidden is gone at once, what was shown is there at once.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Max, Q

from stepwell.apps.directory.models import Listing, RowChange
from stepwell.lib.batches import batches

MOST = 2_000  # with more changes than this, the database answers until there is a new snapshot
KEPT = timedelta(days=2)
USED = timedelta(days=1)  # a snapshot older than this is not used: its changes may be gone
BATCH = 1_000


class State(NamedTuple):
    """How far the journal has come since a snapshot."""

    last: int
    changes: int
    everything: int


def note(listing_ids: Collection[UUID]) -> None:
    """Write down that the rows of some listings changed. Call it in the same transaction."""
    for some in batches(listing_ids, BATCH):
        RowChange.objects.bulk_create(RowChange(listing=one) for one in some)


def note_everything() -> None:
    """Write down that all rows were made anew."""
    RowChange.objects.create(listing=None)


def note_deleted(instance: Listing, **told: object) -> None:
    """Write down that a listing was deleted: its rows go with it, and nobody renews them."""
    note([instance.pk])


@transaction.atomic
def watermark() -> int:
    """Return up to where all changes are in the database for good.

    PostgreSQL gives numbers before it commits: with the table locked for a moment, nobody
    who has taken a lower number is still on the way. SQLite has one writer at a time.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # Behind a long import nobody else shall have to wait: the task tries again.
            cursor.execute("SET LOCAL lock_timeout = '5s'")
            cursor.execute(f"LOCK TABLE {RowChange._meta.db_table} IN SHARE MODE")
    return RowChange.objects.aggregate(last=Max("pk"))["last"] or 0


def state(since: int) -> State:
    """Return how far the journal has come. One query."""
    counted = RowChange.objects.filter(pk__gt=since).aggregate(
        last=Max("pk"), changes=Count("pk"), everything=Count("pk", filter=Q(listing=None))
    )
    return State(counted["last"] or since, counted["changes"], counted["everything"])


def changed(since: int) -> list[UUID]:
    """Return the listings whose rows changed."""
    noted = RowChange.objects.filter(pk__gt=since).values_list("listing", flat=True)
    return [one for one in noted.distinct() if one is not None]


def tidy(now: datetime) -> None:
    """Forget changes that no snapshot in use can be without."""
    RowChange.objects.filter(at__lt=now - KEPT).delete()
