"""A broken file is refused with its name, the key and the repair."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stepwell.domain import loading, support
from stepwell.domain.errors import FactError

KIND = loading.PACKAGED / "kinds_of_support" / "counselling.toml"
LIMITS = loading.PACKAGED / "confidentiality_limits.toml"


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Path]:
    """A host's own folder of facts, read after the package's."""
    (tmp_path / "kinds_of_support").mkdir()
    loading.use_folders([tmp_path])
    yield tmp_path
    loading.use_folders([])


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


BROKEN = {
    "a key is missing": (
        replaced('name = "Counselling"\n', ""), "name", "Add this key"),
    "a key is misspelt": (
        replaced('one_line = "', 'oneline = "'), "one_line", "Add this key"),
    "a key is unknown": (
        replaced('name = "Counselling"', 'name = "Counselling"\nprice = 3'),
        "price", "Remove this key"),
    "a value is empty": (
        replaced('name = "Counselling"', 'name = " "'), "name", "Write something"),
    "a truth value is a word": (
        replaced("clinical = true", 'clinical = "perhaps"'), "clinical", "true or false"),
    "a level is too high": (
        replaced("levels = [1, 2, 3]", "levels = [1, 2, 6]"), "levels.2", "smaller"),
    "levels are out of order": (
        replaced("levels = [1, 2, 3]", "levels = [3, 1, 2]"), "levels", "Write levels = [1, 2, 3]"),
    "a family does not exist": (
        replaced('family = "talking"', 'family = "walking"'), "family", "one of the values"),
    "it was checked in no known way": (
        replaced('checked = "read"', 'checked = "guessed"'), "source.checked", "one of the values"),
    "a date is text": (
        replaced("checked_on = 2026-11-23", 'checked_on = "soon"'),
        "source.checked_on", "without quotes"),
    "the review is due before the check": (
        replaced("review_due = 2027-11-23", "review_due = 2025-11-23"),
        "source.review_due", "looked at again"),
    "the id is not the name of the file": (
        replaced('id = "counselling"', 'id = "counsel"'), "id", "rename the file"),
    "a limit does not exist": (
        replaced('"self_risk"', '"self_risc"'), "label.limits", "Did you mean self_risk"),
    "nobody is named who gives it anywhere": (
        replaced('any = ["counsellor"', 'FR = ["counsellor"'), "given_by.any", "empty list"),
    "it is not TOML": (
        replaced("levels = [1, 2, 3]", "levels = [1, 2"), "not TOML", "Correct that line"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_broken_kind_is_refused_with_file_key_and_repair(what: str, host: Path) -> None:
    change, key, repair = BROKEN[what]
    (host / "kinds_of_support" / KIND.name).write_text(change(KIND.read_text()), encoding="utf-8")

    with pytest.raises(FactError) as refused:
        support.kinds()

    message = str(refused.value)
    assert message.startswith("kinds_of_support/counselling.toml: ")
    assert key in message
    assert repair in message


def test_a_profession_that_does_not_exist_is_refused(host: Path) -> None:
    change = replaced('any = ["counsellor"', 'any = ["councillor"')
    (host / "kinds_of_support" / KIND.name).write_text(change(KIND.read_text()), encoding="utf-8")

    with pytest.raises(FactError, match=r"counselling\.toml: given_by\.any: .*counsellor"):
        support.check()


def test_the_same_limit_twice_is_refused(host: Path) -> None:
    text = LIMITS.read_text(encoding="utf-8").replace('id = "police"', 'id = "school"')
    (host / LIMITS.name).write_text(text, encoding="utf-8")

    with pytest.raises(FactError, match=r"confidentiality_limits\.toml: limits: 'school'.*Remove"):
        support.limits()


def test_a_host_replaces_a_kind_by_the_same_name(host: Path) -> None:
    change = replaced('name = "Counselling"', 'name = "Counselling here"')
    (host / "kinds_of_support" / KIND.name).write_text(change(KIND.read_text()), encoding="utf-8")

    assert support.kind("counselling").name == "Counselling here"
    assert support.kind("psychotherapy").name == "Psychotherapy"
