"""The stewards' side of freshness: links by hand, calls, and who may."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.models import Event
from stepwell.apps.directory.actions import NotPossible
from stepwell.apps.directory.freshness import links, reminders, steward_actions
from stepwell.apps.directory.models import Case, Listing, Provider
from stepwell.apps.directory.models.freshness import Confirmation, SaidBy, TrialCall
from stepwell.domain.freshness import Takes
from tests.apps.directory.build import make_listing

pytestmark = pytest.mark.django_db
ADDRESS = "front-desk@example.org"


@pytest.fixture
def ada(client: Client) -> Person:
    """A steward, signed in."""
    ada = Person.objects.create(username="ada")
    rights = ["change_listing", "read_report", "access_admin"]
    ada.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client.force_login(ada)
    return ada


@pytest.fixture
def listing(settings: Any) -> Listing:
    """A listing that was confirmed long ago, of a provider who has an address."""
    settings.EMAIL_HOST = "mail.example"
    made = make_listing(confirmed_on=timezone.localdate() - timedelta(days=70))
    Provider.objects.filter(pk=made.provider_id).update(contact_email=ADDRESS)
    return Listing.objects.select_related("provider").get(pk=made.pk)


def do(client: Client, listing: Listing, what: str, **said: str) -> Any:
    return client.post(f"/admin/directory/freshness/{listing.pk}/", {"do": what, **said})


def test_a_steward_sees_what_waits_and_what_is_known(
    client: Client, ada: Person, listing: Listing
) -> None:
    make_listing(name="Lately confirmed", confirmed_on=timezone.localdate())

    waits = client.get("/admin/directory/freshness/").content.decode()
    known = client.get(f"/admin/directory/freshness/{listing.pk}/").content.decode()

    assert listing.name in waits
    assert "Lately confirmed" not in waits
    assert "Mail a link now" in known
    assert ADDRESS not in waits + known


def test_a_steward_mails_a_link_once_a_day(client: Client, ada: Person, listing: Listing) -> None:
    assert do(client, listing, "send").status_code == 302
    again = do(client, listing, "send").content.decode()

    assert len(mail.outbox) == 1
    assert "got a mail today already" in again
    assert [event.verb for event in Event.objects.all()] == ["sent confirm link"]
    reminders.remind(timezone.now() + timedelta(days=1))
    assert len(mail.outbox) == 2  # what was sent by hand is not the reminder that is due


def test_a_steward_copies_a_link_and_that_is_written_down(
    client: Client, ada: Person, listing: Listing
) -> None:
    page = do(client, listing, "link").content.decode()

    token = page.partition("/find/confirm/")[2].partition("/")[0]
    found = links.find_link(token, timezone.now())
    assert found is not None
    assert found.listing == listing
    assert [(event.by, event.verb) for event in Event.objects.all()] == [(ada, "made confirm link")]


def test_a_confirmation_by_phone_dates_the_listing_and_settles_its_case(
    client: Client, ada: Person, listing: Listing, settings: Any
) -> None:
    settings.EMAIL_HOST = ""
    reminders.remind(timezone.now())
    day = timezone.localdate() - timedelta(days=1)

    response = do(client, listing, "phone", on=day.isoformat(), said_by="staff")

    listing.refresh_from_db()
    said = Confirmation.objects.get()
    assert response.status_code == 302
    assert listing.confirmed_on == said.confirmed_on == day
    assert (said.how, said.said_by, said.by) == ("phone", "staff", ada)
    assert Case.objects.get().outcome == "corrected"
    assert Event.objects.filter(by=ada, verb="confirmed").count() == 1


def test_an_older_call_does_not_take_back_a_newer_confirmation(
    ada: Person, listing: Listing
) -> None:
    today = timezone.localdate()
    Listing.objects.update(confirmed_on=today)

    steward_actions.confirm_by_phone(
        listing=listing,
        by=ada,
        on=today - timedelta(days=3),
        said_by=SaidBy.PROVIDER,
        now=timezone.now(),
    )

    listing.refresh_from_db()
    assert listing.confirmed_on == today


@pytest.mark.parametrize("days", [-1, 15])
@pytest.mark.parametrize("what", ["phone", "call"])
def test_calls_to_come_or_long_past_are_refused(
    client: Client, ada: Person, listing: Listing, days: int, what: str
) -> None:
    day = timezone.localdate() - timedelta(days=days)
    said = {"said_by": "staff", "reached": "yes", "takes": "yes"}

    response = do(client, listing, what, on=day.isoformat(), **said)

    assert "within 14 days" in response.content.decode()
    assert not Confirmation.objects.exists()
    assert not TrialCall.objects.exists()


def test_a_test_call_counts_once_a_day(client: Client, ada: Person, listing: Listing) -> None:
    today = timezone.localdate().isoformat()
    first = do(client, listing, "call", on=today, reached="yes", takes="no")
    second = do(client, listing, "call", on=today, reached="no", takes="unknown")

    assert first.status_code == 302
    assert "already" in second.content.decode()
    assert TrialCall.objects.get().takes == "no"


def test_who_was_not_reached_said_nothing(ada: Person, listing: Listing) -> None:
    with pytest.raises(NotPossible):
        steward_actions.write_down_call(
            listing=listing,
            by=ada,
            on=timezone.localdate(),
            reached=False,
            takes=Takes.YES,
            now=timezone.now(),
        )


def test_an_example_is_confirmed_by_nobody(client: Client, ada: Person) -> None:
    example = make_listing(fictional=True)

    page = do(client, example, "link").content.decode()

    assert "Nobody can confirm it" in page
    assert "/find/confirm/" not in page


def test_A6_only_stewards_may(client: Client, ada: Person, listing: Listing) -> None:
    now, today = timezone.now(), timezone.localdate()
    ben = Person.objects.create(username="ben")
    cleo = Person.objects.create(username="cleo", is_active=False, is_superuser=True)

    for outsider in (ben, cleo):
        by = {"listing": listing, "by": outsider, "now": now}
        with pytest.raises(PermissionDenied):
            steward_actions.send_link(**by)
        with pytest.raises(PermissionDenied):
            steward_actions.make_link(**by)
        with pytest.raises(PermissionDenied):
            steward_actions.confirm_by_phone(**by, on=today, said_by=SaidBy.STAFF)
        with pytest.raises(PermissionDenied):
            steward_actions.write_down_call(**by, on=today, reached=True, takes=Takes.YES)
    ada.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    pages = ("freshness/", f"freshness/{listing.pk}/", f"reports/{listing.pk}/")
    answers = [client.get(f"/admin/directory/{page}").status_code for page in pages]
    assert set(answers) <= {302, 403}
    assert not Event.objects.exclude(thing__startswith="person:").exists()
