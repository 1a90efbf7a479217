"""Tables: what is offered. The meaning of its words is in stepwell.domain.offers."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone

from stepwell.apps.directory.models.providers import Place, Provider
from stepwell.apps.directory.models.words import WEB_ADDRESS, one_of, together_in_order, words
from stepwell.domain.dimensions import Basis
from stepwell.domain.matching import SHUFFLE_MODULUS
from stepwell.domain.offers import Accepting, Consent, Cost, Standing
from stepwell.lib.constraints import both_or_neither

FIELD_CLASSES = {
    "Listing.id": "D",
    "Listing.provider": "D",
    "Listing.place": "D",
    "Listing.kind": "D",
    "Listing.name": "D",
    "Listing.about": "D",
    "Listing.remote": "D",
    "Listing.cost": "D",
    "Listing.cost_note": "D",
    "Listing.fee_from": "D",
    "Listing.fee_to": "D",
    "Listing.currency": "D",
    "Listing.sliding_scale": "D",
    "Listing.accepting": "D",
    "Listing.accepting_on": "D",
    "Listing.wait_weeks": "D",
    "Listing.seats_open": "D",
    "Listing.seats_on": "D",
    "Listing.minimum_age": "D",
    "Listing.maximum_age": "D",
    "Listing.phone": "D",
    "Listing.email": "D",
    "Listing.web": "D",
    "Listing.confidentiality": "D",
    "Listing.confirmed_on": "D",
    "Listing.consent": "C",
    "Listing.consent_on": "C",
    "Listing.claimed_on": "C",
    "Listing.standing": "C",
    "Listing.fictional": "D",
    "Listing.shuffle_key": "C",
    "Listing.source": "C",
    "Listing.source_id": "C",
    "Listing.content_hash": "C",
    "Listing.changed_at": "D",
    "ListingTerm.id": "C",
    "ListingTerm.listing": "D",
    "ListingTerm.family": "D",
    "ListingTerm.value": "D",
}


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
    # In the smallest unit of the currency, such as cents; what one session or place costs.
    fee_from = models.PositiveIntegerField(null=True, blank=True)
    fee_to = models.PositiveIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    sliding_scale = models.BooleanField(null=True, blank=True)  # None: nobody said
    accepting = models.CharField(
        max_length=12, choices=words(Accepting), default=Accepting.UNKNOWN.value
    )
    accepting_on = models.DateField(null=True, blank=True)
    wait_weeks = models.PositiveSmallIntegerField(null=True, blank=True)  # as of accepting_on
    seats_open = models.PositiveSmallIntegerField(null=True, blank=True)  # in a group
    seats_on = models.DateField(null=True, blank=True)
    minimum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    maximum_age = models.PositiveSmallIntegerField(null=True, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    web = models.CharField(max_length=200, blank=True, validators=[WEB_ADDRESS])
    # What privacy rests on here, where the provider says so; empty: as usual for the kind.
    confidentiality = models.CharField(max_length=24, choices=words(Basis), blank=True, default="")
    confirmed_on = models.DateField(null=True, blank=True)
    consent = models.CharField(max_length=12, choices=words(Consent), default=Consent.NONE.value)
    consent_on = models.DateField(null=True, blank=True)
    claimed_on = models.DateField(null=True, blank=True)
    standing = models.CharField(
        max_length=9, choices=words(Standing), default=Standing.ACTIVE.value
    )
    fictional = models.BooleanField(default=False)
    shuffle_key = models.BigIntegerField()
    source = models.CharField(max_length=60)
    source_id = models.CharField(max_length=120)
    content_hash = models.CharField(max_length=64)
    # When anything that is shown of it last changed; `actions.make_findable` writes it.
    changed_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints: ClassVar = [
            one_of("cost", [word.value for word in Cost]),
            one_of("accepting", [word.value for word in Accepting]),
            one_of("consent", [word.value for word in Consent]),
            one_of("standing", [word.value for word in Standing]),
            one_of("confidentiality", ["", *(word.value for word in Basis)]),
            together_in_order("minimum_age", "maximum_age"),
            together_in_order("fee_from", "fee_to"),
            both_or_neither("seats_open", "seats_on"),
            CheckConstraint(
                condition=Q(fee_from__isnull=True, fee_to__isnull=True) | ~Q(currency=""),
                name="directory_listing_fee_in_a_currency",
            ),
            CheckConstraint(
                condition=Q(wait_weeks__isnull=True) | Q(accepting_on__isnull=False),
                name="directory_listing_wait_is_dated",
            ),
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
        indexes: ClassVar = [
            models.Index(fields=["kind", "confirmed_on"]),
            models.Index(fields=["confirmed_on"]),  # what is due to be asked, whatever its kind
        ]

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
    CONTACT = "contact", "How they keep contact safe"


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
