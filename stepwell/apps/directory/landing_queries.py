"""Reads for the pages of kinds and towns: what is listed there today, counted."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Min, Q, QuerySet

from stepwell.apps.directory import keys, queries
from stepwell.apps.directory.keys import FROM_AFAR
from stepwell.apps.directory.models import Family, Listing, ListingTerm


class Town(NamedTuple):
    """A town in which something is listed, or a country that is served from afar."""

    country: str
    slug: str
    town: str
    region: str
    listings: int
    real: int  # without the examples


def counts_by_kind(today: date) -> dict[str, int]:
    """Return how many listings of each kind there are. One query."""
    keys.read_on(today)
    counted = queries.shown(today).order_by().values_list("kind").annotate(Count("pk"))
    return dict(counted)


def counts_by_country(kind: str, today: date) -> dict[str, tuple[int, int]]:
    """Return of each country how many listings of a kind and in how many towns. One query."""
    keys.read_on(today, kind)
    here = queries.shown(today).filter(kind=kind, place__isnull=False)
    counted = (
        here.order_by()
        .values_list("place__country")
        .annotate(Count("pk"), Count("place__slug", distinct=True))
    )
    return {country: (listings, towns) for country, listings, towns in counted}


def towns(kind: str, today: date, country: str = "") -> "QuerySet[Listing, tuple[object, ...]]":
    """Return the towns with listings of a kind, as the values of a Town."""
    keys.read_on(today, kind, *filter(None, [country]))
    here = queries.shown(today).filter(kind=kind, place__isnull=False)
    if country:
        here = here.filter(place__country=country)
    return (
        here.order_by()
        .values_list("place__country", "place__slug")
        .annotate(
            Min("place__town"),
            Min("place__region"),
            listings=Count("pk"),
            real=Count("pk", filter=Q(fictional=False)),
        )
    )


def most_listed(kind: str, today: date, most: int) -> list[Town]:
    """Return the towns in which most is listed, most first. One query."""
    order = ("-listings", "place__country", "place__slug")
    found = towns(kind, today).order_by(*order)[:most]
    return [Town(*row) for row in found]  # type: ignore[arg-type]


def served(kind: str, today: date, country: str = "") -> list[Town]:
    """Return the countries that are served from afar, or one of them. One query."""
    keys.read_on(today, kind, *filter(None, [country]))
    terms = ListingTerm.objects.filter(
        family=Family.COUNTRY, listing__in=queries.shown(today).filter(kind=kind, remote=True)
    )
    if country:
        terms = terms.filter(value=country)
    counted = (
        terms.order_by("value")
        .values_list("value")
        .annotate(every=Count("pk"), real=Count("pk", filter=Q(listing__fictional=False)))
    )
    return [Town(code, FROM_AFAR, "", "", every, real) for code, every, real in counted]


def listings_in(kind: str, country: str, slug: str, today: date) -> QuerySet[Listing]:
    """Return the listings of one kind in a town, or those that serve a country from afar."""
    keys.read_on(today, kind, country, slug)
    shown = queries.shown(today).filter(kind=kind)
    if slug == FROM_AFAR:
        terms = ListingTerm.objects.filter(family=Family.COUNTRY, value=country)
        found = shown.filter(remote=True, pk__in=terms.values("listing"))
    else:
        found = shown.filter(place__country=country, place__slug=slug)
    return queries.with_details(found.order_by("name", "pk"))


def real_towns(today: date) -> "QuerySet[Listing, tuple[str, str, str]]":
    """Return kind, country and slug of every town with a listing that is no example."""
    keys.read_on(today)
    real = queries.shown(today).filter(fictional=False, place__isnull=False)
    named = real.values_list("kind", "place__country", "place__slug")
    return named.order_by("kind", "place__country", "place__slug").distinct()


def real_countries(today: date) -> list[tuple[str, str, bool]]:
    """Return kind, country and whether from afar, of whatever has a listing that is no example."""
    keys.read_on(today)
    real = queries.shown(today).filter(fictional=False)
    here = real.filter(place__isnull=False).order_by().values_list("kind", "place__country")
    served_in = ListingTerm.objects.filter(
        family=Family.COUNTRY, listing__in=real.filter(remote=True)
    )
    afar = served_in.order_by().values_list("listing__kind", "value")
    return sorted(
        [(*row, False) for row in here.distinct()] + [(*row, True) for row in afar.distinct()]
    )


def grouped(towns: Iterable[Town]) -> Mapping[str, list[Town]]:
    """Return towns by country."""
    groups: dict[str, list[Town]] = {}
    for town in towns:
        groups.setdefault(town.country, []).append(town)
    return groups
