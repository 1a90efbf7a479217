"""Providers that may be there twice: found by stepwell.domain.duplicates, shown to a steward."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import Prefetch

from stepwell.apps.directory.models import Cause, Credential, Listing, Provider
from stepwell.apps.directory.stewards.cases import open_case, was_settled
from stepwell.domain import duplicates
from stepwell.domain.duplicates import Described, Pair
from stepwell.domain.offers import Standing

LONGEST = 400  # of a case's detail


class Twice(NamedTuple):
    """Two providers that may be the same, and why."""

    first: Provider
    second: Provider
    pair: Pair


def described() -> Iterator[Described]:
    """Yield every provider that offers something, as far as telling them apart needs it.

    Examples are left out: they are made alike, and nobody has to look at them.
    """
    offered = Listing.objects.exclude(standing=Standing.WITHDRAWN).filter(fictional=False)
    offered = offered.select_related("place")
    providers = Provider.objects.filter(listings__in=offered).distinct().order_by("pk")
    for one in providers.prefetch_related(
        Prefetch("listings", offered), Prefetch("credentials", Credential.objects.order_by("pk"))
    ).iterator(chunk_size=500):
        yield describe(one)


def describe(provider: Provider) -> Described:
    """Return one provider with what all its listings say."""
    listings = list(provider.listings.all())
    places = (one.place for one in listings if one.place)
    return Described(
        id=str(provider.pk),
        name=provider.name,
        is_person=provider.type == "person",
        phones=frozenset(one.phone for one in listings if one.phone),
        emails=frozenset(one.email for one in listings if one.email),
        webs=frozenset(filter(None, [provider.web, *(one.web for one in listings)])),
        numbers=frozenset((one.register, one.number) for one in provider.credentials.all()),
        places=frozenset((one.country, one.town, one.district, one.street) for one in places),
    )


def find() -> list[Twice]:
    """Return the pairs that no steward has settled, the surest first."""
    return [one for one in named(duplicates.pairs(list(described()))) if not is_settled(one)]


def named(pairs: Iterable[Pair]) -> list[Twice]:
    """Return pairs with their providers."""
    found = list(pairs)
    ids = {key for pair in found for key in (pair.first, pair.second)}
    known = {str(pk): one for pk, one in Provider.objects.in_bulk(ids).items()}
    return [Twice(known[pair.first], known[pair.second], pair) for pair in found]


def is_settled(twice: Twice) -> bool:
    """Say whether a steward has looked at the two before."""
    return was_settled(Cause.DUPLICATE, key_of(twice.pair))


def key_of(pair: Pair) -> str:
    """Return what makes the case of two providers the same on every day."""
    return f"{pair.first}/{pair.second}"


def open_cases(found: Iterable[Twice], *, at: datetime) -> int:
    """Put each pair before a steward, once; return how many there are. Nothing is merged."""
    count = 0
    for twice in found:
        detail = f"{twice.first.name} and {twice.second.name}. {duplicates.told(twice.pair)}"
        open_case(
            cause=Cause.DUPLICATE,
            provider=twice.first,
            key=key_of(twice.pair),
            detail=detail[:LONGEST],
            at=at,
        )
        count += 1
    return count
