"""Tables: what the search reads. Made from the listings, thrown away and made again at will.

A row is there for every listing that may be shown on some day, and for no other. What
the clock decides (confirmed, in force, taking people) is worked out from the row at every
search, so nothing has to run at night. What a row says stands in one packed column, whose
layout is in `finding/columns.py`: reading one column of bytes is several times quicker
than reading twenty of numbers, and both databases keep it in their indexes.
"""

from typing import ClassVar

from django.db import models
from django.db.models import UniqueConstraint

from stepwell.apps.directory.models.listings import Listing

FIELD_CLASSES = {
    "ListingRow.listing": "C",
    "ListingRow.c4": "C",
    "ListingRow.c5": "C",
    "ListingRow.c7": "C",
    "ListingRow.country": "C",
    "ListingRow.kind": "C",
    "ListingRow.place": "C",
    "ListingRow.packed": "C",
    "AfarRow.id": "C",
    "AfarRow.row": "C",
    "AfarRow.country": "C",
    "AfarRow.kind": "C",
    "AfarRow.packed": "C",
    "RowWord.id": "C",
    "RowWord.family": "C",
    "RowWord.value": "C",
    "RowWord.number": "C",
    "ListingRowTerm.id": "C",
    "ListingRowTerm.row": "C",
    "ListingRowTerm.word": "C",
}


class ListingRow(models.Model):
    """One listing as the search reads it. The cells are those of H3, as integers."""

    listing = models.OneToOneField(
        Listing, models.CASCADE, primary_key=True, related_name="search_row"
    )
    c4 = models.BigIntegerField(null=True)
    c5 = models.BigIntegerField(null=True)
    c7 = models.BigIntegerField(null=True)
    country = models.CharField(max_length=2, blank=True)  # of its place
    kind = models.PositiveSmallIntegerField()  # the number of a word
    place = models.BigIntegerField(null=True)
    packed = models.BinaryField()

    class Meta:
        # Each holds all that a search reads, so that none has to look into the table.
        indexes: ClassVar = [
            models.Index(fields=["c4", "kind", "packed"], name="directory_row_c4"),
            models.Index(fields=["c5", "kind", "packed"], name="directory_row_c5"),
            models.Index(fields=["c7", "kind", "packed"], name="directory_row_c7"),
            models.Index(fields=["kind", "country", "packed"], name="directory_row_kind"),
            # A named place that nobody can find on a map.
            models.Index(
                fields=["place"],
                condition=models.Q(c5__isnull=True),
                include=["packed"],
                name="directory_row_place",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AfarRow(models.Model):
    """A listing again, under a country whose people it serves from afar; under "" for any."""

    row = models.ForeignKey(ListingRow, models.CASCADE, related_name="afar")
    country = models.CharField(max_length=2, blank=True)
    kind = models.PositiveSmallIntegerField()
    packed = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            UniqueConstraint(fields=["row", "country"], name="directory_afar_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["country", "kind", "packed"], name="directory_afar_country")
        ]

    def __str__(self) -> str:
        return f"{self.row_id} {self.country}"


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
