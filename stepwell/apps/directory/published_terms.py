"""Reads for the HSDS door: providers, and what an attribute of our profile means in the tables."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from stepwell.apps.directory.documents import FAMILY
from stepwell.apps.directory.models import Credential, Family, Listing, Place, Provider
from stepwell.apps.directory.published import newest, within
from stepwell.apps.directory.queries import has_term, in_force, shown
from stepwell.apps.directory.whereabouts import place_meant
from stepwell.apps.search import queries as search
from stepwell.domain import hsds_profile as profile
from stepwell.domain.credentials import Level
from stepwell.domain.offers import Accepting, Cost
from stepwell.domain.places import Point

FAMILIES = {
    profile.FORMAT: Family.FORMAT,
    profile.NEED: Family.NEED,
    profile.GOAL: Family.GOAL,
    profile.APPROACH: Family.APPROACH,
    profile.ACCESS: Family.ACCESS,
    profile.PAYER: Family.PAYER,
    profile.COUNTRY: Family.COUNTRY,
    profile.SAFE_CONTACT: Family.CONTACT,
}
MOST_MIDDLES = 5  # of one postcode in several countries
NOTHING = Q(pk__isnull=True)
REACHES = {
    "in_person": Q(remote=False),
    "remote": Q(remote=True, place__isnull=True),
    "both": Q(remote=True, place__isnull=False),
}


def providers_of_all_kinds(today: date) -> QuerySet[Provider]:
    """Return the people and organisations of whom something is shown."""
    own = shown(today).filter(provider=OuterRef("pk"))
    held = Prefetch("credentials", Credential.objects.order_by("register", "number"))
    found = Provider.objects.filter(Exists(own)).annotate(changed_at=newest(own))
    return found.prefetch_related(held)


def of_providers_with(listings: QuerySet[Listing]) -> Exists:
    """Return whether a provider has one of these listings."""
    return Exists(listings.filter(provider=OuterRef("pk")))


def with_words(text: str) -> Q:
    """Return the condition that a listing is among the best for a text. Nothing is logged."""
    return Q(pk__in=[one.key for one in search.find(text).ranked if one.family == FAMILY])


def with_term(taxonomy: str, code: str, today: date) -> Q:
    """Return the condition that a listing has a term of our profile."""
    if taxonomy in FAMILIES:
        return Q(has_term(FAMILIES[taxonomy], code))
    held = Credential.objects.filter(in_force(today), provider=OuterRef("provider"))
    if taxonomy == profile.REGISTER:
        return Q(Exists(held.filter(register=code)))
    if taxonomy == profile.CHECKED:
        return Q(Exists(held.filter(level=Level[code.upper()])))
    if taxonomy == profile.CREDENTIAL:
        return Q(Exists(held))
    return plain(taxonomy, code)


def plain(taxonomy: str, code: str) -> Q:
    """Return the condition for a term that stands in a column of the listing."""
    by_taxonomy = {
        profile.KIND: Q(kind=code),
        profile.COST: Q(cost=code),
        profile.ACCEPTING: Q(accepting=code),
        profile.PRIVACY: Q(confidentiality=code),
        profile.FICTIONAL: Q(fictional=True),
        profile.REDACTED: Q(place__redacted=True),
        profile.PROVIDER: Q(provider__type=code),
        profile.WAIT: Q(wait_weeks__isnull=False),
        profile.SLIDING: Q(sliding_scale=code == "yes"),
        profile.REACH: REACHES.get(code, NOTHING),
    }
    return by_taxonomy.get(taxonomy, NOTHING)


def with_taxonomy(taxonomy: str, today: date) -> Q:
    """Return the condition that a listing has any term of a taxonomy of our profile."""
    if taxonomy in FAMILIES:
        return Q(has_term(FAMILIES[taxonomy]))
    if taxonomy in {profile.REGISTER, profile.CHECKED, profile.CREDENTIAL}:
        return with_term(profile.CREDENTIAL, "", today)
    any_of = {
        profile.COST: ~Q(cost=Cost.UNKNOWN),
        profile.ACCEPTING: ~Q(accepting=Accepting.UNKNOWN),
        profile.PRIVACY: ~Q(confidentiality=""),
        profile.SLIDING: Q(sliding_scale__isnull=False),
        profile.KIND: Q(),
        profile.PROVIDER: Q(),
        profile.REACH: Q(),
    }
    return any_of.get(taxonomy, plain(taxonomy, "yes"))


def around_postcode(postcode: str, radius_km: float) -> Q:
    """Return the condition that a listing is within a distance of the middle of a postcode."""
    meant = place_meant(postcode, "")
    middles = [Point(meant.taken.lat, meant.taken.lon)] if meant.taken else []
    middles += [place.point for place in meant.listed if place.point and not middles]
    places = Place.objects.all()
    near = {pk for middle in middles[:MOST_MIDDLES] for _, pk in within(places, middle, radius_km)}
    return Q(place__in=near | {place.pk for place in meant.listed})
