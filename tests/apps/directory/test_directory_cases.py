"""Cases: opened once, settled once, by somebody who may, and written down."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.models import Event
from stepwell.apps.directory.actions import NotPossible
from stepwell.apps.directory.models import Case, Cause, Credential, Listing, Outcome, Provider
from stepwell.apps.directory.queries import candidate_of, publishable
from stepwell.apps.directory.stewards import cases
from stepwell.domain.matching import is_publishable
from tests.apps.directory.build import make_credential, make_listing, make_provider

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def ada() -> Person:
    """A steward of credentials."""
    ada = Person.objects.create(username="ada")
    ada.user_permissions.add(Permission.objects.get(codename="change_credential"))
    return ada


def open_one(provider: Provider) -> Case:
    """Open the case of the tests."""
    return cases.open_case(cause=Cause.EXCLUDED, provider=provider, key="one", at=AT)


def test_case_is_open_once_and_may_come_again(ada: Person) -> None:
    provider = make_provider()

    case = open_one(provider)
    assert open_one(provider) == case
    cases.settle_case(case=case, outcome=Outcome.UNFOUNDED, note="another person", by=ada, at=AT)

    assert open_one(provider) != case
    assert cases.was_settled(Cause.EXCLUDED, "one")
    told = Event.objects.order_by("pk").values_list("by", "verb", "thing")
    assert list(told)[:2] == [
        (None, "opened", f"case:{case.pk}"),
        (ada.pk, "settled: unfounded", f"case:{case.pk}"),
    ]


def test_case_is_settled_once_with_a_reason_by_a_steward(ada: Person) -> None:
    case = open_one(make_provider())
    ben = Person.objects.create(username="ben")

    with pytest.raises(PermissionDenied):
        cases.settle_case(case=case, outcome=Outcome.HIDDEN, note="x", by=ben, at=AT)
    with pytest.raises(NotPossible, match="why"):
        cases.settle_case(case=case, outcome=Outcome.HIDDEN, note=" ", by=ada, at=AT)
    with pytest.raises(NotPossible):
        cases.settle_case(case=case, outcome=Outcome.OPEN, note="x", by=ada, at=AT)
    cases.settle_case(case=case, outcome=Outcome.HIDDEN, note="x", by=ada, at=AT)
    with pytest.raises(NotPossible, match="settled"):
        cases.settle_case(case=case, outcome=Outcome.HIDDEN, note="x", by=ada, at=AT)


def test_nothing_of_an_excluded_provider_may_be_spoken_of() -> None:
    listing = make_listing()
    assert is_publishable(candidate_of(listing))

    Provider.objects.filter(pk=listing.provider_id).update(excluded_on=date(2026, 11, 1))

    listing = Listing.objects.select_related("provider").get()
    assert not is_publishable(candidate_of(listing))
    assert not publishable().exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"fee_from": 5000, "currency": ""},
        {"fee_from": 5000, "fee_to": 4000, "currency": "GBP"},
        {"seats_open": 3},
        {"wait_weeks": 3, "accepting_on": None},
    ],
)
def test_database_refuses_half_a_statement(wrong: dict[str, object]) -> None:
    listing = make_listing()

    with pytest.raises(IntegrityError), transaction.atomic():
        Listing.objects.filter(pk=listing.pk).update(**wrong)


def test_database_refuses_a_provider_merged_into_itself() -> None:
    provider = make_provider()

    with pytest.raises(IntegrityError), transaction.atomic():
        Provider.objects.filter(pk=provider.pk).update(merged_into=provider)


def test_number_of_a_credential_is_looked_up_without_its_spaces() -> None:
    credential = make_credential(make_provider(), number="py 12 345")

    assert Credential.objects.get(number_key="PY12345") == credential
