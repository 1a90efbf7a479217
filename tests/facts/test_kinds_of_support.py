"""Every file of facts/kinds_of_support, and the limits of confidentiality."""

import re
from pathlib import Path

import pytest

from stepwell.domain import loading, professions, support
from stepwell.domain.dimensions import Dimension
from stepwell.domain.jurisdictions import jurisdictions
from stepwell.domain.sources import CellState, Checked

FILES = loading.paths(support.FOLDER)
REQUIRED = [
    "psychotherapy",
    "counselling",
    "couple_and_family_therapy",
    "group_therapy",
    "internet_cbt",
    "guided_self_help",
    "self_help",
    "psychoeducation",
    "skills_course",
    "mindfulness_course",
    "support_group",
    "peer_support",
    "life_coaching",
    "health_coaching",
    "physical_therapy",
    "occupational_therapy",
    "speech_therapy",
    "art_therapy",
    "music_therapy",
    "experiential_therapy",
    "body_based_therapy",
    "psychiatry",
    "primary_care",
    "community_team",
    "inpatient_care",
    "crisis_service",
    "emergency_care",
    "warmline",
    "domestic_abuse_service",
    "addiction_service",
    "eating_disorder_service",
    "youth_service",
    "social_prescribing",
    "care_coordination",
    "pastoral_care",
    "family_mediation",
    "online_therapy_service",
    "dietetic_care",
]
each_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def test_every_kind_that_pages_link_to_is_there() -> None:
    assert set(REQUIRED) <= set(support.kinds())


@each_file
def test_file_parses_and_its_id_is_its_name(path: Path) -> None:
    kind = loading.read(path, support.KindOfSupport)

    assert kind.id == path.stem


@each_file
def test_file_says_something_on_all_seven_dimensions(path: Path) -> None:
    kind = support.kind(path.stem)

    assert {dimension.value for dimension in Dimension} == {
        key for key, statement in kind.dimensions if statement.text
    }


@each_file
def test_file_names_known_limits_and_professions(path: Path) -> None:
    kind = support.kind(path.stem)
    given = {profession for ids in kind.given_by.values() for profession in ids}

    assert set(kind.label.limits) <= set(support.limits())
    assert given <= set(professions.professions())
    assert set(kind.given_by) - {"any"} <= set(jurisdictions())


@each_file
def test_file_is_quiet_and_promises_nothing(path: Path) -> None:
    words = path.read_text(encoding="utf-8").lower()

    assert not re.search(r"!|guarantee|100 ?%|committed suicide|you are ill|your level", words)


@each_file
def test_file_has_no_machine_path_and_no_american_counseling_in_its_own_words(path: Path) -> None:
    told = [text.text for _, text in support.kind(path.stem).dimensions]

    assert not [text for text in told if "counseling" in text.lower() or "program " in text]


@each_file
def test_no_cell_of_the_label_is_empty(path: Path) -> None:
    kind = support.kind(path.stem)

    view = support.label_view(kind.label, kind.source)

    cells = [view.basis, view.who_can_see, view.records, view.complain]
    assert all(cell.text for cell in cells + [limit.told for limit in view.limits])
    assert view.limits


@pytest.mark.parametrize("limit_id", support.limits())
def test_a_recalled_limit_is_named_and_not_stated(limit_id: str) -> None:
    limit = support.limits()[limit_id]

    told = limit.cell()

    recalled = limit.source.checked is Checked.RECALLED
    assert (told.state is CellState.UNKNOWN) == recalled
    assert (limit.plain_words in told.text) != recalled


def test_psychotherapy_is_one_part_of_therapy_and_counselling_depends() -> None:
    kinds = support.kinds()

    assert kinds["psychotherapy"].is_psychotherapy == "yes"
    assert kinds["counselling"].is_psychotherapy == "may"
    assert kinds["physical_therapy"].is_psychotherapy == "no"
    assert "one part of therapy" in kinds["psychotherapy"].dimensions.scope.text


def test_coaching_groups_and_self_help_are_not_clinical() -> None:
    not_clinical = [
        "life_coaching",
        "health_coaching",
        "peer_support",
        "support_group",
        "self_help",
    ]

    assert not [kind_id for kind_id in not_clinical if support.kind(kind_id).clinical]


def test_counts_add_up_to_the_files() -> None:
    counts = support.counts()

    assert sum(counts["kinds of support"].values()) == len(FILES)
    assert sum(counts["limits of confidentiality"].values()) == len(support.limits())
