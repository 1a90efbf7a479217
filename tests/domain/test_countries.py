"""The list of countries: 249 codes, each with a name of its own."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain import countries, loading
from stepwell.domain.errors import FactError, UnknownFact


def test_there_are_249_countries_with_two_capital_letters_each():
    assert len(countries.names()) == 249
    assert all(re.fullmatch("[A-Z]{2}", code) for code in countries.names())


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("GB", "United Kingdom"),
        ("KR", "South Korea"),
        ("CH", "Switzerland"),
        ("ZA", "South Africa"),
    ],
)
def test_name_is_the_one_people_know(code, name):
    assert countries.name(code) == name


@pytest.mark.parametrize("code", ["UK", "gb", "", "XX", "GBR", "EU"])
def test_what_is_no_code_is_no_country(code):
    assert not countries.is_country(code)
    with pytest.raises(UnknownFact):
        countries.name(code)


@given(st.text())
def test_any_text_is_answered(code):
    assert countries.is_country(code) is (code in countries.names())


def test_names_cannot_be_changed():
    with pytest.raises(TypeError):
        countries.names()["GB"] = "Elsewhere"


def test_our_own_list_passes_its_check():
    countries.check()


def test_two_codes_with_one_name_are_refused(tmp_path: Path):
    text = loading.path(countries.FILE).read_text(encoding="utf-8")
    (tmp_path / countries.FILE).write_text(text.replace('"Niger"', '"Nigeria"'), encoding="utf-8")
    loading.use_folders([tmp_path])

    try:
        with pytest.raises(FactError, match=r"countries.toml: names.NG: 'Nigeria' is also"):
            countries.check()
    finally:
        loading.use_folders([])


def test_counts_say_how_the_list_was_checked():
    assert countries.counts() == {"countries": {countries.listed().source.checked: 249}}
