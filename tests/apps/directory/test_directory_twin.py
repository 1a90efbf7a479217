"""The engine says the same as stepwell.domain.matching, on random directories and wishes."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from stepwell.apps.accounts.models import Person
from stepwell.apps.directory import queries
from stepwell.apps.directory.finding.engine import PAGE
from stepwell.apps.directory.finding.searching import search
from stepwell.apps.directory.models import Family, Listing, Place
from stepwell.domain import matching, narrowing
from stepwell.domain.credentials import Level, State
from stepwell.domain.offers import Accepting, Candidate, Consent, Cost, Preferences, Reach, Standing
from stepwell.domain.places import WITHIN_KM
from tests.apps.directory.build import (
    TODAY,
    checked,
    make_credential,
    make_listing,
    make_place,
    make_provider,
)
from tests.apps.directory.proof_report import tell

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
        within_km=chance.choice(WITHIN_KM),
        reach=chance.choice(list(Reach)),
        language=chance.choice(["", "", *LANGUAGES]),
        low_cost=chance.random() < 0.3,
        accepting=chance.random() < 0.3,
        level=chance.choice([*[Level.DECLARED] * 8, *Level]),
        **{
            family.value: chance.choice(values) if chance.random() < 0.12 else ""
            for family, values in TERMS.items()
        },
    )


def compare(seed: int, wishes: int) -> int:
    """Ask the engine and the rule the same; return how often something was found."""
    chance = random.Random(seed)
    places = scatter_places(chance)
    scatter_listings(chance, places)
    everything = queries.with_details(Listing.objects.all())
    candidates: list[Candidate] = [queries.candidate_of(one) for one in everything]
    found_something = 0

    for _ in range(wishes):
        wanted = some_wishes(chance, places)
        expected = matching.ranked(candidates, wanted, today=TODAY, site="test")
        last = len(expected) // PAGE + 2  # and the one behind the end
        pages = [search(wanted, page=n, today=TODAY, site="test") for n in range(1, last)]
        found = pages[0]

        assert [str(key) for page in pages for key in page.ids] == [one.id for one in expected]
        assert found.funnel == matching.funnel(candidates, wanted, TODAY), wanted
        assert found.total == len(expected)
        assert not found.more
        counted = narrowing.facets(candidates, wanted, TODAY)
        assert found.facets == {name: dict(values) for name, values in counted.items()}, wanted
        less = narrowing.relaxations(wanted) if len(expected) < matching.FEW else {}
        assert found.what_if == {
            name: sum(matching.fits(one, easier, TODAY) for one in candidates)
            for name, easier in less.items()
        }, wanted
        found_something += bool(expected)
    return found_something


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_engine_agrees_with_the_rule_on_random_directories(seed: int) -> None:
    assert compare(seed, WISHES) > WISHES / 4


@pytest.mark.proof
@pytest.mark.django_db
@pytest.mark.timeout(0)
def test_engine_agrees_with_the_rule_on_ten_thousand_cases() -> None:
    found = 0
    for seed in range(100, 120):
        undo = transaction.savepoint()
        found += compare(seed, 500)
        transaction.savepoint_rollback(undo)
    assert found > 2_500
    tell(
        "the database engine with the rule: ids in order, funnel, facets, what-if",
        "100 to 119",
        f"10,000 questions, {found:,} of them found something",
    )
