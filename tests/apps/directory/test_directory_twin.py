"""The SQL says the same as stepwell.domain.matching, on random directories and wishes."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from stepwell.apps.accounts.models import Person
from stepwell.apps.directory import queries
from stepwell.apps.directory.models import Family, Listing, Place
from stepwell.domain import matching
from stepwell.domain.credentials import Level, State
from stepwell.domain.offers import Accepting, Candidate, Consent, Cost, Preferences, Reach, Standing
from stepwell.domain.places import DISTANCES_KM, Point
from tests.apps.directory.build import (
    TODAY,
    checked,
    make_credential,
    make_listing,
    make_place,
    make_provider,
)

KINDS = ("counselling", "psychotherapy", "support_group")
LANGUAGES = ("en", "de", "ur")
COUNTRIES = ("GB", "US", "DE")
TERMS = {
    Family.FORMAT: ("in_person", "video", "group"),
    Family.NEED: ("low_mood", "worry", "panic"),
    Family.GOAL: ("feel_better", "cope"),
    Family.APPROACH: ("cbt", "act"),
    Family.ACCESS: ("step_free", "quiet_space"),
    Family.PAYER: ("health_service", "employer"),
}
LISTINGS = 60
WISHES = 50


def some_day(chance: random.Random) -> object:
    """Return a day around the limits of freshness, or none."""
    back = chance.choice([None, -1, 0, 13, 14, 15, 29, 30, 31, 89, 90, 91, 200])
    return None if back is None else TODAY - timedelta(days=back)


def scatter_places(chance: random.Random) -> list[Place]:
    """Store places around Leeds, one without a point, one across the sea."""
    near = [
        make_place(
            town=f"Town {n}",
            district=f"LS{n}",
            lat=53.8 + chance.uniform(-0.6, 0.6),
            lon=-1.55 + chance.uniform(-0.9, 0.9),
        )
        for n in range(12)
    ]
    nowhere = make_place(town="Town without a point", district="LS99", lat=None)
    return [*near, nowhere, make_place(country="US", town="Springfield", lat=39.8, lon=-89.64)]


def scatter_listings(chance: random.Random, places: list[Place]) -> None:
    """Store random listings, about half of them shown."""
    checker = Person.objects.create(username="checker")
    at = datetime(2026, 11, 1, tzinfo=UTC)
    providers = [make_provider(name=f"Provider {n}") for n in range(20)]
    for provider in providers:
        for _ in range(chance.choice([0, 0, 1, 2])):
            state = chance.choice(list(State))
            settled = state in {State.VERIFIED, State.REFUSED}
            make_credential(
                provider,
                state=state,
                level=chance.choice(list(Level)),
                expires_on=chance.choice([None, TODAY, TODAY - timedelta(days=1)]),
                **(checked(checker, at) if settled else {}),
            )
    for _ in range(LISTINGS):
        place = chance.choice([*places, None])
        fictional = chance.random() < 0.2
        make_listing(
            provider=chance.choice(providers),
            place=place,
            remote=place is None or chance.random() < 0.3,
            kind=chance.choice(KINDS),
            standing=chance.choice([*[Standing.ACTIVE] * 6, *Standing]),
            consent=chance.choice([*[Consent.CLAIMED] * 6, *Consent]),
            fictional=fictional,
            confirmed_on=None if fictional else some_day(chance),
            cost=chance.choice(list(Cost)),
            accepting=chance.choice(list(Accepting)),
            accepting_on=some_day(chance),
            languages=frozenset(chance.sample(LANGUAGES, chance.randint(0, 2))),
            serves=frozenset(chance.sample(COUNTRIES, chance.randint(0, 2))),
            terms={
                family: frozenset(chance.sample(values, chance.randint(0, 2)))
                for family, values in TERMS.items()
            },
        )


def some_wishes(chance: random.Random, places: list[Place]) -> Preferences:
    """Return random preferences, sometimes around one or two places."""
    around = chance.sample(places, chance.choice([0, 0, 1, 2]))
    return Preferences(
        kind=chance.choice(["", *KINDS]),
        country=chance.choice(["", "", *COUNTRIES]),
        places=frozenset(place.pk for place in around),
        near=tuple(place.point for place in around if place.point is not None),
        within_km=chance.choice(DISTANCES_KM),
        reach=chance.choice(list(Reach)),
        language=chance.choice(["", "", *LANGUAGES]),
        low_cost=chance.random() < 0.3,
        accepting=chance.random() < 0.3,
        checked=chance.random() < 0.1,
        **{
            family.value: chance.choice(values) if chance.random() < 0.12 else ""
            for family, values in TERMS.items()
        },
    )


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sql_agrees_with_the_rule_on_random_directories(seed: int) -> None:
    chance = random.Random(seed)
    places = scatter_places(chance)
    scatter_listings(chance, places)
    everything = queries.with_details(Listing.objects.all())
    candidates: list[Candidate] = [queries.candidate_of(one) for one in everything]
    found_something = 0

    for _ in range(WISHES):
        wanted = some_wishes(chance, places)
        near = queries.near(wanted)
        found = queries.listings_that_fit(wanted, near, today=TODAY, site="test")
        expected = matching.ranked(candidates, wanted, today=TODAY, site="test")

        assert [str(one.pk) for one in found] == [one.id for one in expected], wanted
        assert queries.funnel(wanted, near, TODAY) == matching.funnel(candidates, wanted, TODAY)
        less = matching.relaxations(wanted)
        assert queries.what_if(wanted, near, TODAY) == {
            name: sum(matching.fits(one, easier, TODAY) for one in candidates)
            for name, easier in less.items()
        }
        for one in found:
            parts = matching.score(queries.candidate_of(one), wanted, TODAY)
            assert one.points == sum(parts.values())  # type: ignore[attr-defined]
        found_something += bool(expected)

    assert found_something > WISHES / 4


@pytest.mark.django_db
@pytest.mark.parametrize(
    "centre", [Point(53.8, -1.55), Point(-36.0, 179.99), Point(64.1, -21.9), Point(0.01, 0.01)]
)
def test_cells_miss_no_place_within_the_distance(centre: Point) -> None:
    chance = random.Random(7)
    for n in range(400):
        lat = centre.lat + chance.uniform(-0.5, 0.5)
        lon = (centre.lon + chance.uniform(-1, 1) + 180) % 360 - 180
        make_place(town=f"Town {n}", lat=lat, lon=lon)
    wanted = Preferences(near=(centre,), within_km=40)

    near = queries.near(wanted)

    expected = {
        place.pk
        for place in Place.objects.all()
        if place.point and matching.distance_km(place.point, centre) <= 40
    }
    assert near.within == expected
    assert len(expected) > 50
