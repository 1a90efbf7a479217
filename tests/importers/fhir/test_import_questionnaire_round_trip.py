"""Our Questionnaires out and back in: the same definition, for every instrument."""

import json
import tomllib
from operator import attrgetter
from pathlib import Path

import pytest

from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.questionnaire import questionnaire
from stepwell.domain import instruments, loading
from stepwell.domain.instrument_schema import Instrument, Wording
from stepwell.importers.fhir.complete import Told, Whole, complete
from stepwell.importers.fhir.read import read
from stepwell.importers.fhir.tree import load
from stepwell.importers.fhir.write import files_of, write
from stepwell.importers.records import ImportRefused
from stepwell.lib import fhir

EVERYTHING = Path(__file__).parents[2] / "domain" / "everything" / "instruments" / "everything"
PUBLISHER = Publisher("https://elsewhere.example/fhir", "Another network")
ALL = pytest.mark.parametrize("one", list(instruments.instruments().values()), ids=attrgetter("id"))


def there_and_back(one: Instrument, text: Wording, folder: Path) -> Whole:
    """Return what is read from the Questionnaire of an instrument."""
    file = folder / "form.json"
    file.write_text(json.dumps(questionnaire(one, text, PUBLISHER)), encoding="utf-8")
    return complete(read(load(file)), Told(cleared=True))


@ALL
def test_a_questionnaire_of_ours_comes_back_as_the_same_definition(
    one: Instrument, tmp_path: Path
) -> None:
    text = instruments.wording(one.id)

    back = there_and_back(one, text, tmp_path)

    assert back.one == one
    assert back.text == text
    assert questionnaire(back.one, back.text, PUBLISHER) == questionnaire(one, text, PUBLISHER)
    assert len(back.notes) == 1
    assert "already" in back.notes[0]


@ALL
def test_both_files_read_back_as_they_were_written(one: Instrument, tmp_path: Path) -> None:
    text = instruments.wording(one.id)

    files = files_of(there_and_back(one, text, tmp_path))

    assert Instrument.model_validate(tomllib.loads(files["instrument.toml"])) == one
    assert Wording.model_validate(tomllib.loads(files["text.en.toml"])) == text


def test_a_made_up_test_with_every_rule_comes_back(tmp_path: Path) -> None:
    one = loading.read(EVERYTHING / "instrument.toml", Instrument)
    text = loading.read(EVERYTHING / "text.en.toml", Wording)

    back = there_and_back(one, text, tmp_path)

    assert (back.one, back.text) == (one, text)


def test_a_written_number_that_may_not_apply_comes_back(tmp_path: Path) -> None:
    one, text = instruments.instrument("mos-sleep"), instruments.wording("mos-sleep")
    items = [
        item.model_copy(update={"may_not_apply": True}) if item.options == "hours" else item
        for item in one.items
    ]
    changed = one.model_copy(update={"items": tuple(items)})
    hours = next(item.id for item in items if item.may_not_apply)
    worded = text.model_copy(update={"not_applicable": {hours: "I work at night"}})

    back = there_and_back(changed, worded, tmp_path)

    assert (back.one, back.text) == (changed, worded)


def test_what_fhir_says_wins_over_nothing_else(tmp_path: Path) -> None:
    """A word that is changed in the Questionnaire is changed in what comes back."""
    form = questionnaire(instruments.instrument("gad-7"), instruments.wording("gad-7"), PUBLISHER)
    form["item"][1]["text"] = "Another question"
    form["item"][1]["answerOption"][0]["valueCoding"]["display"] = "Another answer"
    file = tmp_path / "form.json"
    file.write_text(json.dumps(form), encoding="utf-8")

    with pytest.raises(ImportRefused, match=r"item\[2\].answerOption: its answers are not those"):
        read(load(file))

    for item in form["item"][2:8]:
        item["answerOption"] = form["item"][1]["answerOption"]
    file.write_text(json.dumps(form), encoding="utf-8")
    wording = read(load(file)).wording
    first = instruments.instrument("gad-7").items[0].id
    assert wording["items"][first] == "Another question"
    assert wording["options"]["frequency"][0] == "Another answer"


def test_the_files_load_through_facts_dirs(tmp_path: Path) -> None:
    one = instruments.instrument("core-10")
    whole = there_and_back(one, instruments.wording(one.id), tmp_path)
    write(whole, tmp_path, dry_run=False)
    loading.use_folders([tmp_path])
    try:
        instruments.check()

        assert instruments.instrument("core-10") == one
    finally:
        loading.use_folders([])


def test_plain_data_travels_in_extensions() -> None:
    data = {"a": [1, "two", "", True, 2.5], "b": {"c": "x", "d": [{"e": -1}, {"e": 0}]}}

    assert fhir.plain(fhir.nested("x", data)) == data


@pytest.mark.parametrize(
    "broken",
    [
        {"url": "x"},
        {"url": "x", "valueString": "a", "valueInteger": 1},
        {"url": "x", "extension": "a"},
        {"url": "x", "extension": [{"url": "a", "valueCode": "b"}, {"url": "a", "valueCode": "c"}]},
        {"url": "x", "extension": [{"valueCode": "b"}]},
    ],
)
def test_an_extension_that_holds_no_data_is_refused(broken: fhir.Json) -> None:
    with pytest.raises(ValueError, match="'x'"):
        fhir.plain(broken)
