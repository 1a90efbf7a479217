"""What a self-test's files may not hold, and the repair each refusal names."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from stepwell.domain import instruments, loading
from stepwell.domain.errors import FactError
from stepwell.domain.instrument_checks import wording_sha256


@pytest.fixture
def host_folder(tmp_path: Path) -> Iterator[Path]:
    """A host's own folder with a copy of the PHQ-9 that a test may spoil."""
    ours = loading.PACKAGED / "instruments" / "phq-9"
    shutil.copytree(ours, tmp_path / "instruments" / "phq-9")
    loading.use_folders([tmp_path])
    yield tmp_path / "instruments" / "phq-9"
    loading.use_folders([])


BREAKAGES = [
    ("instrument", "cleared = true", "cleared = false", "licence.cleared"),
    ("instrument", 'id = "phq-9"', 'id = "phq-10"', "id: the folder is called phq-9"),
    ("instrument", "lowest = 5, highest = 9", "lowest = 6, highest = 9", "starts at 6"),
    ("instrument", "lowest = 20, highest = 27", "lowest = 20, highest = 26", "do not cover"),
    ("instrument", "lowest = 10, highest = 14", "lowest = 10, highest = 9", "ends at 9"),
    ("instrument", "highest = 27\nloinc", "highest = 30\nloinc", "reach 0 to 27"),
    ("instrument", "at_least = 1\n", "at_least = 7\n", "alerts: self_harm has no such answer"),
    ("instrument", "at_least = 10", "at_least = 28", "no score is 28"),
    ("instrument", 'items = ["interest"', 'items = ["difficulty"', "not a scored item"),
    ("instrument", 'options = "difficulty"', 'options = "hardness"', "no such set"),
    ("instrument", "points = { total = 27 }", "points = { total = 26 }", "examples.0"),
    ("instrument", "code = 1", "code = 2", "used twice"),
    ("instrument", "code = 1", "code = 44", "used twice"),
    ("instrument", "code = 1", 'colour = "red"\ncode = 1', "colour"),
    ("text.en", 'sleep = "', 'slumber = "', "items: sleep, slumber"),
    ("text.en", '3 = "Nearly every day"', '4 = "Nearly every day"', "options.frequency: 3, 4"),
    ("text.en", 'severe = "severe"', 'extreme = "severe"', "bands"),
]


@pytest.mark.parametrize(("part", "was", "now", "said"), BREAKAGES)
def test_a_broken_file_is_refused_with_file_and_key(
    host_folder: Path, part: str, was: str, now: str, said: str
) -> None:
    file = host_folder / f"{part}.toml"
    words = file.read_text(encoding="utf-8")
    assert was in words
    file.write_text(words.replace(was, now, 1), encoding="utf-8")
    loading.forget()

    with pytest.raises(FactError, match="instruments/") as caught:
        instruments.check()

    assert said in str(caught.value)


def test_a_test_without_evidence_of_its_licence_is_refused(host_folder: Path) -> None:
    file = host_folder / "instrument.toml"
    lines = file.read_text(encoding="utf-8").split("[[licence.evidence]]")
    rest = lines[-1][lines[-1].index("[options]") :]
    file.write_text(
        lines[0].replace("[licence]", "[licence]\nevidence = []") + rest, encoding="utf-8"
    )
    loading.forget()

    with pytest.raises(FactError, match="nothing shows that this test may be reproduced"):
        instruments.instruments()


def test_a_host_adds_a_test_of_its_own(host_folder: Path) -> None:
    own = host_folder.rename(host_folder.parent / "own-test")
    file = own / "instrument.toml"
    words = file.read_text(encoding="utf-8")
    words = words.replace('id = "phq-9"', 'id = "own-test"').replace("code = 1", "code = 90")
    file.write_text(words, encoding="utf-8")
    loading.forget()

    instruments.check()

    assert "own-test" in instruments.instruments()


def test_words_that_may_not_be_changed_are_pinned(host_folder: Path) -> None:
    file, words = host_folder / "instrument.toml", host_folder / "text.en.toml"
    ours = instruments.instrument("phq-9"), instruments.wording("phq-9")
    pin = f'changes_allowed = false\nwording_sha256 = "{wording_sha256(*ours)}"\ncleared = true'
    file.write_text(file.read_text().replace("cleared = true", pin), encoding="utf-8")
    loading.forget()
    instruments.check()

    words.write_text(words.read_text().replace("Feeling tired", "Being tired"), encoding="utf-8")
    loading.forget()

    with pytest.raises(FactError, match=r"text\.en\.toml: the words are not those"):
        instruments.check()


def test_a_test_without_its_words_stands_on_the_ledger_only() -> None:
    assert {"rs10", "wellbq"} <= set(instruments.pending())
    assert not set(instruments.pending()) & set(instruments.instruments())


def test_a_pending_test_needs_a_cleared_licence_too(host_folder: Path) -> None:
    ours = loading.PACKAGED / "instruments" / "rs10" / "pending.toml"
    folder = host_folder.parent / "rs10"
    folder.mkdir()
    words = ours.read_text(encoding="utf-8").replace("cleared = true", "cleared = false")
    (folder / "pending.toml").write_text(words, encoding="utf-8")
    loading.forget()

    with pytest.raises(FactError, match=r"rs10/pending\.toml: licence\.cleared"):
        instruments.check()
