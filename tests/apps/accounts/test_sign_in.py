"""Signing in: a password and a second step, the same answer for everybody, nothing in clear."""

import json
import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from stepwell.apps.accounts import factors, mails
from stepwell.apps.accounts.models import Person, StaffMail
from stepwell.lib import key_rings, sealing

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
SIGN_IN = "/staff/sign-in/"


@pytest.fixture(autouse=True)
def _no_counts_of_others() -> None:
    cache.clear()


@pytest.fixture
def ada() -> Person:
    return Person.objects.create_superuser("ada", "ada@example.org", PASSWORD)


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def say_password(client: Client, name: str = "ada", password: str = PASSWORD) -> HttpResponse:
    return client.post(SIGN_IN, {"login": name, "password": password})


def enrol(client: Client) -> tuple[str, list[str]]:
    """Choose codes from an app at the first sign-in; return its secret and the recovery codes."""
    assert say_password(client)["Location"] == "/staff/"
    page = client.get("/staff/app/").content.decode()
    secret = re.search(r"Key: <code>(\w+)</code>", page)[1]
    answer = client.post("/staff/app/", {"code": code_of(secret)}, follow=True)
    codes = re.findall(r"<li><code>(\d{8})</code>", answer.content.decode())
    assert len(codes) == 10
    cache.clear()  # a code works once; nobody waits for the next one here
    return secret, codes


def signed_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def test_A3_nobody_works_before_a_second_step_is_chosen(ada: Person, client: Client) -> None:
    assert say_password(client)["Location"] == "/staff/"

    assert client.get("/admin/")["Location"] == "/staff/"
    assert client.get("/admin/users/")["Location"] == "/staff/"
    assert client.get("/staff/").status_code == 200
    enrol(other := Client())
    assert signed_in(other)
    assert not signed_in(client), "the session that had the password alone was ended"


def test_A3_a_code_from_the_app_or_a_recovery_code_is_asked_for(ada: Person) -> None:
    secret, codes = enrol(Client())

    for code in (code_of(secret), codes[0]):
        client = Client()
        assert say_password(client)["Location"] == "/staff/sign-in/second-step/"
        assert not signed_in(client)
        assert client.post("/staff/sign-in/second-step/", {"code": "000000"}).status_code == 200
        assert not signed_in(client)
        client.post("/staff/sign-in/second-step/", {"code": code})
        assert signed_in(client)
        cache.clear()

    client = Client()
    say_password(client)
    client.post("/staff/sign-in/second-step/", {"code": codes[0]})
    assert not signed_in(client), "a recovery code works once"


def test_A3_the_database_holds_no_secret_in_clear(ada: Person, client: Client) -> None:
    say_password(client)
    page = client.get("/staff/app/").content.decode()
    waiting = re.search(r"Key: <code>(\w+)</code>", page)[1]
    rows = json.dumps(list(Session.objects.values_list("session_data", flat=True)))
    assert waiting not in rows
    secret, codes = enrol(Client())

    stored = dict(Authenticator.objects.values_list("type", "data"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM mfa_authenticator")
        text = repr(cursor.fetchall())
        cursor.execute("SELECT * FROM django_session")
        text += repr(cursor.fetchall())

    assert secret not in text
    assert not [code for code in codes if code in text]
    assert key_rings.is_sealed(stored["totp"]["secret"])
    assert key_rings.is_sealed(stored["recovery_codes"]["seed"])


def test_A3_a_session_is_sealed_in_the_database(ada: Person, client: Client, settings) -> None:
    say_password(client)
    assert Session.objects.get(session_key=client.session.session_key).get_decoded()

    settings.SEALING_KEYS = "tests " + "B" * 42 + "A"  # the same name, another key

    assert Session.objects.get(session_key=client.session.session_key).get_decoded() == {}


def test_D2_a_secret_of_somebody_else_does_not_open(ada: Person) -> None:
    enrol(Client())
    bob = Person.objects.create_superuser("bob", password=PASSWORD)
    row = Authenticator.objects.get(type="totp")

    Authenticator.objects.filter(pk=row.pk).update(user=bob)
    moved = Authenticator.objects.get(pk=row.pk)

    with pytest.raises(key_rings.Damaged):
        moved.wrap().validate_code("123456")
    client = Client(raise_request_exception=False)
    say_password(client, "bob")
    assert client.post("/staff/sign-in/second-step/", {"code": "123456"}).status_code == 500
    assert not signed_in(client)


def test_D2_a_secret_in_clear_does_not_reach_the_database(ada: Person) -> None:
    with pytest.raises(key_rings.Damaged):
        Authenticator.objects.create(user=ada, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})


def test_D2_a_rotation_of_keys_takes_the_second_steps_along(ada: Person, settings) -> None:
    secret, codes = enrol(Client())
    store = factors.Secrets()
    assert store.waiting() == 0
    settings.SEALING_KEYS += ",newer " + "B" * 42 + "A"

    assert sealing.waiting() == 2
    changed = sum(done for done, unopened in sealing.reseal() if not unopened)

    assert (changed, sealing.waiting()) == (2, 0)
    assert sealing.find_unopened() is None
    settings.SEALING_KEYS = settings.SEALING_KEYS.partition(",")[2]  # the old key is gone
    client = Client()
    say_password(client)
    client.post("/staff/sign-in/second-step/", {"code": codes[3]})
    assert signed_in(client)
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code_of(secret))


def test_D2_a_secret_that_does_not_open_is_named_and_left(ada: Person, settings) -> None:
    enrol(Client())
    settings.SEALING_KEYS = "newer " + "B" * 42 + "A"

    unopened = [place for _, places in factors.Secrets().reseal() for place in places]

    assert len(unopened) == 2
    assert "tests" in str(sealing.find_unopened())


def test_A3_wagtails_own_sign_ins_lead_to_ours(ada: Person, client: Client) -> None:
    for address in ("/admin/login/", "/_util/login/"):
        assert client.get(f"{address}?next=/admin/pages/")["Location"] == (
            "/staff/sign-in/?next=%2Fadmin%2Fpages%2F"
        )
        client.post(address, {"username": "ada", "password": PASSWORD})
        assert not client.session.get("_auth_user_id")


def test_A3_a_session_that_skipped_the_second_step_is_ended(ada: Person) -> None:
    """Whatever door another library may open: without the step it leads nowhere."""
    enrol(Client())
    client = Client()
    client.force_login(ada)
    session = client.session
    session["staff"] = {**session["staff"], "factor": None}
    session.save()

    assert client.get("/staff/")["Location"].startswith("/staff/sign-in/")
    assert not signed_in(client)


def test_A3_a_reset_does_not_skip_the_second_step(ada: Person, settings, mailoutbox) -> None:
    settings.EMAIL_HOST = "mail.invalid"
    secret, _ = enrol(Client())
    StaffMail.objects.all().delete()
    client = Client()
    client.post("/staff/forgotten/", {"email": "ada@example.org"})
    assert mails.send_waiting(timezone.now()) == 1
    link = re.search(r"http://[^/]*(/staff/forgotten/\S+)", mailoutbox[0].body)[1]

    page = client.get(link, follow=True)
    new = "other horse battery"
    sent = {"password1": new, "password2": new}
    done = client.post(page.request["PATH_INFO"], sent, follow=True)

    assert "Your password was changed" in done.content.decode()
    assert not signed_in(client)
    assert say_password(client, password=new)["Location"] == "/staff/sign-in/second-step/"
    assert not signed_in(client)
    client.post("/staff/sign-in/second-step/", {"code": code_of(secret)})
    assert signed_in(client)
    assert "before" in Client().get(link, follow=True).content.decode(), "a link works once"


def plain(answer: HttpResponse, *names: str) -> tuple[int, bytes]:
    """An answer without what must differ: the form's token, and the name that was typed."""
    body = re.sub(rb'(csrfmiddlewaretoken" value=)"\w+"', rb"\1", answer.content)
    for name in names:
        body = body.replace(name.encode(), b"NAME")
    return answer.status_code, body


def test_F8_the_answer_is_the_same_whether_an_account_exists(ada: Person, settings) -> None:
    settings.EMAIL_HOST = "mail.invalid"
    off = Person.objects.create_user("off", password=PASSWORD, is_active=False)

    said = [say_password(Client(), name, "wrong wrong wrong") for name in ("ada", "nobody", "off")]
    right_but_off = say_password(Client(), off.username)
    reset = [
        Client().post("/staff/forgotten/", {"email": email}, follow=True)
        for email in ("ada@example.org", "nobody@example.org")
    ]

    answers = {plain(one, "ada", "nobody", "off") for one in (*said, right_but_off)}
    assert len(answers) == 1
    assert len({plain(one) for one in reset}) == 1
    assert [one.redirect_chain for one in reset] == [[("/staff/forgotten/sent/", 302)]] * 2
    assert StaffMail.objects.count() == 1


def test_F8_no_mail_goes_out_while_somebody_waits_for_an_answer(
    ada: Person, settings, mailoutbox, client: Client
) -> None:
    settings.EMAIL_HOST = "mail.invalid"

    client.post("/staff/forgotten/", {"email": "ada@example.org"})

    assert mailoutbox == []
    row = repr(StaffMail.objects.values_list())
    assert "ada@example.org" not in row
    assert mails.send_waiting(timezone.now()) == 1
    assert (StaffMail.objects.count(), mailoutbox[0].to) == (0, ["ada@example.org"])


def test_R4_a_mail_waits_while_the_mail_server_is_down_and_goes_after_an_hour(
    ada: Person, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_HOST = "mail.invalid"
    mails.leave(mails.Kind.PASSWORD, to="ada@example.org")

    def down(*args: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", down)

    assert mails.send_waiting(timezone.now()) == 0
    assert StaffMail.objects.count() == 1
    mails.send_waiting(timezone.now() + timedelta(hours=2))
    assert StaffMail.objects.count() == 0


def test_F7_a_network_that_tries_much_waits_and_gets_its_turn(ada: Person) -> None:
    answers = [say_password(Client(), "nobody", "wrong").status_code for _ in range(11)]
    last = say_password(Client(), "ada", "wrong")
    assert answers == [200] * 11
    assert "Too many" in say_password(Client(), "nobody").content.decode(), "one name"
    for _ in range(20):
        last = say_password(Client(), f"nobody{_}", "wrong")

    assert last.status_code == 429
    assert 0 < int(last["Retry-After"]) <= 10
    assert "Go back in" in last.content.decode()
    other = {"REMOTE_ADDR": "198.51.100.7"}
    assert Client(**other).post(SIGN_IN, {"login": "a", "password": "b"}).status_code == 200


def test_A5_nothing_kept_of_a_session_says_from_where(ada: Person, client: Client) -> None:
    headers = {"user-agent": "canary-agent", "x-forwarded-for": "203.0.113.77"}
    client.post(
        SIGN_IN, {"login": "ada", "password": PASSWORD}, headers=headers, REMOTE_ADDR="203.0.113.9"
    )

    kept = repr([row.get_decoded() for row in Session.objects.all()])
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith(("django_session", "accounts_", "audit_", "account_", "mfa_")):
                cursor.execute(f'SELECT * FROM "{table}"')
                kept += repr(cursor.fetchall())
    assert "canary-agent" not in kept
    assert "203.0.113" not in kept
    assert "ada" in kept


def test_P4_P5_X1_pages_of_the_sign_in_have_their_headers(ada: Person, client: Client) -> None:
    for address in (SIGN_IN, "/staff/forgotten/", "/staff/", "/staff/forgotten/sent/"):
        answer = client.get(address)
        assert answer["Cache-Control"] == "no-store"
        assert "require-trusted-types-for 'script'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert answer["Referrer-Policy"] == "same-origin"
        assert "publickey-credentials-get=(self)" in answer["Permissions-Policy"]
        assert answer["X-Frame-Options"] == "DENY"


def test_P11_the_well_known_address_leads_to_the_password(client: Client) -> None:
    assert client.get("/.well-known/change-password")["Location"] == "/staff/password/"
    assert client.get("/staff/password/")["Location"].startswith(SIGN_IN)


def test_nobody_signs_up(client: Client) -> None:
    for address in ("signup/", "login/code/", "email/", "login/", "2fa/", "password/reset/"):
        assert client.get(f"/staff/{address}").status_code == 404
