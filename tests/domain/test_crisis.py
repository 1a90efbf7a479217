"""Help now: what is shown for which country on which day."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stepwell.domain import countries, crisis
from stepwell.domain.crisis_facts import numbers
from stepwell.domain.sources import Checked

TODAY = date(2026, 11, 24)
LAST_DAY = date(2027, 5, 23)
DAY_AFTER = LAST_DAY + timedelta(days=1)
FULL = crisis.covered()


def numbers_shown(help_now: crisis.HelpNow) -> set[str]:
    """Every number in it, to call or to text."""
    lines = [*help_now.lines, *help_now.more]
    found = {number.dial for line in lines for number in line.numbers}
    found |= {line.sms for line in lines if line.sms}
    if help_now.emergency:
        found |= {help_now.emergency.dial, *(each.dial for each in help_now.emergency.also)}
    return found


def test_thirty_countries_are_covered():
    assert len(FULL) == 30
    assert {"US", "GB", "KR", "FI", "BR"} <= set(FULL)


@pytest.mark.parametrize("country", FULL)
def test_a_covered_country_shows_two_or_three_signposts_first(country):
    shown = crisis.help_for(country, today=TODAY)

    assert shown.country == country
    assert 1 <= len(shown.lines) <= 3
    assert (len(shown.lines) == 1) is (country in {"FI", "BR"})
    assert bool(shown.note) is (country in {"FI", "BR"})


@pytest.mark.parametrize("country", FULL)
def test_a_covered_country_shows_a_route_that_is_open_all_night(country):
    shown = crisis.help_for(country, today=TODAY)

    assert shown.open_all_night


@pytest.mark.parametrize("country", FULL)
def test_every_line_is_shown_once(country):
    shown = crisis.help_for(country, today=TODAY)
    names = [line.name for line in (*shown.lines, *shown.more)]

    assert sorted(names) == sorted(line.name for line in numbers()[country].lines)


@pytest.mark.parametrize("country", sorted(set(FULL) - {"KR"}))
def test_a_covered_country_has_its_emergency_number(country):
    emergency = crisis.help_for(country, today=TODAY).emergency

    assert emergency is not None
    assert emergency.country == country
    assert emergency.tel == f"tel:{emergency.dial}"
    assert not emergency.due


def test_korea_says_that_its_emergency_number_could_not_be_checked():
    shown = crisis.help_for("KR", today=TODAY)

    assert shown.emergency is None
    assert "could not check" in shown.emergency_note
    assert shown.lines[0].dial == "109"


@pytest.mark.parametrize("country", FULL)
def test_no_number_stands_without_its_country(country):
    shown = crisis.help_for(country, today=TODAY)

    for line in (*shown.lines, *shown.more):
        assert (line.country, line.country_name) == (country, countries.name(country))


@pytest.mark.parametrize("country", sorted(set(countries.names()) - set(FULL)))
def test_other_countries_get_the_directories_and_no_number(country):
    shown = crisis.help_for(country, today=TODAY)

    assert numbers_shown(shown) == set()
    assert "not yet checked by this organisation" in shown.note
    assert countries.name(country) in shown.note
    assert len(shown.directories) == 3


def test_no_country_asks_for_one():
    shown = crisis.help_for(None, today=TODAY)

    assert numbers_shown(shown) == set()
    assert (shown.country, shown.note) == (None, crisis.CHOOSE)
    assert len(shown.directories) == 3


@given(st.one_of(st.text(), st.text(alphabet="abcdefgıßſKGBUS ", max_size=3)))
@example("ıe")
@example("ß")
@example("uk")
@example("GB\n")
def test_any_text_is_answered_and_never_with_another_countrys_number(text):
    shown = crisis.help_for(text, today=TODAY)

    if shown.country is None:
        assert numbers_shown(shown) == set()
    else:
        assert shown.country.casefold() == text.casefold()


@given(st.sampled_from(sorted(countries.names())), st.dates())
def test_on_any_day_a_country_shows_only_its_own_numbers_and_keeps_a_fallback(country, today):
    shown = crisis.help_for(country, today=today)
    held = numbers().get(country)
    own = {number.dial for _, number in held.every_number()} if held else set()

    assert numbers_shown(shown) <= own
    assert shown.directories


@pytest.mark.parametrize("country", FULL)
def test_lines_vanish_the_day_after_their_review_and_the_fallback_stays(country):
    before = crisis.help_for(country, today=LAST_DAY)
    after = crisis.help_for(country, today=DAY_AFTER)

    assert before.lines
    assert (after.lines, after.more) == ((), ())
    assert "due for a new check" in after.note
    assert len(after.directories) == 3


def test_the_emergency_number_stays_and_says_that_its_check_is_due():
    emergency = crisis.help_for("GB", today=DAY_AFTER).emergency

    assert emergency is not None
    assert (emergency.dial, emergency.due) == ("999", True)


def test_hours_are_shown_only_where_they_are_known():
    lines = {
        line.name: line
        for country in ("PL", "DK", "US")
        for line in crisis.help_for(country, today=TODAY).lines
    }

    unsure = lines["Emotional crisis helpline for adults"]
    assert (unsure.hours, unsure.hours_sure) == ("Check the hours", False)
    assert lines["Livslinien"].hours == "09:00 to 05:00"
    assert lines["988 Suicide & Crisis Lifeline"].hours == "Open day and night"


def test_text_links_carry_the_word_to_send():
    british = crisis.help_for("GB", today=TODAY)
    american = crisis.help_for("US", today=TODAY)

    assert british.first_text.sms_link == "sms:85258?body=SHOUT"
    assert american.first_text.sms_link == "sms:988"


def test_a_line_without_phone_has_no_link_to_call():
    shout = crisis.help_for("GB", today=TODAY).first_text

    assert (shout.name, shout.phone, shout.tel) == ("Shout", "", "")


def test_the_first_call_is_the_first_line_with_a_phone():
    assert crisis.help_for("IE", today=TODAY).first_call.dial == "116123"
    assert crisis.help_for("FR", today=TODAY).first_text is None


def test_nothing_is_stale_today_and_everything_is_named_60_days_before():
    assert crisis.stale(LAST_DAY - timedelta(days=61)) == ()
    assert any(
        sentence.startswith("crisis_lines/gb.toml: Samaritans, ")
        and "emergency number" in sentence
        and "is due for a check on 2027-05-23" in sentence
        for sentence in crisis.stale(LAST_DAY - timedelta(days=60))
    )


def test_what_is_past_its_review_was_due():
    assert all("was due" in s for s in crisis.stale(DAY_AFTER) if s.startswith("crisis_lines/"))


def test_counts_add_up_to_the_files_and_nothing_is_recalled():
    found = crisis.counts()

    assert sum(found["crisis lines"].values()) == sum(len(h.lines) for h in numbers().values())
    assert sum(found["emergency numbers"].values()) == 29
    assert all(family[Checked.RECALLED] == 0 for family in found.values())


def test_our_own_files_pass_their_check():
    crisis.check()
