"""What a country file may not hold. Each refusal names file, key and repair."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from stepwell.domain import crisis, loading
from stepwell.domain.crisis_facts import numbers
from stepwell.domain.errors import FactError

SOURCE = """
citation = "A page of the operator"
checked = "secondary"
checked_on = 2026-11-23
review_due = 2027-05-23
"""
LINE = f"""
[[lines]]
name = "Example line"
kind = "emotional_support"
general = true
for_whom = "Anyone"
phones = [{{ show = "0800 111 222", dial = "0800111222" }}]
hours_confidence = "low"
languages = ["English"]
confidence = "high"
[lines.source]{SOURCE}
"""
GOOD = f"""
id = "fr"
second_check = 2026-11-23
[source]{SOURCE}
[emergency]
show = "112"
dial = "112"
[emergency.source]{SOURCE}
{LINE}
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path) -> Iterator[Path]:
    """A host's folder with one country file; afterwards only our own facts are read."""
    folder = tmp_path / "crisis_lines"
    folder.mkdir()
    loading.use_folders([tmp_path])
    yield folder
    loading.use_folders([])


def write(folder: Path, text: str, name: str = "fr") -> None:
    (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def test_a_good_file_replaces_ours(own_folder):
    write(own_folder, GOOD)

    assert [line.name for line in numbers()["FR"].lines] == ["Example line"]


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('confidence = "high"', 'confidence = "low"', "lines.0.confidence"),
        ('checked = "secondary"', 'checked = "recalled"', "recalled number or address"),
        ('dial = "0800111222"', 'dial = "+33800111222"', "lines.0.phones.0.dial"),
        ('dial = "0800111222"', 'dial = "0033800111222"', "international form"),
        ('dial = "0800111222"', 'dial = "0800111223"', "not the same digits"),
        ('dial = "0800111222"', 'dial = "0800 111 222"', "lines.0.phones.0.dial"),
        ('dial = "0800111222"', 'dial = "tel:1;a"', "lines.0.phones.0.dial"),
        ('phones = [{ show = "0800 111 222", dial = "0800111222" }]', "", "no phone, no text"),
        ('hours_confidence = "low"', 'hours_confidence = "high"', "write hours"),
        ('hours_confidence = "low"', 'hours_confidence = "low"\nhours = "24/7"', "write hours"),
        ('languages = ["English"]', "languages = []", "lines.0.languages"),
        ('for_whom = "Anyone"', 'for_whom = "Anyone"\nweb = "javascript:a"', "lines.0.web"),
        ("general = true", "general = true\ncolour = 1", "lines.0.colour"),
        ('[emergency]\nshow = "112"\ndial = "112"', "[emergency]", "emergency.show"),
        ("general = true", "", "lines.0.general: Field required. Add this key."),
    ],
)
def test_a_wrong_value_is_refused_with_file_and_key(own_folder, right, wrong, says):
    assert right in GOOD
    write(own_folder, GOOD.replace(right, wrong))

    with pytest.raises(FactError, match=r"crisis_lines/fr\.toml: ") as refusal:
        numbers()

    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "show", "says"),
    [
        ("fr", "0825 123 456", "costs extra"),
        ("fr", "08 92 12 34 56", "costs extra"),
        ("nl", "0900-0114", "costs extra"),
        ("nl", "0900-0113", "old paid number"),
        ("kr", "1393", "replaced by 109"),
        ("gb", "0808 068 4141", "one digit off"),
        ("in", "1800-599-0019", "KIRAN"),
    ],
)
def test_premium_and_wrong_numbers_are_refused_in_their_country(own_folder, name, show, says):
    dial = "".join(sign for sign in show if sign.isdigit())
    text = GOOD.replace('id = "fr"', f'id = "{name}"').replace("0800 111 222", show)
    write(own_folder, text.replace("0800111222", dial), name)

    with pytest.raises(FactError, match=rf"{name}.toml: lines.0 .*Remove it") as refusal:
        numbers()

    assert says in str(refusal.value)


def test_the_same_digits_are_fine_where_they_mean_something_else(own_folder):
    text = GOOD.replace('id = "fr"', 'id = "nz"').replace("0800 111 222", "1393")
    write(own_folder, text.replace("0800111222", "1393"), "nz")

    assert numbers()["NZ"].lines[0].phones[0].dial == "1393"


def test_a_file_for_no_country_is_refused(own_folder):
    write(own_folder, GOOD.replace('id = "fr"', 'id = "uk"'), "uk")

    with pytest.raises(FactError, match="UK is no country"):
        numbers()


def test_a_country_checked_twice_needs_its_emergency_number_or_a_reason(own_folder):
    cut = GOOD.index("[emergency]")
    write(own_folder, GOOD[:cut] + LINE)

    with pytest.raises(FactError, match="emergency: is missing"):
        numbers()


def test_two_lines_with_one_name_are_refused(own_folder):
    write(own_folder, GOOD + LINE)

    with pytest.raises(FactError, match="two share one name"):
        crisis.check()


def test_a_country_needs_a_line_for_anyone(own_folder):
    write(own_folder, GOOD.replace("general = true", "general = false"))

    with pytest.raises(FactError, match="none is open to anyone"):
        crisis.check()


def test_a_country_not_checked_twice_is_data_and_not_shown(own_folder):
    write(own_folder, GOOD.replace("second_check = 2026-11-23", ""))

    shown = crisis.help_for("FR", today=numbers()["FR"].source.checked_on)

    assert (shown.lines, shown.emergency) == ((), None)
    assert "FR" not in crisis.covered()


def test_a_retired_file_is_not_shown(own_folder):
    write(own_folder, GOOD.replace('id = "fr"', 'id = "fr"\nretired_on = 2026-11-20'))

    assert crisis.help_for("FR", today=numbers()["FR"].source.checked_on).emergency is None


def test_a_country_is_signed_once_a_person_checked_every_line(own_folder):
    today = numbers()["FR"].source.checked_on
    before = crisis.help_for("FR", today=today)
    signed = SOURCE + 'reviewed_by = "A. Example, line coordinator"\nreviewed_on = 2026-11-23\n'
    write(own_folder, GOOD.replace(SOURCE, signed))
    loading.forget()

    after = crisis.help_for("FR", today=today)

    assert (before.signed, after.signed) == (False, True)
    assert after.lines[0].reviewed_by == "A. Example, line coordinator"
