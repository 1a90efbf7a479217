"""The published tables of single self-tests, and what holds for every one of them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain import instruments, scoring
from stepwell.domain.errors import UnknownFact
from stepwell.domain.instrument_schema import NOT_APPLICABLE, AlertKind, Answer, Instrument

PHQ9 = instruments.instrument("phq-9")
GAD7 = instruments.instrument("gad-7")
EVERY = list(instruments.instruments().values())

# Every boundary of the published bands: points, band below or at them.
GOLDEN = {
    "phq-9": "0 minimal,4 minimal,5 mild,9 mild,10 moderate,14 moderate,15 moderately_severe,"
    "19 moderately_severe,20 severe,27 severe",
    "gad-7": "0 minimal,4 minimal,5 mild,9 mild,10 moderate,14 moderate,15 severe,21 severe",
}


def response_with(one: Instrument, points: int) -> dict[str, int]:
    """Return a whole response whose scored answers add up to `points`."""
    response = {}
    for item in one.scales[0].items:
        response[item] = min(points, max(one.values(item)))
        points -= response[item]
    return response


@st.composite
def cases(draw: st.DrawFn, whole: bool = True) -> tuple[Instrument, dict[str, Answer]]:
    """Any instrument and any response to it, whole or with gaps."""
    one = draw(st.sampled_from(EVERY))
    answers: dict[str, st.SearchStrategy[Answer]] = {
        item.id: st.sampled_from(
            [*one.values(item.id), *([NOT_APPLICABLE] if item.may_not_apply else [])]
        )
        for item in one.items
    }
    if whole:
        return one, draw(st.fixed_dictionaries(answers))
    return one, draw(st.fixed_dictionaries({}, optional=answers))


@pytest.mark.parametrize(
    ("fact_id", "points", "band"),
    [
        (fact_id, int(row.split()[0]), row.split()[1])
        for fact_id, rows in GOLDEN.items()
        for row in rows.split(",")
    ],
)
def test_Q5_golden_table_of_all_boundaries(fact_id: str, points: int, band: str) -> None:
    one = instruments.instrument(fact_id)

    found = scoring.score(one, response_with(one, points)).scales[0]

    assert (found.points, found.bands) == (points, {"published": band})


@given(cases())
def test_Q5_whole_responses_score_in_range_on_every_scale(
    case: tuple[Instrument, dict[str, Answer]],
) -> None:
    one, response = case

    for scale, found in zip(one.scales, scoring.score(one, response).scales, strict=True):
        assert found.points is not None, found.reason
        assert scale.lowest <= found.points <= scale.highest
        assert found.points == found.points.quantize(Decimal(1).scaleb(-scale.digits))
        assert set(found.bands) == {bands.id for bands in scale.bands}


@given(cases(whole=False))
def test_Q5_a_scale_has_points_in_range_or_a_reason_that_names_items(
    case: tuple[Instrument, dict[str, Answer]],
) -> None:
    one, response = case

    for scale, found in zip(one.scales, scoring.score(one, response).scales, strict=True):
        if found.points is None:
            assert found.reason is not None
            assert found.reason.kind == "missing"
            assert set(found.reason.items).isdisjoint(response)
            assert found.reason.items
        else:
            assert found.reason is None
            assert scale.lowest <= found.points <= scale.highest


@given(st.data())
def test_Q5_plain_totals_are_the_sum_of_the_answers(data: st.DataObject) -> None:
    one = data.draw(st.sampled_from([PHQ9, GAD7]))
    items = one.scales[0].items
    response = {item: data.draw(st.sampled_from(one.values(item))) for item in items}

    found = scoring.score(one, response).scales[0]

    assert found.points == sum(response.values())


@given(cases(whole=False))
def test_Q6_an_alert_never_disappears_behind_a_total(
    case: tuple[Instrument, dict[str, Answer]],
) -> None:
    one, response = case
    expected = {
        alert.kind for alert in one.alerts if scoring.calls(alert, response.get(alert.item))
    }

    whole = scoring.score(one, response)
    spoilt = scoring.score(one, {**response, one.items[0].id: 10_000})

    assert set(whole.alerts) == expected
    assert {a for a in expected if not _hangs_on(one, a, one.items[0].id)} <= set(spoilt.alerts)


def _hangs_on(one: Instrument, kind: AlertKind, item: str) -> bool:
    return any(alert.kind is kind and alert.item == item for alert in one.alerts)


@pytest.mark.parametrize("answer", [1, 2, 3])
def test_Q6_an_alert_needs_no_other_answer(answer: int) -> None:
    found = scoring.score(PHQ9, {"self_harm": answer})

    assert found.alerts == (AlertKind.SELF_HARM,)
    assert found.scales[0].points is None


def test_Q6_a_missing_answer_is_no_alert() -> None:
    assert scoring.alerts(PHQ9, {}) == ()


@pytest.mark.parametrize("value", [-1, 4, 30])
def test_a_value_that_is_not_on_the_form_leaves_no_score_but_the_alerts(value: int) -> None:
    response = {**response_with(PHQ9, 5), "sleep": value, "self_harm": 1}

    found = scoring.score(PHQ9, response)

    assert found.scales[0].points is None
    assert found.scales[0].reason == scoring.NotScorable(kind="impossible", items=("sleep",))
    assert found.alerts == (AlertKind.SELF_HARM,)


def test_an_impossible_unscored_answer_is_noticed_too() -> None:
    found = scoring.score(PHQ9, {**response_with(PHQ9, 5), "difficulty": 9})

    assert found.scales[0].reason == scoring.NotScorable(kind="impossible", items=("difficulty",))


def test_a_total_of_nothing_is_a_score() -> None:
    found = scoring.score(GAD7, response_with(GAD7, 0)).scales[0]

    assert (found.points, found.bands) == (0, {"published": "minimal"})


def test_an_unknown_test_is_refused_with_the_nearest_id() -> None:
    with pytest.raises(UnknownFact, match="phq-9"):
        instruments.instrument("phq9")
