"""What listings promise beyond what stands behind them: every rule, and where it must not bite."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain import claim_facts, claims, loading
from stepwell.domain.claim_facts import Advertised, ClaimRule, Exclusion, Licence
from stepwell.domain.claims import Verdict
from stepwell.domain.credentials import State
from stepwell.domain.errors import FactError

TODAY = date(2026, 11, 24)
RULES = claim_facts.rules().rules


def says(text: str, **more: object) -> Advertised:
    return Advertised.model_validate({"texts": {"about": text}, "kind": "counselling", **more})


def found(listing: Advertised) -> dict[str, Verdict]:
    return {finding.rule: finding.verdict for finding in claims.findings(listing, TODAY)}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_flags_its_example(rule: ClaimRule) -> None:
    assert found(rule.flagged)[rule.id] is Verdict.FLAGGED


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_leaves_its_near_miss_alone(rule: ClaimRule) -> None:
    assert rule.id not in found(rule.passes)


@pytest.mark.parametrize("country", ["", "FR", "BR", "ZZ"])
def test_title_in_a_country_without_rules_cannot_be_determined(country: str) -> None:
    listing = says("I am a clinical psychologist.", country=country)

    assert found(listing) == {"protected_title": Verdict.CANNOT_DETERMINE}


def test_title_free_in_the_country_is_left_alone() -> None:
    assert not found(says("I am a psychotherapist.", country="GB"))


def test_title_partly_protected_cannot_be_determined() -> None:
    listing = says("I am a psychotherapist.", country="US")

    assert found(listing) == {"protected_title": Verdict.CANNOT_DETERMINE}


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        (Licence(register_id="gb_hcpc", number="PYL123456"), {}),
        (Licence(register_id="gb_bacp", number="1"), {"protected_title": Verdict.FLAGGED}),
        (
            Licence(register_id="gb_hcpc", number="PYL123456", state=State.REFUSED),
            {"protected_title": Verdict.FLAGGED},
        ),
        (
            Licence(register_id="gb_hcpc", number="PYL123456", expires_on=date(2026, 11, 23)),
            {"protected_title": Verdict.FLAGGED, "licence_expired": Verdict.FLAGGED},
        ),
        (
            Licence(register_id="au_ahpra", number="PSY0000932846"),
            {"protected_title": Verdict.FLAGGED},  # a register of another country
        ),
    ],
)
def test_title_needs_a_licence_in_force_from_this_country(
    licence: Licence, expected: dict[str, Verdict]
) -> None:
    listing = says("I am a clinical psychologist.", country="GB", licences=(licence,))

    assert found(listing) == expected


@pytest.mark.parametrize(
    "text",
    [
        "I work alongside your clinical psychologist.",
        "I am not a clinical psychologist.",
        "Supervised by a clinical psychologist.",
        "What a counselling session is, and how it differs from seeing a clinical psychologist.",
        "Trainee clinical psychologist on placement.",
    ],
)
def test_title_of_somebody_else_is_left_alone(text: str) -> None:
    assert not found(says(text, country="GB"))


@pytest.mark.parametrize(
    "text",
    [
        "Leave the clinical psychologist's couch behind.",
        "My sister is a clinical psychologist, and I make soup.",
        "I was a clinical psychologist until 2015.",
    ],
)
def test_title_of_a_relative_or_of_the_past_is_left_alone(text: str) -> None:
    assert "protected_title" not in found(says(text, country="GB"))


def test_own_title_is_found_after_words_about_others() -> None:
    listing = says("Welcome to my practice, I am a clinical psychologist.", country="GB")

    assert found(listing) == {"protected_title": Verdict.FLAGGED}


@pytest.mark.parametrize("title", ["speech-language pathologist", "Speech language  pathologists"])
def test_title_is_known_however_it_is_written(title: str) -> None:
    assert found(says(title, country="US")) == {"protected_title": Verdict.FLAGGED}


def test_identifier_stands_behind_no_title() -> None:
    licence = Licence(register_id="us_nppes", number="1234567893", state=State.VERIFIED)
    listing = says("Clinical psychologist.", country="US", licences=(licence,))

    assert found(listing) == {"protected_title": Verdict.FLAGGED}


def test_licence_beneath_a_free_word_stands_behind_it() -> None:
    licence = Licence(register_id="us_social_work", number="LC-1")

    assert not found(says("Psychotherapist.", country="US", licences=(licence,)))
    assert found(says("Psychotherapist.", country="CA", licences=(licence,)))


@pytest.mark.parametrize(
    ("register", "number", "expected"),
    [
        ("us_nppes", "1234567890", Verdict.FLAGGED),
        ("gb_gmc", "12345", Verdict.CANNOT_DETERMINE),  # its form is only recalled
        ("us_nppes", "", None),
    ],
)
def test_number_is_flagged_only_where_its_form_was_checked(
    register: str, number: str, expected: Verdict | None
) -> None:
    licence = Licence(register_id=register, number=number)

    assert found(says("Talks.", licences=(licence,))).get("impossible_number") is expected


def test_denial_far_before_a_promise_does_not_excuse_it() -> None:
    text = (
        "If other things have not helped so far in all these years, know this: it cures depression"
    )

    assert found(says(text)) == {"cure": Verdict.FLAGGED}


def test_promise_of_treatment_with_a_register_behind_it_is_left_alone() -> None:
    licence = Licence(register_id="gb_bacp", number="123456")
    listing = says("I treat depression.", kind="life_coaching", country="GB", licences=(licence,))

    assert not found(listing)


def test_promise_of_treatment_without_a_kind_goes_by_what_people_call_themselves() -> None:
    coach = says("I am a mindset coach and I treat depression.", kind="")
    nobody = says("I treat depression.", kind="")

    assert found(coach) == {"clinical_promise": Verdict.FLAGGED}
    assert not found(nobody)


def test_prescribing_by_another_treatment_cannot_be_determined() -> None:
    listing = says("We can prescribe after an assessment.", kind="psychotherapy", country="US")

    assert found(listing) == {"prescribing_promise": Verdict.CANNOT_DETERMINE}


@pytest.mark.parametrize(
    ("excluded", "expected"),
    [
        (Exclusion.YES, {"excluded": Verdict.FLAGGED}),
        (Exclusion.POSSIBLE, {"excluded": Verdict.CANNOT_DETERMINE}),
        (Exclusion.NO, {}),
        (Exclusion.UNKNOWN, {}),
    ],
)
def test_exclusion_by_name_alone_is_for_a_person_to_settle(
    excluded: Exclusion, expected: dict[str, Verdict]
) -> None:
    assert found(says("Talks.", excluded=excluded)) == expected


@pytest.mark.parametrize(
    ("confirmed", "stale"),
    [
        (date(2026, 8, 26), False),  # ninety days
        (date(2026, 8, 25), True),
        (date(2026, 11, 25), True),  # a day that has not come yet
        (None, True),
    ],
)
def test_confirmation_is_stale_after_ninety_days(confirmed: date | None, stale: bool) -> None:
    listing = says("Talks.", asks_freshness=True, confirmed_on=confirmed)

    assert ("stale_confirmation" in found(listing)) is stale


@given(st.text(max_size=400))
def test_any_text_gets_an_answer(text: str) -> None:
    for finding in claims.findings(says(text, country="GB"), TODAY):
        assert all((finding.because, finding.repair, finding.source.citation))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('source_id = "coaching"', 'source_id = "nobody"', "licensed_coach.source_id"),
        ("'(?:state|", "'((?:state|", "licensed_coach: a pattern"),
        ('"life_coaching", "health_coaching"', '"life_coachin", "health_coaching"', "kinds"),
        ('register_id = "us_nppes", number = "1234567890"', 'register_id = "x", number = "1"', "x"),
        ('look = "title"', 'look = "words"', "protected_title.words"),
    ],
)
def test_broken_rules_are_refused_with_the_place(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    text = (loading.PACKAGED / claim_facts.RULES_FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "claims").mkdir()
    (tmp_path / claim_facts.RULES_FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    loading.use_folders([tmp_path])
    try:
        with pytest.raises(FactError, match=r"claims/rules\.toml") as refused:
            claim_facts.check()
    finally:
        loading.use_folders([])

    assert problem in str(refused.value)
