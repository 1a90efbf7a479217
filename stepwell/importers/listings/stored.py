"""Which rows of a file say what is stored anyway, whatever they said when they last came in."""

from collections.abc import Iterator, Sequence
from datetime import date

from stepwell.apps.directory.models import Listing
from stepwell.apps.directory.queries import with_details
from stepwell.apps.directory.spreadsheets import fields_of
from stepwell.domain.offers import Standing
from stepwell.importers.listings.fields import record_of
from stepwell.importers.listings.mapping import OWN, read_mapping
from stepwell.importers.load_listings import content_hash
from stepwell.importers.records import Record

BATCH = 500


def said_already(records: Sequence[Record], source: str, today: date) -> set[str]:
    """Return the ids of the records that are word for word what is stored.

    A stored listing is written out as a row and read again, so that both went the same way.
    """
    told = {record.source_id: content_hash(record) for record in records}
    return {
        record.source_id
        for record in stored(list(told), source, today)
        if content_hash(record) == told[record.source_id]
    }


def stored(source_ids: Sequence[str], source: str, today: date) -> Iterator[Record]:
    """Yield these listings as records; one that was withdrawn is none."""
    own = read_mapping(OWN)
    active = with_details(
        Listing.objects.filter(source=source).exclude(standing=Standing.WITHDRAWN)
    )
    for at in range(0, len(source_ids), BATCH):
        for listing in active.filter(source_id__in=source_ids[at : at + BATCH]):
            record = record_of(0, listing.source_id, fields_of(listing, today), own)
            if isinstance(record, Record):
                yield record
