"""Scoring exactly as published, and the refusals that keep it so."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain import instruments, loading
from stepwell.domain.errors import FactError, UnknownFact
from stepwell.domain.instrument_schema import (
    AlertKind,
    ImpossibleAnswer,
    IncompleteResponse,
    Instrument,
)

PHQ9 = instruments.instrument("phq-9")
GAD7 = instruments.instrument("gad-7")
BOTH = pytest.mark.parametrize("one", [PHQ9, GAD7], ids=["phq-9", "gad-7"])

# Every boundary of the published bands: points, band below or at them.
GOLDEN = {
    "phq-9": "0 minimal,4 minimal,5 mild,9 mild,10 moderate,14 moderate,15 moderately_severe,"
    "19 moderately_severe,20 severe,27 severe",
    "gad-7": "0 minimal,4 minimal,5 mild,9 mild,10 moderate,14 moderate,15 severe,21 severe",
}


def response_with(one: Instrument, points: int) -> dict[str, int]:
    """Return a whole response whose scored answers add up to `points`."""
    response = {}
    for item in one.scales[0].items:
        response[item] = min(points, max(one.values(item)))
        points -= response[item]
    return response


def responses(one: Instrument) -> st.SearchStrategy[dict[str, int]]:
    """Any whole response to the scored items."""
    return st.fixed_dictionaries(
        {item: st.sampled_from(one.values(item)) for item in one.scales[0].items}
    )


@pytest.mark.parametrize(
    ("fact_id", "points", "band"),
    [
        (fact_id, int(row.split()[0]), row.split()[1])
        for fact_id, rows in GOLDEN.items()
        for row in rows.split(",")
    ],
)
def test_Q5_golden_table_of_all_boundaries(fact_id: str, points: int, band: str) -> None:
    one = instruments.instrument(fact_id)

    found = instruments.score(one, response_with(one, points)).scales[0]

    assert (found.points, found.band) == (points, band)


@BOTH
def test_Q5_bands_cover_each_score_once(one: Instrument) -> None:
    scale = one.scales[0]
    assert scale.bands is not None

    for points in range(scale.lowest, scale.highest + 1):
        holding = [b for b in scale.bands.ranges if b.lowest <= points <= b.highest]

        assert len(holding) == 1, points


@given(responses(PHQ9), st.sampled_from([None, 0, 1, 2, 3]))
def test_Q5_phq9_total_is_the_sum_and_in_range(answers: dict[str, int], extra: int | None) -> None:
    whole = answers if extra is None else {**answers, "difficulty": extra}

    found = instruments.score(PHQ9, whole).scales[0]

    assert found.points == sum(answers.values())
    assert 0 <= found.points <= 27


@given(responses(GAD7))
def test_Q5_gad7_total_is_the_sum_and_in_range(answers: dict[str, int]) -> None:
    found = instruments.score(GAD7, answers).scales[0]

    assert found.points == sum(answers.values())
    assert 0 <= found.points <= 21


@given(responses(PHQ9))
def test_Q6_an_alert_depends_on_its_answer_and_on_nothing_else(answers: dict[str, int]) -> None:
    found = instruments.score(PHQ9, answers)

    assert found.alerts == ((AlertKind.SELF_HARM,) if answers["self_harm"] > 0 else ())


@pytest.mark.parametrize("answer", [1, 2, 3])
def test_Q6_an_alert_needs_no_other_answer(answer: int) -> None:
    assert instruments.alerts(PHQ9, {"self_harm": answer}) == (AlertKind.SELF_HARM,)


def test_Q6_a_missing_answer_is_no_alert() -> None:
    assert instruments.alerts(PHQ9, {}) == ()


@BOTH
def test_score_refuses_each_gap_and_names_it(one: Instrument) -> None:
    whole = response_with(one, 5)

    for item in one.scales[0].items:
        with pytest.raises(IncompleteResponse) as caught:
            instruments.score(one, {key: whole[key] for key in whole if key != item})

        assert caught.value.item == item


def test_score_names_the_first_of_several_gaps() -> None:
    with pytest.raises(IncompleteResponse) as caught:
        instruments.score(PHQ9, {"interest": 1, "self_harm": 0})

    assert caught.value.item == "mood"


@pytest.mark.parametrize("value", [-1, 4, 30])
def test_score_refuses_a_value_that_is_not_on_the_form(value: int) -> None:
    with pytest.raises(ImpossibleAnswer, match=r"sleep: .* one of 0, 1, 2, 3"):
        instruments.score(PHQ9, {**response_with(PHQ9, 5), "sleep": value})


def test_score_refuses_an_impossible_unscored_answer() -> None:
    with pytest.raises(ImpossibleAnswer, match="difficulty"):
        instruments.score(PHQ9, {**response_with(PHQ9, 5), "difficulty": 9})


def test_a_total_of_nothing_is_a_score() -> None:
    found = instruments.score(GAD7, response_with(GAD7, 0)).scales[0]

    assert (found.points, found.band) == (0, "minimal")


def test_an_unknown_test_is_refused_with_the_nearest_id() -> None:
    with pytest.raises(UnknownFact, match="phq-9"):
        instruments.instrument("phq9")


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
    ("instrument", "at_least = 1\n", "at_least = 7\n", "alerts: self_harm at 7"),
    ("instrument", "at_least = 10", "at_least = 28", "no score is 28"),
    ("instrument", 'items = ["interest"', 'items = ["difficulty"', "not a scored item"),
    ("instrument", 'options = "difficulty"', 'options = "hardness"', "no such set"),
    ("instrument", "points = { total = 27 }", "points = { total = 26 }", "examples.0"),
    ("instrument", "code = 1", "code = 2", "used twice"),
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

    assert list(instruments.instruments()) == ["phq-9", "gad-7", "own-test"]
