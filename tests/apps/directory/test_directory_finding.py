"""What the search reads: rows that follow every write, cells that miss nothing, bounded queries."""

import math
import random
from datetime import timedelta
from uuid import UUID

import h3.api.basic_int as h3
import numpy as np
import pytest
from django.db import connection
from django.db.models import Sum

from stepwell.apps.accounts.models import Person
from stepwell.apps.directory import actions
from stepwell.apps.directory.finding import blocks, cells, columns, database, judging, rows
from stepwell.apps.directory.finding.searching import search
from stepwell.apps.directory.models import Family, Listing, ListingRow, RowBlock, RowWord
from stepwell.domain.credentials import Level, State
from stepwell.domain.offers import Preferences, Reach
from stepwell.domain.places import Point, distance_km
from tests.apps.directory.build import (
    TODAY,
    make_credential,
    make_listing,
    make_place,
    make_provider,
)
from tests.apps.directory.proof_report import tell

POLES_AND_DATE_LINE = [
    Point(90, 0),
    Point(-90, 12),
    Point(89.9, 179.9),
    Point(-36, 179.99),
    Point(0.01, -179.999),
    Point(0, 0),
]


def found(wanted: Preferences, today=TODAY):
    """Return what the search finds."""
    return search(wanted, page=1, today=today, site="test")


def beyond(point: Point, km: float, bearing: float) -> Point:
    """Return the point that lies so far from another, in a direction."""
    lat, lon, arc = math.radians(point.lat), math.radians(point.lon), km / 6371.0088
    there = math.asin(
        math.sin(lat) * math.cos(arc) + math.cos(lat) * math.sin(arc) * math.cos(bearing)
    )
    turned = lon + math.atan2(
        math.sin(bearing) * math.sin(arc) * math.cos(lat),
        math.cos(arc) - math.sin(lat) * math.sin(there),
    )
    return Point(math.degrees(there), (math.degrees(turned) + 540) % 360 - 180)


def check_radius(questions: int, seed: int) -> int:
    """Compare cells and distances with the rule around points all over the world."""
    chance = random.Random(seed)
    within = 0
    for n in range(questions):
        anywhere = Point(math.degrees(math.asin(chance.uniform(-1, 1))), chance.uniform(-180, 180))
        centre = POLES_AND_DATE_LINE[n] if n < len(POLES_AND_DATE_LINE) else anywhere
        km = chance.choice([5, 15, 40, 100, 200])
        disk = set(cells.around([centre], km))
        places = [centre] + [
            beyond(centre, km * share, chance.uniform(0, 2 * math.pi))
            for share in (0.01, 0.5, 0.99, 0.9999, 1, 1, 1, 1.0001, 1.5)
        ]
        packed = np.zeros(len(places), columns.ROW)
        packed["lat"], packed["lon"] = zip(*places, strict=True)
        wanted = Preferences(near=(centre,), within_km=km)
        away = judging.distances(packed, wanted)
        for place, measured in zip(places, away, strict=True):
            expected = distance_km(place, centre)
            assert (measured <= km) == (expected <= km), (centre, place, km)
            if expected <= km:
                within += 1
                assert h3.latlng_to_cell(*place, cells.RESOLUTION) in disk, (centre, place, km)
    return within


def test_cells_and_distances_agree_with_the_rule_around_the_world() -> None:
    assert check_radius(100, 1) > 500


@pytest.mark.proof
def test_cells_and_distances_agree_with_the_rule_at_a_thousand_points() -> None:
    within = check_radius(1000, 2)
    assert within > 5000
    tell(
        "cells and distances with the great circle, around the world, poles and date line",
        "2",
        f"1,000 circles of 5 to 200 km, 10,000 points of which {within:,} lie within",
    )


def standing_in(listing: UUID) -> int:
    """Return in how many blocks a listing stands."""
    every = RowBlock.objects.values_list("packed", flat=True)
    return sum(bytes(block).count(listing.bytes) for block in every)


def told() -> dict[int, tuple[int, list[bytes]]]:
    """Return what the blocks hold, whatever the order of their rows."""
    rows = RowBlock.objects.values_list("number", "many", "packed")
    return {
        number: (many, sorted(bytes(row) for row in columns.unpack([packed])))
        for number, many, packed in rows
    }


@pytest.mark.django_db
def test_row_follows_a_listing_that_is_hidden_and_shown() -> None:
    steward = Person.objects.create(username="steward", is_superuser=True)
    listing = make_listing(place=make_place(), remote=True, serves=frozenset({"GB", "IE"}))
    assert standing_in(listing.pk) == 5  # its cell, its country, and three served from afar

    actions.hide_listing(listing=listing, by=steward, reason="A test")
    assert not ListingRow.objects.exists()
    assert not RowBlock.objects.exists()

    actions.show_listing(listing=listing, by=steward, reason="A test")
    assert found(Preferences()).ids == (listing.pk,)


@pytest.mark.django_db
def test_row_goes_with_its_listing_and_with_an_excluded_provider() -> None:
    gone, excluded = make_listing(), make_listing()
    excluded.provider.excluded_on = TODAY
    excluded.provider.save()

    gone.delete()
    actions.make_findable([excluded.pk])

    assert not ListingRow.objects.exists()


@pytest.mark.django_db
def test_all_rows_can_be_made_anew() -> None:
    listings = [make_listing(languages=frozenset({"en"})) for _ in range(3)]
    make_listing(consent="none")
    before = set(ListingRow.objects.values_list("listing", "c5", "kind", "afar")), told()

    assert rows.rebuild(lambda done: None) == len(listings)

    after = set(ListingRow.objects.values_list("listing", "c5", "kind", "afar")), told()
    assert after == before


@pytest.mark.django_db
def test_days_pass_without_any_write() -> None:
    listing = make_listing(provider=make_provider())
    make_credential(
        listing.provider, expires_on=TODAY + timedelta(days=10), state=State.CLAIMED, level=Level(1)
    )

    assert found(Preferences(), TODAY + timedelta(days=10)).total == 1
    assert found(Preferences(), TODAY + timedelta(days=11)).total == 0


@pytest.mark.django_db
def test_unconfirmed_listing_goes_after_ninety_days() -> None:
    make_listing()

    assert found(Preferences(), TODAY + timedelta(days=90)).total == 1
    assert found(Preferences(), TODAY + timedelta(days=91)).total == 0


@pytest.mark.django_db
def test_words_without_a_bit_are_asked_for_like_any_other() -> None:
    RowWord.objects.bulk_create(
        RowWord(family="language", value=f"x{n}", number=n) for n in range(128)
    )
    rare = make_listing(languages=frozenset({"zz"}))
    silent = make_listing()
    make_listing(languages=frozenset({"x1"}))

    assert set(found(Preferences(language="zz")).ids) == {rare.pk, silent.pk}
    assert found(Preferences(language="zz")).ids[0] == rare.pk
    assert rare.pk not in found(Preferences(language="x1")).ids


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["", "counselling"])
@pytest.mark.parametrize("near", [(), (Point(53.8, -1.55),)])
def test_more_than_are_looked_at_is_said(kind, near, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "LOOKED_AT", 5)
    monkeypatch.setattr(database, "OF_EVERY_KIND", 5)
    for n in range(9):
        make_listing(place=make_place(town=f"Town {n}", district=f"D{n}"))
    wanted = Preferences(kind=kind, near=near, reach=Reach.IN_PERSON)

    some = found(wanted)
    monkeypatch.setattr(database, "LOOKED_AT", 9)
    whole = found(wanted)

    assert (some.total, some.more) == (5, True)
    assert (whole.total, whole.more) == (9, False)


@pytest.mark.django_db
def test_other_kinds_are_not_counted_where_there_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(database, "OF_EVERY_KIND", 3)
    mine = {make_listing(kind="counselling").pk for _ in range(2)}
    for _ in range(4):
        make_listing(kind="life_coaching")
    wanted = Preferences(kind="counselling", near=(Point(53.8, -1.55),), within_km=5)

    answer = found(wanted)

    assert set(answer.ids) == mine
    assert not answer.more
    assert "kind" not in answer.facets
    assert [one.more for one in answer.funnel.removed[:3]] == [True, True, False]


@pytest.mark.django_db
@pytest.mark.parametrize("reach", list(Reach))
@pytest.mark.parametrize("near", [(), (Point(53.8, -1.55),)])
def test_search_takes_at_most_six_queries(reach, near, django_assert_max_num_queries) -> None:
    for _ in range(4):
        make_listing(terms={Family.NEED: frozenset({"worry"})}, remote=True, place=make_place())

    with django_assert_max_num_queries(6):
        answer = found(Preferences(reach=reach, near=near, within_km=15))

    assert answer.total == 4


def plan_of(queryset) -> str:
    """Return how the database would answer, as PostgreSQL does it where rows are many."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    return queryset.explain()


@pytest.mark.django_db
def test_blocks_are_counted_from_an_index_alone_and_found_by_it() -> None:
    make_listing(remote=True)
    count = RowBlock.objects.filter(area__in=[1, 2]).values("kind").annotate(Sum("many"))
    of_country = database.Stack(blocks.AFAR, "GB").blocks([1]).values("kind").annotate(Sum("many"))
    areas, of_kind = database.in_areas([1, 2], None), database.in_areas([1, 2], 1)

    for counting in (count, of_country):
        plan = plan_of(counting)
        if connection.vendor == "postgresql":
            assert "directory_rowblock_area" in plan
        else:
            assert "USING COVERING INDEX directory_rowblock_area" in plan
    assert "directory_rowblock_area" in plan_of(areas)
    key = "rowblock_pkey" if connection.vendor == "postgresql" else "INTEGER PRIMARY KEY"
    assert key in plan_of(of_kind)


@pytest.mark.django_db
def test_what_is_kept_in_memory_is_left_when_a_block_changes(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    monkeypatch.setattr(database, "OF_EVERY_KIND", 0)
    hidden, *kept = (make_listing(remote=True, serves=frozenset({"GB"})) for _ in range(4))
    wanted = Preferences(kind="counselling", country="GB", reach=Reach.REMOTE)
    assert hidden.pk in found(wanted).ids
    with django_assert_num_queries(3):  # words, how many there are, and stamps
        found(wanted)

    Listing.objects.filter(pk=hidden.pk).update(standing="hidden")
    actions.make_findable([hidden.pk])

    assert set(found(wanted).ids) == {one.pk for one in kept}
