"""Claims in the admin: what a steward sees of listings that promise too much."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from stepwell.apps.accounts.models import Person
from stepwell.apps.directory import claims
from tests.apps.directory.build import TODAY, make_credential, make_listing, make_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(client: Client) -> Person:
    """Somebody who may change listings, signed in."""
    person = Person.objects.create(username="ada")
    person.user_permissions.set(
        Permission.objects.filter(codename__in=["change_listing", "access_admin"])
    )
    client.force_login(person)
    return person


def rules_found(on: date = TODAY) -> list[str]:
    checked = claims.checked(claims.page(1), on)
    return [finding.rule for one in checked for finding in one.findings]


def test_claims_read_the_words_of_listing_and_provider() -> None:
    provider = make_provider(name="Jo Example, clinical psychologist")
    make_listing(provider=provider, about="100 % confidential.")

    assert rules_found() == ["absolute_confidentiality", "protected_title"]


def test_claims_know_the_credentials_behind_a_title() -> None:
    provider = make_provider(name="Jo Example, clinical psychologist")
    make_credential(provider=provider, register="gb_hcpc", number="PYL123456", jurisdiction="GB")
    make_listing(provider=provider)

    assert rules_found() == []


def test_claims_go_stale_with_the_clock_and_examples_never_do() -> None:
    make_listing()
    make_listing(fictional=True)

    assert rules_found(TODAY) == []
    assert rules_found(TODAY + timedelta(days=91)) == ["stale_confirmation"]


def test_claims_cost_the_same_few_queries_for_any_number(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(5):
        make_listing(provider=make_provider())

    with django_assert_num_queries(5):
        claims.checked(claims.page(1), TODAY)


def test_claims_page_shows_words_reason_and_way_to_act(client: Client, steward: Person) -> None:
    listing = make_listing(about="Results guaranteed.")

    page = client.get(reverse("directory_claims")).content.decode()

    assert "Guarantees a result" in page
    assert "<q>Results guaranteed</q>" in page
    assert reverse("directory_settle_listing", args=[listing.pk]) in page


def test_claims_page_is_for_stewards(client: Client, steward: Person) -> None:
    steward.user_permissions.remove(Permission.objects.get(codename="change_listing"))

    assert client.get(reverse("directory_claims")).status_code in {302, 403}
