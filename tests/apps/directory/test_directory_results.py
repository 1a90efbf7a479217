"""Words of a page of results: what was bounded is said to be, and small numbers name nobody."""

from collections.abc import Mapping

import pytest

from stepwell.apps.directory.forms import search_form
from stepwell.apps.directory.presenters import results_page
from stepwell.domain.matching import Funnel, Removed


@pytest.mark.parametrize(
    ("found", "more", "told"),
    [
        (0, False, "No listing fits all of what you asked for"),
        (1, False, "One listing fits what you asked for"),
        (12_345, True, "At least 12,345 listings fit what you asked for"),
        (0, True, "None of the 50,000 listings that we looked at fits"),
    ],
)
def test_heading_says_what_was_not_counted(found: int, more: bool, told: str) -> None:
    assert results_page.heading(found, more=more) == told


def test_funnel_of_very_many_counts_back_from_those_that_are_left() -> None:
    removed = (Removed("reach", 0, more=True), Removed("kind", 25_000), Removed("cost", 4_000))
    funnel = Funnel(10_000, removed, 1_000, more_at_start=True, more_left=True)

    steps = results_page.funnel(funnel)

    assert [step.words for step in steps] == [
        "More than 10,000 listings in all",
        "Not counted: those that are too far away, do not serve this country, or are not offered "
        "in this way",
        "25,000 are another kind of support",
        "4,000 are not known to be free or low in cost",
    ]
    assert [step.left for step in steps] == [
        "",
        "at least 30,000 left",
        "at least 5,000 left",
        "at least 1,000 left",
    ]
    assert all(0 < step.width <= 100 for step in steps)


def test_funnel_of_few_says_exact_numbers() -> None:
    removed = (Removed("reach", 3), Removed("kind", 0), Removed("language", 1))

    steps = results_page.funnel(Funnel(5, removed, 1))

    assert [step.left for step in steps] == ["", "2 left", "1 left"]
    assert steps[-1].words == "1 names other languages only"


def test_funnel_of_an_empty_directory() -> None:
    assert [step.words for step in results_page.funnel(Funnel(0, (), 0))] == ["0 listings in all"]


@pytest.mark.parametrize(("more", "told"), [(False, "4 more"), (True, "at least 4 more")])
def test_what_one_wish_less_gives_is_bounded_too(more: bool, told: str) -> None:
    (button,) = results_page.what_if(1, {"language": 5, "cost": 1}, 40, more=more)

    assert button == (f"In any language: {told}", "language=")


def test_small_counts_of_what_could_point_to_somebody_are_few(db: None) -> None:
    form = search_form({})
    assert form.is_valid()
    counts: Mapping[str, Mapping[str, int]] = {
        "access": {"step_free": 4, "quiet_space": 5},
        "cost": {"free": 2, "low": 1, "paid": 9},
        "accepting": {"yes": 7},
    }

    facets = {one.words: one.buttons for one in results_page.facets(counts, 20, form)}

    assert [one.words for one in facets["Access"]] == ["A quiet space (5)", "Without steps (few)"]
    assert [tuple(one) for one in facets["Cost"]] == [("Free or low cost (3)", "cost=on")]
    assert [one.words for one in facets["New people"]] == ["Takes new people now (7)"]
