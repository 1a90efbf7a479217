"""Sealed columns: on the way in, in the database, on the way out, and under a new key."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from stepwell.apps.contact.models import Letter
from stepwell.cli.rotating import rotate_keys
from stepwell.lib import key_rings, sealing
from stepwell.lib.key_rings import Damaged, NoKeys, SealingError, UnknownKey

pytestmark = pytest.mark.django_db
CANARY = "canary-51f0"


@pytest.fixture
def keys(tmp_path: Path, settings: Any) -> Path:
    """A file of keys with one key, which this site uses."""
    settings.SEALING_KEYS, settings.SEALING_KEYS_FILE = "", str(tmp_path / "keys")
    key_rings.add_key(tmp_path / "keys")
    return tmp_path / "keys"


def make_letter(number: int = 0, message: str = CANARY) -> Letter:
    letter = Letter(kind="question", written_on=date(2026, 11, 24), code_hash=f"hash {number}")
    sealing.seal_into(letter, message=message, reply_to="", page="")
    letter.save()
    return letter


def stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM contact_letter")
        return repr(cursor.fetchall())


def test_D2_the_database_holds_no_plain_text(keys: Path) -> None:
    make_letter()

    assert CANARY not in stored()
    assert sealing.opened(Letter.objects.get(), "message") == CANARY


def test_D2_two_rows_cannot_be_swapped(keys: Path) -> None:
    one, two = make_letter(1), make_letter(2)
    one.message, two.message = two.message, one.message
    one.save()

    with pytest.raises(Damaged):
        sealing.opened(Letter.objects.get(pk=one.pk), "message")


def test_D2_two_columns_of_a_row_cannot_be_swapped(keys: Path) -> None:
    letter = make_letter()
    letter.reply_to = letter.message

    with pytest.raises(Damaged):
        sealing.opened(letter, "reply_to")


def test_D2_plain_text_does_not_reach_a_sealed_column(keys: Path) -> None:
    letter = make_letter()
    letter.message = "hello"

    with pytest.raises(SealingError, match="message: plain text must not reach the database"):
        letter.save()
    with pytest.raises(SealingError):
        Letter.objects.update(message="hello")


def test_a_row_without_a_key_cannot_be_sealed_for(keys: Path) -> None:
    with pytest.raises(SealingError, match="has no key yet"):
        sealing.seal_into(Letter(id=None), message="hello")


def test_missing_keys_say_what_to_do(keys: Path) -> None:
    keys.unlink()

    with pytest.raises(NoKeys, match="`stepwell run` makes one"):
        sealing.seal("hello", "a:b:c")


def test_keys_from_the_environment_win(keys: Path, settings: Any) -> None:
    settings.SEALING_KEYS = f"env {'A' * 43}"

    assert sealing.ring().newest == "env"


def test_every_class_A_field_of_the_site_is_sealed() -> None:
    assert {(model.__name__, name) for model, name in sealing.sealed_columns()} >= {
        ("Letter", "message"),
        ("Letter", "reply_to"),
        ("Letter", "page"),
    }


def rotated(*options: str) -> dict[str, Any]:
    result = CliRunner().invoke(rotate_keys, ["--json", *options])
    assert result.exit_code in {0, 1}, result.output
    report: dict[str, Any] = json.loads(result.output)
    return report


def test_D2_rotation_seals_everything_again_under_a_new_key(keys: Path) -> None:
    for number in range(7):
        make_letter(number, message=f"letter {number}")
    first = sealing.ring().newest

    report = rotated("--batch", "2")

    assert report["sealed_again"] == 7 * 3
    assert report["key"] == sealing.ring().newest != first
    assert f"s1.{first}." not in stored()
    opened = {sealing.opened(letter, "message") for letter in Letter.objects.all()}
    assert opened == {f"letter {number}" for number in range(7)}


def test_D2_a_rotation_that_was_stopped_goes_on_under_the_same_key(keys: Path) -> None:
    for number in range(5):
        make_letter(number)
    key_rings.add_key(keys)
    started = sealing.ring().newest
    next(sealing.reseal(batch=2))  # and then the machine went down

    report = rotated()

    assert (report["key"], report["sealed_again"]) == (started, 5 * 3 - 2)
    assert sealing.waiting() == 0


def test_D2_no_read_fails_and_no_write_is_lost_while_keys_are_rotated(keys: Path) -> None:
    letters = [make_letter(number) for number in range(6)]
    key_rings.add_key(keys)

    for at, _ in enumerate(sealing.reseal(batch=1)):
        edited = Letter.objects.get(pk=letters[at % 6].pk)
        sealing.seal_into(edited, message=f"edited {at}")
        edited.save()
        make_letter(100 + at)
        for letter in Letter.objects.all():
            assert sealing.opened(letter, "message").startswith(("edited", CANARY))
        if at > 12:
            break


def test_a_text_that_was_changed_meanwhile_is_not_overwritten(keys: Path) -> None:
    letter = make_letter()
    key_rings.add_key(keys)
    read = sealing._next(Letter, "message", None, 10)
    sealing.seal_into(letter, message="newer")
    letter.save()

    changed, unopened = sealing._reseal_batch(Letter, "message", read)

    assert (changed, unopened) == (0, [])
    assert sealing.opened(Letter.objects.get(), "message") == "newer"


def test_a_text_that_does_not_open_is_named_and_holds_nothing_up(keys: Path) -> None:
    good, bad = make_letter(1), make_letter(2)
    Letter.objects.filter(pk=bad.pk).update(message=good.message)

    report = rotated()

    assert report["unopened"] == [f"contact_letter:message:{bad.pk}"]
    assert report["sealed_again"] == 5


def test_a_key_that_was_taken_away_is_named(keys: Path) -> None:
    letter = make_letter()
    keys.unlink()
    key_rings.add_key(keys)

    with pytest.raises(UnknownKey, match="Put that key back"):
        sealing.opened(letter, "message")


def test_rotation_asks_little_of_the_database(
    keys: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(10):
        make_letter(number)
    key_rings.add_key(keys)

    # three columns of letters, and a look into each other one
    with django_assert_max_num_queries(3 * (10 + 3) + len(list(sealing.sealed_columns()))):
        list(sealing.reseal(batch=5))


def test_keys_in_the_environment_are_rotated_by_hand(settings: Any) -> None:
    settings.SEALING_KEYS = f"env {'A' * 43}"

    result = CliRunner().invoke(rotate_keys, [])
    printed = CliRunner().invoke(rotate_keys, ["--print-key"]).output

    assert result.exit_code == 1
    assert "--print-key" in result.output
    assert key_rings.parse(f"{settings.SEALING_KEYS}\n{printed}", "there").newest != "env"
