"""The rows that a request asks for, and how each list is written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from stepwell.api.hsds.names import Json, Publisher
from stepwell.api.hsds.organization import full_organization, organization
from stepwell.api.hsds.searching import BadRequest, Wanted
from stepwell.api.hsds.service import (
    full_service,
    full_service_at_location,
    service_at_location_with_both,
    service_with_organization,
)
from stepwell.api.hsds.taxonomy import taxonomy, taxonomy_term
from stepwell.apps.directory import published, published_terms
from stepwell.domain import hsds_profile as profile
from stepwell.domain.errors import UnknownFact

DEFAULT_METRES = 15_000


class Asked(NamedTuple):
    """A request: what is asked, by whom it is answered, and for which day."""

    wanted: Wanted
    publisher: Publisher
    today: date


def condition(asked: Asked) -> Q:
    """Return what a listing must have."""
    wanted, found = asked.wanted, Q()
    if wanted.taxonomy_term_id:
        term = profile.terms().get(wanted.taxonomy_term_id)
        found &= (
            published_terms.with_term(term.taxonomy, term.code, asked.today)
            if term
            else published_terms.NOTHING
        )
    if wanted.taxonomy_id:
        known = {str(one.id): key for key, one in profile.taxonomies().items()}
        key = known.get(wanted.taxonomy_id)
        found &= published_terms.with_taxonomy(key, asked.today) if key else published_terms.NOTHING
    if wanted.organization_id:
        found &= Q(provider=wanted.organization_id)
    if wanted.modified_after:
        found &= Q(changed_at__gte=wanted.modified_after)
    if wanted.search:
        found &= published_terms.with_words(wanted.search)
    return found & near(asked)


def near(asked: Asked) -> Q:
    """Return the condition on the place: around the middle of a postcode's district."""
    wanted = asked.wanted
    if wanted.metres and not wanted.postcode:
        raise BadRequest("proximity: give a postcode, too.")
    if not wanted.postcode:
        return Q()
    kilometres = (wanted.metres or DEFAULT_METRES) / 1000
    return published_terms.around_postcode(wanted.postcode, kilometres)


def listings(asked: Asked) -> Any:
    """Return the listings that fit, by id."""
    found = published.listings(asked.today).filter(condition(asked))
    return found.order_by("pk")


def providers(asked: Asked) -> Any:
    """Return the providers of whom a listing fits, by id."""
    fitting = published.listings(asked.today).filter(condition(asked))
    every = published_terms.providers_of_all_kinds(asked.today)
    return every.filter(published_terms.of_providers_with(fitting)).order_by("pk")


def services(rows: Iterable[Any], asked: Asked) -> Iterator[Json]:
    """Yield services as asked: minimal, full, or with their one-to-one fields."""
    for row in rows:
        if asked.wanted.minimal:
            yield {"id": str(row.pk), "last_modified": row.changed_at.isoformat()}
        elif asked.wanted.full:
            yield full_service(row, asked.publisher, asked.today)
        else:
            yield service_with_organization(row, asked.publisher)


def service_at_locations(rows: Iterable[Any], asked: Asked) -> Iterator[Json]:
    """Yield services at locations as asked."""
    for row in rows:
        if asked.wanted.full:
            yield full_service_at_location(row, asked.publisher, asked.today)
        else:
            yield service_at_location_with_both(row, asked.publisher)


def organizations(rows: Iterable[Any], asked: Asked) -> Iterator[Json]:
    """Yield organisations as asked; their services in one question for all of them."""
    rows = list(rows)
    full = asked.wanted.full or asked.wanted.full_service
    own = services_of([row.pk for row in rows], asked) if full else {}
    for row in rows:
        if full:
            whole = full_organization(row, asked.publisher, asked.today)
            yield whole | {"services": own.get(row.pk, [])}
        else:
            yield organization(row, asked.publisher)


def services_of(keys: Sequence[UUID], asked: Asked) -> dict[UUID, list[Json]]:
    """Return the services of some providers: whole, or by id, name and status."""
    found: dict[UUID, list[Json]] = {}
    for row in published.listings(asked.today).filter(provider__in=keys).order_by("pk"):
        if asked.wanted.full_service:
            said = full_service(row, asked.publisher, asked.today)
            del said["organization"]
        else:
            said = {"id": str(row.pk), "name": row.name, "status": "active"}
        found.setdefault(row.provider_id, []).append(said)
    return found


def taxonomies(asked: Asked) -> list[Json]:
    """Return the taxonomies of our profile."""
    found = [taxonomy(one, asked.publisher) for one in profile.taxonomies().values()]
    return with_words(found, asked.wanted.search)


def taxonomy_terms(asked: Asked) -> list[Json]:
    """Return the terms of our profile; none stands under another."""
    wanted = asked.wanted
    if wanted.parent_id:
        return []
    found = [taxonomy_term(one, asked.publisher) for one in profile.terms().values()]
    if wanted.taxonomy_id:
        found = [one for one in found if one["taxonomy_id"] == wanted.taxonomy_id]
    return with_words(found, wanted.search)


def with_words(rows: list[Json], text: str) -> list[Json]:
    """Return the rows whose name or description holds every word."""
    words = text.casefold().split()
    return [
        row
        for row in rows
        if all(word in f"{row['name']} {row['description']}".casefold() for word in words)
    ]


def get_listing(asked: Asked, key: UUID, write: Callable[..., Json]) -> Json:
    """Return one listing, written; raise UnknownFact where it is not shown."""
    for row in published.listings(asked.today).filter(pk=key):
        return write(row, asked.publisher, asked.today)
    raise UnknownFact("service", str(key))


def get_organization(asked: Asked, key: UUID) -> Json:
    """Return one provider with its services; raise UnknownFact where nothing of it is shown."""
    rows = published_terms.providers_of_all_kinds(asked.today).filter(pk=key)
    asked = asked._replace(wanted=asked.wanted._replace(full=True))
    for one in organizations(rows, asked):
        return one
    raise UnknownFact("organization", str(key))
