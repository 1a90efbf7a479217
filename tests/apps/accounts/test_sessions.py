"""Sessions of the staff: their ends, what they keep, and what a change of an account does."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.test import Client

from stepwell.apps.accounts import factors, mails, sessions
from stepwell.apps.accounts.models import Person, StaffMail
from stepwell.apps.audit.models import Event
from stepwell.lib.sealing import opened

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
NEW = "other horse battery"


@pytest.fixture(autouse=True)
def _mail(settings) -> None:
    settings.EMAIL_HOST = "mail.invalid"
    cache.clear()


@pytest.fixture
def ada() -> Person:
    return Person.objects.create_superuser("ada", "ada@example.org", PASSWORD)


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def signed_in(client: Client) -> bool:
    answer = client.get("/admin/")
    if answer.status_code == 302:
        assert answer["Location"].startswith("/staff/sign-in/")
    return answer.status_code == 200


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    moment = time.time() + seconds
    monkeypatch.setattr(sessions.time, "time", lambda: moment)


def tick_shared(client: Client) -> None:
    session = client.session
    session["staff"] = {**session["staff"], "shared": True}
    session.save()


@pytest.mark.parametrize(
    ("shared", "minutes", "still"),
    [(False, 29, True), (False, 30, False), (True, 19, True), (True, 20, False)],
)
def test_A4_a_session_without_a_click_ends(
    ada: Person, monkeypatch: pytest.MonkeyPatch, shared: bool, minutes: int, still: bool
) -> None:
    client = client_of(ada)
    if shared:
        tick_shared(client)

    later(monkeypatch, minutes * 60 + 1)

    assert signed_in(client) is still


def test_A4_a_busy_session_ends_after_twelve_hours(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(ada)
    began = time.time()

    def at(minutes: int) -> bool:
        monkeypatch.setattr(sessions.time, "time", lambda: began + minutes * 60)
        return signed_in(client)

    assert [at(minutes) for minutes in range(25, 12 * 60, 25)] == [True] * 28
    assert not at(12 * 60)


def test_A4_a_tab_that_asks_by_itself_is_no_click(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(ada)
    before = client.session["staff"]["seen"]
    later(monkeypatch, 600)

    client.post("/admin/editing-sessions/ping/wagtailcore/page/1/1/")
    assert client.session["staff"]["seen"] == before
    client.get("/admin/")
    assert client.session["staff"]["seen"] == pytest.approx(before + 600, abs=5)


def test_A4_the_box_at_the_sign_in_makes_the_session_a_shared_one(ada: Person) -> None:
    for ticked, shared in (({"shared": "yes"}, True), ({}, False)):
        client = Client()
        client.post("/staff/sign-in/", {"login": "ada", "password": PASSWORD, **ticked})
        assert client.session["staff"]["shared"] is shared


def test_A4_a_sign_in_and_a_new_proof_give_the_session_a_new_id(ada: Person) -> None:
    client = Client()
    client.get("/staff/sign-in/")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["session"] = planted = session.session_key
    client.post("/staff/sign-in/", {"login": "ada", "password": PASSWORD})
    first = client.session.session_key
    assert first != planted
    assert not Session.objects.filter(session_key=planted).exists()

    client.post("/staff/confirm/", {"password": PASSWORD})

    assert client.session.session_key != first
    assert not Session.objects.filter(session_key=first).exists()


def test_A4_signing_out_clears_the_browser_and_the_old_cookie_is_worth_nothing(
    ada: Person,
) -> None:
    for address in ("/staff/sign-out/", "/admin/logout/"):
        client = client_of(ada)
        cookie = client.cookies["session"].value
        assert client.get(address).status_code == 200, "a GET asks first"
        assert signed_in(client)

        answer = client.post(address)

        assert answer["Clear-Site-Data"] == '"cache", "cookies", "storage"'
        assert answer["Location"] == "/staff/sign-in/"
        client.cookies["session"] = cookie
        assert not signed_in(client)


def password(client: Client, ada: Person) -> HttpResponse:
    said = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    return client.post("/staff/password/", said)


def address(client: Client, ada: Person) -> HttpResponse:
    return client.post("/staff/address/", {"email": "new@example.org"})


def passkey(client: Client, ada: Person) -> None:
    adapter = factors.StaffFactorAdapter()
    data = {"secret": adapter.encrypt("JBSWY3DPEHPK3PXP")}
    Authenticator.objects.create(user=ada, type="totp", data=data)


def no_passkey(client: Client, ada: Person) -> None:
    Authenticator.objects.all().delete()


def role(client: Client, ada: Person) -> None:
    ada.groups.add(Group.objects.create(name="Of a test"))


def no_superuser(client: Client, ada: Person) -> None:
    ada.is_superuser = False
    ada.save(update_fields=["is_superuser"])


def other_end(client: Client, ada: Person) -> HttpResponse:
    return client.post("/staff/sessions/end/")


@pytest.mark.parametrize(
    ("change", "stays"),
    [(password, True), (address, True), (other_end, True)]
    + [(change, False) for change in (passkey, no_passkey, role, no_superuser)],
)
def test_A4_a_change_of_the_account_ends_the_other_sessions(
    ada: Person, change: Callable[[Client, Person], Any], stays: bool
) -> None:
    if change is no_passkey:
        passkey(Client(), ada)
    ada.refresh_from_db()
    here, elsewhere = client_of(ada), client_of(ada)
    assert signed_in(elsewhere)

    answer = change(here, ada)

    assert answer is None or answer.status_code == 302, answer.content.decode()
    assert not signed_in(elsewhere)
    assert "_auth_user_id" not in elsewhere.session
    assert signed_in(here) is stays


def test_A4_an_old_copy_of_an_account_does_not_bring_ended_sessions_back(ada: Person) -> None:
    client, copy = client_of(ada), Person.objects.get(pk=ada.pk)
    sessions.end_all(ada)

    copy.first_name = "Ada"
    copy.save()

    assert not signed_in(client)


def test_A7_who_leaves_is_out_at_once_and_rights_are_read_for_each_request(ada: Person) -> None:
    boss = Person.objects.create_superuser("boss", password=PASSWORD)
    client = client_of(ada)
    assert client.get("/admin/users/").status_code == 200

    Person.objects.filter(pk=ada.pk).update(is_superuser=False)  # past every signal
    assert client.get("/admin/users/").status_code == 302
    Person.objects.filter(pk=boss.pk).update(is_active=False)
    assert not signed_in(client_of(boss))


def mailed() -> list[tuple[str, str]]:
    return sorted((mail.kind, opened(mail, "address")) for mail in StaffMail.objects.all())


@pytest.mark.parametrize(
    ("change", "told", "verb"),
    [
        (password, [("PASSWORD", "ada@example.org")], "changed the password of"),
        (
            address,
            [("ADDRESS", "ada@example.org"), ("ADDRESS", "new@example.org")],
            "changed the address of",
        ),
        (passkey, [("FACTOR", "ada@example.org")], "added a second step to"),
        (no_superuser, [], "changed the rights of"),
    ],
)
def test_A8_L3_a_change_is_told_to_the_person_and_written_down(
    ada: Person, change: Callable[[Client, Person], Any], told: list[tuple[str, str]], verb: str
) -> None:
    change(client_of(ada), ada)

    assert mailed() == told
    assert [event.verb for event in Event.objects.filter(thing=f"person:{ada.pk}")] == [verb]
    for mail in StaffMail.objects.all():
        said = (mails.Kind[mail.kind].value + opened(mail, "text")).lower()
        assert not [word for word in ("mental", "health", "ada", "network") if word in said]


@pytest.mark.parametrize(
    "place", ["/staff/address/", "/staff/app/", "/staff/passkeys/add/", "/admin/users/"]
)
def test_A8_a_change_needs_a_proof_of_the_last_minutes(
    ada: Person, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    client = client_of(ada)
    assert client.get(place).status_code == 200

    later(monkeypatch, 6 * 60)

    asked = client.get(place)
    assert asked["Location"].startswith("/staff/confirm/")
    client.post(asked["Location"], {"password": "wrong"})
    assert client.get(place).status_code == 302
    monkeypatch.undo()
    proved = client.post(asked["Location"], {"password": PASSWORD})
    assert proved["Location"] == place


def test_A8_the_password_is_asked_for_before_it_is_changed(ada: Person) -> None:
    client = client_of(ada)

    client.post("/staff/password/", {"oldpassword": "no", "password1": NEW, "password2": NEW})

    assert Person.objects.get(pk=ada.pk).check_password(PASSWORD)


def verbs() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("verb", flat=True))


def test_L3_each_event_of_the_sign_in_is_written_down_once(ada: Person) -> None:
    client = Client()
    client.post("/staff/sign-in/", {"login": "ada", "password": "canary-password"})
    client.post("/staff/sign-in/", {"login": "canary-name", "password": "canary-password"})
    client.post("/staff/sign-in/", {"login": "ada", "password": PASSWORD})
    client.post("/staff/sign-out/")

    refused = "refused a sign-in of"
    assert verbs() == [refused, refused, "signed in", "signed out"]
    things = list(Event.objects.order_by("pk").values_list("thing", flat=True))
    assert things == [f"person:{ada.pk}", "person:0", f"person:{ada.pk}", f"person:{ada.pk}"]
    assert "canary" not in repr(list(Event.objects.values_list()))


def test_L3_a_network_that_is_slowed_down_is_one_event_an_hour(ada: Person) -> None:
    for _ in range(8):
        Client().post("/staff/forgotten/", {"email": "a@example.org"})

    assert verbs() == ["slowed down"]
    assert Event.objects.get().thing == "route:account_reset_password"


def test_A3_somebody_who_lost_everything_starts_again(ada: Person) -> None:
    passkey(Client(), ada)
    client = client_of(ada)

    call_command("take_second_steps", "ada", "--reason", "met in person", verbosity=0)

    assert not Authenticator.objects.exists()
    assert not signed_in(client)
    assert Event.objects.filter(reason="met in person").count() == 1
    with pytest.raises(CommandError, match="no account"):
        call_command("take_second_steps", "nobody", "--reason", "x")


def test_A5_the_list_of_sessions_shows_moments_and_nothing_else(ada: Person) -> None:
    here, _elsewhere, ended = client_of(ada), client_of(ada), client_of(ada)
    ended.post("/staff/sign-out/")
    request = HttpRequest()
    request.session = here.session

    found = sessions.of(ada, request)

    assert [one.here for one in found].count(True) == 1
    assert len(found) == 2
    assert set(sessions.Open._fields) == {"began", "seen", "shared", "here"}
    assert here.get("/staff/").content.decode().count("last click") == 2


def test_a_try_without_a_second_step_is_for_localhost(settings, ada: Person) -> None:
    settings.STAFF_SECOND_FACTOR = False
    client = Client()

    answer = client.post("/staff/sign-in/", {"login": "ada", "password": PASSWORD})

    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
