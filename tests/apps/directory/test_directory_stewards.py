"""Stewards: who may decide, what is written down, and what cannot be undone by an import."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from stepwell.apps.accounts.models import Person
from stepwell.apps.audit.models import Event
from stepwell.apps.directory import access, actions
from stepwell.apps.directory.models import FIELD_CLASSES, Credential, Listing
from stepwell.apps.directory.stewards import checks
from stepwell.domain.credentials import ImpossibleChange, Level, State
from stepwell.domain.offers import Standing
from tests.apps.directory.build import make_credential, make_listing, make_place, make_provider

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def ada() -> Person:
    """A steward: she may change listings and credentials."""
    ada = Person.objects.create(username="ada")
    ada.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="directory",
            codename__in=["change_listing", "change_credential"],
        )
    )
    ada.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return ada


@pytest.fixture
def ben() -> Person:
    """Somebody on the staff who may look at listings only."""
    ben = Person.objects.create(username="ben")
    ben.user_permissions.set(
        Permission.objects.filter(codename__in=["view_listing", "access_admin"])
    )
    return ben


@pytest.fixture
def cleo() -> Person:
    """Somebody who was a steward and has left."""
    return Person.objects.create(username="cleo", is_active=False, is_superuser=True)


def test_only_an_active_steward_may_decide(ada: Person, ben: Person, cleo: Person) -> None:
    assert [access.can_settle_listing(one) for one in (ada, ben, cleo)] == [True, False, False]
    assert [access.can_settle_credential(one) for one in (ada, ben, cleo)] == [True, False, False]
    for outsider in (ben, cleo):
        with pytest.raises(PermissionDenied):
            access.check_can_settle_listing(outsider)
        with pytest.raises(PermissionDenied):
            access.check_can_settle_credential(outsider)


def test_hiding_and_showing_is_written_down(ada: Person) -> None:
    listing = make_listing()

    actions.hide_listing(listing=listing, by=ada, reason="reported as closed")
    actions.show_listing(listing=listing, by=ada, reason="they called back")

    listing.refresh_from_db()
    assert listing.standing == Standing.ACTIVE
    written = Event.objects.order_by("pk").values_list("by", "verb", "thing", "reason")
    thing = f"listing:{listing.pk}"
    assert list(written) == [
        (ada.pk, "made hidden", thing, "reported as closed"),
        (ada.pk, "made active", thing, "they called back"),
    ]


def test_nothing_is_changed_without_right_reason_or_need(ada: Person, ben: Person) -> None:
    listing = make_listing()

    with pytest.raises(PermissionDenied):
        actions.hide_listing(listing=listing, by=ben, reason="because")
    with pytest.raises(actions.NotPossible, match="why"):
        actions.hide_listing(listing=listing, by=ada, reason="  ")
    with pytest.raises(actions.NotPossible, match="not hidden"):
        actions.show_listing(listing=listing, by=ada, reason="because")

    listing.refresh_from_db()
    assert listing.standing == Standing.ACTIVE
    assert not Event.objects.exists()


def settle(credential: Credential, by: Person, state: State, level: Level) -> None:
    """Settle a credential with the usual words."""
    checks.settle_credential(
        credential=credential,
        state=state,
        level=level,
        expires_on=date(2027, 1, 1),
        by=by,
        reason="looked it up",
        at=AT,
        apart=True,
    )


def test_check_of_a_credential_is_dated_and_written_down(ada: Person) -> None:
    credential = make_credential(make_provider())

    settle(credential, ada, State.VERIFIED, Level.REGISTER_CONFIRMED)

    credential.refresh_from_db()
    found = (credential.state, credential.level, credential.checked_at, credential.checked_by)
    assert found == ("verified", Level.REGISTER_CONFIRMED, AT, ada)
    assert Event.objects.get().thing == f"credential:{credential.pk}"


@pytest.mark.parametrize("level", [Level.DECLARED, Level.FORMAT_VALID, Level.TWO_APPROVED])
def test_one_person_cannot_verify_on_a_form_or_for_two(ada: Person, level: Level) -> None:
    credential = make_credential(make_provider())

    with pytest.raises(actions.NotPossible):
        settle(credential, ada, State.VERIFIED, level)


def test_refused_credential_cannot_be_verified_in_one_step(ada: Person) -> None:
    credential = make_credential(make_provider())
    settle(credential, ada, State.REFUSED, Level.DECLARED)

    with pytest.raises(ImpossibleChange):
        settle(credential, ada, State.VERIFIED, Level.REGISTER_CONFIRMED)


def test_steward_decides_in_the_admin(client: Client, ada: Person, ben: Person) -> None:
    listing = make_listing(name="Example to hide")
    credential = make_credential(make_provider())
    client.force_login(ada)

    assert "Example to hide" in client.get("/admin/directory_listings/").content.decode()
    assert client.get("/admin/directory_credentials/").status_code == 200
    client.post(f"/admin/directory/listing/{listing.pk}/", {"do": "standing", "reason": "closed"})
    client.post(
        f"/admin/directory/credential/{credential.pk}/",
        {
            "do": "check",
            "state": "verified",
            "level": "5",
            "expires_on": "2027-01-01",
            "reason": "seen",
            "apart": "on",
        },
    )

    listing.refresh_from_db()
    credential.refresh_from_db()
    assert (listing.standing, credential.state) == ("hidden", "verified")
    assert Event.objects.count() == 2

    client.force_login(ben)
    client.post(f"/admin/directory/listing/{listing.pk}/", {"do": "standing", "reason": "no"})
    listing.refresh_from_db()
    assert listing.standing == "hidden"


def test_lists_in_the_admin_offer_no_way_round_the_actions(client: Client) -> None:
    client.force_login(Person.objects.create_superuser(username="root"))
    listing = make_listing()

    for room in ("listings", "credentials", "providers", "imports"):
        assert client.get(f"/admin/directory_{room}/").status_code == 200
        assert client.get(f"/admin/directory_{room}/new/").status_code != 200
    assert client.get(f"/admin/directory_listings/inspect/{listing.pk}/").status_code == 200
    assert client.get(f"/admin/directory_listings/edit/{listing.pk}/").status_code != 200
    client.post(f"/admin/directory_listings/delete/{listing.pk}/")
    assert Listing.objects.filter(pk=listing.pk).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"standing": "gone"},
        {"consent": "maybe"},
        {"cost": "cheap"},
        {"accepting": "perhaps"},
        {"fictional": True, "confirmed_on": date(2026, 11, 1)},
        {"minimum_age": 30, "maximum_age": 12},
        {"shuffle_key": -1},
        {"confidentiality": "guaranteed"},
    ],
)
def test_database_refuses_a_listing_that_cannot_be(wrong: dict[str, object]) -> None:
    listing = make_listing()

    with pytest.raises(IntegrityError), transaction.atomic():
        Listing.objects.filter(pk=listing.pk).update(**wrong)


def test_database_refuses_a_listing_that_is_nowhere() -> None:
    listing = make_listing()

    with pytest.raises(IntegrityError), transaction.atomic():
        Listing.objects.filter(pk=listing.pk).update(place=None, remote=False)


def test_database_refuses_a_check_that_nobody_made() -> None:
    credential = make_credential(make_provider())

    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.filter(pk=credential.pk).update(state="verified")
    with pytest.raises(IntegrityError), transaction.atomic():
        Credential.objects.filter(pk=credential.pk).update(checked_at=AT)


def test_database_refuses_a_street_at_a_redacted_place() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_place(town="Hidden", redacted=True, street="1 Example Street")


def test_d1_every_field_is_classed() -> None:
    fields = {
        f"{model.__name__}.{field.name}"
        for model in Listing._meta.apps.get_app_config("directory").get_models()
        for field in model._meta.fields
    }

    assert set(FIELD_CLASSES) == fields
    assert set(FIELD_CLASSES.values()) <= set("ABCD")


def test_a_change_leaves_the_moment_for_those_who_fetch_changes(ada: Person) -> None:
    listing = make_listing()
    before = Listing.objects.get(pk=listing.pk).changed_at

    actions.hide_listing(listing=listing, by=ada, reason="It has moved")

    assert Listing.objects.get(pk=listing.pk).changed_at > before
