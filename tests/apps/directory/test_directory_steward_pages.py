"""The stewards' pages: what they show, what they do, and how few queries they cost."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.models import Event
from stepwell.apps.directory.models import Case, Cause, Evidence, Provider
from stepwell.apps.directory.stewards import queries
from stepwell.apps.directory.stewards.cases import open_case
from tests.apps.directory.build import make_credential, make_listing, make_provider

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
PDF = b"%PDF-1.7 PAGECANARY"


@pytest.fixture
def ada(client: Client) -> Person:
    """A steward, signed in."""
    ada = Person.objects.create(username="ada")
    rights = ["change_listing", "change_credential", "access_admin"]
    ada.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(ada)
    return ada


def page(client: Client, name: str, *ids: object) -> str:
    """Return a page that opens."""
    answer = client.get(reverse(name, args=ids))
    assert answer.status_code == 200
    return answer.content.decode()


def test_cases_are_listed_by_cause_and_age_with_what_to_do(client: Client, ada: Person) -> None:
    newer, older = make_provider(name="Newer"), make_provider(name="Older")
    open_case(cause=Cause.EXPIRY, provider=newer, key="n", at=AT + timedelta(days=1))
    case = open_case(cause=Cause.EXCLUDED, provider=older, key="o", at=AT, detail="On the list.")

    everything = page(client, "directory_cases")
    assert everything.index("Older") < everything.index("Newer")
    assert "Compare on the list&#x27;s own site" in everything
    one = client.get(reverse("directory_cases"), {"cause": "expiry"}).content.decode()
    assert "Newer" in one
    assert "Older" not in one

    address = reverse("directory_case", args=[case.pk])
    told = {"do": "settle", "outcome": "unfounded", "note": "another person"}
    assert client.post(address, told).status_code == 302
    case.refresh_from_db()
    assert (case.outcome, case.settled_by) == ("unfounded", ada)
    assert "another person" in page(client, "directory_case", case.pk)


def test_lists_of_stewards_cost_the_same_few_queries_for_any_number(
    client: Client, ada: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page(client, "directory_cases")
    for number in range(30):
        listing = make_listing(confirmed_on=date(2026, 1, 1))
        soon = timezone.localdate() + timedelta(days=3)
        make_credential(listing.provider, next_check_on=soon)
        open_case(cause=Cause.EXPIRY, provider=listing.provider, key=str(number), at=AT)

    for name in ("directory_cases", "directory_due"):
        with django_assert_max_num_queries(14):
            page(client, name)
    with django_assert_max_num_queries(2):
        assert len(list(queries.open_cases(""))) == 30
        assert len(list(queries.credentials_due(timezone.localdate()))) == 30


def test_due_names_checks_and_confirmations(client: Client, ada: Person) -> None:
    today = timezone.localdate()
    old = make_listing(name="Old word", confirmed_on=today - timedelta(days=80))
    make_listing(name="Fresh word", confirmed_on=today)
    make_credential(old.provider, number="DUE1", next_check_on=today)
    make_credential(old.provider, number="LATER1", next_check_on=today + timedelta(days=90))

    text = page(client, "directory_due")

    assert "Old word" in text
    assert "DUE1" in text
    assert "Fresh word" not in text
    assert "LATER1" not in text


def test_document_is_added_and_served_as_a_file_to_stewards_only(
    client: Client, ada: Person
) -> None:
    credential = make_credential(make_listing().provider)
    address = reverse("directory_settle_credential", args=[credential.pk])
    file = SimpleUploadedFile("a.pdf", PDF, "application/pdf")
    told = {"do": "add", "type": "licence", "issuer": "Board", "number": "7", "purpose": "to check"}
    assert client.post(address, {**told, "document": file}).status_code == 302
    document = Evidence.objects.get()

    text = page(client, "directory_settle_credential", credential.pk)
    assert "PAGECANARY" not in text
    where = reverse("directory_evidence", args=[document.pk])
    assert client.get(where).status_code == 405
    answer = client.post(where)
    assert answer.content == PDF
    assert answer["Content-Disposition"].startswith("attachment")
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert Event.objects.filter(verb="read", by=ada).count() == 1

    ada.user_permissions.remove(Permission.objects.get(codename="change_credential"))
    client.force_login(Person.objects.get(pk=ada.pk))
    assert client.post(where).status_code in {302, 403}
    assert Client().post(where).status_code in {302, 403}


def test_second_steward_makes_two_and_who_works_there_is_refused(
    client: Client, ada: Person
) -> None:
    credential = make_credential(make_listing().provider)
    address = reverse("directory_settle_credential", args=[credential.pk])
    page(client, "directory_settle_credential", credential.pk)
    client.post(address, {"do": "link", "reason": "same practice"})

    told = {"do": "check", "state": "verified", "level": "5", "reason": "seen", "apart": "on"}
    answer = client.post(address, told)

    assert "does not work with this provider" in answer.content.decode()
    credential.refresh_from_db()
    assert credential.state == "claimed"
    assert Event.objects.filter(verb="check refused", by=ada).count() == 1


def test_box_has_to_be_ticked(client: Client, ada: Person) -> None:
    credential = make_credential(make_listing().provider)
    told = {"do": "check", "state": "verified", "level": "5", "reason": "seen"}

    client.post(reverse("directory_settle_credential", args=[credential.pk]), told)

    credential.refresh_from_db()
    assert credential.state == "claimed"


def test_provider_page_merges_parts_lifts_and_tells_the_history(
    client: Client, ada: Person
) -> None:
    kept = make_listing(provider=make_provider(name="Twice")).provider
    gone = make_listing(provider=make_provider(name="twice")).provider
    address = reverse("directory_provider", args=[kept.pk])

    assert str(gone.source_id) in page(client, "directory_provider", kept.pk)
    Provider.objects.filter(pk=gone.pk).update(name="Another name")
    pair = f"{gone.pk}/{kept.pk}"
    case = open_case(cause=Cause.DUPLICATE, provider=gone, key=pair, at=AT)
    assert list(queries.alike(kept)) == [gone]
    client.post(address, {"do": "merge", "other": str(gone.pk), "reason": "the same"})
    gone.refresh_from_db()
    assert gone.merged_into == kept
    case.refresh_from_db()
    assert (case.outcome, case.settled_by) == ("merged", ada)
    assert "This row was merged" in page(client, "directory_provider", gone.pk)
    client.post(address, {"do": "undo", "reason": "they are two"})
    gone.refresh_from_db()
    assert gone.merged_into is None

    Provider.objects.filter(pk=kept.pk).update(excluded_on=date(2026, 1, 1))
    client.post(address, {"do": "lift", "reason": "somebody else"})
    kept.refresh_from_db()
    assert kept.excluded_on is None
    text = page(client, "directory_provider", kept.pk)
    assert "lifted exclusion" in text
    assert "took in" in text


def test_consent_is_recorded_with_its_day_and_reason(client: Client, ada: Person) -> None:
    listing = make_listing(consent="none")
    address = reverse("directory_settle_listing", args=[listing.pk])
    told = {"do": "consent", "consent": "claimed", "on": "2026-11-02", "reason": "they wrote"}

    assert client.post(address, told).status_code == 302

    listing.refresh_from_db()
    day = date(2026, 11, 2)
    assert (listing.consent, listing.consent_on, listing.claimed_on) == ("claimed", day, day)
    assert Event.objects.get().verb == "consent: claimed"
    later = {**told, "on": str(timezone.localdate() + timedelta(days=2))}
    assert "has not come yet" in client.post(address, later).content.decode()


def test_pages_of_what_is_not_there_are_not_found(client: Client, ada: Person) -> None:
    missing = make_provider()
    ids = {"directory_case": 99, "directory_settle_credential": 99, "directory_provider": None}
    Provider.objects.filter(pk=missing.pk).delete()
    for name, one in ids.items():
        address = reverse(name, args=[one or missing.pk])
        assert client.get(address).status_code == 404
    assert not Case.objects.exists()
