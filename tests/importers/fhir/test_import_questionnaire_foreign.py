"""Questionnaires that others wrote: what is read, what the host has to say, what is refused."""

import copy
import json
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.questionnaire import questionnaire
from stepwell.domain import instruments, scoring
from stepwell.importers.fhir.complete import Told, complete, licence_of, table_of
from stepwell.importers.fhir.read import Draft, read
from stepwell.importers.fhir.tree import LARGEST, load
from stepwell.importers.records import ImportRefused

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
WEIGHT = "http://hl7.org/fhir/StructureDefinition/itemWeight"
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
CALCULATED = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
Form = dict[str, Any]
LICENCE = {
    "kind": "licensed-to-this-host",
    "standing": "owner",
    "owner": "Example Press",
    "terms": "May be shown on our site.",
    "evidence": [
        {"words": "the licensee may display it", "where": "Agreement", "seen_on": date(2026, 1, 2)}
    ],
}
ABOUT = """
id = "tea-scale"
code = 901
short_name = "TEA"
measures = "How much somebody likes tea."
measures_not = "Anything else."
made_by = "Nobody: it is made up"
published_in = "Made up"
doi = ""
for_whom = "Adults"
youngest_age = 18
time_frame = "In general"
repeat_after_days = 14

[source]
citation = "Made up"
checked = "read"
checked_on = 2026-11-24
review_due = 2027-11-24

[missing_answers]
rule = "all_required"
published = "Made up"

[[scales]]
id = "total"
about = "More points mean more tea."
items = ["tea_1", "tea_2"]
lowest = 0
highest = 4

[[examples]]
origin = "Worked by hand"
every = 2
points = { total = 4 }

[wording]
scales = { total = "Tea" }
[wording.source]
citation = "Made up"
checked = "read"
checked_on = 2026-11-24
review_due = 2027-11-24
"""


def answer(words: str, points: int | None, url: str = ORDINAL) -> Form:
    found: Form = {"valueCoding": {"code": words, "display": words}}
    return (
        found if points is None else {**found, "extension": [{"url": url, "valueDecimal": points}]}
    )


def question(link: str, words: str, **more: Any) -> Form:
    options = [answer("Never", 0), answer("At times", 1), answer("Often", 2)]
    return {"linkId": link, "type": "choice", "text": words, "answerOption": options, **more}


def form() -> Form:
    """A small foreign form, made up: two questions, a third without points, a score."""
    third = question("Tea/3", "Is it ever cold?")
    third["answerOption"] = [answer("Yes", None), answer("No", None)]
    told = {"language": "text/fhirpath", "expression": "1"}
    return {
        "resourceType": "Questionnaire",
        "id": "TEA",
        "status": "active",
        "title": "The tea scale",
        "copyright": "Made up by nobody.",
        "code": [{"system": "http://loinc.org", "code": "1-8"}],
        "item": [
            {"linkId": "i", "type": "display", "text": "Think of the last week."},
            question("Tea/1", "Do you drink tea?"),
            {
                "linkId": "g",
                "type": "group",
                "text": "And in the morning:",
                "item": [question("Tea/2", "Is it strong?")],
            },
            third,
            {
                "linkId": "sum",
                "type": "decimal",
                "text": "Total",
                "extension": [{"url": CALCULATED, "valueExpression": told}],
            },
        ],
    }


@pytest.fixture
def draft(tmp_path: Path) -> Callable[[Form], Draft]:
    """Return what is read from a form."""

    def reading(raw: Form) -> Draft:
        file = tmp_path / "tea.json"
        file.write_text(json.dumps(raw), encoding="utf-8")
        return read(load(file))

    return reading


def refusal(reading: Callable[[Form], Draft], raw: Form) -> str:
    with pytest.raises(ImportRefused) as refused:
        reading(raw)
    return str(refused.value)


def told(**more: Any) -> Told:
    return Told(**{"about": tomllib.loads(ABOUT), "licence": LICENCE, "cleared": True, **more})


def test_words_answers_and_headings_are_read(draft) -> None:
    found = draft(form())

    assert found.wording["instructions"] == "Think of the last week."
    assert found.wording["headings"] == {"tea_2": "And in the morning:", "tea_3": ""}
    assert found.wording["options"]["answers_1"] == {0: "Never", 1: "At times", 2: "Often"}
    assert [item["options"] for item in found.definition["items"]] == [
        "answers_1", "answers_1", "answers_2",
    ]  # fmt: skip
    assert found.definition["loinc"] == "1-8"


def test_no_score_is_guessed_and_answers_without_points_do_not_count(draft) -> None:
    found = draft(form())

    assert "scales" not in found.definition
    assert found.definition["items"][2]["scored"] is False
    assert [note.partition(":")[0] for note in found.notes] == [
        "Questionnaire.item[3]", "Questionnaire.item[4]",
    ]  # fmt: skip


def test_with_what_the_host_says_it_is_whole(draft) -> None:
    whole = complete(draft(form()), told())

    assert whole.one.licence.cleared
    assert whole.one.name == "The tea scale"
    assert whole.text.attribution == "Made up by nobody."
    score = scoring.score(whole.one, {"tea_1": 2, "tea_2": 1, "tea_3": 1})
    assert score.scales[0].points == 3


def test_everything_that_is_missing_is_named_at_once(draft) -> None:
    with pytest.raises(ImportRefused) as refused:
        complete(draft(form()), told(about={}))

    lines = str(refused.value).splitlines()
    assert "tea.json: code: is missing. Say it in the file of --about." in lines
    for key in ("measures", "source", "scales", "examples", "wording.source"):
        assert any(line.startswith(f"tea.json: {key}: is missing") for line in lines), key


def test_a_licence_without_evidence_is_refused(draft) -> None:
    for licence in (None, {}, {**LICENCE, "evidence": []}):
        with pytest.raises(ImportRefused, match=r"tea.json: licence.*--licence"):
            complete(draft(form()), told(licence=licence))


def test_only_the_host_can_clear(draft) -> None:
    with pytest.raises(ImportRefused, match=r"licence.cleared: nobody here.*--cleared"):
        complete(draft(form()), told(licence={**LICENCE, "cleared": True}, cleared=False))


def test_a_questionnaire_of_ours_does_not_clear_itself(draft) -> None:
    ours = questionnaire(
        instruments.instrument("phq-9"),
        instruments.wording("phq-9"),
        Publisher("https://elsewhere.example/fhir", "Another"),
    )

    with pytest.raises(ImportRefused, match="--cleared"):
        complete(draft(ours), Told())


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"code": 1}, "code: 1 is that of phq-9"),
        ({"colour": "red"}, "colour: Extra inputs"),
        ({"wording": "words"}, "wording: is no table"),
        ({"id": "Tea Scale"}, "id: String should match"),
        ({"examples": []}, "examples: none gives the points of total"),
        ({"gate": {"item": "tea_9", "stops_at": 0}}, "gate.stops_at"),
    ],
)
def test_what_the_host_says_is_checked_like_any_fact(draft, about: Form, said: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        complete(draft(form()), told(about={**tomllib.loads(ABOUT), **about}))

    assert f"tea.json: {said}" in str(refused.value)


def test_a_wrong_key_is_found_by_its_example(draft) -> None:
    about = tomllib.loads(ABOUT)
    about["examples"][0]["points"]["total"] = 3

    with pytest.raises(ImportRefused, match="total: scores 4, not 3"):
        complete(draft(form()), told(about=about))


def test_weights_of_r5_and_value_sets_inside_the_file_are_read(draft) -> None:
    raw = form()
    concepts = [
        {"code": "n", "display": "Never", "extension": [{"url": WEIGHT, "valueDecimal": 0}]},
        {"code": "o", "display": "Often", "extension": [{"url": WEIGHT, "valueDecimal": 4}]},
    ]
    raw["contained"] = [
        {"resourceType": "ValueSet", "id": "vs", "compose": {"include": [{"system": "urn:x"}]}},
        {"resourceType": "CodeSystem", "id": "cs", "url": "urn:x", "concept": concepts},
    ]
    del raw["item"][1]["answerOption"]
    raw["item"][1]["answerValueSet"] = "#vs"

    assert draft(raw).wording["options"]["answers_1"] == {0: "Never", 4: "Often"}


def test_an_english_translation_is_taken(draft) -> None:
    raw = form()
    raw["language"] = "de"
    for item in raw["item"]:
        translate(item)
    for inner in raw["item"][2]["item"]:
        translate(inner)

    assert draft(raw).wording["items"]["tea_1"] == "Do you drink tea? (en)"


def translate(item: Form) -> None:
    parts = [
        {"url": "lang", "valueCode": "en"},
        {"url": "content", "valueString": f"{item['text']} (en)"},
    ]
    item["_text"] = {"extension": [{"url": TRANSLATION, "extension": parts}]}


def test_one_group_around_all_gives_the_instructions(draft) -> None:
    raw = form()
    raw["item"] = [{"linkId": "all", "type": "group", "text": "Lately:", "item": raw["item"][1:2]}]

    found = draft(raw)

    assert found.wording["instructions"] == "Lately:"
    assert found.wording["headings"] == {}


def test_a_group_within_a_group_gives_its_heading_back(draft) -> None:
    inner = {"linkId": "h", "type": "group", "text": "Inner", "item": [question("b", "B")]}
    raw = form()
    raw["item"][2]["item"] = [question("a", "A"), inner, question("c", "C")]

    assert draft(raw).wording["headings"] == {
        "a": "And in the morning:", "b": "Inner", "c": "And in the morning:", "tea_3": "",
    }  # fmt: skip


def change(raw: Form, **keys: Any) -> None:
    raw["item"][1].update(keys)


BROKEN: dict[str, tuple[Callable[[Form], object], str, str]] = {
    "free text": (lambda r: change(r, type="string"), "item[1].type", "Take it out"),
    "own words": (lambda r: change(r, type="open-choice"), "item[1].type", "Take it out"),
    "several answers": (lambda r: change(r, repeats=True), "item[1].repeats", "Take it out"),
    "no answers": (lambda r: change(r, answerOption=[]), "item[1]", "answerOption"),
    "answers elsewhere": (
        lambda r: change(r, answerOption=[], answerValueSet="http://x.example/vs"),
        "item[1].answerValueSet",
        "Write the answers into the file",
    ),
    "some points only": (
        lambda r: r["item"][1]["answerOption"][1].pop("extension"),
        "item[1].answerOption[1]",
        "Add an ordinalValue",
    ),
    "half points": (
        lambda r: r["item"][1]["answerOption"][1]["extension"][0].update(valueDecimal=0.5),
        "item[1].answerOption[1].extension[0].valueDecimal",
        "Write digits only",
    ),
    "points without end": (
        lambda r: r["item"][1]["answerOption"][1]["extension"][0].update(valueDecimal=1e308 * 10),
        "the file",
        "Correct that place",
    ),
    "the same points twice": (
        lambda r: r["item"][1]["answerOption"][1]["extension"][0].update(valueDecimal=0),
        "item[1].answerOption",
        "a number of its own",
    ),
    "id twice": (lambda r: change(r, linkId="Tea/3"), "item[3].linkId", "an id of its own"),
    "id too like another": (lambda r: change(r, linkId="tea-3"), "item[3].linkId", "another id"),
    "no id": (lambda r: r["item"][1].pop("linkId"), "item[1].linkId", "an id of its own"),
    "no words": (lambda r: change(r, text=" "), "item[1].text", "as they stand on the form"),
    "words that are a number": (lambda r: change(r, text=3), "item[1].text", "in quotes"),
    "a question within": (
        lambda r: change(r, item=[question("x", "X")]),
        "item[1].item[0]",
        "Put it after",
    ),
    "a number without ends": (lambda r: change(r, type="integer"), "item[1]", "minValue"),
    "another language": (lambda r: r.update(language="de"), "item[1].text", "do not translate"),
    "no question": (lambda r: r.update(item=[]), "item", "asks something"),
    "items that are none": (lambda r: r.update(item=[3]), "item", "as FHIR has it"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_wrong_is_named_with_its_place_and_its_repair(draft, name: str) -> None:
    break_it, place, repair = BROKEN[name]
    raw = form()
    break_it(raw)

    said = refusal(draft, raw)

    where = place if place == "the file" else f"Questionnaire.{place}"
    lines = [line for line in said.splitlines() if line.startswith(f"tea.json: {where}: ")]
    assert any(repair in line for line in lines), said


def test_a_form_without_any_points_is_refused(draft) -> None:
    raw = form()
    for item in (raw["item"][1], raw["item"][2]["item"][0]):
        for option in item["answerOption"]:
            del option["extension"]

    assert "no answer of any question has points" in refusal(draft, raw)


def test_a_question_that_is_asked_only_sometimes_needs_a_gate(draft) -> None:
    raw = form()
    change(raw, enableWhen=[{"question": "x", "operator": "exists", "answerBoolean": True}])

    with pytest.raises(ImportRefused, match=r"Questionnaire.item\[1\]: is asked only sometimes"):
        complete(draft(raw), told())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"resourceType": "Patient"}', "resourceType: is 'Patient'"),
        (b"[]", "resourceType: is 'list'"),
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not UTF-8"),
        (b'{"a": "\\ud800"}', "is not UTF-8"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": 1, "a": 2}', "'a' stands twice"),
        (b"[" * 100_000, "is nested too deeply"),
        (b" " * (LARGEST + 1), "bytes"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_file_that_is_no_questionnaire_is_refused(
    tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "some.json"
    file.write_bytes(content)

    with pytest.raises(ImportRefused, match=said) as refused:
        load(file)
    assert str(refused.value).startswith("some.json: ")


def test_groups_that_lie_too_deep_are_refused(draft) -> None:
    raw = form()
    inner: Form = question("deep", "Deep?")
    for level in range(100):
        inner = {"linkId": f"g{level}", "type": "group", "item": [inner]}
    raw["item"].append(inner)

    assert "groups lie too deep" in refusal(draft, raw)


def test_files_of_the_host_are_refused_with_their_name(tmp_path: Path) -> None:
    file = tmp_path / "licence.toml"
    file.write_text("[licence", encoding="utf-8")
    with pytest.raises(ImportRefused, match=r"licence.toml: not TOML"):
        table_of(file)

    file.write_text("kind = 'x'", encoding="utf-8")
    with pytest.raises(ImportRefused, match=r"licence.toml: licence: is missing"):
        licence_of(file)


def places(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside a form."""
    inner = node.items() if isinstance(node, dict) else enumerate(node)
    found: list[tuple[Any, ...]] = []
    for key, value in inner:
        found.append((*path, key))
        if isinstance(value, dict | list):
            found += places(value, (*path, key))
    return found


OURS = questionnaire(
    instruments.instrument("gad-2"),
    instruments.wording("gad-2"),
    Publisher("https://elsewhere.example/fhir", "Another"),
)
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.just([]),
    st.just({}),
    st.just([{}]),
    st.just({"url": 3}),
    st.just([[]]),
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused_and_never_breaks_the_reader(draft, data) -> None:
    raw = copy.deepcopy(data.draw(st.sampled_from([OURS, form()])))
    for _ in range(data.draw(st.integers(1, 3))):
        *way, last = data.draw(st.sampled_from(places(raw)))
        node = raw
        for key in way:
            node = node[key]
        node[last] = copy.deepcopy(data.draw(JUNK))

    assert outcome(draft, raw).startswith(("whole", "tea.json: "))


def outcome(reading: Callable[[Form], Draft], raw: Form) -> str:
    """Return that a form is whole, or why it is refused; any other error passes through."""
    try:
        complete(reading(raw), told() if raw.get("id") == "TEA" else Told(cleared=True))
    except ImportRefused as refused:
        return str(refused)
    return "whole"
