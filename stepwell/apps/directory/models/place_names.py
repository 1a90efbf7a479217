"""Tables: which towns and postcode districts there are, whether or not anything is listed there."""

from typing import ClassVar

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

FIELD_CLASSES = {
    "PlaceSource.name": "C",
    "PlaceSource.file": "C",
    "PlaceSource.fingerprint": "C",
    "PlaceSource.loaded_at": "C",
    "PlaceSource.rows": "C",
    "PlaceName.id": "C",
    "PlaceName.source": "C",
    "PlaceName.country": "D",
    "PlaceName.folded": "C",
    "PlaceName.name": "D",
    "PlaceName.region": "D",
    "PlaceName.district": "D",
    "PlaceName.lat": "D",
    "PlaceName.lon": "D",
    "PlaceName.size": "D",
}


class PlaceSource(models.Model):
    """Where some of the names came from; all of them are replaced together."""

    name = models.CharField(max_length=20, primary_key=True)  # cities, zipcodes, geonames-GB
    file = models.CharField(max_length=200)  # its name, never a path
    fingerprint = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    rows = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.name


class PlaceName(models.Model):
    """One name of a town, or one postcode district, and where its middle is."""

    source = models.ForeignKey(PlaceSource, models.CASCADE, related_name="+")
    country = models.CharField(max_length=2)
    folded = models.CharField(max_length=60)  # by domain.place_names.fold; a district's is empty
    name = models.CharField(max_length=80)
    region = models.CharField(max_length=80, blank=True)  # its code in the data, or its name
    district = models.CharField(max_length=12, blank=True)
    lat = models.FloatField()
    lon = models.FloatField()
    size = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="directory_placename_on_the_globe",
            ),
            CheckConstraint(
                condition=(Q(folded="") & ~Q(district="")) | (~Q(folded="") & Q(district="")),
                name="directory_placename_town_or_district",
            ),
            UniqueConstraint(
                fields=["folded", "district", "country", "region", "source"],
                name="directory_placename_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["district", "country"],
                name="directory_placename_district",
                condition=~Q(district=""),
            )
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.name, self.district, self.region, self.country)))
