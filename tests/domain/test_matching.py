"""Matching: gates, the score, the daily shuffle, and what would change with one wish less."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain import matching, narrowing
from stepwell.domain.credentials import Held, Level, State
from stepwell.domain.offers import Accepting, Candidate, Consent, Cost, Preferences, Reach, Standing
from stepwell.domain.places import DISTANCES_KM, Point

TODAY = date(2026, 11, 24)
LEEDS = Point(53.80, -1.55)
BRADFORD = Point(53.79, -1.75)  # about 13 km from Leeds
COUNTRIES = ("GB", "US", "DE")
LANGUAGES = ("en", "de", "es")
KINDS = ("counselling", "psychotherapy", "support_group")

days = st.none() | st.integers(-5, 120).map(lambda back: TODAY - timedelta(days=back))
helds = st.builds(
    Held,
    state=st.sampled_from(State),
    level=st.sampled_from(Level),
    expires_on=st.none() | st.integers(-3, 3).map(lambda n: TODAY + timedelta(days=n)),
)
candidates = st.builds(
    Candidate,
    id=st.uuids().map(str),
    kind=st.sampled_from(KINDS),
    standing=st.sampled_from(Standing),
    consent=st.sampled_from(Consent),
    fictional=st.booleans(),
    confirmed_on=days,
    credentials=st.lists(helds, max_size=3).map(tuple),
    country=st.sampled_from(COUNTRIES),
    place=st.none() | st.integers(1, 4),
    point=st.none() | st.sampled_from([LEEDS, BRADFORD]),
    remote=st.booleans(),
    serves=st.frozensets(st.sampled_from(COUNTRIES)),
    languages=st.frozensets(st.sampled_from(LANGUAGES)),
    formats=st.frozensets(st.sampled_from(("video", "group"))),
    needs=st.frozensets(st.sampled_from(("low_mood", "worry"))),
    goals=st.frozensets(st.sampled_from(("cope", "stay_well"))),
    approaches=st.frozensets(st.sampled_from(("cbt", "act"))),
    access=st.frozensets(st.just("step_free")),
    payers=st.frozensets(st.just("employer")),
    cost=st.sampled_from(Cost),
    accepting=st.sampled_from(Accepting),
    accepting_on=days,
    shuffle_key=st.integers(0, matching.SHUFFLE_MODULUS - 1),
)
wishes = st.builds(
    Preferences,
    kind=st.sampled_from(("", *KINDS)),
    country=st.sampled_from(("", *COUNTRIES)),
    places=st.frozensets(st.integers(1, 4), max_size=2),
    near=st.sampled_from([(), (LEEDS,), (BRADFORD, LEEDS)]),
    within_km=st.sampled_from(DISTANCES_KM),
    reach=st.sampled_from(Reach),
    language=st.sampled_from(("", *LANGUAGES)),
    format=st.sampled_from(("", "video", "group")),
    need=st.sampled_from(("", "low_mood", "worry")),
    goal=st.sampled_from(("", "cope", "stay_well")),
    approach=st.sampled_from(("", "cbt", "act")),
    access=st.sampled_from(("", "step_free")),
    payer=st.sampled_from(("", "employer")),
    level=st.sampled_from(Level),
    low_cost=st.booleans(),
    accepting=st.booleans(),
)


def listing(**changes: object) -> Candidate:
    """Return a listing that fits almost anything, with changes."""
    base = Candidate(id="one", kind="counselling", confirmed_on=TODAY, country="GB", place=1)
    return base.model_copy(update=changes)


def test_plain_listing_fits_somebody_who_asks_for_nothing() -> None:
    assert matching.fits(listing(), Preferences(), TODAY)


@pytest.mark.parametrize(("age", "shown"), [(0, True), (90, True), (91, False)])
def test_listing_not_confirmed_for_ninety_days_is_hidden(age: int, shown: bool) -> None:
    one = listing(confirmed_on=TODAY - timedelta(days=age))

    assert matching.fits(one, Preferences(), TODAY) is shown


def test_listing_confirmed_in_the_future_is_hidden() -> None:
    one = listing(confirmed_on=TODAY + timedelta(days=1))

    assert not matching.fits(one, Preferences(), TODAY)


def test_fictional_listing_needs_no_confirmation() -> None:
    assert matching.fits(listing(confirmed_on=None, fictional=True), Preferences(), TODAY)


@pytest.mark.parametrize(
    "change",
    [
        {"standing": Standing.HIDDEN},
        {"standing": Standing.WITHDRAWN},
        {"consent": Consent.NONE},
    ],
)
def test_listing_without_anybodys_word_is_never_spoken_of(
    change: dict[str, object],
) -> None:
    result = matching.funnel([listing(**change)], Preferences(), TODAY)

    assert (result.start, result.left) == (0, 0)


def test_provider_whose_only_credential_ran_out_is_hidden() -> None:
    over = Held(state=State.VERIFIED, expires_on=TODAY - timedelta(days=1))
    good = Held(state=State.CLAIMED)

    assert not matching.fits(listing(credentials=(over,)), Preferences(), TODAY)
    assert matching.fits(listing(credentials=(over, good)), Preferences(), TODAY)


def test_listing_without_a_stated_language_fits_every_language() -> None:
    wanted = Preferences(language="es")

    assert matching.fits(listing(), wanted, TODAY)
    assert not matching.fits(listing(languages=frozenset({"en"})), wanted, TODAY)


@pytest.mark.parametrize(("within", "fits"), [(5, False), (15, True), (40, True)])
def test_place_is_within_the_distance(within: int, fits: bool) -> None:
    wanted = Preferences(near=(LEEDS,), within_km=within)

    assert matching.fits(listing(point=BRADFORD), wanted, TODAY) is fits


def test_place_without_a_point_is_found_by_its_name() -> None:
    wanted = Preferences(places=frozenset({1}), near=(LEEDS,))

    assert matching.fits(listing(place=1), wanted, TODAY)
    assert not matching.fits(listing(place=2), wanted, TODAY)


def test_remote_help_is_bound_to_the_countries_it_serves() -> None:
    one = listing(place=None, country="", remote=True, serves=frozenset({"IE"}))

    assert matching.fits(one, Preferences(country="IE"), TODAY)
    assert not matching.fits(one, Preferences(country="GB"), TODAY)


@pytest.mark.parametrize(("age", "shown"), [(14, True), (15, False)])
def test_taking_new_people_counts_for_two_weeks(age: int, shown: bool) -> None:
    one = listing(accepting=Accepting.YES, accepting_on=TODAY - timedelta(days=age))

    assert matching.fits(one, Preferences(accepting=True), TODAY) is shown


@given(st.lists(candidates, max_size=12), wishes)
def test_funnel_adds_up(listings: list[Candidate], wanted: Preferences) -> None:
    result = matching.funnel(listings, wanted, TODAY)

    assert result.start == result.left + sum(step.listings for step in result.removed)
    assert result.left == sum(matching.fits(one, wanted, TODAY) for one in listings)
    assert [step.gate for step in result.removed] == [gate.name for gate in matching.GATES]


@given(candidates, wishes)
def test_score_has_seven_parts_within_their_weights(one: Candidate, wanted: Preferences) -> None:
    parts = matching.score(one, wanted, TODAY)

    assert len(parts) <= 7
    assert list(parts) == list(matching.WEIGHTS)
    assert all(0 <= parts[name] <= most for name, most in matching.WEIGHTS.items())


@given(candidates, wishes)
def test_asking_for_less_never_removes_a_listing(one: Candidate, wanted: Preferences) -> None:
    for name, less in narrowing.relaxations(wanted).items():
        assert matching.fits(one, less, TODAY) >= matching.fits(one, wanted, TODAY), name


def test_relaxations_name_only_what_was_asked_for() -> None:
    wanted = Preferences(kind="counselling", country="GB", language="es", near=(LEEDS,))

    assert list(narrowing.relaxations(wanted)) == ["place", "distance", "language"]
    assert narrowing.relaxations(Preferences(kind="counselling", country="GB")) == {}


@given(st.lists(candidates, max_size=12, unique_by=lambda one: one.id), wishes)
def test_order_is_by_score_and_the_same_all_day(
    listings: list[Candidate], wanted: Preferences
) -> None:
    first = matching.ranked(listings, wanted, today=TODAY, site="one")
    again = matching.ranked(listings[::-1], wanted, today=TODAY, site="one")
    points = [sum(matching.score(one, wanted, TODAY).values()) for one in first]

    assert first == again
    assert points == sorted(points, reverse=True)


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)), st.text(max_size=20))
def test_shuffle_stays_within_64_bits_and_gives_everybody_another_place(
    today: date, site: str
) -> None:
    shuffle = matching.shuffle_of(today, site)
    highest = (matching.SHUFFLE_MODULUS - 1) * shuffle.multiplier + shuffle.offset

    assert 1 <= shuffle.multiplier < matching.SHUFFLE_MODULUS
    assert highest < 2**63
    assert len({shuffle.place(key) for key in range(200)}) == 200


def test_shuffle_gives_each_of_ten_equals_the_first_place_in_time() -> None:
    keys = [matching.shuffle_key(f"listing {number}") for number in range(10)]
    firsts = {
        min(keys, key=matching.shuffle_of(TODAY + timedelta(days=day), "site").place)
        for day in range(120)
    }

    assert firsts == set(keys)


@pytest.mark.parametrize(
    ("field", "wish", "silent_fits"),
    [
        ("needs", "need", True),
        ("goals", "goal", True),
        ("formats", "format", True),
        ("approaches", "approach", False),
        ("access", "access", False),
        ("payers", "payer", False),
    ],
)
def test_wish_keeps_those_who_name_it_and_silence_counts_where_it_may(
    field: str, wish: str, silent_fits: bool
) -> None:
    wanted = Preferences.model_validate({wish: "this"})

    assert matching.fits(listing(**{field: frozenset({"this", "more"})}), wanted, TODAY)
    assert not matching.fits(listing(**{field: frozenset({"other"})}), wanted, TODAY)
    assert matching.fits(listing(), wanted, TODAY) is silent_fits


def test_checked_alone_keeps_those_with_a_checked_credential() -> None:
    held = Held(state=State.VERIFIED, level=Level.EVIDENCE_SEEN)

    seen, confirmed = Level.EVIDENCE_SEEN, Level.REGISTER_CONFIRMED
    assert matching.fits(listing(credentials=(held,)), Preferences(level=seen), TODAY)
    assert not matching.fits(listing(credentials=(held,)), Preferences(level=confirmed), TODAY)
    assert not matching.fits(listing(), Preferences(level=seen), TODAY)
