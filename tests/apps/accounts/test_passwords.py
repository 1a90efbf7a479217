"""Passwords: which we take, and that hashing them never takes the machine (TRUST A1, A2)."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from stepwell.apps.accounts import hashing
from stepwell.apps.accounts.hashing import CappedArgon2, Gate, TooManyHashes
from stepwell.apps.accounts.models import Person

TAKEN = [
    "correct horse battery",
    "Tr0ub4dor&3 and more",
    "quiet otters paint fences",
    "ein langer satz ohne sinn",
    "zwölf Äpfel im Korb",
    "  blanks count as well  ",
    "日本語の長い合言葉です本当",
    "k7#Qz!m2Wp9$",
    "918273645018",  # digits alone, but in no row
    "x" * 5 + "yzabq" * 10 + "!" * 5,
    "quiet otters " * 9 + "paint a few",  # 128 characters
]
REFUSED = [
    "",
    "elevenchars",
    "correcthors",
    "q" * 129,
    "a1b2c3d4e5f6" * 11,  # 132 characters
    "aaaaaaaaaaaa",
    "abababababab",
    "abcdabcdabcd",
    "123456789012",
    "012345678901",
    "qwertyuiop12",
    "password1234",
    "Password!2026",
    "Stepwell2026!",
    "stepwelleditor",
    "MentalHealthNetwork",
    "mental-health-network-1",
    "localhost12345",
    "adalovelace123",
    "ada@example.org",
    "abcdefghijklm",
    "counterstrike",  # on the offline list
]


@pytest.fixture
def ada() -> Person:
    return Person(username="adalovelace", first_name="Ada", email="ada@example.org")


@pytest.mark.parametrize("password", TAKEN)
def test_A2_a_password_of_any_kind_is_taken(ada: Person, password: str) -> None:
    validate_password(password, ada)


@pytest.mark.parametrize("password", REFUSED)
def test_A2_what_is_tried_first_is_refused_with_the_repair(ada: Person, password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password, ada)

    assert all(len(words) > 20 for words in refused.value.messages)


@pytest.mark.django_db
def test_A2_passwords_can_be_pasted_and_there_is_no_hint(client: Client) -> None:
    page = client.get("/staff/sign-in/").content.decode()

    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page
    assert "hint" not in page


def test_A1_fifty_at_once_never_hash_more_than_two_and_nobody_waits_long() -> None:
    gate = Gate(at_once=2, waiting=3, patience=0.05)
    inside, most, lock = 0, 0, threading.Lock()
    together = threading.Barrier(50)

    def sign_in() -> str:
        nonlocal inside, most
        together.wait()
        began = time.monotonic()
        try:
            with gate.turn():
                with lock:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.02)
                with lock:
                    inside -= 1
            return "in"
        except TooManyHashes:
            return "later" if time.monotonic() - began < 5 else "waited"

    with ThreadPoolExecutor(50) as pool:
        said = [one.result() for one in [pool.submit(sign_in) for _ in range(50)]]

    assert most == 2
    assert "waited" not in said
    assert 2 <= said.count("in") <= 50
    with gate.turn(), gate.turn():
        assert True, "every turn was given back"


def test_A1_hashing_is_argon2id_as_strong_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = CappedArgon2()
    encoded = hasher.encode("correct horse battery", "salt-of-sixteen-b")

    assert encoded.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert hasher.verify("correct horse battery", encoded)
    assert not hasher.verify("correct horse batterx", encoded)
    full = Gate(at_once=1, waiting=0, patience=0.01)
    monkeypatch.setattr(hashing, "gate", full)
    with full.turn(), pytest.raises(TooManyHashes):
        hasher.verify("correct horse battery", encoded)


@pytest.mark.django_db
def test_A1_an_older_hash_is_renewed_at_the_sign_in(
    client: Client, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PASSWORD_HASHERS = [
        "stepwell.apps.accounts.hashing.CappedArgon2",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    ]
    ada = Person.objects.create_superuser("ada")
    old = PBKDF2PasswordHasher().encode("correct horse battery", "salt", iterations=10)
    Person.objects.filter(pk=ada.pk).update(password=old)

    said = {"login": "ada", "password": "correct horse battery"}
    assert client.post("/staff/sign-in/", said).status_code == 302

    assert Person.objects.get(pk=ada.pk).password.startswith("argon2$argon2id")
    assert client.get("/staff/").status_code == 200, "the session knows the new hash"


@pytest.mark.django_db
def test_A1_who_finds_no_turn_is_told_when_to_come_again(
    client: Client, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PASSWORD_HASHERS = ["stepwell.apps.accounts.hashing.CappedArgon2"]
    full = Gate(at_once=1, waiting=0, patience=0.01)
    monkeypatch.setattr(hashing, "gate", full)

    with full.turn():
        for name in ("ada", "nobody"):
            said = {"login": name, "password": "correct horse battery"}
            answer = client.post("/staff/sign-in/", said)
            assert answer.status_code == 503
            assert answer["Retry-After"] == "3"
            assert "/help-now/" in answer.content.decode()
            assert answer["Cache-Control"] == "no-store"
