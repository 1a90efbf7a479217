"""Our numbers, digit by digit, against the reference data they were carried over from."""

import csv
from pathlib import Path

import pytest

from stepwell.domain.crisis_facts import numbers
from stepwell.domain.sources import Checked

Row = dict[str, str]


@pytest.fixture(scope="module")
def lines(shared: Path) -> list[Row]:
    """The rows of lines, low ones too."""
    return rows(shared / "crisis" / "crisis_lines.csv")


def rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def dials_of(row: Row) -> set[str]:
    return {dial for dial in (*row["phone_dial"].split(";"), row["sms_dial"]) if dial}


def ours(country: str) -> list[set[str]]:
    held = numbers().get(country)
    return [{n.dial for n in line.numbers()} for line in held.lines] if held else []


def test_every_high_or_medium_line_is_here_with_exactly_its_digits(lines):
    missing = [
        (row["country"], row["service"])
        for row in lines
        if row["confidence"] != "low"
        and not any(dials_of(row) <= dials for dials in ours(row["country"]))
    ]

    assert missing == []


def test_there_are_no_more_lines_than_high_and_medium_ones(lines):
    good = [row for row in lines if row["confidence"] != "low"]

    assert sum(len(held.lines) for held in numbers().values()) == len(good)


def test_no_number_of_a_low_line_is_here(lines):
    good = {
        (row["country"], dial)
        for row in lines
        if row["confidence"] != "low"
        for dial in dials_of(row)
    }
    low = {
        (row["country"], dial)
        for row in lines
        if row["confidence"] == "low"
        for dial in dials_of(row)
    }

    held = {(c, dial) for c in numbers() for dials in ours(c) for dial in dials}

    assert held & (low - good) == set()


def test_no_mark_was_raised(lines):
    read = sum(
        row["confidence"] == "high"
        and bool({"operator_page", "government_page"} & set(row["source_kind"].split(";")))
        for row in lines
    )
    marks = [line.source.checked for held in numbers().values() for line in held.lines]

    assert marks.count(Checked.READ) == read


def test_emergency_numbers_are_those_that_were_checked(shared):
    wanted = {
        row["country"]: row["danger_to_life"]
        for row in rows(shared / "crisis" / "emergency_numbers.csv")
        if row["checked"] == "S"
    }

    held = {c: h.emergency.dial for c, h in numbers().items() if h.emergency}

    assert held == wanted
