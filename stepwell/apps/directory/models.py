"""Tables of the directory: who offers what where, on whose word, and how it got here.

A listing is one kind of support by one provider at one place or remote. The
meaning of its words (standing, consent, cost) is in stepwell.domain.matching.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

from django.conf import settings
from django.core.validators import URLValidator
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from stepwell.domain.credentials import Level, State
from stepwell.domain.dimensions import Basis
from stepwell.domain.matching import SHUFFLE_MODULUS
from stepwell.domain.offers import Accepting, Consent, Cost, Standing
from stepwell.domain.places import Point
from stepwell.lib.constraints import both_or_neither

if TYPE_CHECKING:
    from stepwell.apps.accounts.models import Person

# TRUST D1: D is public, C is operational. The directory keeps nothing of those who search.
FIELD_CLASSES = {
    "Provider.id": "D",
    "Provider.type": "D",
    "Provider.name": "D",
    "Provider.about": "D",
    "Provider.web": "D",
    "Provider.source": "C",
    "Provider.source_id": "C",
    "Place.id": "C",
    "Place.country": "D",
    "Place.region": "D",
    "Place.town": "D",
    "Place.district": "D",
    "Place.street": "D",
    "Place.lat": "D",
    "Place.lon": "D",
    "Place.cell": "C",
    "Place.redacted": "D",
    "Listing.id": "D",
    "Listing.provider": "D",
    "Listing.place": "D",
    "Listing.kind": "D",
    "Listing.name": "D",
    "Listing.about": "D",
    "Listing.remote": "D",
    "Listing.cost": "D",
    "Listing.cost_note": "D",
    "Listing.accepting": "D",
    "Listing.accepting_on": "D",
    "Listing.minimum_age": "D",
    "Listing.maximum_age": "D",
    "Listing.phone": "D",
    "Listing.email": "D",
    "Listing.web": "D",
    "Listing.confidentiality": "D",
    "Listing.confirmed_on": "D",
    "Listing.consent": "C",
    "Listing.standing": "C",
    "Listing.fictional": "D",
    "Listing.shuffle_key": "C",
    "Listing.source": "C",
    "Listing.source_id": "C",
    "Listing.content_hash": "C",
    "ListingTerm.id": "C",
    "ListingTerm.listing": "D",
    "ListingTerm.family": "D",
    "ListingTerm.value": "D",
    "Credential.id": "C",
    "Credential.provider": "D",
    "Credential.register": "D",
    "Credential.number": "D",
    "Credential.jurisdiction": "D",
    "Credential.state": "D",
    "Credential.level": "D",
    "Credential.checked_at": "D",
    "Credential.checked_by": "C",
    "Credential.expires_on": "D",
    "ImportRun.id": "C",
    "ImportRun.source": "C",
    "ImportRun.file": "C",
    "ImportRun.started_at": "C",
    "ImportRun.finished_at": "C",
    "ImportRun.unchanged": "C",
    "ImportRow.id": "C",
    "ImportRow.run": "C",
    "ImportRow.line": "C",
    "ImportRow.source_id": "C",
    "ImportRow.fate": "C",
    "ImportRow.column": "C",
    "ImportRow.reason": "C",
    "ImportRow.repair": "C",
}


WEB_ADDRESS = URLValidator(schemes=["http", "https"])


def words(family: type[StrEnum]) -> list[tuple[str, str]]:
    """Return the words of the domain as choices, without tying migrations to the domain."""
    return [(word.value, word.value) for word in family]


def one_of(field: str, values: list[str]) -> CheckConstraint:
    """Return a constraint: the column holds one of these words."""
    return CheckConstraint(
        condition=Q(**{f"{field}__in": values}), name=f"%(app_label)s_%(class)s_{field}_known"
    )


def together_in_order(lower: str, upper: str) -> CheckConstraint:
    """Return a constraint: where both are given, the first is not above the second."""
    ordered = Q(**{f"{lower}__lte": F(upper)})
    unknown = Q(**{f"{lower}__isnull": True}) | Q(**{f"{upper}__isnull": True})
    return CheckConstraint(
        condition=ordered | unknown, name=f"%(app_label)s_%(class)s_{lower}_in_order"
    )


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
    source = models.CharField(max_length=60)
    source_id = models.CharField(max_length=120)

    class Meta:
        constraints: ClassVar = [
            one_of("type", ProviderType.values),
            UniqueConstraint(fields=["source", "source_id"], name="directory_provider_in_source"),
        ]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """Where something is given. A redacted place is known by its area only, never its point."""

    country = models.CharField(max_length=2)
    region = models.CharField(max_length=80, blank=True)
    town = models.CharField(max_length=80)
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


class Listing(models.Model):
    """One kind of support by one provider at one place or remote."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    provider = models.ForeignKey(Provider, models.CASCADE, related_name="listings")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="listings")
    kind = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    about = models.TextField(blank=True)
    remote = models.BooleanField(default=False)
    cost = models.CharField(max_length=8, choices=words(Cost), default=Cost.UNKNOWN.value)
    cost_note = models.CharField(max_length=400, blank=True)
    accepting = models.CharField(
        max_length=12, choices=words(Accepting), default=Accepting.UNKNOWN.value
    )
    accepting_on = models.DateField(null=True, blank=True)
    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    web = models.CharField(max_length=200, blank=True, validators=[WEB_ADDRESS])
    # What privacy rests on here, where the provider says so; empty: as usual for the kind.
    confidentiality = models.CharField(max_length=24, choices=words(Basis), blank=True, default="")
    confirmed_on = models.DateField(null=True, blank=True)
    consent = models.CharField(max_length=12, choices=words(Consent), default=Consent.NONE.value)
    standing = models.CharField(
        max_length=9, choices=words(Standing), default=Standing.ACTIVE.value
    )
    fictional = models.BooleanField(default=False)
    shuffle_key = models.BigIntegerField()
    source = models.CharField(max_length=60)
    source_id = models.CharField(max_length=120)
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            one_of("cost", [word.value for word in Cost]),
            one_of("accepting", [word.value for word in Accepting]),
            one_of("consent", [word.value for word in Consent]),
            one_of("standing", [word.value for word in Standing]),
            one_of("confidentiality", ["", *(word.value for word in Basis)]),
            together_in_order("minimum_age", "maximum_age"),
            CheckConstraint(
                condition=Q(place__isnull=False) | Q(remote=True),
                name="directory_listing_is_somewhere",
            ),
            # An example has nobody who could confirm it, and must not look as if it had.
            CheckConstraint(
                condition=Q(fictional=False) | Q(confirmed_on__isnull=True),
                name="directory_listing_examples_are_not_confirmed",
            ),
            CheckConstraint(
                condition=Q(shuffle_key__gte=0, shuffle_key__lt=SHUFFLE_MODULUS),
                name="directory_listing_shuffle_key",
            ),
            UniqueConstraint(fields=["source", "source_id"], name="directory_listing_in_source"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "confirmed_on"])]

    def __str__(self) -> str:
        return self.name


class Family(models.TextChoices):
    """What a term of a listing says."""

    LANGUAGE = "language", "Language"
    COUNTRY = "country", "Country served remotely"
    FORMAT = "format", "Format"
    NEED = "need", "Need"
    GOAL = "goal", "Goal"
    APPROACH = "approach", "Approach"
    ACCESS = "access", "Access"
    PAYER = "payer", "Who pays"


class ListingTerm(models.Model):
    """One of several languages, countries, formats, needs ... of a listing."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="terms")
    family = models.CharField(max_length=8, choices=Family)
    value = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            one_of("family", Family.values),
            UniqueConstraint(
                fields=["listing", "family", "value"], name="directory_listingterm_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["family", "value", "listing"])]

    def __str__(self) -> str:
        return f"{self.family}: {self.value}"


class Credential(models.Model):
    """A licence or title a provider claims, and the outcome of our check."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="credentials")
    register = models.SlugField(max_length=60)  # a file name under domain/facts/registers/
    number = models.CharField(max_length=60)
    jurisdiction = models.CharField(max_length=8)  # ISO country, or country and state
    state = models.CharField(max_length=8, choices=words(State), default=State.CLAIMED.value)
    level = models.PositiveSmallIntegerField(
        choices=[(level.value, level.name) for level in Level], default=Level.DECLARED.value
    )
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by: "models.ForeignKey[Person | None, Person | None]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            one_of("state", [word.value for word in State]),
            both_or_neither("checked_at", "checked_by"),
            CheckConstraint(
                condition=Q(level__range=(min(Level).value, max(Level).value)),
                name="directory_credential_level_known",
            ),
            CheckConstraint(
                condition=~Q(state__in=[State.VERIFIED.value, State.REFUSED.value])
                | Q(checked_at__isnull=False),
                name="directory_credential_somebody_checked",
            ),
            UniqueConstraint(
                fields=["provider", "register", "number"], name="directory_credential_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.register} {self.number}"


class Fate(models.TextChoices):
    """What became of one row of an import."""

    IMPORTED = "imported", "Imported"
    UPDATED = "updated", "Updated"
    UNCHANGED = "unchanged", "Unchanged"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LEFT_OUT = "left_out", "Left out"
    REJECTED = "rejected", "Rejected"


class ImportRun(models.Model):
    """One import: from which file, when, and what became of each row."""

    source = models.CharField(max_length=60)
    file = models.CharField(max_length=200)  # its name, never a path
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    unchanged = models.PositiveIntegerField(default=0)  # counted, not kept row by row

    class Meta:
        constraints: ClassVar = [
            CheckConstraint(
                condition=Q(finished_at__gte=F("started_at")), name="directory_importrun_in_order"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["source", "started_at"])]

    def __str__(self) -> str:
        return f"{self.source}, {self.started_at:%Y-%m-%d %H:%M}"


class ImportRow(models.Model):
    """What became of one row, and why. Holds no contents of the row."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    source_id = models.CharField(max_length=120, blank=True)
    fate = models.CharField(max_length=9, choices=Fate)
    column = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    repair = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints: ClassVar = [one_of("fate", Fate.values)]

    def __str__(self) -> str:
        return f"row {self.line}: {self.fate}"
