"""What refuses a publish, and what only advises."""

from datetime import date

import pytest

from stepwell.domain import publish_checks, readability
from stepwell.domain.publish_checks import Draft, Link, Passage, Picture

TODAY = date(2026, 11, 24)
GOOD = Draft(
    title="How worry works",
    standfirst="What worry is for, and what helps when there is too much of it.",
    authors=("Ann Example",),
    references=1,
    headings=("What it is", "What helps"),
    passages=(Passage(where="Part 1", text="Worry looks ahead."),),
    review_planned_on=date(2027, 2, 1),
)


def blocked(**changes) -> list[str]:
    found = publish_checks.blocking(GOOD.model_copy(update=changes), today=TODAY)
    return [one.check for one in found]


def said(text: str) -> list[str]:
    return blocked(passages=(Passage(where="Part 1", text=text),))


def test_a_whole_article_may_be_published():
    assert blocked() == []


@pytest.mark.parametrize(
    ("changes", "check"),
    [
        ({"authors": ()}, "author"),
        ({"authors": (" ",)}, "author"),
        ({"standfirst": " "}, "summary"),
        ({"standfirst": "how worry works"}, "summary"),
        ({"references": 0}, "references"),
        ({"marks": (1, 2)}, "references"),
        ({"pictures": (Picture(where="Cover picture", alt="", decorative=False),)}, "alt-text"),
        ({"pictures": (Picture(where="x", alt="blank", decorative=False),)}, "alt-text"),
        ({"review_planned_on": None}, "review"),
        ({"heavy": True, "helps": True}, "content-note"),
        ({"heavy": True, "content_note": "Speaks of loss."}, "help-box"),
        ({"headings": ("One", " ")}, "headings"),
        ({"links": (Link(where="Part 1", text="here", url="/guide/"),)}, "link-text"),
        ({"links": (Link(where="Part 1", text="Read more.", url="/guide/"),)}, "link-text"),
        ({"links": (Link(where="Part 1", text="", url="/guide/"),)}, "link-text"),
        ({"links": (Link(where="x", text="https://a.example", url="/"),)}, "link-text"),
        ({"links": (Link(where="x", text="Call", url="tel:+441234567890"),)}, "phone-number"),
        ({"title": "Teacher dies by suicide"}, "title-suicide-death"),
    ],
)
def test_W3_what_is_missing_or_harmful_blocks(changes, check):
    assert blocked(**changes) == [check]


@pytest.mark.parametrize(
    "changes",
    [
        {"pictures": (Picture(where="x", alt="", decorative=True),)},
        {"pictures": (Picture(where="x", alt="Two people on a bench", decorative=False),)},
        {"review_planned_on": None, "no_review_reason": "A notice of two weeks."},
        {"review_planned_on": None, "review_due": date(2028, 1, 1)},
        {"heavy": True, "content_note": "Speaks of loss.", "helps": True},
        {"links": (Link(where="x", text="Find what fits", url="/guide/"),)},
    ],
)
def test_what_is_said_on_purpose_passes(changes):
    assert blocked(**changes) == []


def test_a_heavy_text_may_lead_to_help_by_a_link():
    link = Link(where="Part 1", text="Help now", url="/help-now/")

    assert blocked(heavy=True, content_note="Speaks of loss.", links=(link,)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Call 0300 123 4567 in the evening.",
        "Call +44 1632 960123.",
        "The number is (555) 010-9999.",
        "Text 85000 to talk.",
        "Ring 4711 at night.",
    ],
)
def test_a_phone_number_that_nobody_renews_blocks(text):
    assert said(text) == ["phone-number"]


@pytest.mark.parametrize(
    "text",
    [
        "In the US, call 988 or text 988.",
        "In the UK, call 116 123.",
        "Between 1990 and 2000, and in 2019-2024, it fell.",
        "About 2 000 000 people, or 1,234,567 of them.",
        "Journal of Examples 12 (3), 456-478.",
        "See doi 10.1000/182.2020.123456.",
        "A group of 8-12 people meets for 6 weeks.",
    ],
)
def test_checked_numbers_years_and_amounts_pass(text):
    assert said(text) == []


def test_harmful_wording_blocks_and_names_the_sentence():
    text = "He was kind. He committed suicide in spring."

    found = publish_checks.blocking(
        GOOD.model_copy(update={"passages": (Passage(where="Part 2", text=text),)}), today=TODAY
    )

    assert [one.check for one in found] == ["committed-suicide"]
    assert found[0].where == "Part 2"
    assert "He committed suicide in spring." in found[0].what
    assert "died by suicide" in found[0].repair


def test_harmful_wording_in_an_alternative_text_blocks():
    picture = Picture(where="Cover picture", alt="A psycho in a film", decorative=False)

    assert blocked(pictures=(picture,)) == ["slurs"]


def test_long_sentences_and_hard_words_only_advise():
    text = "In order to utilise this, one " + "thing " * 40 + "is needed."
    draft = GOOD.model_copy(update={"passages": (Passage(where="Part 1", text=text),)})

    found = publish_checks.look(draft, today=TODAY)

    assert {"utilise", "in-order-to", "long-sentence"} <= {one.check for one in found}
    assert not any(one.blocks for one in found)


def test_a_heading_that_is_there_twice_only_advises():
    draft = GOOD.model_copy(update={"headings": ("One", "one ")})

    assert [one.check for one in publish_checks.look(draft, today=TODAY)] == ["headings"]
    assert publish_checks.blocking(draft, today=TODAY) == []


def test_a_planned_review_that_is_late_only_advises():
    draft = GOOD.model_copy(update={"review_planned_on": date(2026, 1, 1)})

    assert [one.check for one in publish_checks.look(draft, today=TODAY)] == ["review"]
    assert publish_checks.blocking(draft, today=TODAY) == []


def test_W4_figures_rank_an_easy_text_below_a_hard_one():
    easy = readability.of("We sat down. The sun was out. We had tea.")
    hard = readability.of(
        "Psychotherapeutic interventions demonstrate heterogeneous effectiveness depending on "
        "methodological considerations, institutional circumstances and individual preferences."
    )

    assert easy.words == 10
    assert easy.words_per_sentence == 3.3
    assert easy.lix < 10 < 60 < hard.lix
    assert easy.ari < hard.ari
    assert readability.of("").words == 0
