"""Tables: what the search reads. Made from the listings, thrown away and made again at will.

A row is there for every listing that may be shown on some day, and for no other. What
the clock decides (confirmed, in force, taking people) is worked out from the row at every
search, so nothing has to run at night. What a row says stands in one packed column, whose
layout is in `finding/columns.py`. A search reads blocks: the packed rows of one kind in one
cell, or of one country, end to end (`finding/blocks.py`).
"""

from typing import ClassVar

from django.db import models
from django.db.models import UniqueConstraint

from stepwell.apps.directory.models.listings import Listing

FIELD_CLASSES = {
    "ListingRow.listing": "C",
    "ListingRow.c5": "C",
    "ListingRow.country": "C",
    "ListingRow.kind": "C",
    "ListingRow.place": "C",
    "ListingRow.afar": "C",
    "ListingRow.packed": "C",
    "RowBlock.number": "C",
    "RowBlock.area": "C",
    "RowBlock.kind": "C",
    "RowBlock.many": "C",
    "RowBlock.stamp": "C",
    "RowBlock.packed": "C",
    "RowWord.id": "C",
    "RowWord.family": "C",
    "RowWord.value": "C",
    "RowWord.number": "C",
    "ListingRowTerm.id": "C",
    "ListingRowTerm.row": "C",
    "ListingRowTerm.word": "C",
}


class ListingRow(models.Model):
    """One listing as the search reads it: what its blocks hold, and which blocks those are."""

    listing = models.OneToOneField(
        Listing, models.CASCADE, primary_key=True, related_name="search_row"
    )
    c5 = models.BigIntegerField(null=True)  # the cell of H3, as an integer
    country = models.CharField(max_length=2, blank=True)  # of its place
    kind = models.PositiveSmallIntegerField()  # the number of a word
    place = models.BigIntegerField(null=True)
    # The countries whose people it serves from afar, each with a comma behind it: "" is any.
    afar = models.TextField(blank=True)
    packed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)


class RowBlock(models.Model):
    """Packed rows end to end: those of one kind in one area, or a part of them.

    The number says which area, kind and part it is, so that a block is found by its key and
    those of one area stand together.
    """

    number = models.BigAutoField(primary_key=True)  # given by us: SQLite sorts by this type only
    area = models.PositiveIntegerField()
    kind = models.PositiveSmallIntegerField()
    many = models.PositiveIntegerField()  # rows
    stamp = models.BigIntegerField()  # another one, by chance, whenever the block changes
    packed = models.BinaryField()

    class Meta:
        indexes: ClassVar = [
            # How many of each kind there are, and whether they changed, is read from here alone.
            models.Index(fields=["area", "kind", "many", "stamp"], name="directory_rowblock_area")
        ]

    def __str__(self) -> str:
        return str(self.number)


class RowWord(models.Model):
    """The number that a word (a kind, a language, a need ...) has in the packed rows.

    Given at the first use and never to another word, so that a fact that comes or goes
    moves nothing.
    """

    family = models.CharField(max_length=8)
    value = models.CharField(max_length=60)
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["family", "value"], name="directory_rowword_once"),
            UniqueConstraint(fields=["family", "number"], name="directory_rowword_number"),
        ]

    def __str__(self) -> str:
        return f"{self.family} {self.number}: {self.value}"


class ListingRowTerm(models.Model):
    """A word of a listing whose number is too high for the packed row."""

    row = models.ForeignKey(ListingRow, models.CASCADE, related_name="terms")
    word = models.ForeignKey(RowWord, models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["word", "row"], name="directory_rowterm_once")
        ]

    def __str__(self) -> str:
        return f"{self.row_id} {self.word_id}"
