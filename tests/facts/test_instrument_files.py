"""Every self-test file: it parses, is sourced, in date, scores its examples, reads as published."""

import json
import re
from collections.abc import Mapping
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest

from stepwell.domain import instruments
from stepwell.domain.instrument_schema import Encoding, Instrument
from stepwell.domain.sources import Checked

ALL = pytest.mark.parametrize("one", instruments.instruments().values(), ids=attrgetter("id"))
SHARED = Path(__file__).parents[2].parent / "shared" / "instruments"
TODAY = date(2026, 11, 24)


def test_the_files_hold_together() -> None:
    instruments.check()

    assert {"phq-9", "gad-7"} <= set(instruments.instruments())


@ALL
def test_Q5_has_source_licence_and_review_date(one: Instrument) -> None:
    assert one.source.citation
    assert one.licence.cleared
    assert one.licence.evidence
    assert one.source.review_due > TODAY


@ALL
def test_examples_score_as_published(one: Instrument) -> None:
    assert one.examples
    for example in one.examples:
        found = instruments.score(one, example.response).scales[0]

        assert {found.scale: found.points} == example.points
        assert {found.scale: found.band} == example.bands


@ALL
def test_the_first_answer_is_never_not_at_all_sure(one: Instrument) -> None:
    for answers in instruments.wording(one.id).options.values():
        assert "Not at all sure" not in answers.values()


@ALL
def test_bands_name_their_population_and_source(one: Instrument) -> None:
    for scale in one.scales:
        if scale.bands:
            assert scale.bands.population
            assert scale.bands.source.checked is not Checked.RECALLED


def test_recalled_figures_are_marked_so() -> None:
    for fact_id, points in (("phq-9", 6), ("gad-7", 4)):
        change = instruments.instrument(fact_id).scales[0].reliable_change

        assert change is not None
        assert (change.points, change.source.checked) == (points, Checked.RECALLED)


def test_no_error_of_measurement_is_claimed_without_a_source() -> None:
    for fact_id in ("phq-9", "gad-7"):
        assert instruments.instrument(fact_id).scales[0].error is None


# How the copies differ from ours, each with the reason why ours is right. Item by item:
# "words" = the same words, other punctuation or capitals; otherwise the reason.
WORDS = "the same words, other punctuation; ours follows the printed form"
LOINC_2 = "LOINC's own sentence for this code, used in no other copy"
DAMAGED = "words lost or added in this copy; all others agree with ours"
HEAD_APART = "its first words stand in a help text of their own, or are left out"
CONTRACTED = "contracted here; the form and three other copies have 'it is'"
MISSPELT = "misspelt in this copy"
EXPLAINED: Mapping[str, Mapping[str, str]] = {
    "fhir/mii.Questionnaire-mii-qst-pro-phq-9.r4.json": {"self_worth": WORDS},
    "osd/PHQ9.osd.json": {"self_worth": WORDS, "movement": WORDS},
    "fhir/phq-9.loinc-lforms-export.r4.json": {
        "self_worth": WORDS,
        "movement": WORDS,
        "self_harm": WORDS,
        "difficulty": HEAD_APART,
    },
    "fhir/phq-9.lforms-fhir-app.r4.json": {
        "interest": WORDS,
        "mood": WORDS,
        "self_worth": WORDS,
        "movement": WORDS,
        "self_harm": WORDS,
        "difficulty": HEAD_APART,
    },
    "fhir/phq-9.stanford-researchkitonfhir.r4.json": {
        "interest": WORDS,
        "mood": WORDS,
        "sleep": WORDS,
        "energy": WORDS,
        "appetite": WORDS,
        "self_worth": WORDS,
        "concentration": WORDS,
        "movement": DAMAGED,
        "self_harm": DAMAGED,
    },
    "wording/phq-8.camcops.json": {},
    "wording/phq-8.reproschema.json": {
        "mood": WORDS,
        "sleep": WORDS,
        "energy": WORDS,
        "appetite": WORDS,
        "self_worth": WORDS,
        "concentration": WORDS,
        "movement": WORDS,
        "frequency 3": MISSPELT,
    },
    "osd/GAD7.osd.json": {f"frequency {value}": WORDS for value in range(4)},
    "fhir/gad-7.cirg-repaired.r4.json": {
        "worry_control": LOINC_2,
        "irritable": WORDS,
        "worry_control 2": LOINC_2,
    },
    "fhir/gad-7.stanford-researchkitonfhir.r4.json": {
        "nervous": WORDS,
        "restless": CONTRACTED,
        "afraid": DAMAGED,
    },
    "wording/gad-2.clinical-toolkit.json": {"nervous": WORDS},
}
COPIES = [
    pytest.param(one, copy, id=f"{one.id}: {copy.file}")
    for one in instruments.instruments().values()
    for copy in one.checked_against
    if copy.file
]


def test_every_copy_named_in_the_data_is_compared() -> None:
    named = {
        copy.file for one in instruments.instruments().values() for copy in one.checked_against
    }

    assert named - {""} == set(EXPLAINED)


@pytest.mark.parametrize(("one", "copy"), COPIES)
def test_wording_differs_from_a_copy_only_where_explained(one: Instrument, copy: Encoding) -> None:
    if not SHARED.is_dir():
        pytest.skip(f"the reference copies are not beside this checkout: {copy.file}")
    theirs = read_copy(SHARED / copy.file)
    ours = wording_of(one)
    explained = EXPLAINED[copy.file]

    differing = {key for key, text in theirs.items() if ours[key] != text}

    assert differing == set(explained)
    for key in differing:
        same_words = bare(ours[key]) == bare(theirs[key])
        assert same_words == (explained[key] == WORDS), (key, ours[key], theirs[key])
    assert copy.agrees == (not differing)


def wording_of(one: Instrument) -> dict[str, str]:
    """Return our words by item id, by 'set value' and by 'item value'."""
    text = instruments.wording(one.id)
    words = dict(text.items)
    for name, answers in text.options.items():
        words |= {f"{name} {value}": answer for value, answer in answers.items()}
    for item in one.items:
        answers = text.options[item.options]
        words |= {f"{item.id} {value}": answer for value, answer in answers.items()}
    return words


def bare(text: str) -> str:
    """Return the words alone: small letters, no punctuation."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def read_copy(file: Path) -> dict[str, str]:
    """Return a copy's words under our ids."""
    raw = json.loads(file.read_text(encoding="utf-8"))
    ids = [item.id for item in instruments.instrument(family(file)).items]
    if file.parent.name == "osd":
        return read_osd(raw, ids)
    if file.parent.name == "wording":
        words = {fact_id: item["text"] for fact_id, item in zip(ids, raw["items"], strict=False)}
        return words | {f"frequency {o['value']}": o["text"] for o in raw["options"]}
    return read_fhir(raw, ids)


def family(file: Path) -> str:
    return "gad-7" if re.search(r"gad", file.name, re.IGNORECASE) else "phq-9"


def read_osd(raw: Mapping[str, Any], ids: list[str]) -> dict[str, str]:
    words = raw["translations"]["en"]
    items = [item["text_key"] for item in raw["definition"]["items"]]
    answers = {f"frequency {n - 1}": words[f"likert_{n}"] for n in range(1, 5)}
    return {fact_id: words[key] for fact_id, key in zip(ids, items, strict=False)} | answers


def read_fhir(raw: Mapping[str, Any], ids: list[str]) -> dict[str, str]:
    by_code = {
        item.loinc: item.id for one in instruments.instruments().values() for item in one.items
    }
    found: dict[str, str] = {}
    for number, item in enumerate(questions(raw["item"])):
        fact_id = by_code.get(item.get("code", [{}])[0].get("code")) or ids[number]
        found[fact_id] = english(item)
        for value, option in enumerate(item.get("answerOption", ())):
            found |= answer(fact_id, value, option)
    return found


def questions(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the choice items, out of their groups."""
    found = []
    for item in items:
        found += [item] if item["type"] == "choice" else questions(item.get("item", []))
    return found


def english(item: Mapping[str, Any]) -> str:
    for extension in item.get("_text", {}).get("extension", ()):
        parts = {part["url"]: part for part in extension.get("extension", ())}
        if parts.get("lang", {}).get("valueCode") == "en":
            return str(parts["content"]["valueString"])
    return str(item["text"])


def answer(fact_id: str, value: int, option: Mapping[str, Any]) -> dict[str, str]:
    """Return one answer's words; points come from the file where it gives them."""
    points = [e["valueDecimal"] for e in option.get("extension", ()) if "ordinal" in e["url"]]
    words = option.get("valueCoding", {}).get("display")
    return {f"{fact_id} {points[0] if points else value}": words} if words else {}
