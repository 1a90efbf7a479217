"""`stepwell plan` on a terminal and for programs."""

import json
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result

from stepwell.cli.plan import plan
from stepwell.domain.answers import KEYS
from stepwell.domain.errors import BadAnswers

LOW_MOOD = {
    "safety": ["none"],
    "age_band": "adult",
    "country": "GB",
    "needs": ["low_mood"],
    "impact": "moderate",
    "duration": "months",
    "tried": "nothing",
}


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(plan, list(arguments), input=typed, catch_exceptions=False)


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(LOW_MOOD), encoding="utf-8")
    return path


def test_plan_prints_its_parts_for_reading(answers: Path) -> None:
    printed = run(str(answers)).stdout

    for part in (
        "Level 3: A course of help with a professional",
        "Psychotherapy:",
        "Not enough alone",
        "Ask at the first contact",
        "Today",
        "While you wait",
        "When to take a step up",
        "Rules not yet reviewed by a clinician",
        "days_affected:",
    ):
        assert part in printed


def test_plan_as_json_is_json_and_nothing_else(answers: Path) -> None:
    data = json.loads(run(str(answers), "--json").stdout)

    assert data["level"]["from"] == 3
    assert data["help_now"] is None
    assert data["kinds"][0]["id"] == "psychotherapy"


def test_country_option_replaces_the_one_in_the_file(answers: Path) -> None:
    data = json.loads(run(str(answers), "--json", "--country", "de").stdout)

    assert data["country"] == "DE"


def test_schema_describes_the_answers_file() -> None:
    schema = json.loads(run("--schema").stdout)

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(LOW_MOOD, schema)


def test_help_comes_first_when_safety_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"country": "GB"}', encoding="utf-8")

    printed = run(str(path)).stdout

    assert printed.index("In danger right now: 999") < printed.index("Level 3")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "a.json: not JSON"),
        ("[]", "the whole file: is not an object"),
        ('{"nedds": []}', "answers: nedds"),
    ],
)
def test_wrong_file_is_refused_with_place_and_repair(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(BadAnswers, match=words):
        run(str(path))


def test_misuse_gives_two(answers: Path) -> None:
    assert run(str(answers), "--country", "ZZ").exit_code == 2
    assert run("missing.json").exit_code == 2
    assert run(typed="").exit_code == 2


def test_questions_can_be_answered_and_skipped_on_the_terminal() -> None:
    typed = "\n".join(["6", "1", "3", "XX", "gb", "1 9", "99", "3", "3", "", "", ""]) + "\n"

    result = run("--json", typed=typed)
    data = json.loads(result.stdout)

    assert result.exit_code == 0
    assert len(KEYS) == 10
    assert data["level"]["from"] == 3
    assert data["country"] == "GB"
    assert {"psychotherapy", "primary_care"} <= {kind["id"] for kind in data["kinds"]}
    assert data["help_now"] is None


def test_one_more_question_about_safety_left_open_brings_help() -> None:
    typed = "\n".join(["6", "1", "3", "GB", "8", "", "1", "1", "1", "1", "", ""]) + "\n"

    data = json.loads(run("--json", typed=typed).stdout)

    assert data["help_now"] is not None
    assert "eating_disorder_service" in {kind["id"] for kind in data["kinds"]}
