"""The guide's pages of docs stay true: inputs are generated, hazards name tests that exist."""

import re
from pathlib import Path

import pytest

from stepwell.domain.guide_reference import inputs_page, product
from tests.domain.guide_space import Space

ROOT = Path(__file__).parents[2]
HAZARDS = (ROOT / "docs/safety/hazards.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (H\d+) \|.*\| (.*) \|$", HAZARDS, re.M)
NAMED = sorted(set(re.findall(r"`(tests/[\w/.]+)::(\w+)`", HAZARDS)))


def test_inputs_page_is_up_to_date() -> None:
    """The page itself says how to write it again."""
    page = ROOT / "docs/reference/guide-inputs.md"

    assert page.read_text(encoding="utf-8") == inputs_page()


def test_inputs_page_counts_what_the_exhaustive_tests_walk() -> None:
    assert product() == Space().combinations


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_hazard_log_names_tests_that_exist(file: str, name: str) -> None:
    text = (ROOT / file).read_text(encoding="utf-8")

    assert re.search(rf"^def {name}\(", text, re.M)


def test_every_hazard_names_a_test() -> None:
    assert len(ROWS) >= 18
    assert all("::" in tests for _, tests in ROWS)
