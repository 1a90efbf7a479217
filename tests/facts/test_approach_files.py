"""Every approach and every evidence row: sourced, in date, plainly worded, and linked."""

import re
from datetime import date
from operator import attrgetter

import pytest

from stepwell.domain import approaches, support
from stepwell.domain.approaches import Approach, EvidenceRow, EvidenceTopic, Role
from stepwell.domain.sources import Checked, Source

TODAY = date(2026, 11, 24)
APPROACHES = pytest.mark.parametrize("one", approaches.approaches().values(), ids=attrgetter("id"))
ROWS = pytest.mark.parametrize("row", approaches.evidence(), ids=attrgetter("id"))
TOPICS = pytest.mark.parametrize("topic", approaches.topics(), ids=attrgetter("id"))

# Needs that no guideline speaks of: whatever stands there is for information only.
WITHOUT_GUIDELINE = {"growth", "identity", "life_change", "daily_tasks", "speech"}

LABEL = re.compile(
    r"\b(disorder|depression|depressive|anxiety|ptsd|ocd|psychosis|schizophrenia|bipolar|"
    r"borderline|adhd|anorexia|bulimia|dementia|phobia|insomnia)\b",
    re.IGNORECASE,
)
UNPLAIN = re.compile(r"!|\bcommit(ted)?\b|\bfailed\b|\bguaranteed?\b", re.IGNORECASE)


def test_the_facts_hold_together() -> None:
    approaches.check()


def test_there_are_enough_of_them() -> None:
    assert len(approaches.approaches()) >= 60
    assert len(approaches.evidence()) >= 100


@APPROACHES
def test_an_approach_is_in_date(one: Approach) -> None:
    assert_in_date(one.source)


@APPROACHES
def test_an_approach_says_in_a_few_sentences_what_happens(one: Approach) -> None:
    sentences = re.findall(r"[^.:?]+[.?](?:\s|$)", one.what_happens)

    assert 2 <= len(sentences) <= 5
    assert len(one.what_happens.split()) <= 75


@APPROACHES
def test_an_approach_is_plainly_worded(one: Approach) -> None:
    words = " ".join([one.one_line, one.what_happens, one.delivered_by, one.caution.text])

    assert not UNPLAIN.search(words)
    assert one.one_line.endswith(".")


@APPROACHES
def test_psychotherapy_is_offered_under_a_kind_that_can_be_it(one: Approach) -> None:
    kinds = [support.kind(kind_id).is_psychotherapy for kind_id in one.kinds]

    if one.is_psychotherapy is support.Psychotherapy.YES:
        assert set(kinds) != {support.Psychotherapy.NO}
    if one.is_psychotherapy is support.Psychotherapy.NO:
        assert support.Psychotherapy.YES not in kinds


@TOPICS
def test_a_topic_has_a_title_without_a_label(topic: EvidenceTopic) -> None:
    assert topic.title
    assert not LABEL.search(topic.title)


@ROWS
def test_a_row_is_in_date(row: EvidenceRow) -> None:
    assert_in_date(row.source)


@ROWS
def test_a_condition_is_told_without_a_label(row: EvidenceRow) -> None:
    assert not LABEL.search(row.condition)


@ROWS
def test_a_row_is_plainly_worded(row: EvidenceRow) -> None:
    assert not UNPLAIN.search(" ".join([row.condition, row.strength.text, row.note]))


@ROWS
def test_a_row_that_names_a_guideline_of_nice_links_to_it(row: EvidenceRow) -> None:
    named = re.match(r"NICE ((?:NG|CG|QS)\d+)", row.guideline)

    if named:
        assert row.source.url == f"https://www.nice.org.uk/guidance/{named[1].lower()}"


@ROWS
def test_a_recalled_source_does_not_pass_its_strength_on_in_the_note(row: EvidenceRow) -> None:
    if row.source.checked is Checked.RECALLED:
        assert not re.search(r"recommend|evidence|guideline of|effect", row.note)


@ROWS
def test_where_no_guideline_speaks_a_row_only_informs(row: EvidenceRow) -> None:
    if set(row.needs) & WITHOUT_GUIDELINE:
        assert row.role is Role.INFORMATION


@ROWS
def test_a_row_without_a_need_is_about_self_harm_or_suicide(row: EvidenceRow) -> None:
    assert bool(row.needs) != row.id.startswith(("self_harm", "thoughts_of_suicide"))


def test_couple_work_always_carries_the_caution_about_abuse() -> None:
    couple = [
        one
        for one in approaches.approaches().values()
        if approaches.Format.COUPLE in one.formats or one.id == "systemic_family"
    ]

    assert len(couple) == 5
    for one in couple:
        assert re.search(r"afraid|hurt, threatened or controlled", one.caution.text)


def assert_in_date(source: Source) -> None:
    assert source.citation
    assert source.checked_on <= TODAY < source.review_due
