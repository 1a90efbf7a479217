"""What our copy of a register says of a claim."""

from datetime import date

import pytest

from stepwell.domain.credentials import Level
from stepwell.domain.register_copy import (
    Claim,
    Entry,
    Excluded,
    Finding,
    KnownName,
    Licence,
    Match,
    compare,
    compare_excluded,
    possible_keys,
    verification_of,
)
from stepwell.domain.register_names import fold, fold_licence, fold_organisation, state_code

ADA = Entry(
    number="2900000003",
    active=True,
    names=(
        KnownName(name_key="DELACRUZ", given_key="ADA"),
        KnownName(name_key="COHEN", given_key="ADA"),
    ),
    states=frozenset({"IL", "WI"}),
    licences=(Licence(key="180001234", state="IL"),),
)
TWIN = ADA.model_copy(update={"number": "2900000011", "licences": ()})
NUMBER = Claim(name="Ada De La Cruz", npi="2900000003")


@pytest.mark.parametrize(
    ("written", "folded"),
    [("O'Brien", "OBRIEN"), ("AL-RASHID", "ALRASHID"), ("St. Clair", "STCLAIR"),
     ("Müller", "MULLER"), ("de la Cruz", "DELACRUZ"), ("", "")],
)  # fmt: skip
def test_name_folds_to_capitals_without_accents_and_marks(written, folded):
    assert fold(written) == folded


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Cedar Counseling Center, LLC", "CEDARCOUNSELINGCENTER"), ("Example P.C.", "EXAMPLE"),
     ("INC", "INC"), ("A & B Co., Inc.", "AB")],
)  # fmt: skip
def test_organisation_folds_without_its_legal_form(written, folded):
    assert fold_organisation(written) == folded


@pytest.mark.parametrize("written", ["psy-01234", "PSY 1234", "PSY.1234", "PSY1234.LIC"])
def test_licence_in_unlike_spellings_folds_to_the_same(written):
    assert fold_licence(written) == "PSY1234"


@pytest.mark.parametrize(
    ("written", "folded"), [("001595", "1595"), ("000", "0"), ("LPC0", "LPC0"), ("12-A", "12A")]
)
def test_licence_keeps_what_tells_it_apart(written, folded):
    assert fold_licence(written) == folded


@pytest.mark.parametrize(
    ("written", "code"),
    [("il", "IL"), ("New York", "NY"), ("ILLINOIS", "IL"), ("Bayern", "Bayern"), ("", "")],
)
def test_state_is_its_code_or_what_was_written(written, code):
    assert state_code(written) == code


@pytest.mark.parametrize(
    "name", ["Ada De La Cruz", "ADA M. DE LA CRUZ", "Ada De La Cruz, LPC, NCC", "Ada Cohen"]
)
def test_number_and_one_of_its_names_is_a_match(name):
    assert compare(NUMBER.model_copy(update={"name": name}), [ADA]).finding is Finding.MATCHED


def test_family_name_before_a_comma_is_turned_round_and_a_title_is_not():
    turned = compare(Claim(name="Cohen, Ada", npi="2900000003"), [ADA])
    titled = compare(Claim(name="Cohen, LCSW", npi="2900000003"), [ADA])

    assert turned.finding is Finding.MATCHED
    assert titled.finding is Finding.POSSIBLE


def test_number_under_another_name_is_possible_only():
    assert compare(Claim(name="Bo Smith", npi="2900000003"), [ADA]).finding is Finding.POSSIBLE


def test_number_that_ended_is_none_and_says_since_when():
    ended = ADA.model_copy(update={"active": False, "ended_on": date(2019, 3, 13)})

    match = compare(NUMBER, [ended])

    assert match.finding is Finding.NONE
    assert "since 2019-03-13" in match.reasons[0]


@pytest.mark.parametrize("number", ["2900000004", "123", "29000000O3"])
def test_number_with_a_wrong_form_is_none(number):
    assert compare(Claim(name="Ada Cohen", npi=number), [ADA]).finding is Finding.NONE


def test_name_state_and_licence_is_a_match():
    claim = Claim(name="Ada De La Cruz", licence="180.001234", state="IL")

    match = compare(claim, [ADA, TWIN])

    assert (match.finding, match.numbers) == (Finding.MATCHED, ("2900000003",))


@pytest.mark.parametrize(
    "change", [{"licence": ""}, {"licence": "999"}, {"state": "WI"}, {"state": ""}]
)
def test_name_without_the_licence_of_that_state_is_possible_only(change):
    claim = Claim(name="Ada De La Cruz", licence="180.001234", state="IL")

    match = compare(claim.model_copy(update=change), [ADA, TWIN])

    assert match.finding is Finding.POSSIBLE
    assert len(match.numbers) == 2


def test_one_entry_alone_of_a_name_is_possible_only():
    assert compare(Claim(name="Ada Cohen", state="IL"), [ADA]).finding is Finding.POSSIBLE


def test_name_in_another_state_is_none():
    assert compare(Claim(name="Ada Cohen", state="TX"), [ADA]).finding is Finding.NONE


def test_no_copy_means_cannot_tell():
    assert compare(NUMBER, [], loaded=False).finding is Finding.CANNOT_TELL


def test_possible_keys_hold_every_family_name_that_may_be_meant():
    keys = possible_keys("Ada Maria De La Cruz")

    assert {"CRUZ", "LACRUZ", "DELACRUZ"} <= keys


def test_match_proposes_level_four_and_a_person_still_decides_what_is_possible():
    matched = verification_of(compare(NUMBER, [ADA]))
    possible = verification_of(compare(Claim(name="Ada Cohen"), [ADA]))
    none = verification_of(Match(finding=Finding.NONE))

    assert (matched.level, matched.needs_person) == (Level.REGISTER_MATCH, False)
    assert (possible.level, possible.needs_person) == (None, True)
    assert (none.level, none.needs_person) == (None, False)


def excluded(**told) -> Excluded:
    fields = {
        "npi": "", "name": KnownName(name_key="COHEN", given_key="ADA"), "state": "IL",
        "excluded_on": date(2020, 3, 19), "ended": False,
    }  # fmt: skip
    return Excluded(**{**fields, **told})


def test_exclusion_by_number_is_sure_and_by_name_possible():
    by_number = compare_excluded(NUMBER, [excluded(npi="2900000003")])
    by_name = compare_excluded(Claim(name="Ada Cohen"), [excluded()])

    assert by_number.finding is Finding.MATCHED
    assert by_name.finding is Finding.POSSIBLE
    assert verification_of(compare(NUMBER, [ADA]), by_number).level is None
    assert verification_of(compare(NUMBER, [ADA]), by_name).needs_person


def test_exclusion_of_another_number_or_one_that_ended_says_nothing():
    claim = Claim(name="Ada Cohen", npi="2900000003")

    assert compare_excluded(claim, [excluded(npi="2900000011")]).finding is Finding.NONE
    assert compare_excluded(claim, [excluded(ended=True)]).finding is Finding.NONE
    assert compare_excluded(claim, [], loaded=False).finding is Finding.CANNOT_TELL
