"""The starter network: plainly fictional, wide enough to show the rooms, and safe to load twice."""

import json
import re

import pytest

from stepwell.apps.directory.finding.searching import search
from stepwell.apps.directory.models import (
    Case,
    Credential,
    Fate,
    ImportRun,
    Listing,
    Place,
    Provider,
)
from stepwell.domain.offers import Preferences
from stepwell.importers import starter
from tests.apps.directory.build import TODAY

KINDS = {
    "psychotherapy", "counselling", "support_group", "physical_therapy", "occupational_therapy",
    "speech_therapy", "life_coaching", "psychiatry", "domestic_abuse_service",
    "addiction_service", "youth_service",
}  # fmt: skip
FREE_FOR_FICTION = re.compile(r"01632 960\d{3}|\d{3}-555-01\d{2}")


@pytest.fixture
def loaded(db: None) -> None:
    """The starter network."""
    starter.load()


@pytest.mark.usefixtures("loaded")
def test_starter_network_is_wide_enough() -> None:
    assert Listing.objects.count() >= 24
    assert set(Listing.objects.values_list("kind", flat=True)) >= KINDS
    countries = set(Place.objects.values_list("country", flat=True))
    assert countries == {"GB", "US", "IE", "AU", "CA", "DE"}
    assert Listing.objects.filter(place=None, remote=True).count() >= 4


@pytest.mark.usefixtures("loaded")
def test_every_starter_listing_is_marked_and_none_is_confirmed() -> None:
    assert not Listing.objects.filter(fictional=False).exists()
    assert not Listing.objects.exclude(confirmed_on=None).exists()
    assert not Credential.objects.exists()
    for name in Provider.objects.values_list("name", flat=True):
        assert name.startswith(("Example ", "Beispiel")), name


@pytest.mark.usefixtures("loaded")
def test_starter_numbers_and_addresses_reach_nobody() -> None:
    for phone, email, web in Listing.objects.values_list("phone", "email", "web"):
        assert not phone or FREE_FOR_FICTION.fullmatch(phone)
        assert email.endswith("@example.org")
        assert web == "https://example.org/"


@pytest.mark.usefixtures("loaded")
def test_every_starter_listing_is_found_long_after() -> None:
    later = TODAY.replace(year=2031)

    found = search(Preferences(), page=1, today=later, site="test")

    assert found.total == Listing.objects.count()


@pytest.mark.usefixtures("loaded")
def test_loading_again_changes_nothing() -> None:
    before = list(Listing.objects.order_by("pk").values())

    again = starter.load()

    assert list(Listing.objects.order_by("pk").values()) == before
    for report in again:
        assert not report.rejected
        done = {fate for fate, number in report.counts.items() if number}
        assert done <= {Fate.UNCHANGED, Fate.LEFT_OUT}
    assert ImportRun.objects.count() == 4


@pytest.mark.usefixtures("loaded")
def test_hidden_address_of_the_starter_network_is_nowhere() -> None:
    refuge = Listing.objects.get(kind="domestic_abuse_service", remote=False)

    assert refuge.place is not None
    assert (refuge.place.redacted, refuge.place.street) == (True, "")
    assert refuge.place.lat != json.loads(starter.HSDS.read_text())["locations"][0]["latitude"]


def test_examples_are_no_cases_for_stewards(loaded):
    assert not Case.objects.exists()
