"""Writes a plan to the tables, inside the transaction that the pipeline opened."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import h3

from stepwell.apps.directory.actions import make_findable
from stepwell.apps.directory.models import (
    Credential,
    Family,
    Listing,
    ListingTerm,
    Place,
    Provider,
    ProviderType,
)
from stepwell.domain.credentials import Form, Level, State, form_of
from stepwell.domain.matching import shuffle_key
from stepwell.domain.offers import Standing
from stepwell.domain.places import Point
from stepwell.importers.load_listings import Plan, content_hash, identifier
from stepwell.importers.records import CredentialRecord, PlaceRecord, Record

BATCH = 500
RESOLUTION = 5  # of the H3 cells; the search uses the same
PlaceKey = tuple[str, str, str, str, str, bool]

LISTING_FIELDS = [
    "place", "kind", "name", "about", "remote", "cost", "cost_note", "accepting", "accepting_on",
    "minimum_age", "maximum_age", "phone", "email", "web", "confidentiality", "confirmed_on",
    "consent", "fictional", "provider", "content_hash", "fee_from", "fee_to", "currency",
    "sliding_scale", "wait_weeks", "seats_open", "seats_on",
]  # fmt: skip


def store(plan: Plan, source: str) -> None:
    """Write everything a plan holds. A listing that a steward hid stays hidden."""
    touched = [*plan.new, *plan.changed]
    store_providers(touched, source)
    places = store_places(touched)
    new = [listing_of(record, source, places) for record in plan.new]
    changed = [listing_of(record, source, places) for record in plan.changed]
    give_to_survivors([*new, *changed])
    keep_what_people_said(changed)
    Listing.objects.bulk_create(new, batch_size=BATCH)
    Listing.objects.bulk_update(changed, LISTING_FIELDS, batch_size=BATCH)
    mine = Listing.objects.filter(source=source)
    back = mine.filter(pk__in=[listing.pk for listing in changed], standing=Standing.WITHDRAWN)
    back.update(standing=Standing.ACTIVE)
    gone = mine.filter(source_id__in=plan.withdrawn, standing=Standing.ACTIVE)
    gone.update(standing=Standing.WITHDRAWN)
    withdrawn = list(mine.filter(source_id__in=plan.withdrawn).values_list("pk", flat=True))
    store_terms(touched, source)
    store_credentials(plan.records, touched, source)
    # A credential is the provider's, so it is also that of listings that did not change.
    providers = {listing.provider_id for listing in (*new, *changed)}
    theirs = Listing.objects.filter(provider__in=providers).values_list("pk", flat=True)
    make_findable({*theirs, *withdrawn})


def give_to_survivors(listings: Sequence[Listing]) -> None:
    """Give listings of merged providers to the row that a steward chose to stay."""
    stays = survivors()
    for listing in listings:
        if listing.provider_id in stays:
            listing.provider_id = stays[listing.provider_id]


def survivors() -> dict[UUID, UUID]:
    """Return for each merged provider the row that stands for it, through all merges."""
    merged = Provider.objects.exclude(merged_into=None).values_list("pk", "merged_into")
    into = {pk: other for pk, other in merged if other is not None}

    def last(pk: UUID) -> UUID:
        while pk in into:
            pk = into[pk]
        return pk

    return {pk: last(pk) for pk in into}


def keep_what_people_said(changed: Sequence[Listing]) -> None:
    """Let a file not take back what somebody confirmed or agreed to here since it was written."""
    there = Listing.objects.in_bulk([listing.pk for listing in changed])
    for listing in changed:
        now = there.get(listing.pk)
        if now is None:
            continue
        if now.consent_on or now.claimed_on:
            listing.consent = now.consent
        if now.confirmed_on and not listing.fictional:
            listing.confirmed_on = max(filter(None, (now.confirmed_on, listing.confirmed_on)))
        if now.accepting_on and (listing.accepting_on or date.min) < now.accepting_on:
            for name in ("accepting", "accepting_on", "wait_weeks"):
                setattr(listing, name, getattr(now, name))
        if now.seats_on and (listing.seats_on or date.min) < now.seats_on:
            listing.seats_open, listing.seats_on = now.seats_open, now.seats_on


def store_providers(records: Iterable[Record], source: str) -> None:
    """Create or update the providers of these records."""
    wanted = {record.provider.key: provider_of(record, source) for record in records}
    there = set(
        Provider.objects.filter(source=source, source_id__in=wanted).values_list(
            "source_id", flat=True
        )
    )
    new = [provider for key, provider in wanted.items() if key not in there]
    old = [provider for key, provider in wanted.items() if key in there]
    Provider.objects.bulk_create(new, batch_size=BATCH)
    Provider.objects.bulk_update(old, ["type", "name", "about", "web"], batch_size=BATCH)
    reachable = [provider for provider in old if provider.contact_email]
    Provider.objects.bulk_update(reachable, ["contact_email"], batch_size=BATCH)


def provider_of(record: Record, source: str) -> Provider:
    """Return the row of a record's provider."""
    said = record.provider
    return Provider(
        id=identifier(source, f"provider/{said.key}"),
        type=ProviderType.PERSON if said.is_person else ProviderType.ORGANISATION,
        name=said.name,
        about=said.about,
        web=said.web,
        contact_email=said.contact_email,
        source=source,
        source_id=said.key,
    )


def key_of(place: PlaceRecord | Place) -> PlaceKey:
    """Return what makes two places the same."""
    return (
        place.country, place.region, place.town, place.district, place.street, place.redacted,
    )  # fmt: skip


def store_places(records: Iterable[Record]) -> dict[PlaceKey, Place]:
    """Create the places of these records, give them their points, and return them."""
    wanted = {key_of(record.place): place_of(record.place) for record in records if record.place}
    Place.objects.bulk_create(wanted.values(), batch_size=BATCH, ignore_conflicts=True)
    towns = {place.town for place in wanted.values()}
    there = {key_of(place): place for place in Place.objects.filter(town__in=towns)}
    moved = []
    for key, place in wanted.items():
        if place.cell is not None and place.point != there[key].point:
            there[key].lat, there[key].lon, there[key].cell = place.lat, place.lon, place.cell
            moved.append(there[key])
    Place.objects.bulk_update(moved, ["lat", "lon", "cell"], batch_size=BATCH)
    return there


def place_of(said: PlaceRecord) -> Place:
    """Return the row of a place. A redacted one is known by the middle of its cell only."""
    point, cell = said.point, None
    if point is not None:
        name = h3.latlng_to_cell(point.lat, point.lon, RESOLUTION)
        cell = h3.str_to_int(name)
        point = Point(*h3.cell_to_latlng(name)) if said.redacted else point
    return Place(
        country=said.country,
        region=said.region,
        town=said.town,
        district=said.district,
        street=said.street,
        lat=point.lat if point else None,
        lon=point.lon if point else None,
        cell=cell,
        redacted=said.redacted,
    )


def listing_of(record: Record, source: str, places: dict[PlaceKey, Place]) -> Listing:
    """Return the row of a record."""
    key = identifier(source, record.source_id)
    shared = {"kind", "name", "about", "remote", "cost_note", "accepting_on", "minimum_age",
              "maximum_age", "phone", "email", "web", "confidentiality", "confirmed_on",
              "fictional", "source_id", "fee_from", "fee_to", "currency", "sliding_scale",
              "wait_weeks", "seats_open", "seats_on"}  # fmt: skip
    return Listing(
        id=key,
        provider_id=identifier(source, f"provider/{record.provider.key}"),
        place=places[key_of(record.place)] if record.place else None,
        cost=record.cost.value,
        accepting=record.accepting.value,
        consent=record.consent.value,
        shuffle_key=shuffle_key(str(key)),
        source=source,
        content_hash=content_hash(record),
        **record.model_dump(include=shared),
    )


def store_terms(records: Sequence[Record], source: str) -> None:
    """Replace the languages, countries, formats, needs ... of these records."""
    ids = [identifier(source, record.source_id) for record in records]
    ListingTerm.objects.filter(listing__in=ids).delete()
    terms = [
        ListingTerm(listing_id=key, family=family, value=value)
        for key, record in zip(ids, records, strict=True)
        for family, values in (
            (Family.LANGUAGE, record.languages),
            (Family.COUNTRY, record.serves),
            (Family.FORMAT, record.formats),
            (Family.NEED, record.needs),
            (Family.GOAL, record.goals),
            (Family.APPROACH, record.approaches),
            (Family.ACCESS, record.access),
            (Family.PAYER, record.payers),
            (Family.CONTACT, record.safe_contact),
        )
        for value in sorted(values)
    ]
    ListingTerm.objects.bulk_create(terms, batch_size=BATCH)


def store_credentials(records: Iterable[Record], touched: Iterable[Record], source: str) -> None:
    """Bring the claimed credentials of the touched providers up to date.

    What somebody checked is left as it is: a file is not a check.
    """
    touched_keys = {record.provider.key for record in touched}
    claims: dict[str, dict[tuple[str, str], CredentialRecord]] = {}
    for record in records:
        if record.provider.key in touched_keys:
            mine = claims.setdefault(record.provider.key, {})
            said = [record.credential, *record.credentials]
            mine |= {(one.register_id, one.number): one for one in said if one}
    stays = survivors()
    for provider, named in claims.items():
        key = identifier(source, f"provider/{provider}")
        store_claims(stays.get(key, key), named)


def store_claims(provider_id: UUID, claims: dict[tuple[str, str], CredentialRecord]) -> None:
    """Bring one provider's claimed credentials up to date."""
    held = Credential.objects.filter(provider=provider_id)
    there = {(c.register, c.number): c for c in held}
    # What people looked at stays, and so does what may have come from another source.
    own = held.filter(state=State.CLAIMED, checks=None, evidence=None, provider__merged=None)
    for credential in own:
        if (credential.register, credential.number) not in claims:
            credential.delete()
    for key, claim in claims.items():
        found = there.get(key)
        if found is None:
            Credential.objects.create(
                provider_id=provider_id,
                register=claim.register_id,
                number=claim.number,
                jurisdiction=claim.jurisdiction,
                state=claim.state.value,
                level=level_of(claim).value,
                expires_on=claim.expires_on,
                conditions=claim.conditions,
            )
        elif found.state == State.CLAIMED and differs(found, claim):
            found.expires_on, found.conditions = claim.expires_on, claim.conditions
            found.save(update_fields=["expires_on", "conditions"])


def differs(found: Credential, claim: CredentialRecord) -> bool:
    """Say whether a file now says something else of a claim."""
    return (found.expires_on, found.conditions) != (claim.expires_on, claim.conditions)


def level_of(claim: CredentialRecord) -> Level:
    """Return how far a file's word goes: the form of the number at most."""
    valid = form_of(claim.register_id, claim.number) is Form.VALID
    return Level.FORMAT_VALID if valid else Level.DECLARED
