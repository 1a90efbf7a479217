"""Any two of one family compare, differences first, and no cell is empty."""

from itertools import combinations

import pytest

from stepwell.domain import comparing, professions, support
from stepwell.domain.comparing import Compared, NotComparable, Row, compare
from stepwell.domain.dimensions import Dimension
from stepwell.domain.errors import UnknownFact
from stepwell.domain.sources import Cell, CellState

COUNTRIES = (None, "GB", "US", "IE", "AU", "CA", "DE", "FR")
SEVEN = sorted(dimension.value for dimension in Dimension)


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_pair_of_kinds_compares_without_an_empty_cell(country: str | None) -> None:
    for a, b in combinations(support.kinds(), 2):
        found = compare(a, b, country=country)

        assert sorted(row.key for row in found.rows) == SEVEN
        assert all(cell.text for cell in found.cells)


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_pair_of_professions_compares_without_an_empty_cell(country: str | None) -> None:
    for a, b in combinations(professions.professions(), 2):
        found = compare(a, b, country=country)

        assert sorted(row.key for row in found.rows) == SEVEN
        assert all(cell.text for cell in found.cells)


@pytest.mark.parametrize("family", [support.kinds, professions.professions])
def test_every_verdict_is_one_sentence(family) -> None:  # type: ignore[no-untyped-def]
    for a, b in combinations(family(), 2):
        verdict = compare(a, b, country="GB").verdict

        assert verdict[0].isupper()
        assert verdict.endswith(".")
        assert ". " not in verdict
        assert "  " not in verdict
        assert len(verdict) < 400


def test_the_verdict_does_not_depend_on_the_order_of_what_it_says() -> None:
    one = compare("psychotherapy", "life_coaching", country=None)
    other = compare("life_coaching", "psychotherapy", country=None)

    assert [row.key for row in one.rows] == [row.key for row in other.rows]
    assert one.verdict.split(":")[0] == other.verdict.split(":")[0]


def test_psychotherapy_and_coaching() -> None:
    found = compare("psychotherapy", "life_coaching", country=None)

    assert found.family is Compared.KINDS
    assert found.verdict.startswith("Life coaching is not psychotherapy: ")
    assert "is not treatment" in found.verdict


def test_counselling_may_be_psychotherapy() -> None:
    verdict = compare("counselling", "psychotherapy", country=None).verdict

    assert "may be psychotherapy, depending on the country and the licence" in verdict


def test_a_counsellor_is_not_the_same_as_a_clinical_psychologist() -> None:
    found = compare("counsellor", "clinical_psychologist", country="GB")

    assert found.family is Compared.PROFESSIONS
    assert found.verdict.startswith(
        "No: in the United Kingdom the law protects the title clinical psychologist "
        "but not counsellor"
    )
    assert "a clinical psychologist may make a diagnosis, a counsellor may not" in found.verdict


def test_an_unknown_country_is_never_answered_by_another_countrys_rule() -> None:
    for a, b in combinations(professions.professions(), 2):
        found = compare(a, b, country="FR")

        title = found.by_country[0]
        assert title.key == "title"
        assert title.a.state is title.b.state is CellState.UNKNOWN
        assert "United Kingdom" not in found.verdict


def test_who_gives_a_kind_cannot_be_told_for_an_unknown_country() -> None:
    found = comparing.given_by(support.kind("psychotherapy"), "FR")

    assert found.state is CellState.UNKNOWN
    assert "cannot tell" in found.text


def test_who_gives_a_kind_says_what_the_law_says_of_each_title() -> None:
    found = comparing.given_by(support.kind("psychotherapy"), "GB")

    assert "Clinical psychologist (title protected by law)" in found.text
    assert "Psychotherapist (title not protected by law)" in found.text


def test_nobody_has_to_give_a_self_help_programme() -> None:
    assert comparing.given_by(support.kind("self_help"), None).text == comparing.NOBODY


def test_rows_that_differ_come_first_and_each_group_keeps_the_order() -> None:
    order = [dimension.value for dimension in Dimension]
    for a, b in combinations(support.kinds(), 2):
        rows = compare(a, b, country=None).rows

        differing = [row.key for row in rows if row.differs]
        alike = [row.key for row in rows if not row.differs]
        assert [row.key for row in rows] == differing + alike
        assert differing == [key for key in order if key in differing]
        assert alike == [key for key in order if key in alike]


def test_what_was_not_checked_is_no_difference() -> None:
    known = Cell(text="One thing.", state=CellState.CHECKED)
    unknown = Cell(text="We could not check this.", state=CellState.UNKNOWN)

    assert not Row(key="k", name="n", a=known, b=unknown).differs
    assert not Row(key="k", name="n", a=unknown, b=unknown).differs
    assert not Row(key="k", name="n", a=known, b=known).differs


def test_questions_of_both_are_merged_each_once() -> None:
    found = compare("physical_therapy", "occupational_therapy", country=None)

    both = {*support.kind("physical_therapy").questions}
    both |= {*support.kind("occupational_therapy").questions}
    assert set(found.questions) == both
    assert len(found.questions) == len(both)


def test_the_same_twice_is_refused_with_the_repair() -> None:
    with pytest.raises(NotComparable, match="Choose two different ones"):
        compare("counselling", "counselling", country=None)


def test_a_kind_and_a_profession_are_refused_with_the_repair() -> None:
    with pytest.raises(NotComparable, match="two kinds, or two professions"):
        compare("counselling", "counsellor", country=None)


def test_an_unknown_id_names_the_nearest_of_both_families() -> None:
    with pytest.raises(UnknownFact, match="counsellor"):
        compare("counselor", "clinical_psychologist", country=None)


def test_no_id_stands_in_both_families() -> None:
    assert not set(support.kinds()) & set(professions.professions())


def test_unknown_cells_are_counted_over_all_pairs() -> None:
    kinds = support.kinds()
    unknown = sum(
        cell.state is CellState.UNKNOWN
        for kind in kinds.values()
        for _, cell in kind.dimensions.cells(kind.source)
    )

    assert comparing.unknown_cells()["kinds"] == unknown * (len(kinds) - 1)


def test_a_title_that_is_protected_only_in_part_is_not_called_protected() -> None:
    verdict = compare("counsellor", "clinical_psychologist", country="CA").verdict

    assert "in Canada the law protects the title clinical psychologist, and counsellor" in verdict
    assert "only in part" in verdict
