"""Public FHIR files beside the checkout: each is read, or refused with a reason; none breaks us."""

from pathlib import Path

import pytest

from stepwell.importers.fhir.complete import Told, complete
from stepwell.importers.fhir.read import read
from stepwell.importers.fhir.tree import load
from stepwell.importers.records import ImportRefused
from tests.conftest import SHARED

FOLDER = SHARED / "instruments" / "fhir"
READ = {  # our verdict on each: how many questions, or the place and reason of a refusal
    "gad-7.stanford-researchkitonfhir.r4.json": 7,
    "phq-9.lforms-fhir-app.r4.json": 10,
    "phq-9.stanford-researchkitonfhir.r4.json": 9,
}
REFUSED = {
    "audit-modified.cirg.r4.json": "Questionnaire.item[1].answerOption: gives two answers the same",
    "gad-7.cirg-repaired.r4.json": "Questionnaire.item[7].type: is 'decimal'",
    "mii.Questionnaire-mii-qst-pro-phq-9-extractable-observation.r4.json": "is not in this file",
    "mii.Questionnaire-mii-qst-pro-phq-9.r4.json": "Questionnaire.item[1].answerValueSet: ",
    "mii.QuestionnaireResponse-mii-exa-pro-phq-9-response.r4.json": "is 'QuestionnaireResponse'",
    "pc-ptsd-5.cirg.r4.json": "no answer of any question has points",
    "phq-4.cirg.r4.json": "Questionnaire.item[5].type: is 'decimal'",
    "phq-9.loinc-lforms-export.r4.json": "Questionnaire.item[10].type: is 'decimal'",
    "phq-full-panel.loinc-lforms-export.r4.json": "Questionnaire.item[0].type: is 'string'",
    "socialsupport-en-us-v1.stanford-researchkitonfhir.r4.json": "Questionnaire.item[5].item[0]",
}


def file(name: str) -> Path:
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"the public FHIR file is not beside this checkout: {name}")
    return path


def test_every_file_there_is_has_a_verdict() -> None:
    if not FOLDER.is_dir():
        pytest.skip("the public FHIR files are not beside this checkout")

    assert {path.name for path in FOLDER.glob("*.json")} == {*READ, *REFUSED}


@pytest.mark.parametrize("name", READ)
def test_a_sound_file_is_read_and_still_needs_a_licence(name: str) -> None:
    draft = read(load(file(name)))

    assert len(draft.wording["items"]) == READ[name]
    assert draft.wording["options"]["answers_1"][3] == "Nearly every day"
    with pytest.raises(ImportRefused, match="licence: nothing says who owns this test"):
        complete(draft, Told(cleared=True))


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_with_a_defect_is_refused_with_its_place(name: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        read(load(file(name)))

    said = str(refused.value)
    assert REFUSED[name] in said
    assert all(line.startswith(f"{name}: ") for line in said.splitlines() if "more." not in line)


def test_the_tenth_question_of_the_phq_9_does_not_count() -> None:
    draft = read(load(file("phq-9.lforms-fhir-app.r4.json")))

    counting = {item["id"]: item.get("scored", True) for item in draft.definition["items"]}
    assert [name for name, counts in counting.items() if not counts] == ["69722_7"]
