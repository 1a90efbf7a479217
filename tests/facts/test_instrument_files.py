"""Every self-test file: it parses, is sourced, in date, scores its examples, reads as published.

All tests run over all instruments: a new one needs data, not a test.
"""

from collections.abc import Iterator
from datetime import date
from operator import attrgetter

import pytest

from stepwell.domain import guidance, instrument_checks, instruments, scoring, tags
from stepwell.domain.instrument_schema import Encoding, Instrument, Standing
from stepwell.domain.sources import Checked
from tests.facts import instrument_copies
from tests.facts.instrument_copies import SHARED, bare, differences

EVERY = list(instruments.instruments().values())
LEDGER = [*EVERY, *instruments.pending().values()]
ALL = pytest.mark.parametrize("one", EVERY, ids=attrgetter("id"))
CLEARED = pytest.mark.parametrize("one", LEDGER, ids=attrgetter("id"))
COPIES = [
    pytest.param(one, copy, id=f"{one.id}: {copy.file}")
    for one in EVERY
    for copy in one.checked_against
    if copy.file
]
TODAY = date(2026, 11, 24)


def test_the_files_hold_together() -> None:
    instruments.check()

    assert {"phq-9", "gad-7"} <= set(instruments.instruments())


@CLEARED
def test_Q5_has_source_licence_and_review_date(one: Instrument) -> None:
    assert one.source.citation
    assert one.licence.cleared
    assert one.licence.evidence
    assert one.licence.terms
    assert one.source.review_due > TODAY


@CLEARED
def test_a_licence_that_is_shown_in_part_says_so_in_its_terms(one: Instrument) -> None:
    if one.licence.standing is Standing.PARTIAL:
        assert len(one.licence.terms) > 80


@CLEARED
def test_tags_and_needs_are_in_the_vocabularies(one: Instrument) -> None:
    assert set(one.tags) <= set(tags.tags())
    assert set(getattr(one, "needs", ())) <= set(guidance.needs())


@ALL
def test_Q5_examples_score_as_published(one: Instrument) -> None:
    assert one.examples
    assert list(instrument_checks.example_problems(one)) == []


@ALL
def test_Q5_bands_cover_each_score_once(one: Instrument) -> None:
    for scale in one.scales:
        for bands in scale.bands:
            for points in instrument_checks.every_score(scale):
                holding = [b.id for b in bands.ranges if b.lowest <= points <= b.highest]

                assert len(holding) == 1, (scale.id, bands.id, points)


@ALL
def test_every_item_answer_scale_and_band_is_worded(one: Instrument) -> None:
    assert list(instrument_checks.wording_problems(one, instruments.wording(one.id))) == []


@ALL
def test_no_two_questions_have_the_same_words_under_one_heading(one: Instrument) -> None:
    text = instruments.wording(one.id)
    heading, seen = "", set()
    for item in one.items:
        heading = text.headings.get(item.id, heading)

        assert (heading, text.items[item.id]) not in seen, item.id
        seen.add((heading, text.items[item.id]))


@ALL
def test_the_first_answer_is_never_not_at_all_sure(one: Instrument) -> None:
    for answers in instruments.wording(one.id).options.values():
        assert "Not at all sure" not in answers.values()


@ALL
def test_bands_are_never_only_recalled(one: Instrument) -> None:
    for scale in one.scales:
        for bands in scale.bands:
            assert bands.source.checked is not Checked.RECALLED


@ALL
def test_each_alert_fires_on_its_own_answer_alone(one: Instrument) -> None:
    for alert in one.alerts:
        values = one.values(alert.item)
        firing = [v for v in values if scoring.alerts(one, {alert.item: v})]

        assert firing
        assert firing != list(values), "an alert that always fires is no alert"


@ALL
def test_what_was_compared_is_said(one: Instrument) -> None:
    for copy in one.checked_against:
        named = (*copy.punctuation, *copy.differences)

        assert copy.agrees == (not copy.differs)
        assert not (copy.agrees and named)
        assert len(set(named)) == len(named)


@pytest.mark.parametrize(("one", "copy"), COPIES)
def test_wording_and_key_differ_from_a_copy_only_where_explained(
    one: Instrument, copy: Encoding
) -> None:
    if not SHARED.is_dir():
        pytest.skip(f"the reference copies are not beside this checkout: {copy.file}")

    found = differences(one, copy)

    assert sorted(found) == sorted((*copy.punctuation, *copy.differences)), "\n".join(told(found))
    for key, (ours, theirs) in found.items():
        same_words = bare(ours) == bare(theirs)
        assert same_words == (key in copy.punctuation), (key, ours, theirs)
    assert copy.agrees == (not found)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the reference copies are not beside this checkout")
def test_the_205_signs_of_the_spi_key_file_are_really_compared() -> None:
    one = instruments.instrument("spi-135")
    copy = next(c for c in one.checked_against if c.file == "spi_135.keys.json")
    theirs = instrument_copies.read(SHARED / copy.file)

    pairs = dict(instrument_copies.keys(one, theirs, instrument_copies.match(one, copy, theirs)))

    assert len(pairs) == 205 == sum(len(key) for key in theirs.scales.values())
    assert len({key.split()[1] for key in pairs}) == len(theirs.scales) == len(one.scales) == 32


@pytest.mark.skipif(not SHARED.is_dir(), reason="the reference copies are not beside this checkout")
def test_a_wrong_sign_in_the_spi_key_file_would_be_found() -> None:
    one = instruments.instrument("spi-135")
    copy = next(c for c in one.checked_against if c.file == "spi_135.keys.json")
    theirs = instrument_copies.read(SHARED / copy.file)
    theirs.scales["Agree"]["q_90"] *= -1

    pairs = dict(instrument_copies.keys(one, theirs, instrument_copies.match(one, copy, theirs)))

    assert [key for key, (ours, other) in pairs.items() if ours != other] == ["key agree q_90"]


def told(found: dict[str, tuple[str, str]]) -> Iterator[str]:
    """Yield each difference, for whoever explains it in the data."""
    for key, (ours, theirs) in found.items():
        yield f"{key}:\n    ours   {ours}\n    theirs {theirs}"


def test_recalled_figures_are_marked_so() -> None:
    for fact_id, points in (("phq-9", 6), ("gad-7", 4)):
        change = instruments.instrument(fact_id).scales[0].reliable_change

        assert change is not None
        assert (change.points, change.source.checked) == (points, Checked.RECALLED)
