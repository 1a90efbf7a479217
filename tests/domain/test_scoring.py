"""Every rule of scoring alone, on made-up self-tests: worked by hand, and as properties."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain import scoring
from stepwell.domain.instrument_schema import AlertKind, Answer, Instrument
from tests.domain.instrument_builder import SOURCE, make_instrument, make_scale


def points(one: Instrument, scale: str = "total", **response: Answer) -> Decimal | None:
    """Return the points of one scale."""
    found = scoring.score(one, response)
    return next(each.points for each in found.scales if each.scale == scale)


def reason(one: Instrument, **response: Answer) -> scoring.NotScorable | None:
    """Return why the first scale has no score."""
    return scoring.score(one, response).scales[0].reason


def test_a_reversed_item_counts_from_the_other_end() -> None:
    one = make_instrument(make_scale(reversed=["b"]), values=(1, 2, 3, 4, 5))

    assert points(one, a=1, b=1, c=1, d=1) == 1 + 5 + 1 + 1


@given(st.integers(-3, 3), st.integers(1, 7), st.data())
def test_reversing_twice_is_the_identity(low: int, size: int, data: st.DataObject) -> None:
    values = tuple(range(low, low + size))
    one = make_instrument(make_scale(reversed=["a"]), values=values)
    answer = data.draw(st.sampled_from(values))

    once = scoring.item_points(one, one.scales[0], "a", answer)

    assert scoring.item_points(one, one.scales[0], "a", once) == answer


def test_a_recoded_item_counts_what_its_table_says() -> None:
    one = make_instrument(
        make_scale("a b", recoded={"a": "better", "b": "worse"}, method="mean", digits=1),
        items="a b",
        values=(1, 2, 3, 4, 5, 6),
        recodes={
            "better": {"1": 100, "2": 80, "3": 60, "4": 40, "5": 20, "6": 0},
            "worse": {"1": 0, "2": 20, "3": 40, "4": 60, "5": 80, "6": 100},
        },
    )

    assert points(one, a=1, b=6) == 100
    assert points(one, a=2, b=2) == 50


def test_a_mean_is_rounded_half_up_to_its_published_digits() -> None:
    one = make_instrument(make_scale(method="mean", digits=2), values=(1, 2, 3, 4, 5))

    assert points(one, a=1, b=1, c=1, d=2) == Decimal("1.25")
    assert points(make_instrument(make_scale(method="mean", digits=1)), a=1, b=0, c=0, d=0) == (
        Decimal("0.3")
    )


def test_a_straight_line_moves_the_ends_to_the_published_ends() -> None:
    line = {"from": [1, 5], "to": [0, 100]}
    one = make_instrument(
        make_scale(method="mean", transform=line, digits=2), values=(1, 2, 3, 4, 5)
    )

    assert points(one, a=1, b=1, c=1, d=1) == 0
    assert points(one, a=5, b=5, c=5, d=5) == 100
    assert points(one, a=2, b=2, c=2, d=3) == Decimal("31.25")


def test_a_straight_line_may_turn_a_scale_round() -> None:
    one = make_instrument(make_scale(transform={"from": [0, 16], "to": [16, 0]}))

    assert points(one, a=4, b=3, c=0, d=0) == 9


def test_parts_are_added_before_they_are_rounded() -> None:
    third = {"method": "mean", "digits": 1}
    one = make_instrument(
        make_scale("a b c", id="first", **third),
        make_scale("d e f", id="second", **third),
        make_scale(id="total", parts=["first", "second"], digits=1),
        items="a b c d e f",
    )
    answers = {"a": 1, "b": 0, "c": 0, "d": 1, "e": 0, "f": 0}

    assert points(one, "first", **answers) == Decimal("0.3")
    assert points(one, "total", **answers) == Decimal("0.7")


def test_a_total_of_parts_has_no_score_where_a_part_has_none_and_says_why() -> None:
    one = make_instrument(
        make_scale("a b", id="first"),
        make_scale("c d", id="second"),
        make_scale(id="total", parts=["first", "second"]),
    )

    found = scoring.score(one, {"a": 1, "b": 1, "c": 1})

    assert [scale.points for scale in found.scales] == [2, None, None]
    assert found.scales[2].reason == scoring.NotScorable(kind="missing", items=("d",))


PRORATE = {"rule": "prorate", "at_least": 3, "published": "made up"}
MEAN = {"rule": "mean_of_answered", "at_least": 2, "published": "made up"}
ZERO = {"rule": "zero", "at_least": 1, "published": "made up"}


@pytest.mark.parametrize(
    ("missing", "method", "response", "expected"),
    [
        (None, "sum", {"a": 1, "b": 1, "c": 1}, None),
        (PRORATE, "sum", {"a": 1, "b": 1, "c": 2}, Decimal("5.3")),
        (PRORATE, "sum", {"a": 1, "b": 1}, None),
        (MEAN, "mean", {"a": 1, "d": 2}, Decimal("1.5")),
        (MEAN, "mean", {"a": 1}, None),
        (ZERO, "sum", {"a": 3}, Decimal("3")),
        (ZERO, "mean", {"a": 3}, Decimal("0.8")),
        (ZERO, "sum", {}, None),
    ],
)
def test_gaps_are_treated_as_the_manual_says(
    missing: Any, method: str, response: dict[str, Answer], expected: Decimal | None
) -> None:
    one = make_instrument(make_scale(method=method, digits=1), missing=missing)

    assert points(one, **response) == expected


def test_a_gap_names_the_items_left_out_in_the_order_of_the_form() -> None:
    found = reason(make_instrument(), d=1, b=0)

    assert found == scoring.NotScorable(kind="missing", items=("a", "c"))


def changed(one: Instrument, **keys: Any) -> Instrument:
    """Return a made-up test with other items or keys."""
    return Instrument.model_validate({**one.model_dump(mode="json", by_alias=True), **keys})


def may_not_apply(method: str = "sum") -> Instrument:
    """Return a test whose last item may not apply."""
    items = [{"id": name, "options": "answers"} for name in "abc"]
    items.append({"id": "d", "options": "answers", "may_not_apply": True})
    return changed(make_instrument(make_scale(method=method)), items=items)


def test_an_item_that_does_not_apply_is_neither_an_answer_nor_a_gap() -> None:
    assert points(may_not_apply(), a=4, b=4, c=4, d="n/a") == 12
    assert points(may_not_apply("mean"), a=4, b=4, c=4, d="n/a") == 4
    assert points(may_not_apply(), a=4, b=4, c=4) is None


def test_only_an_item_that_may_not_apply_takes_that_answer() -> None:
    found = reason(make_instrument(), a="n/a", b=1, c=1, d=1)

    assert found == scoring.NotScorable(kind="impossible", items=("a",))


def gated() -> Instrument:
    """Return a test whose first question can end it."""
    items = [{"id": name, "options": "answers", "scored": name != "a"} for name in "abcd"]
    one = make_instrument(make_scale("b c d"), items="b c d", values=(0, 1))
    return changed(one, items=items, gate={"item": "a", "stops_at": 0})


def test_a_first_question_can_end_the_form() -> None:
    assert points(gated(), a=0) == 0
    assert points(gated(), a=0, b=1, c=1, d=1) == 0
    assert points(gated(), a=1, b=1, c=0, d=1) == 2
    assert reason(gated(), a=1, b=1) == scoring.NotScorable(kind="missing", items=("c", "d"))
    assert reason(gated(), b=1, c=1, d=1) == scoring.NotScorable(kind="missing", items=("a",))


def test_a_standard_score_follows_its_formula_or_its_table() -> None:
    formula = {"id": "t", "population": "p", "source": SOURCE, "mean": 7.5, "sd": 2.5, "digits": 1}
    table = {
        "id": "sten",
        "population": "p",
        "source": SOURCE,
        "table": [[n, n // 2 + 1] for n in range(17)],
    }
    one = make_instrument(make_scale(standard_scores=[formula, table]))

    found = scoring.score(one, {"a": 2, "b": 2, "c": 2, "d": 2}).scales[0]

    assert found.standard_scores == {"t": Decimal("52.0"), "sten": Decimal(5)}


def test_every_set_of_bands_is_named() -> None:
    def bands(name: str, cut: int) -> dict[str, Any]:
        ranges = [
            {"id": "fewer", "lowest": 0, "highest": cut - 1},
            {"id": "more", "lowest": cut, "highest": 16},
        ]
        return {"id": name, "population": name, "source": SOURCE, "ranges": ranges}

    one = make_instrument(make_scale(bands=[bands("boys", 8), bands("girls", 9)]))

    found = scoring.score(one, {"a": 2, "b": 2, "c": 2, "d": 2}).scales[0]

    assert found.bands == {"boys": "more", "girls": "fewer"}


@pytest.mark.parametrize(
    ("answer", "kinds"),
    [
        (1, (AlertKind.BODY,)),
        (3, ()),
        (5, (AlertKind.SELF_HARM,)),
        (6, (AlertKind.SELF_HARM,)),
        (None, ()),
        ("n/a", ()),
    ],
)
def test_alerts_look_from_either_end_and_name_each_kind_once(
    answer: Answer | None, kinds: tuple[AlertKind, ...]
) -> None:
    alerts = [
        {"kind": "body", "item": "a", "at_most": 2},
        {"kind": "self_harm", "item": "a", "at_least": 4},
        {"kind": "self_harm", "item": "a", "at_least": 5},
    ]
    one = make_instrument(values=(1, 2, 3, 4, 5, 6), alerts=alerts)

    assert scoring.alerts(one, {} if answer is None else {"a": answer}) == kinds


@given(st.fractions(min_value=-100, max_value=100), st.integers(0, 4))
def test_rounding_is_half_up_and_never_off_by_more_than_half_a_digit(
    value: Fraction, digits: int
) -> None:
    found = Fraction(scoring.rounded(value, digits))

    assert -Fraction(1, 2) < (found - value) * 10**digits <= Fraction(1, 2)
