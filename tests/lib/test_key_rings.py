"""Keys and seals: what opens, what does not, and what the messages say."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.lib import key_rings
from stepwell.lib.key_rings import Damaged, KeyRing, NoKeys, SealingError, UnknownKey

PLACE = "letters:message:7"
OLD = KeyRing({"old": b"o" * 32})
BOTH = KeyRing({"old": b"o" * 32, "new": b"n" * 32})
HELLO = BOTH.seal("hello", PLACE)


@given(st.text(), st.text())
def test_D2_whatever_is_sealed_opens_in_its_place(text: str, place: str) -> None:
    assert BOTH.unseal(BOTH.seal(text, place), place) == text


def test_D2_a_text_in_another_place_does_not_open() -> None:
    sealed = BOTH.seal("hello", PLACE)

    with pytest.raises(Damaged, match="does not belong to 'letters:message:8'"):
        BOTH.unseal(sealed, "letters:message:8")


@given(st.data())
def test_D2_any_changed_sign_is_found(data: st.DataObject) -> None:
    at = data.draw(st.integers(len("s1.new."), len(HELLO) - 2))  # the last may hold spare bits
    number = data.draw(st.integers(1, 63))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = letters[(letters.index(HELLO[at]) + number) % 64]

    with pytest.raises(Damaged):
        BOTH.unseal(HELLO[:at] + other + HELLO[at + 1 :], PLACE)


@pytest.mark.parametrize("odd", ["", "hello", "s1.new.", "s1.new.AAAA", "s2.new." + "A" * 60])
def test_what_is_no_seal_is_refused_in_words(odd: str) -> None:
    assert not key_rings.is_sealed(odd)
    with pytest.raises(Damaged, match="not a sealed text"):
        BOTH.unseal(odd, PLACE)


def test_the_newest_key_seals_and_older_ones_open() -> None:
    before = OLD.seal("hello", PLACE)

    after = BOTH.seal("hello", PLACE)

    assert (key_rings.key_of(before), key_rings.key_of(after)) == ("old", "new")
    assert BOTH.unseal(before, PLACE) == "hello"
    with pytest.raises(UnknownKey, match=r"key 'new', which is not among the keys \(old\)"):
        OLD.unseal(after, PLACE)


def test_the_same_text_is_never_sealed_alike() -> None:
    assert len({BOTH.seal("hello", PLACE) for _ in range(100)}) == 100


def test_keys_do_not_stand_in_the_ring_s_own_words() -> None:
    assert "oooo" not in repr(OLD)


def test_file_of_keys_is_made_for_its_owner_and_grows_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "sealing"

    first = key_rings.add_key(path)
    second = key_rings.add_key(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(key_rings.read(path).keys) == [first, second]
    assert key_rings.read(path).newest == second


def test_missing_file_of_keys_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoKeys, match=r"no file of keys at .*`stepwell run` makes one"):
        key_rings.read(tmp_path / "none")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "holds no key"),
        ("# only words", "holds no key"),
        ("k short", "line 1: not a key"),
        ("\nK " + "A" * 43, "line 2: not a key"),
        (f"k {'A' * 43},k {'B' * 42}A", "the id 'k' occurs twice"),
    ],
)
def test_wrong_keys_are_named_by_line(text: str, words: str) -> None:
    with pytest.raises(SealingError, match=words):
        key_rings.parse(text, "there")


@pytest.mark.parametrize("length", range(1, 8))
def test_D2_a_seal_opens_in_one_spelling_only(length: int) -> None:
    ring = key_rings.parse(key_rings.new_line(), "a test")
    sealed = ring.seal("x" * length, "here")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

    others = [sealed[:-1] + letter for letter in letters if letter != sealed[-1]]
    for other in [*others, sealed[:-1], sealed[:-2], sealed[:-3], sealed + "A"]:
        with pytest.raises(key_rings.Damaged):
            ring.unseal(other, "here")
