"""What the pages to browse are made from, by the names the page store knows.

Such a page is right for one day: what the clock decides (confirmed, in force, taking people)
is asked anew on the next. What is written in between, `actions.make_findable` tells: the keys
of where a listing stood before, and of where it stands now.
"""

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

from django.conf import settings

from stepwell.apps.directory.models import ListingRow, Place, RowWord
from stepwell.apps.pages.recording import covers, good_through, made_from
from stepwell.lib.batches import batches

FROM_AFAR = "from-afar"  # stands in addresses where else a town does
LISTED = "listed"
TABLES = ("listing", "listingterm", "provider", "place", "credential")
BATCH = 500


def speak_for_tables() -> None:
    """Tell the page store which tables the keys speak for."""
    covers(LISTED, [f"directory_{table}" for table in TABLES])


def read_on(today: date, *where: str) -> None:
    """Note on the page being made what is read: all, a kind, a country, a town; and the day."""
    made_from(key(*where))
    good_through(today)


def key(*where: str) -> str:
    """Return the key of a kind, of it in a country, or of it in a town."""
    return ":".join((LISTED, *where))


def of(listing_ids: Collection[UUID]) -> set[str]:
    """Return the keys of every page on which these listings may stand now."""
    if not settings.KEEP_PAGES:
        return set()
    found: set[str] = set()
    for some in batches(listing_ids, BATCH):
        for kind, country, slug in _where(some):
            found |= {key(), key(kind), key(kind, country), key(kind, country, slug)}
    return found


def _where(ids: Collection[UUID]) -> Iterator[tuple[str, str, str]]:
    """Yield kind, country and town of each, as the rows of the search hold them."""
    kinds = dict(RowWord.objects.filter(family="kind").values_list("number", "value"))
    here = ListingRow.objects.filter(pk__in=ids, place__isnull=False)
    at = list(here.values_list("kind", "country", "place"))
    slugs = dict(Place.objects.filter(pk__in={pk for *_, pk in at}).values_list("pk", "slug"))
    yield from ((kinds[kind], country, slugs[pk]) for kind, country, pk in at if pk is not None)
    afar = ListingRow.objects.filter(pk__in=ids).exclude(afar="").values_list("kind", "afar")
    yield from (
        (kinds[kind], country, FROM_AFAR)
        for kind, served in afar
        for country in served.split(",")
        if country
    )
