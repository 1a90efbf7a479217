"""Keeps the rows of the search as the listings are. Only publishable listings have one."""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import h3.api.basic_int as h3
from django.db import transaction
from django.db.models import QuerySet

from stepwell.apps.directory.finding import blocks, columns
from stepwell.apps.directory.finding.cells import RESOLUTION
from stepwell.apps.directory.models import Listing, ListingRow, ListingRowTerm, RowBlock, RowWord
from stepwell.apps.directory.queries import candidate_of, publishable, with_details
from stepwell.apps.directory.snapshot import journal
from stepwell.domain.errors import DomainError
from stepwell.domain.offers import Candidate
from stepwell.lib.batches import batches

BATCH = 500
ANYWHERE = ""


class TooManyWords(DomainError):
    """There are more kinds of support than a row can tell apart."""


def refresh(listing_ids: Collection[UUID]) -> None:
    """Make the rows of some listings anew; a listing that is not publishable has none."""
    for some in batches(sorted(listing_ids), BATCH):
        with transaction.atomic():
            # Who renews the same listing at the same time waits here, and then reads the newest.
            list(
                Listing.objects.select_for_update().filter(pk__in=some).order_by("pk").values("pk")
            )
            blocks.one_writer()
            old = list(ListingRow.objects.filter(pk__in=some))
            drop(ListingRowTerm.objects.filter(row__in=some))
            drop(ListingRow.objects.filter(pk__in=some))
            made = write(
                [candidate_of(one) for one in with_details(publishable().filter(pk__in=some))]
            )
            blocks.renew(old, made)
            journal.note(some)


def drop(rows: QuerySet[Any]) -> None:
    """Delete rows to which nothing refers any more, without asking for each."""
    rows._raw_delete(rows.db)


@transaction.atomic
def rebuild(progress: Callable[[int], None]) -> int:
    """Throw every row away and make all anew; return how many there are."""
    journal.note_everything()
    blocks.one_writer()
    for table in (ListingRowTerm, RowBlock, ListingRow):
        drop(table.objects.all())
    ids = publishable().order_by("pk").values_list("pk", flat=True).iterator(chunk_size=BATCH)
    made = 0
    for some in batches(ids, BATCH):
        write([candidate_of(one) for one in with_details(Listing.objects.filter(pk__in=some))])
        made += len(some)
        progress(len(some))
    rows = ListingRow.objects.order_by("kind").iterator(chunk_size=BATCH)
    for _, of_kind in groupby(rows, key=lambda row: row.kind):
        blocks.store(blocks.whole(of_kind).items())
    return made


def write(listings: Sequence[Candidate]) -> list[ListingRow]:
    """Store the rows of listings that have none, and return them; their blocks are not changed."""
    words = numbers({word for one in listings for word in columns.words_of(one)})
    packed = [columns.pack(one, words) for one in listings]
    made = [
        row_of(one, words["kind", one.kind], it.row)
        for one, it in zip(listings, packed, strict=True)
    ]
    ListingRow.objects.bulk_create(made)
    write_beyond(
        [(one.id, word) for one, it in zip(listings, packed, strict=True) for word in it.beyond]
    )
    return made


def row_of(listing: Candidate, kind: int, packed: bytes) -> ListingRow:
    """Return a listing's row, not stored."""
    cell = h3.latlng_to_cell(*listing.point, RESOLUTION) if listing.point else None
    return ListingRow(
        listing_id=UUID(listing.id),
        c5=cell,
        country=listing.country,
        kind=kind,
        place=listing.place,
        afar="".join(f"{country}," for country in sorted(afar_countries(listing))),
        packed=packed,
    )


def afar_countries(listing: Candidate) -> Iterable[str]:
    """Return the countries under which a listing is found from afar."""
    if not listing.remote:
        return ()
    return {ANYWHERE, *listing.serves, *filter(None, [listing.country])}


def write_beyond(said: Sequence[tuple[str, tuple[str, str]]]) -> None:
    """Store the words that have no bit in the packed rows."""
    if not said:
        return
    known = {(word.family, word.value): word.pk for word in RowWord.objects.all()}
    ListingRowTerm.objects.bulk_create(
        ListingRowTerm(row_id=listing, word_id=known[word]) for listing, word in said
    )


def numbers(needed: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the number of every word, after giving one to those that have none.

    Somebody else may give numbers at the same time: who comes second finds the place
    taken, is passed over, and asks again.
    """
    while True:
        known = {
            (family, value): number
            for family, value, number in RowWord.objects.values_list("family", "value", "number")
        }
        missing = sorted(needed - known.keys())
        if not missing:
            return known
        family = missing[0][0]
        values = [value for said, value in missing if said == family]
        first = 1 + max((n for (said, _), n in known.items() if said == family), default=-1)
        if family == "kind" and first + len(values) > columns.MOST_KINDS:
            raise TooManyWords(f"A row can tell {columns.MOST_KINDS} kinds of support apart.")
        RowWord.objects.bulk_create(
            (
                RowWord(family=family, value=value, number=first + n)
                for n, value in enumerate(values)
            ),
            ignore_conflicts=True,
        )
