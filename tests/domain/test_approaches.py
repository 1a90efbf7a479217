"""Evidence in the right order, gated by level and age, and never stronger than it was checked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain import approaches, loading
from stepwell.domain.approaches import AgeBand, Role
from stepwell.domain.errors import FactError, UnknownFact
from stepwell.domain.sources import CellState, Checked

NEEDS = sorted({need for row in approaches.evidence() for need in row.needs})

ROW = """
[[rows]]
id = "{id}"
needs = ["{need}"]
condition = "Fear of the test"
population = "Adults"
ages = ["adult"]
stage = "any"
approach = "{approach}"
role = "{role}"
strength = {{ text = "{strength}" }}
guideline = "{guideline}"
place = "page 1"
year = {year}
sessions = {{ text = "2" }}
lowest_level = 2
note = ""
[rows.source]
citation = "A guideline of the test"
checked = "read"
checked_on = 2026-11-23
review_due = {due}
"""

GOOD = {
    "id": "host_row",
    "need": "worry",
    "approach": "cbt",
    "role": "option",
    "strength": "Offer",
    "guideline": "A guideline",
    "year": 2020,
    "due": "2027-11-23",
}


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Path]:
    """A host's own folder of facts, read after the package's until the test ends."""
    (tmp_path / "evidence").mkdir()
    (tmp_path / "approaches").mkdir()
    loading.use_folders([tmp_path])
    yield tmp_path
    loading.use_folders([])


def write_rows(host: Path, *rows: dict[str, object], name: str = "host", topic: str = "") -> None:
    text = f'id = "{topic or name}"\ntitle = "Of the host"\n'
    text += "".join(ROW.format(**(GOOD | row)) for row in rows)
    (host / "evidence" / f"{name}.toml").write_text(text, encoding="utf-8")


def test_an_unknown_approach_names_the_nearest() -> None:
    with pytest.raises(UnknownFact, match="cbt_i"):
        approaches.approach("cbti")


def test_the_best_role_comes_first_and_advice_against_comes_last() -> None:
    roles = [row.role for row in approaches.evidence_for({"social_fear"}, 5)]

    assert roles == [
        Role.FIRST_LINE,
        Role.SECOND_LINE,
        Role.SECOND_LINE,
        Role.NOT_RECOMMENDED,
        Role.NOT_RECOMMENDED,
    ]


def test_advice_against_is_marked() -> None:
    marked = {row.id for row in approaches.evidence_for({"social_fear"}, 5) if row.not_recommended}

    assert marked == {"social_fear_mbsr", "social_fear_person_centred"}


def test_a_level_shows_nothing_that_starts_higher() -> None:
    found = {row.approach for row in approaches.evidence_for({"worry"}, 1)}

    assert found == {"unguided_self_help"}


def test_an_age_band_keeps_only_what_speaks_for_it() -> None:
    found = approaches.evidence_for({"low_mood"}, 5, "child")

    assert [row.approach for row in found] == ["ct_depression_online"]


def test_no_need_and_a_need_without_evidence_give_nothing() -> None:
    assert approaches.evidence_for([], 5) == ()
    assert approaches.evidence_for(["not_sure"], 5) == ()


@given(
    needs=st.lists(st.sampled_from(NEEDS), unique=True),
    level=st.integers(0, 5),
    age=st.sampled_from([None, *AgeBand]),
)
def test_evidence_is_gated_complete_ordered_and_never_depends_on_the_order_asked(
    needs: list[str], level: int, age: AgeBand | None
) -> None:
    found = approaches.evidence_for(needs, level, age)

    assert found == approaches.evidence_for(needs[::-1], level, age)
    assert set(found) == {
        row
        for row in approaches.evidence()
        if not set(row.needs).isdisjoint(needs)
        and row.lowest_level <= level
        and (age is None or age in row.ages)
    }
    places = [approaches.ROLE_ORDER[row.role] for row in found]
    assert places == sorted(places)


@pytest.mark.parametrize("level", range(5))
def test_a_higher_level_never_hides_evidence(level: int) -> None:
    lower = set(approaches.evidence_for(NEEDS, level))

    assert lower <= set(approaches.evidence_for(NEEDS, level + 1))


@pytest.mark.parametrize(
    "row", [row for row in approaches.evidence() if row.source.checked is Checked.RECALLED]
)
def test_a_recalled_row_never_shows_role_or_strength(row: approaches.EvidenceRow) -> None:
    for found in (row.role_cell(), row.strength_cell()):
        assert found.state is CellState.UNKNOWN
        assert found.text == f"We could not check this. {approaches.ASK_STRENGTH}"


def test_a_checked_row_shows_what_the_guideline_says() -> None:
    row = next(row for row in approaches.evidence() if row.id == "social_fear_cbt")

    assert row.strength_cell().text == "Offer one-to-one CBT made for social anxiety"
    assert row.role_cell().text == "Named among the first choices."


def test_a_recalled_number_of_meetings_carries_its_own_mark() -> None:
    cell = approaches.approach("cpt").sessions_cell()

    assert (cell.text, cell.state) == ("About 12 meetings.", CellState.RECALLED)


def test_where_nothing_is_known_the_cell_says_what_to_ask() -> None:
    cell = approaches.approach("cpt").caution_cell()

    assert cell.state is CellState.UNKNOWN
    assert cell.text.endswith(approaches.ASK_CAUTION)


def test_guidelines_that_differ_both_have_their_row() -> None:
    ids = {row.id for row in approaches.evidence()}

    assert {"trauma_emdr_not_combat", "trauma_emdr_combat_too"} <= ids
    assert {"drugs_cbt_british", "drugs_cbt_american"} <= ids
    assert {"strong_feelings_sfbt_brief_against", "strong_feelings_sfbt_brief_open"} <= ids


def test_counts_add_up_to_everything_there_is() -> None:
    counted = approaches.counts()

    assert sum(counted["approaches"].values()) == len(approaches.approaches())
    assert sum(counted["evidence rows"].values()) == len(approaches.evidence())


def test_a_host_can_add_evidence(host: Path) -> None:
    write_rows(host, {})

    approaches.check()

    assert "host_row" in {row.id for row in approaches.evidence_for({"worry"}, 2)}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"need": "wory"}, r"evidence/host.toml: rows.host_row: needs: .*'wory'.*worry"),
        ({"approach": "cbtt"}, r"evidence/host.toml: rows.host_row: approach: .*'cbtt'"),
        ({"role": "best"}, r"evidence/host.toml: rows.0.role: .*Use one of the values named"),
        ({"year": 2027}, r"rows.host_row: year: 2027 lies after"),
        ({"year": 1890}, r"evidence/host.toml: rows.0.year: .*larger number"),
        ({"due": "2020-01-01"}, r"rows.host_row: source.review_due: lies before"),
        ({"guideline": ""}, r"rows.host_row: guideline: is empty"),
        ({"role": "not_recommended", "strength": ""}, r"rows.host_row: strength: is empty"),
        ({"id": "worry_heavy_cbt"}, r"the id 'worry_heavy_cbt' occurs twice"),
    ],
)
def test_a_broken_row_is_refused_with_file_key_and_repair(
    host: Path, change: dict[str, object], message: str
) -> None:
    write_rows(host, change)

    with pytest.raises(FactError, match=message):
        approaches.check()


def test_a_topic_under_another_name_is_refused(host: Path) -> None:
    write_rows(host, {}, topic="guest")

    with pytest.raises(FactError, match=r"evidence/host.toml: id: is 'guest'.*rename the file"):
        approaches.check()


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("psychotherapie", r"approaches/coaching.toml: kinds: .*'psychotherapie'"),
        ("psychotherapy", r"kinds: psychotherapy is psychotherapy, and this approach is not"),
    ],
)
def test_an_approach_under_a_wrong_kind_is_refused(host: Path, kind: str, message: str) -> None:
    ours = loading.PACKAGED / "approaches" / "coaching.toml"
    text = ours.read_text(encoding="utf-8").replace('"life_coaching"', f'"{kind}"')
    (host / "approaches" / "coaching.toml").write_text(text, encoding="utf-8")

    with pytest.raises(FactError, match=message):
        approaches.check()
