"""The page on accuracy: counted from what is stored, unknown where nothing is."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from stepwell.apps.accounts.models import Person
from stepwell.apps.directory.freshness import accuracy, actions
from stepwell.apps.directory.models import Case, Listing
from stepwell.apps.directory.models.freshness import Report, TrialCall
from stepwell.domain.freshness import Problem
from tests.apps.directory.build import make_listing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """Each test counts anew."""
    cache.clear()


def confirmed(days: int, **more: Any) -> Listing:
    return make_listing(confirmed_on=timezone.localdate() - timedelta(days=days), **more)


def page(client: Client) -> str:
    response = client.get("/find/accuracy/")
    assert response.status_code == 200
    return response.content.decode()


def told(listing: Listing, days: int, key: str) -> Report:
    day = timezone.localdate() - timedelta(days=days)
    actions.report(listing=listing, problem=Problem.WRONG, words="", key=key, today=day)
    return Report.objects.get(listing=listing, said_on=day)


def test_where_nothing_is_known_it_is_said_and_no_nought_stands_for_it(client: Client) -> None:
    text = page(client)

    assert "No real entry is shown yet" in text
    assert "not known" in text
    assert "0 %" not in text
    assert "We have made no test calls yet" in text


def test_ages_are_counted_to_the_day_and_hidden_ones_apart() -> None:
    for days in (0, 30, 31, 60, 61, 90, 91, 400):
        confirmed(days)
    make_listing(confirmed_on=None)
    confirmed(0, consent="none")

    found = accuracy.counted(timezone.localdate())

    assert found.shown == 6
    assert [(age.days, age.listings) for age in found.ages] == [(30, 2), (60, 4), (90, 6)]
    assert (found.lapsed, found.unconfirmed) == (2, 1)
    assert accuracy.counted(timezone.localdate() + timedelta(days=1)).shown == 5


def test_examples_are_named_and_in_none_of_the_figures(client: Client) -> None:
    make_listing(fictional=True, name="An invented place")
    confirmed(1)

    found = accuracy.counted(timezone.localdate())

    assert (found.shown, found.examples, found.unconfirmed) == (1, 1, 0)
    assert "An invented place" in page(client)


def test_reports_are_counted_by_outcome_with_the_median_of_their_days() -> None:
    listing, now = confirmed(1), timezone.now()
    steward = Person.objects.create(username="ada")
    for days, key in ((20, "a"), (400, "b")):
        told(listing, days, key)
        Case.objects.filter(settled_at=None).update(
            settled_at=now, settled_by=steward, outcome="corrected"
        )
    told(listing, 3, "c")

    found = accuracy.counted(timezone.localdate()).reports

    assert (found.told, found.open, found.median_days) == (2, 1, 20)
    assert dict(found.outcomes)["Corrected"] == 1


def test_what_a_provider_writes_is_no_report_of_a_visitor() -> None:
    actions.report(
        listing=confirmed(1),
        problem=Problem.OTHER,
        words="moved",
        key="k",
        today=timezone.localdate(),
        by_provider=True,
    )

    assert accuracy.counted(timezone.localdate()).reports.told == 0


def test_test_calls_stand_with_their_interval_and_their_first_day(client: Client) -> None:
    steward = Person.objects.create(username="ada")
    day = timezone.localdate()
    for number in range(29):
        TrialCall.objects.create(
            listing=confirmed(1),
            called_on=day,
            reached=number == 0,
            takes="unknown",
            by=steward,
        )

    text = page(client)

    assert "29 calls" in text
    assert "1 of 29 (3 %; the true share lies between 1 % and 17 %, 19 times of 20)" in text
    assert "<dd>not known</dd>" in text


def test_the_page_costs_the_same_few_queries_for_any_number(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for days in range(0, 120, 10):
        told(confirmed(days), days % 7, str(days))

    with django_assert_num_queries(5):
        accuracy.counted(timezone.localdate())


def test_the_page_is_counted_once_in_ten_minutes(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    accuracy.figures(timezone.localdate())

    with django_assert_num_queries(0):
        accuracy.figures(timezone.localdate())


def test_the_page_is_public_and_in_the_sitemap(client: Client) -> None:
    response = client.get("/find/accuracy/")

    assert "no-store" not in response["Cache-Control"]
    assert "/find/accuracy/" in client.get("/sitemap-pages.xml").content.decode()
    assert "/find/accuracy/" in client.get("/find/").content.decode()
