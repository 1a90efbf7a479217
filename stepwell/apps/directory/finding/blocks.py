"""Blocks: the packed rows of one kind in one area, end to end, so that a search reads few rows.

An area is a cell, a country, or a country served from afar; those at places that nobody can
find on a map have one of their own. Rows of countries are dealt out over parts by the key of
the daily shuffle, so that a block stays small and the lot can begin at any of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from random import getrandbits

from django.db import connection
from django.db.models.signals import post_delete

from stepwell.apps.directory.finding.columns import ID, WIDTH, code_number
from stepwell.apps.directory.models import ListingRow, RowBlock
from stepwell.lib.batches import batches

UNPLACED, NEAR, COUNTRY, AFAR = range(4)  # shelves
KEY_BITS, KIND_BITS, PART_BITS = 22, 8, 8
PARTS, LAST_KEY = 1 << PART_BITS, (1 << KEY_BITS) - 1
TURN_BITS = 31 - PART_BITS  # of the key of the shuffle, below the number of its part
# The seven bits of the base cell and three for each of the five sizes down to ours; the rest of
# a cell's number is the same in all.
CELL_SHIFT, CELL_MASK = 30, LAST_KEY
BATCH = 500
STAMP_BITS = 62
WRITERS = 7_140_029  # the number of the lock; any that nobody else takes


def area_of(shelf: int, key: int = 0) -> int:
    """Return the number of an area."""
    return shelf << KEY_BITS | key


def area_of_cell(cell: int) -> int:
    """Return the number of the area that is one cell."""
    return area_of(NEAR, cell >> CELL_SHIFT & CELL_MASK)


def key_of(area: int) -> int:
    """Return which of its shelf an area is: for a country, its number."""
    return area & LAST_KEY


def number_of(area: int, kind: int, part: int = 0) -> int:
    """Return the number of a block."""
    return (area << KIND_BITS | kind) << PART_BITS | part


def part_number(number: int) -> int:
    """Return the part that a block is of its area and kind."""
    return number & PARTS - 1


def numbers_of(row: ListingRow) -> Iterator[int]:
    """Yield the blocks in which a row stands."""
    part = int.from_bytes(row.packed[:4]) >> TURN_BITS
    if row.place is not None:
        if row.c5 is None:
            yield number_of(area_of(UNPLACED), row.kind, row.place % PARTS)
        else:
            yield number_of(area_of_cell(row.c5), row.kind)
        yield number_of(area_of(COUNTRY, code_number(row.country)), row.kind, part)
    for country in row.afar.split(",")[:-1]:
        yield number_of(area_of(AFAR, code_number(country)), row.kind, part)


def renew(old: Iterable[ListingRow], new: Iterable[ListingRow]) -> None:
    """Take some rows out of their blocks and put others in."""
    out: dict[int, set[bytes]] = defaultdict(set)
    for row in old:
        for number in numbers_of(row):
            out[number].add(bytes(row.packed[ID]))
    put: dict[int, list[bytes]] = defaultdict(list)
    for row in new:
        for number in numbers_of(row):
            put[number].append(bytes(row.packed))
    for some in batches(sorted({*out, *put}), BATCH):
        known = RowBlock.objects.filter(pk__in=some).values_list("pk", "packed")
        there = {number: bytes(packed) for number, packed in known}
        left = {
            number: b"".join([without(there.get(number, b""), out[number]), *put[number]])
            for number in some
        }
        RowBlock.objects.filter(pk__in=[one for one in some if not left[one]]).delete()
        store((number, packed) for number, packed in left.items() if packed)


def without(packed: bytes, gone: set[bytes]) -> bytes:
    """Return packed rows but for those with the ids in `gone`."""
    if not gone:
        return packed
    rows = [bytes(packed[at : at + WIDTH]) for at in range(0, len(packed), WIDTH)]
    return b"".join(row for row in rows if row[ID] not in gone)


def store(blocks: Iterable[tuple[int, bytes]]) -> None:
    """Write blocks, in the place of those there were."""
    RowBlock.objects.bulk_create(
        [block_of(number, packed) for number, packed in blocks],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["many", "stamp", "packed"],
    )


def block_of(number: int, packed: bytes) -> RowBlock:
    """Return a block, not stored."""
    area, kind = divmod(number >> PART_BITS, 1 << KIND_BITS)
    many, stamp = len(packed) // WIDTH, getrandbits(STAMP_BITS)
    return RowBlock(number=number, area=area, kind=kind, many=many, stamp=stamp, packed=packed)


def whole(rows: Iterable[ListingRow]) -> Mapping[int, bytes]:
    """Return the blocks that some rows make."""
    put: dict[int, list[bytes]] = defaultdict(list)
    for row in rows:
        for number in numbers_of(row):
            put[number].append(bytes(row.packed))
    return {number: b"".join(put[number]) for number in sorted(put)}


def one_writer() -> None:
    """Wait until nobody else changes blocks, up to the end of the transaction.

    Two who change other listings may change one block. SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])


def leave(instance: ListingRow, **told: object) -> None:
    """Take the row of a listing that is deleted out of its blocks."""
    one_writer()
    renew([instance], [])


def follow_deletions() -> None:
    """Have blocks changed when a listing is deleted."""
    post_delete.connect(leave, ListingRow, dispatch_uid="directory.blocks")
