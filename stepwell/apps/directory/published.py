"""Reads for the doors out: what leaves this site as data, and nothing that a visitor cannot see.

Everything here starts from the listings that are shown on a day. A provider, a place
or a credential leaves only with such a listing. Each row carries `changed_at`, the
last change of what is shown of it, and `is_example`.
"""

from collections.abc import Iterator
from datetime import date
from typing import TypeVar
from uuid import UUID

import h3
from django.db.models import (
    Exists,
    F,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
)

from stepwell.apps.directory.models import (
    Credential,
    CredentialCheck,
    Family,
    Listing,
    Place,
    Provider,
    ProviderType,
)
from stepwell.apps.directory.queries import has_term, in_force, rings, shown, with_details
from stepwell.domain.places import Point, distance_km

__all__ = ["Credential", "Family", "Listing", "Place", "Provider", "ProviderType"]

Row = TypeVar("Row", Listing, Provider, Place, Credential)
BATCH = 500  # rows that are held at once while everything is written out


def listings(today: date) -> QuerySet[Listing]:
    """Return the listings that are shown on a day, with all that is told of them."""
    return with_details(shown(today)).annotate(is_example=F("fictional"))


def listings_of(today: date, kind: ProviderType) -> QuerySet[Listing]:
    """Return those of people, or those of organisations."""
    return listings(today).filter(provider__type=kind)


def providers(today: date, kind: ProviderType) -> QuerySet[Provider]:
    """Return the people, or the organisations, of whom something is shown."""
    own = shown(today).filter(provider=OuterRef("pk"))
    held = Prefetch("credentials", Credential.objects.order_by("register", "number"))
    return (
        Provider.objects.filter(Exists(own), type=kind)
        .annotate(changed_at=newest(own), is_example=Exists(own.filter(fictional=True)))
        .prefetch_related(held)
    )


def places(today: date) -> QuerySet[Place]:
    """Return the places where something is shown."""
    there = shown(today).filter(place=OuterRef("pk"))
    real = Exists(there.filter(fictional=False))
    return Place.objects.filter(Exists(there)).annotate(changed_at=newest(there), is_example=~real)


def credentials(today: date) -> QuerySet[Credential]:
    """Return the licences and titles of those of whom something is shown."""
    own = shown(today).filter(provider=OuterRef("provider"))
    return (
        Credential.objects.filter(Exists(own))
        .annotate(changed_at=newest(own), is_example=Exists(own.filter(fictional=True)))
        .select_related("provider")
        .prefetch_related(Prefetch("checks", CredentialCheck.objects.order_by("at", "pk")))
    )


def newest(listings: QuerySet[Listing]) -> Subquery:
    """Return the last change among some listings."""
    return Subquery(listings.order_by("-changed_at").values("changed_at")[:1])


def holds(number: str, registers: list[str] | None, today: date, provider: str) -> Exists:
    """Return whether a provider holds a credential in force; None asks for no register.

    `provider` names the column of the row that leads to the provider.
    """
    held = Credential.objects.filter(in_force(today), provider=OuterRef(provider), number=number)
    return Exists(held if registers is None else held.filter(register__in=registers))


def offered_by(provider: UUID, today: date) -> Exists:
    """Return whether something of an organisation is shown at a place."""
    own = shown(today).filter(provider=provider, place=OuterRef("pk"))
    return Exists(own.filter(provider__type=ProviderType.ORGANISATION))


def uses(approach: str) -> Exists:
    """Return whether a listing names an approach."""
    return has_term(Family.APPROACH, approach)


def within(rows: QuerySet[Place], point: Point, radius_km: float) -> list[tuple[float, int]]:
    """Return distance and key of the places around a point, the nearest first. One query.

    A redacted place is known by the middle of its cell, so its distance is to that.
    """
    disk = h3.grid_disk(h3.latlng_to_cell(*point, 5), rings(radius_km))
    around = rows.filter(cell__in=[h3.str_to_int(cell) for cell in disk])
    away = [
        (round(distance_km(Point(lat, lon), point), 3), pk)
        for pk, lat, lon in around.values_list("pk", "lat", "lon")
        if lat is not None and lon is not None
    ]
    return sorted(each for each in away if each[0] <= radius_km)


def one_after_another(rows: QuerySet[Row]) -> Iterator[Row]:
    """Yield every row by its key, holding no more than a batch of them at once."""
    ordered, last = rows.order_by("pk"), None
    while True:
        batch = list((ordered if last is None else ordered.filter(pk__gt=last))[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1].pk
