"""The difference between two texts: every change is found, and typing errors are told apart."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain.text_changes import (
    Change,
    Passage,
    differences,
    may_be_typing_errors,
    passages,
)


def written(
    text: str = "<p>Rest for two days.</p>",
    *,
    title: str = "A title",
    blocks: list[Any] | None = None,
    references: list[Any] | None = None,
) -> str:
    told = [title, "A summary.", "Ann", "", False, ["adhd"]]
    part = ["part", {"heading": "Rest", "text": text}]
    return json.dumps([told, blocks or [part], references or []])


def test_one_word_is_found_with_its_neighbours() -> None:
    found = differences(written(), written("<p>Rest for three days.</p>"))

    pieces = (("same", "Rest for"), ("gone", "two"), ("new", "three"), ("same", "days."))
    assert found == [Change("Part", pieces)]


def test_the_same_text_has_no_difference() -> None:
    assert differences(written(), written()) == []


def test_a_new_passage_and_a_lost_one_are_found() -> None:
    more = "<p>Rest for two days.</p><p>Then walk.</p>"

    assert differences(written(), written(more)) == [Change("Part", (("new", "Then walk."),))]
    assert differences(written(more), written()) == [Change("Part", (("gone", "Then walk."),))]


def test_where_a_link_leads_is_part_of_the_text() -> None:
    before = written('<p><a href="/guide/">Guide</a></p>')
    after = written('<p><a href="https://example.org/">Guide</a></p>')

    (change,) = differences(before, after)

    assert change.words() == ["(/guide/)", "(https://example.org/)"]


def test_folded_passages_keep_their_topic() -> None:
    note = ["content_note", {"topic": "Loss", "text": "<p>Words.</p>"}]

    found = passages(written(blocks=[note]))

    assert Passage("Content note", "Words.", "Loss") in found


def test_markup_in_a_plain_field_is_text() -> None:
    found = passages(written(title="a < b & c"))

    assert found[0] == Passage("Title", "a < b & c")


def test_long_unchanged_runs_are_shortened() -> None:
    many = " ".join(f"w{number}" for number in range(100))

    (change,) = differences(written(f"<p>{many} old</p>"), written(f"<p>{many} new</p>"))

    assert "…" in change.pieces[0][1]
    assert change.words() == ["old", "new"]


def test_references_are_part_of_the_text() -> None:
    one = {"authors": "A", "title": "B", "year": 2020}

    (change,) = differences(written(), written(references=[one]))

    assert change == Change("Reference", (("new", "A. B. 2020"),))


@pytest.mark.parametrize(
    ("after", "is_typing"),
    [
        ("Rest for two dayz.", True),
        ("Rest for too days.", True),
        ("Rest for 2 days.", False),
        ("Rest not for two days.", False),
        ("Don't rest for two days.", False),
        ("Walk, run, swim, climb, dance and sing for days.", False),
    ],
)
def test_figures_and_small_words_are_never_typing_errors(after: str, is_typing: bool) -> None:
    found = differences(written(), written(f"<p>{after}</p>"))

    assert (may_be_typing_errors(found) == "") is is_typing


def test_a_difference_without_words_is_no_typing_error() -> None:
    assert may_be_typing_errors(differences(written(), written("<p><b>Rest</b> for two days.</p>")))


WORDS = st.lists(st.sampled_from(["rest", "walk", "two", "three", "days", "not"]), max_size=8)
TEXTS = st.lists(WORDS, max_size=4)


def _text(paragraphs: list[list[str]]) -> str:
    return "".join(f"<p>{' '.join(words)}</p>" for words in paragraphs)


@given(TEXTS, TEXTS)
def test_what_went_and_what_came_make_the_one_text_from_the_other(
    before: list[list[str]], after: list[list[str]]
) -> None:
    found = differences(written(_text(before)), written(_text(after)))

    def counted(kind: str) -> int:
        return sum(len(text.split()) for one in found for k, text in one.pieces if k == kind)

    old, new = sum(map(len, before)), sum(map(len, after))
    assert new - old == counted("new") - counted("gone")
    assert (found == []) == ([one for one in before if one] == [one for one in after if one])
