"""Exclusion lists and registers: sure things act at once, doubtful ones ask a person."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.models import Event
from stepwell.apps.directory import claims
from stepwell.apps.directory.models import Case, Cause, Credential, Listing, Outcome, Provider
from stepwell.apps.directory.queries import shown
from stepwell.apps.directory.stewards import register_changes
from stepwell.apps.directory.stewards.cases import settle_case
from stepwell.apps.registers.models import Exclusion, MirrorRun, Part, RegisterEntry, RunState
from stepwell.domain.claim_facts import Exclusion as Said
from tests.apps.directory.build import (
    TODAY,
    make_credential,
    make_listing,
    make_place,
    make_provider,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
NPI, OTHER = "1234567893", "1245319599"


@pytest.fixture
def ada() -> Person:
    """A steward of listings."""
    ada = Person.objects.create(username="ada")
    ada.user_permissions.add(Permission.objects.get(codename="change_listing"))
    return ada


def load(source: str, part: Part) -> None:
    """Say that a copy is there."""
    told = {"file": "f", "fingerprint": "f", "full": True, "next_id": 1, "started_at": NOW}
    MirrorRun.objects.create(source=source, part=part, state=RunState.MERGED, **told)


def exclude(**fields: Any) -> Exclusion:
    """Put somebody on the list."""
    load("us_leie", Part.EXCLUSIONS)
    given = {"key": "k", "npi": NPI, "is_person": True, "name": "Example", "given_names": "Ada",
             "name_key": "EXAMPLE", "given_key": "ADA", "excluded_on": date(2020, 3, 19),
             "last_seen_on": TODAY, **fields}  # fmt: skip
    return Exclusion.objects.create(**given)


def american(name: str = "Ada Example", number: str = NPI) -> Listing:
    """Store a listing in the US of somebody with a number."""
    place = make_place(country="US", town="Springfield", district="62701")
    listing = make_listing(provider=make_provider(name=name, type="person"), place=place)
    if number:
        make_credential(listing.provider, register="us_nppes", number=number, jurisdiction="US")
    return listing


def test_number_on_the_list_hides_everything_of_a_provider_the_same_day() -> None:
    listing = american(number="12345 67893")
    make_listing(provider=listing.provider, remote=True)
    exclude()

    assert register_changes.compare_with_exclusions(now=NOW) == 1
    assert register_changes.compare_with_exclusions(now=NOW) == 0

    assert not shown(TODAY).exists()
    listing.provider.refresh_from_db()
    assert listing.provider.excluded_on == date(2020, 3, 19)
    case = Case.objects.get()
    assert (case.cause, case.provider) == (Cause.EXCLUDED, listing.provider)
    verbs = set(Event.objects.values_list("verb", flat=True))
    assert verbs == {"excluded", "opened"}


def test_name_alone_hides_nothing_and_asks_once(ada: Person) -> None:
    listing = american(number="")
    american(number=OTHER)  # the same name with another number is another person
    make_listing(provider=make_provider(name="Ada Example", type="person"))  # not in the US
    exclude()

    register_changes.compare_with_exclusions(now=NOW)

    case = Case.objects.get()
    assert case.provider == listing.provider
    assert shown(TODAY).count() == 3
    settle_case(case=case, outcome=Outcome.UNFOUNDED, note="another person", by=ada, at=NOW)
    register_changes.compare_with_exclusions(now=NOW)
    assert Case.objects.count() == 1


def test_returned_number_is_lifted_by_a_person_only(ada: Person) -> None:
    listing = american()
    row = exclude()
    register_changes.compare_with_exclusions(now=NOW)
    row.gone_on = TODAY
    row.save()

    register_changes.compare_with_exclusions(now=NOW)

    assert not shown(TODAY).exists()
    assert Case.objects.filter(key__startswith="returned/", settled_at=None).count() == 1
    ben = Person.objects.create(username="ben")
    with pytest.raises(PermissionDenied):
        register_changes.lift_exclusion(provider=listing.provider, by=ben, reason="x", at=NOW)
    register_changes.lift_exclusion(provider=listing.provider, by=ada, reason="back", at=NOW)

    assert shown(TODAY).get() == listing
    assert not Case.objects.filter(settled_at=None).exists()


def test_lifted_hit_that_was_somebody_else_is_not_made_again(ada: Person) -> None:
    listing = american()
    exclude()
    register_changes.compare_with_exclusions(now=NOW)

    register_changes.lift_exclusion(provider=listing.provider, by=ada, reason="wrong", at=NOW)

    assert register_changes.compare_with_exclusions(now=NOW) == 0
    assert shown(TODAY).exists()


def entry(number: str, **fields: Any) -> None:
    """Store an entry of the register's copy."""
    load("us_nppes", Part.MAIN)
    given = {"id": int(number), "source": 1, "number": number, "kind": 1, "standing": 1,
             "content_hash": 1, **fields}  # fmt: skip
    RegisterEntry.objects.create(**given)


def test_deactivated_number_ends_its_credential_and_hides_the_last_listing() -> None:
    listing = american()
    entry(NPI, standing=2, deactivated_on=date(2026, 11, 1))

    assert register_changes.compare_with_register(now=NOW) == 1
    assert register_changes.compare_with_register(now=NOW) == 0

    assert Credential.objects.get().state == "expired"
    assert not shown(TODAY).exists()
    case = Case.objects.get()
    assert (case.cause, case.provider) == (Cause.DEACTIVATED, listing.provider)
    assert "2026-11-01" in case.detail


def test_struck_number_counts_and_another_licence_keeps_the_listing() -> None:
    listing = american()
    make_credential(listing.provider, jurisdiction="US-IL", register="us_counseling")
    entry(NPI, struck_on=date(2026, 11, 20))

    assert register_changes.compare_with_register(now=NOW) == 1
    assert shown(TODAY).get() == listing


def test_number_missing_from_the_full_file_only_asks() -> None:
    american()
    entry(NPI, standing=3)

    assert register_changes.compare_with_register(now=NOW) == 0
    assert Case.objects.get().cause == Cause.REGISTER
    assert shown(TODAY).exists()


def test_without_copies_nothing_happens() -> None:
    american()

    register_changes.work(NOW)

    assert not Case.objects.exists()
    assert not Provider.objects.filter(excluded_on__isnull=False).exists()


def test_claims_know_what_the_list_said() -> None:
    sure = american()
    doubtful = american(number="", name="Ada Example")
    clear = american(number=OTHER, name="Bo Other")
    abroad = make_listing()
    exclude()
    register_changes.compare_with_exclusions(now=NOW)

    page = claims.page(1)
    said = {one.pk: claims.exclusion_of(one, list_is_here=True) for one in page}

    wanted = [Said.YES, Said.POSSIBLE, Said.NO, Said.UNKNOWN]
    assert [said[one.pk] for one in (sure, doubtful, clear, abroad)] == wanted
    rules = {found.rule for one in claims.checked(page, TODAY) for found in one.findings}
    assert "excluded" in rules
