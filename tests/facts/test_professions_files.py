"""Every profession, country pack and register: sourced, linked, plainly worded, honest."""

import re
from collections.abc import Iterator
from datetime import date
from operator import attrgetter

import pytest

from stepwell.domain import loading, professions, support
from stepwell.domain.dimensions import Dimension
from stepwell.domain.jurisdictions import Jurisdiction
from stepwell.domain.professions import Profession
from stepwell.domain.registers import WORLDWIDE, Register, view
from stepwell.domain.sources import Cell, CellState, Checked, Source, Statement

TODAY = date(2026, 11, 24)
PACKS = ("AU", "CA", "DE", "GB", "IE", "US")
MOST_UNKNOWN_TITLES = 44
UNPLAIN = re.compile(r"!|\bcommit(ted)?\b|\bfailed\b|\bguarantee(d|s)?\b|100 ?%", re.I)

EVERY = professions.professions().values()
PROFESSIONS = pytest.mark.parametrize("one", EVERY, ids=attrgetter("id"))
COUNTRIES = pytest.mark.parametrize(
    "pack", professions.jurisdictions().values(), ids=attrgetter("id")
)
REGISTERS = pytest.mark.parametrize("entry", professions.registers().values(), ids=attrgetter("id"))


def statements(one: Profession) -> Iterator[Statement]:
    for dimension in Dimension:
        yield getattr(one.dimensions, dimension.value)
    yield from (one.can_diagnose, one.can_prescribe)
    yield from (one.label.who_can_see, one.label.records, one.label.complain)


def in_date(source: Source) -> bool:
    return source.checked_on <= TODAY < source.review_due


def test_the_facts_hold_together() -> None:
    professions.check()
    support.check()


def test_there_are_enough_of_them() -> None:
    assert len(EVERY) >= 32
    assert set(professions.jurisdictions()) == set(PACKS)
    assert len(professions.registers()) == 70


def test_counts_add_up_to_the_files() -> None:
    counts = {name: sum(marks.values()) for name, marks in professions.counts().items()}

    assert counts["professions"] == len(loading.paths("professions"))
    assert counts["registers"] == len(loading.paths("registers"))
    assert counts["titles by country"] == len(EVERY) * len(PACKS)


# Professions


@PROFESSIONS
def test_a_profession_is_in_date(one: Profession) -> None:
    own = [statement.source for statement in statements(one) if statement.source]

    assert all(in_date(source) for source in [one.source, *own])


@PROFESSIONS
def test_a_profession_has_no_empty_cell(one: Profession) -> None:
    cells = dict(one.dimensions.cells(one.source))

    assert list(cells) == list(Dimension)
    assert all(cell.text for cell in cells.values())


@PROFESSIONS
def test_a_profession_is_plainly_worded(one: Profession) -> None:
    words = [one.one_line, *one.questions, *(statement.text for statement in statements(one))]

    assert not [text for text in words if UNPLAIN.search(text)]
    assert all(len(sentence.split()) <= 30 for text in words for sentence in text.split(". "))
    assert all(question.endswith("?") for question in one.questions)
    assert one.one_line.endswith(".")


@PROFESSIONS
def test_the_limits_on_a_label_exist(one: Profession) -> None:
    assert set(one.label.limits) <= set(support.limits())


@PROFESSIONS
def test_the_kinds_that_name_a_profession_are_on_its_own_page(one: Profession) -> None:
    named = {
        kind.id
        for kind in support.kinds().values()
        if any(one.id in givers for givers in kind.given_by.values())
    }

    assert named <= set(one.kinds)


@PROFESSIONS
def test_recalled_training_and_privacy_are_not_shown(one: Profession) -> None:
    for dimension, cell in one.dimensions.cells(one.source):
        own: Statement = getattr(one.dimensions, dimension.value)
        recalled = (own.source or one.source).checked is Checked.RECALLED
        if recalled and dimension in {Dimension.TRAINING, Dimension.CONFIDENTIALITY}:
            assert cell.state is CellState.UNKNOWN
            assert own.text not in cell.text


# Country packs


@COUNTRIES
def test_a_pack_is_in_date(pack: Jurisdiction) -> None:
    assert all(in_date(source) for source in [pack.source, *pack.sources.values()])


@COUNTRIES
def test_a_pack_has_a_title_cell_for_every_profession(pack: Jurisdiction) -> None:
    assert set(pack.titles) == set(professions.professions())
    assert all(professions.title_in(one.id, pack.code).text for one in EVERY)


@COUNTRIES
def test_no_recalled_law_reaches_a_visitor(pack: Jurisdiction) -> None:
    for profession_id, rule in pack.titles.items():
        cell = professions.title_in(profession_id, pack.code)
        recalled = pack.source_of(rule).checked is Checked.RECALLED

        assert (cell.state is CellState.UNKNOWN) is recalled
        assert not (recalled and rule.text and rule.text in cell.text)


@COUNTRIES
def test_a_pack_uses_every_source_it_names(pack: Jurisdiction) -> None:
    passages = [*pack.steps, pack.voluntary, pack.complaints, *pack.titles.values()]

    assert {passage.source_id for passage in passages} == set(pack.sources)


@COUNTRIES
def test_a_pack_says_how_to_check_and_complain_from_a_source_that_was_opened(
    pack: Jurisdiction,
) -> None:
    how = professions.how_to_check(pack.code)
    cells: list[Cell] = [*how.steps, how.voluntary, how.complaints]

    assert all(cell.state is CellState.CHECKED for cell in cells)
    assert not [cell.text for cell in cells if UNPLAIN.search(cell.text)]


def test_cells_that_could_not_be_checked_do_not_become_more() -> None:
    unknown = [
        (one.id, country)
        for one in EVERY
        for country in PACKS
        if professions.title_in(one.id, country).state is CellState.UNKNOWN
    ]

    assert len(unknown) <= MOST_UNKNOWN_TITLES


# Registers


@REGISTERS
def test_a_register_is_in_date_and_names_its_country(entry: Register) -> None:
    assert in_date(entry.source)
    assert entry.country in {*PACKS, WORLDWIDE}
    assert entry.id.startswith(f"{entry.country.lower()}_")


@REGISTERS
def test_no_recalled_address_or_law_of_a_register_reaches_a_visitor(entry: Register) -> None:
    shown = view(entry)
    whole = shown.model_dump_json()

    if entry.addresses_checked is Checked.RECALLED:
        assert "https://" not in whole
    if entry.source.checked is Checked.RECALLED:
        assert shown.standing.state is CellState.UNKNOWN
        assert shown.note == ""
    origin = entry.number_format.source or entry.source
    assert (shown.number_format == "") is (
        not entry.number_format.text or origin.checked is Checked.RECALLED
    )


@REGISTERS
def test_a_register_without_an_address_says_how_to_find_it(entry: Register) -> None:
    shown = view(entry)

    assert shown.lookup_url or shown.find_it.endswith(".")


@REGISTERS
def test_a_register_with_protected_titles_is_kept_under_law(entry: Register) -> None:
    if entry.titles:
        assert entry.standing == "statutory"


@pytest.mark.parametrize("country", PACKS)
def test_every_registered_health_profession_has_a_place_to_look(country: str) -> None:
    for profession_id in ("clinical_psychologist", "psychiatrist", "psychiatric_nurse"):
        assert professions.registers_for(profession_id, country)
