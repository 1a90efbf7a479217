"""Professions: titles per country, registers, and what is never shown.

A rule of law or an address that was only recalled must not reach a visitor;
a country without a pack must never get another country's rule.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepwell.domain import loading, professions
from stepwell.domain.errors import FactError, UnknownFact
from stepwell.domain.jurisdictions import Jurisdiction, Passage, Protection, TitleRule
from stepwell.domain.registers import Register, Standing, view
from stepwell.domain.sources import CellState, Checked, Source, Statement

ADDRESS = "https://example.org/register"


def make_source(checked: Checked = Checked.READ) -> Source:
    return Source(
        citation="A page of a regulator",
        checked=checked,
        checked_on=date(2026, 11, 23),
        review_due=date(2027, 11, 23),
    )


def make_pack(protected: Protection, checked: Checked, text: str = "Look it up.") -> Jurisdiction:
    step = Passage(text="Ask for the number.")
    return Jurisdiction(
        id="xx",
        code="XX",
        name="Example",
        source=make_source(),
        sources={"law": make_source(checked)},
        steps=(step, step, step),
        voluntary=step,
        complaints=step,
        titles={"counsellor": TitleRule(protected=protected, text=text, source_id="law")},
    )


def make_register(
    *,
    checked: Checked = Checked.READ,
    addresses_checked: Checked = Checked.READ,
    standing: Standing = Standing.STATUTORY,
) -> Register:
    secret = Statement(text="A rule of law.")
    return Register(
        id="xx_board",
        name="Board of Examples",
        country="XX",
        region="Example",
        standing=standing,
        professions=("counsellor",),
        titles=("counsellor",),
        lookup_url=ADDRESS,
        complaints_url=ADDRESS,
        addresses_checked=addresses_checked,
        shows=Statement(text="Name and number."),
        number_format=secret,
        complaint=secret,
        note=secret,
        source=make_source(checked),
    )


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Path]:
    """A host's own folder of facts, in use for one test."""
    loading.use_folders([tmp_path])
    yield tmp_path
    loading.use_folders([])


def put(folder: Path, name: str, text: str) -> None:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


def packaged(name: str) -> str:
    return (loading.PACKAGED / name).read_text(encoding="utf-8")


# Titles


@pytest.mark.parametrize(
    ("protected", "start"),
    [
        (Protection.YES, "Protected by law. Look it up."),
        (Protection.PARTLY, "Partly protected by law. Look it up."),
        (Protection.NO, "Not protected by law. Look it up."),
        (Protection.NOT_A_TITLE, "Not a title used here. Look it up."),
    ],
)
def test_a_title_says_first_what_the_law_does(protected: Protection, start: str) -> None:
    cell = make_pack(protected, Checked.SECONDARY).title("counsellor")

    assert cell.text == start
    assert cell.state is CellState.CHECKED
    assert cell.source == make_source(Checked.SECONDARY)


@pytest.mark.parametrize("protected", list(Protection))
def test_a_recalled_title_is_never_shown(protected: Protection) -> None:
    cell = make_pack(protected, Checked.RECALLED, text="A rule of law.").title("counsellor")

    assert cell.state is CellState.UNKNOWN
    assert "protected" not in cell.text
    assert "A rule of law" not in cell.text


def test_a_title_nobody_knows_says_what_to_ask() -> None:
    pack = make_pack(Protection.UNKNOWN, Checked.READ, text="")

    assert pack.title("counsellor").state is CellState.UNKNOWN
    assert pack.title("a_profession_without_a_rule").state is CellState.UNKNOWN
    assert "Ask for the exact title" in pack.title("counsellor").text


@pytest.mark.parametrize(
    ("profession_id", "country", "says"),
    [
        ("clinical_psychologist", "GB", "Protected by law."),
        ("psychotherapist", "GB", "Not protected by law."),
        ("psychiatrist", "GB", "Specialist Register"),
        ("clinical_psychologist", "IE", "expected during 2027"),
        ("counsellor", "IE", "July 2029"),
        ("psychotherapist", "CA", "Ontario and Quebec"),
        ("psychotherapist", "DE", "Approbation"),
        ("heilpraktiker_psychotherapy", "DE", "no public register"),
        ("clinical_social_worker", "AU", "not yet named"),
        ("psychotherapist", "US", "no single title"),
    ],
)
def test_titles_differ_by_country(profession_id: str, country: str, says: str) -> None:
    assert says in professions.title_in(profession_id, country).text


@given(st.sampled_from(sorted(professions.professions())), st.text(max_size=4))
def test_a_country_without_a_pack_never_gets_another_countrys_rule(
    profession_id: str, country: str
) -> None:
    if country.upper() in professions.jurisdictions():
        return

    cell = professions.title_in(profession_id, country)

    assert cell.text.startswith("We cannot tell")
    assert cell.state is CellState.UNKNOWN
    assert cell.source is None
    assert all(
        entry.region == "Worldwide" for entry in professions.registers_for(profession_id, country)
    )


def test_no_country_asks_to_choose_one() -> None:
    assert "choose a country" in professions.title_in("counsellor", None).text
    assert "no checked rules" in professions.title_in("counsellor", "FR").text


def test_the_code_of_a_country_may_be_written_small() -> None:
    big = professions.title_in("counsellor", "GB")

    assert professions.title_in("counsellor", "gb") == big
    assert professions.registers_for("counsellor", "gb") == professions.registers_for(
        "counsellor", "GB"
    )


# How to check


def test_how_to_check_in_a_country_with_a_pack() -> None:
    how = professions.how_to_check("DE")

    assert how.country == "Germany"
    assert len(how.steps) >= 3
    assert all(step.state is CellState.CHECKED for step in how.steps)
    assert "chamber of the Land" in how.complaints.text


@pytest.mark.parametrize("country", [None, "", "FR", "ZZ"])
def test_how_to_check_elsewhere_cannot_tell(country: str | None) -> None:
    how = professions.how_to_check(country)

    cells = [*how.steps, how.voluntary, how.complaints]
    assert all(cell.text.startswith("We cannot tell") for cell in cells)
    assert all(cell.state is CellState.UNKNOWN for cell in cells)
    assert all("Ask" in cell.text for cell in cells)


# Registers


def test_a_recalled_address_is_never_shown() -> None:
    seen = view(make_register(addresses_checked=Checked.RECALLED))

    assert ADDRESS not in seen.model_dump_json()
    assert "Search for" in seen.find_it


@pytest.mark.parametrize("checked", [Checked.READ, Checked.SECONDARY])
def test_a_checked_address_is_shown(checked: Checked) -> None:
    seen = view(make_register(addresses_checked=checked))

    assert (seen.lookup_url, seen.complaints_url) == (ADDRESS, ADDRESS)


def test_a_recalled_register_states_no_law() -> None:
    seen = view(make_register(checked=Checked.RECALLED))

    assert "A rule of law." not in seen.model_dump_json()
    assert seen.standing.state is CellState.UNKNOWN
    assert seen.titles.state is CellState.UNKNOWN
    assert seen.shows.state is CellState.RECALLED


def test_the_strongest_register_comes_first() -> None:
    found = professions.registers_for("clinical_psychologist", "US")

    assert found[0].standing.text == "Kept under law."
    assert found[-1].id == "us_nppes"
    assert "not a licence" in found[-1].standing.text


def test_a_register_that_is_not_open_says_so() -> None:
    found = {entry.id: entry for entry in professions.registers_for("counsellor", "IE")}

    assert "not open yet" in found["ie_coru_counselling"].standing.text
    assert list(found)[-1] == "ie_coru_counselling"


def test_worldwide_lists_come_with_any_country() -> None:
    for country in (None, "FR", "GB"):
        found = professions.registers_for("life_coach", country)

        assert [entry.id for entry in found] == ["int_icf"]


@pytest.mark.parametrize("standing", [s for s in Standing if s is not Standing.STATUTORY])
def test_a_register_without_a_law_has_no_protected_title(standing: Standing) -> None:
    entry = make_register(standing=standing).model_copy(update={"titles": ()})

    assert view(entry).titles.text == "No protected title goes with it."


def test_a_register_under_law_without_titles_says_that_we_do_not_know() -> None:
    entry = make_register().model_copy(update={"titles": ()})

    assert view(entry).titles.state is CellState.UNKNOWN


# Professions


def test_an_unknown_profession_names_the_nearest() -> None:
    with pytest.raises(UnknownFact, match="counsellor"):
        professions.profession("counselor")


@pytest.mark.parametrize(
    ("profession_id", "words"),
    [("counsellor", "a counsellor"), ("art_therapist", "an art therapist")],
)
def test_a_profession_can_stand_in_a_sentence(profession_id: str, words: str) -> None:
    assert professions.profession(profession_id).with_article == words


def test_diagnosing_and_prescribing_are_strict() -> None:
    recalled = professions.profession("psychiatric_nurse_practitioner")

    assert recalled.can_prescribe.text
    assert recalled.prescribing().state is CellState.UNKNOWN
    assert recalled.diagnosing().state is CellState.UNKNOWN
    assert professions.profession("psychiatrist").prescribing().text == "Yes."


# A host's own files


def test_a_host_may_add_a_country(host: Path) -> None:
    own = packaged("jurisdictions/ie.toml").replace('id = "ie"', 'id = "nz"', 1)
    put(host, "jurisdictions/nz.toml", own.replace('code = "IE"', 'code = "NZ"', 1))

    professions.check()
    assert professions.title_in("counsellor", "NZ").state is CellState.CHECKED


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("jurisdictions/ie.toml", 'code = "IE"', 'code = "GB"', 'Write code = "IE"'),
        ("jurisdictions/ie.toml", 'source_id = "coru"', 'source_id = "curo"', "Use one of"),
        ("jurisdictions/ie.toml", 'protected = "yes"', 'protected = "maybe"', "Use one of"),
        ("jurisdictions/ie.toml", 'protected = "yes"', 'protected = "unknown"', "Remove the text"),
        ("jurisdictions/ie.toml", "[titles.counsellor]", "[titles.counselor]", "Did you mean"),
        ("registers/ie_coru.toml", '"dietitian"', '"dietician"', "Did you mean"),
        ("registers/ie_coru.toml", "https://", "ftp://", "pattern"),
        ("registers/ie_coru.toml", 'addresses_checked = "read"\n', "", "Add this key"),
        ("professions/chaplain.toml", 'id = "chaplain"', 'id = "priest"', "rename the file"),
        ("professions/chaplain.toml", "[dimensions.goals]", "[dimensions.goal]", "Add this key"),
        ("professions/chaplain.toml", "regulated = false", 'regulated = "rarely"', "true or false"),
    ],
)
def test_a_broken_file_names_file_and_repair(
    host: Path, name: str, old: str, new: str, says: str
) -> None:
    whole = packaged(name)
    assert old in whole
    put(host, name, whole.replace(old, new, 1))

    with pytest.raises(FactError, match=says) as caught:
        professions.check()

    assert name in str(caught.value)
