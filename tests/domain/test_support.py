"""Kinds of support: who gives them where, and what a visitor may see of the label."""

import pytest

from stepwell.domain import support
from stepwell.domain.errors import UnknownFact
from stepwell.domain.sources import CellState


def test_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(UnknownFact, match="counselling"):
        support.kind("counseling")


def test_given_by_answers_for_the_country_and_else_for_anywhere() -> None:
    kind = support.kind("psychotherapy")

    assert "licensed_professional_counselor" in kind.given_by_in("US")
    assert "licensed_professional_counselor" not in kind.given_by_in("GB")
    assert kind.given_by_in("FR") == kind.given_by_in(None) == kind.given_by["any"]


def test_a_label_from_memory_never_states_what_it_rests_on() -> None:
    kind = support.kind("family_mediation")

    view = support.label_view(kind.label, kind.source)

    assert view.basis.state is CellState.UNKNOWN
    assert view.records.state is CellState.UNKNOWN


def test_a_checked_label_says_what_it_rests_on() -> None:
    kind = support.kind("life_coaching")

    view = support.label_view(kind.label, kind.source)

    assert view.basis.text == "A contract and a voluntary code."


def test_references_between_kinds_and_professions_resolve() -> None:
    support.check()
