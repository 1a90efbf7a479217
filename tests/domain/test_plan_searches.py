"""What a plan brings to the directory's search: the wishes that were said, and no guess."""

import pytest

from stepwell.domain.answers import parse_answers
from stepwell.domain.offers import Format, Reach
from stepwell.domain.plan_searches import Search, searches

LOW_MOOD = {"safety": ["none"], "country": "GB", "impact": "moderate", "duration": "months"}


def found(*, kind: str = "psychotherapy", **said: object) -> Search:
    answers = parse_answers({**LOW_MOOD, "needs": ["low_mood"], **said})
    return searches([kind], answers, ["cbt", "physiotherapy", "cbt"])[0]


def test_what_was_not_said_is_empty() -> None:
    (empty,) = searches(["psychotherapy"], parse_answers({}), [])

    assert empty == Search(
        kind="psychotherapy",
        country="",
        remote=Reach.EITHER,
        format=None,
        low_cost=False,
        needs=(),
        goals=(),
        approaches=(),
    )


def test_wishes_go_along() -> None:
    search = found(goals=["cope"], preferences=["group", "free_or_low_cost", "very_private"])

    assert (search.country, search.needs, search.goals) == ("GB", ("low_mood",), ("cope",))
    assert (search.format, search.low_cost) == (Format.GROUP, True)


@pytest.mark.parametrize(
    ("wished", "remote"),
    [
        (["online"], Reach.REMOTE),
        (["in_person"], Reach.IN_PERSON),
        (["online", "in_person"], Reach.EITHER),
        (["group"], Reach.EITHER),
    ],
)
def test_how_to_meet_is_asked_for_where_one_way_was_wished(
    wished: list[str], remote: Reach
) -> None:
    assert found(preferences=wished).remote == remote


def test_two_forms_are_no_form() -> None:
    assert found(preferences=["group", "one_to_one"]).format is None


def test_each_kind_brings_the_needs_for_which_the_rules_name_it() -> None:
    both = ["low_mood", "pain_movement"]

    assert found(needs=both).needs == ("low_mood",)
    assert found(kind="physical_therapy", needs=both).needs == ("pain_movement",)
    assert found(kind="primary_care", needs=both).needs == ("low_mood", "pain_movement")


def test_only_methods_that_are_given_under_the_kind_are_offered_each_once() -> None:
    assert found().approaches == ("cbt",)
    assert found(kind="physical_therapy").approaches == ("physiotherapy",)
