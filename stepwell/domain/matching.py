"""Which listings fit what a person asks for, and in which order they are shown.

Gates first: each says yes or no, and how many it removed is shown. Then a score
of at most seven named parts in whole points. Listings with the same score are
shuffled anew every day, by a rule anybody can compute, so that no one is always
first. No place can be bought: nothing here knows of money paid by a provider.

This module is the specification. The directory's SQL is its fast twin, and a
test compares the two on random data.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from hashlib import sha256
from types import MappingProxyType
from typing import NamedTuple

from stepwell.domain.credentials import LOWEST_CHECKED, Level, is_checked, stands
from stepwell.domain.offers import Accepting, Candidate, Consent, Cost, Preferences, Reach, Standing
from stepwell.domain.places import DISTANCES_KM, distance_km

FEW = 3  # with fewer than this, it is said what one wish less would give
CONFIRM_DAYS = 90  # a listing that nobody confirmed for longer is hidden, not demoted
ACCEPTING_DAYS = 14  # "takes new people" is worth nothing without a recent date
FRESH_DAYS = 30
SHUFFLE_MODULUS = 2**31 - 1


def is_publishable(listing: Candidate) -> bool:
    """Say whether a listing may be spoken of at all.

    It is offered, with somebody's word for it, by a provider on no exclusion list.
    """
    offered = listing.standing is Standing.ACTIVE and listing.consent is not Consent.NONE
    return offered and not listing.excluded


def is_recent(day: date | None, today: date, days: int) -> bool:
    """Say whether `day` lies at most `days` before `today`, and not after it."""
    return day is not None and 0 <= (today - day).days <= days


def is_confirmed(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether somebody confirmed the listing in the last 90 days.

    A fictional listing has nobody who could confirm it; it says on every page
    that it is an example, and that is its way past this gate.
    """
    return listing.fictional or is_recent(listing.confirmed_on, today, CONFIRM_DAYS)


def has_credential_in_force(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether the provider names no credential, or at least one that still stands."""
    return not listing.credentials or any(stands(held, today) for held in listing.credentials)


def is_of_kind(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether it is the kind of support asked for."""
    return not wanted.kind or listing.kind == wanted.kind


def is_within_reach(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether it can be reached in the way, in the country and at the place asked for."""
    if wanted.reach is Reach.IN_PERSON:
        return is_here(listing, wanted)
    if wanted.reach is Reach.REMOTE:
        return is_open_from_afar(listing, wanted)
    return is_here(listing, wanted) or is_open_from_afar(listing, wanted)


def is_here(listing: Candidate, wanted: Preferences) -> bool:
    """Say whether it is given at a place in the country asked for, and near where it was asked."""
    if listing.place is None or (wanted.country and listing.country != wanted.country):
        return False
    return not wanted.has_place or is_near(listing, wanted)


def is_open_from_afar(listing: Candidate, wanted: Preferences) -> bool:
    """Say whether it is given from afar to people in the country asked for."""
    served = {"", listing.country, *listing.serves}
    return listing.remote and wanted.country in served


def is_near(listing: Candidate, wanted: Preferences) -> bool:
    """Say whether its place is one of those named, or within the distance of one."""
    if listing.place in wanted.places:
        return True
    away = distance_to(listing, wanted)
    return away is not None and away <= wanted.within_km


def distance_to(listing: Candidate, wanted: Preferences) -> float | None:
    """Return the distance in km to the nearest place named, or None when either is unknown."""
    if listing.point is None or not wanted.near:
        return None
    return min(distance_km(listing.point, point) for point in wanted.near)


def speaks(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether it names the language asked for, or names none at all."""
    return names_or_says_nothing(wanted.language, listing.languages)


def names_or_says_nothing(asked: str, named: frozenset[str]) -> bool:
    """Say whether what was asked for is named, or nothing is: unknown is never no."""
    return not asked or not named or asked in named


def is_for_need(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether it names the need asked for, or names none at all."""
    return names_or_says_nothing(wanted.need, listing.needs)


def is_for_goal(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether it names the goal asked for, or names none at all."""
    return names_or_says_nothing(wanted.goal, listing.goals)


def works_by(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether it names the approach asked for: a method has to be said to be there."""
    return not wanted.approach or wanted.approach in listing.approaches


def is_given_as(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether it is given in the format asked for, or names none at all."""
    return names_or_says_nothing(wanted.format, listing.formats)


def can_be_joined(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether it names the access asked for; a door with steps is no place to find out."""
    return not wanted.access or wanted.access in listing.access


def is_paid_by(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether it names whoever was asked to pay."""
    return not wanted.payer or wanted.payer in listing.payers


def was_checked(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether a credential was checked as far as was asked for."""
    return wanted.level < LOWEST_CHECKED or has_checked(listing, today, wanted.level)


def has_checked(listing: Candidate, today: date, level: Level = LOWEST_CHECKED) -> bool:
    """Say whether a credential in force was checked, that far, by other than the provider."""
    return any(is_checked(held, today) and held.level >= level for held in listing.credentials)


def is_affordable(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether it is free or low in cost, where that was asked for."""
    return not wanted.low_cost or listing.cost in {Cost.FREE, Cost.LOW}


def takes_new_people(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether it takes new people, said in the last 14 days, where that was asked for."""
    return not wanted.accepting or is_accepting(listing, today)


def is_accepting(listing: Candidate, today: date) -> bool:
    """Say whether new people are taken, and that word is recent (or an example's)."""
    recent = listing.fictional or is_recent(listing.accepting_on, today, ACCEPTING_DAYS)
    return listing.accepting is Accepting.YES and recent


class Gate(NamedTuple):
    """One yes-or-no rule, with the words for those it removes."""

    name: str
    passes: Callable[[Candidate, Preferences, date], bool]
    removed: str


# In the order in which they are applied and shown. Where it is comes first, because that
# bounds what has to be looked at; what is not true of a listing at all (kind, freshness,
# credential) comes before what a person may want or not.
GATES: tuple[Gate, ...] = (
    Gate(
        "reach",
        is_within_reach,
        "are too far away, do not serve this country, or are not offered in this way",
    ),
    Gate("kind", is_of_kind, "are another kind of support"),
    Gate("confirmed", is_confirmed, "were not confirmed in the last 90 days"),
    Gate("credential", has_credential_in_force, "have no licence or title in force"),
    Gate("need", is_for_need, "name other needs only"),
    Gate("goal", is_for_goal, "name other goals only"),
    Gate("approach", works_by, "do not name this approach"),
    Gate("format", is_given_as, "are given in another way"),
    Gate("language", speaks, "name other languages only"),
    Gate("access", can_be_joined, "do not say that they are accessible in this way"),
    Gate("payer", is_paid_by, "do not say that this pays"),
    Gate("cost", is_affordable, "are not known to be free or low in cost"),
    Gate(
        "accepting",
        takes_new_people,
        "have not said in the last 14 days that they take people",
    ),
    Gate("checked", was_checked, "have no licence or title that was checked in this way"),
)


class Removed(NamedTuple):
    """How many listings one gate removed; `more`: at least so many, they were not all counted."""

    gate: str
    listings: int
    more: bool = False


class Funnel(NamedTuple):
    """How many there were, how many each gate removed in turn, how many are left.

    The rule counts all. A search over millions does not: `more` says that there are
    more than were counted, at the start or among those left.
    """

    start: int
    removed: tuple[Removed, ...]
    left: int
    more_at_start: bool = False
    more_left: bool = False


def fits(listing: Candidate, wanted: Preferences, today: date) -> bool:
    """Say whether a listing is publishable and passes every gate."""
    return is_publishable(listing) and all(gate.passes(listing, wanted, today) for gate in GATES)


def funnel(listings: Iterable[Candidate], wanted: Preferences, today: date) -> Funnel:
    """Return how many of the publishable listings each gate removes, in the gates' order."""
    left = [listing for listing in listings if is_publishable(listing)]
    start, removed = len(left), []
    for gate in GATES:
        kept = [listing for listing in left if gate.passes(listing, wanted, today)]
        removed.append(Removed(gate.name, len(left) - len(kept)))
        left = kept
    return Funnel(start, tuple(removed), len(left))


# The most points each part can give. At most seven parts, published as they are here.
WEIGHTS: Mapping[str, int] = MappingProxyType(
    {
        "focus": 4,  # the need named 2, the goal 1, the approach 1
        "near": 3,
        "language": 2,
        "cost": 2,
        "accepting": 2,
        "way": 2,  # from afar as asked 1, the format named 1
        "trust": 3,  # a credential checked 2, confirmed in the last 30 days 1
    }
)
NEED_POINTS, CHECKED_POINTS = 2, 2


def score(listing: Candidate, wanted: Preferences, today: date) -> Mapping[str, int]:
    """Return the points of each part, from 0 to its weight. Parts not asked for give 0."""
    named = bool(wanted.language) and wanted.language in listing.languages
    return MappingProxyType(
        {
            "focus": focus_points(listing, wanted),
            "near": near_points(listing, wanted),
            "language": WEIGHTS["language"] * named,
            "cost": cost_points(listing, wanted),
            "accepting": WEIGHTS["accepting"] * is_accepting(listing, today),
            "way": way_points(listing, wanted),
            "trust": trust_points(listing, today),
        }
    )


def focus_points(listing: Candidate, wanted: Preferences) -> int:
    """Return 2 points for the need asked for, 1 for the goal and 1 for the approach, if named."""
    need = NEED_POINTS * (wanted.need in listing.needs)
    return need + (wanted.goal in listing.goals) + (wanted.approach in listing.approaches)


def way_points(listing: Candidate, wanted: Preferences) -> int:
    """Return a point for help from afar where that was asked for, and one for the format."""
    afar = wanted.reach is Reach.REMOTE and listing.remote
    return afar + (wanted.format in listing.formats)


def trust_points(listing: Candidate, today: date) -> int:
    """Return 2 points for a checked credential in force and 1 for a fresh confirmation."""
    fresh = is_recent(listing.confirmed_on, today, FRESH_DAYS)
    return CHECKED_POINTS * has_checked(listing, today) + fresh


def near_points(listing: Candidate, wanted: Preferences) -> int:
    """Return 3 points in the place itself or up to 5 km away, 2 up to 15 km, 1 up to 40 km."""
    if wanted.reach is Reach.REMOTE:
        return 0
    if listing.place in wanted.places:
        return WEIGHTS["near"]
    away = distance_to(listing, wanted)
    if away is None:
        return 0
    return sum(away <= limit for limit in DISTANCES_KM)


def cost_points(listing: Candidate, wanted: Preferences) -> int:
    """Return 2 points for free and 1 for low cost, where that was asked for."""
    points = {Cost.FREE: WEIGHTS["cost"], Cost.LOW: 1}
    return points.get(listing.cost, 0) if wanted.low_cost else 0


class Shuffle(NamedTuple):
    """One day's order of equals: place = (key * multiplier + offset) modulo a prime.

    A constant multiplier would only rotate the list, so both change daily. The
    product of two 31-bit numbers stays below 2**62, so any database can do it.
    """

    multiplier: int
    offset: int

    def place(self, key: int) -> int:
        """Return where a listing with this key stands among its equals today."""
        return (key * self.multiplier + self.offset) % SHUFFLE_MODULUS


def shuffle_of(today: date, site: str) -> Shuffle:
    """Return the day's shuffle, from SHA-256 of the date and the site's name."""
    digest = sha256(f"{today.isoformat()} {site}".encode()).digest()
    multiplier = int.from_bytes(digest[:8]) % (SHUFFLE_MODULUS - 1) + 1
    return Shuffle(multiplier, int.from_bytes(digest[8:16]) % SHUFFLE_MODULUS)


def shuffle_key(listing_id: str) -> int:
    """Return a listing's own number for the shuffle, which never changes."""
    return int.from_bytes(sha256(listing_id.encode()).digest()[:8]) % SHUFFLE_MODULUS


def ranked(
    listings: Iterable[Candidate], wanted: Preferences, *, today: date, site: str
) -> list[Candidate]:
    """Return the listings that fit: highest score first, equals in the day's order."""
    shuffle = shuffle_of(today, site)

    def order(listing: Candidate) -> tuple[int, int, str]:
        points = sum(score(listing, wanted, today).values())
        return -points, shuffle.place(listing.shuffle_key), listing.id

    return sorted((one for one in listings if fits(one, wanted, today)), key=order)
