"""`stepwell compare` on a terminal and for programs."""

import json

import pytest
from click.testing import CliRunner

from stepwell.cli.compare import compare
from stepwell.domain.comparing import NotComparable
from stepwell.domain.errors import UnknownFact


def run(*arguments: str) -> str:
    result = CliRunner().invoke(compare, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_compare_prints_the_verdict_every_row_and_the_questions() -> None:
    printed = run("psychotherapy", "life_coaching")

    assert "Life coaching is not psychotherapy" in printed
    for name in ("Scope", "Training and credentials", "Goals", "Who gives it", "What to ask"):
        assert name in printed


def test_compare_as_json_is_json_and_nothing_else() -> None:
    data = json.loads(run("psychotherapy", "life_coaching", "--country", "GB", "--json"))

    assert data["family"] == "kinds"
    assert data["country"] == "GB"
    assert len(data["rows"]) == 7
    assert data["rows"][0]["differs"] is True
    assert data["verdict"].startswith("Life coaching is not psychotherapy")


def test_compare_marks_what_was_only_recalled() -> None:
    assert "(not yet checked against its source)" in run("warmline", "crisis_service")


def test_country_may_be_written_in_small_letters() -> None:
    assert "United Kingdom" in run("counsellor", "clinical_psychologist", "--country", "gb")


def test_letters_that_are_no_country_are_misuse() -> None:
    result = CliRunner().invoke(compare, ["psychotherapy", "counselling", "--country", "UK"])

    assert result.exit_code == 2
    assert "like GB" in result.output


@pytest.mark.parametrize(
    ("pair", "error"),
    [
        (("counseling", "psychotherapy"), UnknownFact),
        (("counselling", "counsellor"), NotComparable),
        (("counselling", "counselling"), NotComparable),
    ],
)
def test_what_cannot_be_compared_is_left_to_the_door(
    pair: tuple[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        run(*pair)
