"""Merges: one provider instead of two, safe to import over, and undone without loss."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.models import Event
from stepwell.apps.directory.actions import NotPossible
from stepwell.apps.directory.models import Credential, Listing, Merge, Provider
from stepwell.apps.directory.queries import shown
from stepwell.apps.directory.stewards import merging
from stepwell.domain.offers import Consent
from stepwell.importers.load_listings import identifier, plan
from stepwell.importers.records import CredentialRecord, PlaceRecord, ProviderRecord, Record
from stepwell.importers.store import store
from tests.apps.directory.build import (
    TODAY,
    checked,
    make_credential,
    make_listing,
    make_provider,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def ada() -> Person:
    """A steward of listings."""
    ada = Person.objects.create(username="ada")
    ada.user_permissions.add(Permission.objects.get(codename="change_listing"))
    return ada


def merge(survivor: Provider, other: Provider, by: Person) -> Merge:
    """Merge with the usual words."""
    return merging.merge(survivor=survivor, other=other, by=by, reason="the same", at=AT)


def test_merge_moves_everything_and_keeps_every_count(ada: Person) -> None:
    kept, gone = make_listing(), make_listing()
    shared = {"register": "gb_hcpc", "number": "PYL1"}
    make_credential(kept.provider, **shared)
    make_credential(gone.provider, **shared)
    make_credential(gone.provider, number="PYL2")

    done = merge(kept.provider, gone.provider, ada)

    assert Listing.objects.filter(provider=kept.provider).count() == 2
    assert (Listing.objects.count(), Credential.objects.count()) == (2, 3)
    assert set(kept.provider.credentials.values_list("number", flat=True)) == {"PYL1", "PYL2"}
    other = Provider.objects.get(pk=gone.provider_id)
    assert (other.merged_into, other.source_id) == (kept.provider, gone.provider.source_id)
    assert set(Event.objects.values_list("verb", flat=True)) == {"merged", "took in"}
    assert shown(TODAY).count() == 2

    merging.undo(merge=done, by=ada, reason="they are two", at=AT)

    gone.refresh_from_db()
    assert gone.provider == other
    assert set(other.credentials.values_list("number", flat=True)) == {"PYL1", "PYL2"}
    assert set(kept.provider.credentials.values_list("number", flat=True)) == {"PYL1"}
    with pytest.raises(NotPossible, match="before"):
        merging.undo(merge=done, by=ada, reason="again", at=AT)


def test_merge_is_refused_where_it_would_lose_or_hide_something(ada: Person) -> None:
    kept, gone = make_listing().provider, make_listing().provider
    make_credential(kept, number="PYL1")
    make_credential(gone, number="PYL1", state="refused", **checked(ada, AT))

    with pytest.raises(NotPossible, match="checked later"):
        merge(kept, gone, ada)
    with pytest.raises(NotPossible, match="one and the same"):
        merge(kept, kept, ada)
    with pytest.raises(PermissionDenied):
        merge(kept, gone, Person.objects.create(username="ben"))
    assert not Merge.objects.exists()
    merge(gone, kept, ada)
    with pytest.raises(NotPossible, match="merged before"):
        merge(make_provider(), kept, ada)


def test_exclusion_of_either_holds_for_both(ada: Person) -> None:
    kept, gone = make_listing().provider, make_listing().provider
    Provider.objects.filter(pk=gone.pk).update(excluded_on=date(2026, 1, 1))

    merge(kept, gone, ada)

    assert not shown(TODAY).exists()


def record(source_id: str, provider: str, **fields: object) -> Record:
    """Return a row of a file."""
    return Record(
        row=1,
        source_id=source_id,
        provider=ProviderRecord(key=provider, name=f"Provider {provider}"),
        place=PlaceRecord(country="GB", town="Leeds"),
        kind="counselling",
        name="A listing",
        consent=Consent.CONSENTED,
        confirmed_on=TODAY,
        credential=CredentialRecord(
            register_id="gb_hcpc", number=f"PYL{provider}", jurisdiction="GB"
        ),
        **fields,
    )


def imported(*records: Record) -> None:
    """Import these rows as a whole file."""
    store(plan(records, "file"), "file")


def test_later_imports_go_to_the_survivor_and_change_no_count(ada: Person) -> None:
    imported(record("1", "a"), record("2", "b"))
    kept = Provider.objects.get(pk=identifier("file", "provider/a"))
    gone = Provider.objects.get(pk=identifier("file", "provider/b"))
    merge(kept, gone, ada)
    before = (Provider.objects.count(), Listing.objects.count(), Credential.objects.count())

    imported(record("1", "a"), record("2", "b", about="new words"))

    assert (Provider.objects.count(), Listing.objects.count(), Credential.objects.count()) == before
    assert set(Listing.objects.values_list("provider", flat=True)) == {kept.pk}
    assert kept.credentials.count() == 2
    imported(record("1", "a"), record("2", "b", about="new words"), record("3", "b"))
    assert Listing.objects.filter(provider=kept).count() == 3


def test_file_takes_nothing_back_that_people_said_since(ada: Person) -> None:
    imported(record("1", "a"))
    Listing.objects.update(
        consent="claimed", claimed_on=TODAY, confirmed_on=TODAY, seats_open=2, seats_on=TODAY,
        accepting="yes", accepting_on=TODAY,
    )  # fmt: skip

    imported(record("1", "a", about="new words", accepting="no", accepting_on=date(2026, 1, 1)))

    listing = Listing.objects.get()
    said = (listing.about, listing.consent, listing.accepting, listing.seats_open)
    assert said == ("new words", "claimed", "yes", 2)
