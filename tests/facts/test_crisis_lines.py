"""Every file of facts/crisis_lines: it parses, is sourced and in date, its numbers can be dialled.

The traps are those that lists of helplines really fell into.
"""

import re
from datetime import date

import pytest

from stepwell.domain import countries, crisis
from stepwell.domain.crisis_facts import FOLDER, CountryNumbers, directories, numbers
from stepwell.domain.loading import paths
from stepwell.domain.sources import Checked

REVIEWED_BY_THIS_RELEASE = date(2026, 11, 24)
# fmt: off
LAUNCH = {
    "US", "CA", "GB", "IE", "AU", "NZ", "DE", "AT", "CH", "FR",
    "BE", "NL", "ES", "PT", "IT", "SE", "NO", "DK", "FI", "PL",
    "IN", "ZA", "JP", "KR", "SG", "HK", "BR", "MX", "AR", "CL",
}
# fmt: on
HELD = [pytest.param(held, id=held.id) for held in numbers().values()]


def dials(country: str) -> set[str]:
    return {number.dial for _, number in numbers()[country].every_number()}


@pytest.mark.parametrize("file", paths(FOLDER), ids=lambda file: file.stem)
def test_file_is_named_after_a_country(file):
    assert countries.is_country(file.stem.upper())


@pytest.mark.parametrize("held", HELD)
def test_no_number_is_recalled_or_low(held: CountryNumbers):
    assert all(line.source.checked is not Checked.RECALLED for line in held.lines)
    assert all(line.confidence in {"high", "medium"} for line in held.lines)
    assert held.emergency is None or held.emergency.source.checked is not Checked.RECALLED


@pytest.mark.parametrize("held", HELD)
def test_only_a_page_of_operator_or_government_makes_a_number_read(held: CountryNumbers):
    for line in held.lines:
        pages = re.search("operator's page|government page", line.source.citation)

        assert (line.source.checked is Checked.READ) is bool(pages and line.confidence == "high")


@pytest.mark.parametrize("held", HELD)
def test_every_number_has_a_source_and_a_review_within_half_a_year(held: CountryNumbers):
    sources = [line.source for line in held.lines]
    sources += [held.emergency.source] if held.emergency else []

    for source in sources:
        assert source.citation
        assert 0 < (source.review_due - source.checked_on).days <= 183


@pytest.mark.parametrize("held", HELD)
def test_no_number_was_overdue_when_this_release_was_made(held: CountryNumbers):
    assert all(line.source.review_due >= REVIEWED_BY_THIS_RELEASE for line in held.lines)


@pytest.mark.parametrize("held", HELD)
def test_trap_1_no_number_has_an_international_form(held: CountryNumbers):
    for _, number in held.every_number():
        assert re.fullmatch(r"\*?[0-9]{2,12}", number.dial)
        assert number.dial == "000" or not number.dial.startswith("00")


@pytest.mark.parametrize(
    ("country", "old", "current"),
    [
        ("KR", "1393", "109"),
        ("IN", "18005990019", "14416"),
        ("SG", "18002214444", "1767"),
        ("NL", "09000113", "113"),
        ("BR", "141", "188"),
        ("IT", "199284284", "0223272327"),
    ],
)
def test_trap_2_old_numbers_are_gone(country, old, current):
    assert old not in dials(country)
    assert current in dials(country)


def test_trap_3_the_dutch_line_has_a_second_number():
    first = numbers()["NL"].lines[0]

    assert [number.dial for number in first.phones] == ["113", "08000113"]


@pytest.mark.parametrize("country", sorted(LAUNCH - {"FI", "BR"}))
def test_trap_4_a_launch_country_has_two_lines(country):
    assert len(numbers()[country].lines) >= 2


@pytest.mark.parametrize("country", ["FI", "BR"])
def test_trap_4_the_two_with_one_line_have_a_chat_beside_the_phone(country):
    (line,) = numbers()[country].lines

    assert line.phones
    assert line.chat_url


@pytest.mark.parametrize(
    ("country", "name"),
    [
        ("DK", "Livslinien"),
        ("JP", "TELL Lifeline"),
        ("IT", "Telefono Amico Italia"),
        ("PT", "SOS Voz Amiga"),
        ("DE", "Nummer gegen Kummer"),
    ],
)
def test_trap_5_lines_that_sleep_are_not_called_round_the_clock(country, name):
    (line,) = [line for line in numbers()[country].lines if line.name == name]

    assert line.hours != crisis.ROUND_THE_CLOCK


def test_trap_6_menus_are_named_by_their_words():
    (line,) = [line for line in numbers()["GB"].lines if "111" in line.name]

    assert "mental health option" in line.note


def test_trap_7_one_number_belongs_to_another_line_in_each_country():
    names = {
        held.country: line.name
        for held in numbers().values()
        for line in held.lines
        if "116123" in {number.dial for number in line.phones}
    }

    assert {"GB", "DE", "AT", "NO", "PL", "IE"} <= set(names)
    assert len(set(names.values())) == len(names)


@pytest.mark.parametrize(
    ("country", "right", "wrong"),
    [
        ("GB", "08000684141", "08080684141"),
        ("AU", "1300659467", "1800422322"),
    ],
)
def test_trap_8_one_digit_off_is_not_ours(country, right, wrong):
    assert right in dials(country)
    assert wrong not in dials(country)


def test_trap_8_the_two_belgian_lines_keep_their_own_numbers():
    own = {line.name: line.phones[0].dial for line in numbers()["BE"].lines}

    assert own["Zelfmoordlijn 1813"] == "1813"
    assert own["Centre de Prévention du Suicide"] == "080032123"


@pytest.mark.parametrize(
    ("country", "ranges"), [("FR", ("081", "082", "089")), ("NL", ("0900", "0906", "0909"))]
)
def test_trap_9_no_number_costs_extra(country, ranges):
    assert not [dial for dial in dials(country) if dial.startswith(ranges)]


def test_trap_10_the_star_of_the_chilean_line_survives():
    line = numbers()["CL"].lines[0]

    assert line.phones[0].tel == "tel:*4141"
    assert line.phones[0].note == "from mobiles"


@pytest.mark.parametrize(
    ("country", "number"),
    [("US", "911"), ("GB", "999"), ("AU", "000"), ("NZ", "111"), ("DE", "112"), ("NO", "113")],
)
def test_emergency_numbers_of_launch_countries(country, number):
    emergency = numbers()[country].emergency

    assert emergency is not None
    assert emergency.dial == number


def test_korea_has_no_emergency_number_because_it_was_only_recalled():
    korea = numbers()["KR"]

    assert korea.emergency is None
    assert "could not check" in korea.emergency_note


def test_only_launch_countries_were_checked_twice():
    assert {held.country for held in numbers().values() if held.second_check} == LAUNCH


@pytest.mark.parametrize("country", ["MT", "SK", "SI", "RS", "EE", "LT", "UA", "EG", "LK", "NP"])
def test_a_country_with_nothing_but_low_lines_has_no_file(country):
    assert country not in numbers()


def test_directories_are_three_web_pages_that_were_looked_up():
    assert [each.url.split("/")[2] for each in directories()] == [
        "findahelpline.com",
        "befrienders.org",
        "www.iasp.info",
    ]
    assert all(each.source.checked is Checked.SECONDARY for each in directories())
