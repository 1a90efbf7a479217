"""Tables: who offers something, and where."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from stepwell.apps.directory.models.words import WEB_ADDRESS, one_of
from stepwell.domain.places import Point
from stepwell.lib.constraints import both_or_neither
from stepwell.lib.slugs import MadeSlugField

FIELD_CLASSES = {
    "Provider.id": "D",
    "Provider.type": "D",
    "Provider.name": "D",
    "Provider.about": "D",
    "Provider.web": "D",
    "Provider.contact_email": "B",
    "Provider.excluded_on": "C",
    "Provider.merged_into": "C",
    "Provider.source": "C",
    "Provider.source_id": "C",
    "Place.id": "C",
    "Place.country": "D",
    "Place.region": "D",
    "Place.town": "D",
    "Place.slug": "D",
    "Place.district": "D",
    "Place.street": "D",
    "Place.lat": "D",
    "Place.lon": "D",
    "Place.cell": "C",
    "Place.redacted": "D",
}


class ProviderType(models.TextChoices):
    """Who offers something: one person, or an organisation."""

    PERSON = "person", "Person"
    ORGANISATION = "organisation", "Organisation"


class Provider(models.Model):
    """A person or organisation that offers support."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    type = models.CharField(max_length=12, choices=ProviderType)
    name = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    web = models.CharField(max_length=200, blank=True, validators=[WEB_ADDRESS])
    contact_email = models.EmailField(blank=True)  # for confirmations; never shown
    # Since when they are surely on an exclusion list: nothing of theirs is shown.
    excluded_on = models.DateField(null=True, blank=True)
    # Another row of the same provider, which holds the listings. This one keeps its place in
    # its source, so that the next import of it finds the other.
    merged_into: "models.ForeignKey[Provider | None, Provider | None]" = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    source = models.CharField(max_length=60)
    source_id = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            one_of("type", ProviderType.values),
            CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="directory_provider_not_merged_into_itself",
            ),
            UniqueConstraint(fields=["source", "source_id"], name="directory_provider_in_source"),
        ]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """Where something is given. A redacted place is known by its area only, never its point."""

    country = models.CharField(max_length=2)
    region = models.CharField(max_length=80, blank=True)
    town = models.CharField(max_length=80)
    slug = MadeSlugField(max_length=170, made_of=("town", "region"))  # in addresses
    district = models.CharField(max_length=12, blank=True)
    street = models.CharField(max_length=200, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    cell = models.BigIntegerField(null=True, blank=True)  # H3, resolution 5
    redacted = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            both_or_neither("lat", "lon"),
            both_or_neither("lat", "cell"),
            CheckConstraint(
                condition=Q(lat__isnull=True) | Q(lat__range=(-90, 90), lon__range=(-180, 180)),
                name="directory_place_on_the_globe",
            ),
            CheckConstraint(
                condition=Q(redacted=False) | Q(street=""), name="directory_place_redacted"
            ),
            UniqueConstraint(
                fields=["country", "region", "town", "district", "street", "redacted"],
                name="directory_place_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["cell"]),
            models.Index(fields=["country", "town"]),
            models.Index(fields=["country", "slug"]),
            models.Index(fields=["district"]),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.town, self.district, self.country)))

    @property
    def point(self) -> Point | None:
        """Return where it is, or None when we do not know."""
        if self.lat is None or self.lon is None:
            return None
        return Point(self.lat, self.lon)
