"""Reads independent public copies of a self-test and compares them with ours.

A copy lies beside the checkout (../shared/instruments) or is not there at all.
Each difference has a key; `checked_against` in instrument.toml explains it by
the same key:

    <item>              the words of a question
    <set> <value>       the words of an answer in a set of options
    <item> <value>      the same, where a copy has answers for each question (FHIR)
    instructions        the words above the questions
    key <item>          whether an item is reversed, where the copy has no scales
    key <scale> <item>  the sign of an item in one of our scales
    scale <name>        a scale of the copy that has not the items of any of ours

Which of their questions is which of ours: by position; by `order`, our item ids
in the copy's order ("" for a question that is not ours); or, with
`matching = "words"`, by its words, for a copy that is a large pool. The SPI
files go by id.
"""

import csv
import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stepwell.domain import instruments, scoring
from stepwell.domain.instrument_schema import Encoding, Instrument, Scale

SHARED = Path(__file__).parents[2].parent / "shared" / "instruments"
Json = Mapping[str, Any]


@dataclass
class Copy:
    """What a copy says: its questions in order, its answers, its keys."""

    questions: list[tuple[str, str]]  # (their id, words)
    answers: dict[int, str] = field(default_factory=dict)
    item_answers: dict[tuple[str, int], str] = field(default_factory=dict)
    placed_answers: dict[tuple[str, int], str] = field(default_factory=dict)  # no points given
    instructions: str = ""
    reversed: dict[str, bool] = field(default_factory=dict)
    scales: dict[str, dict[str, int]] = field(default_factory=dict)


def differences(one: Instrument, copy: Encoding) -> dict[str, tuple[str, str]]:
    """Return every difference by its key: our words (or sign), and theirs."""
    theirs = read(SHARED / copy.file)
    matched = match(one, copy, theirs)
    pairs = dict(_words(one, copy, theirs, matched))
    pairs |= dict(keys(one, theirs, matched))
    return {key: (ours, other) for key, (ours, other) in pairs.items() if ours != other}


def match(one: Instrument, copy: Encoding, theirs: Copy) -> dict[str, str]:
    """Return our item id for each of their question ids that is ours."""
    ids = [their_id for their_id, _ in theirs.questions]
    if copy.file.startswith("spi_135"):
        named = (*ids, *(item for key in theirs.scales.values() for item in key))
        return {their_id: their_id for their_id in named if their_id in instruments_items(one)}
    if copy.matching == "words":
        ours = {bare(words): item for item, words in instruments.wording(one.id).items.items()}
        return {i: ours[bare(words)] for i, words in theirs.questions if bare(words) in ours}
    order = copy.order or tuple(item.id for item in one.items)[: len(ids)]
    if copy.order:
        assert len(copy.order) == len(ids), f"{copy.file}: order must name its {len(ids)} questions"
    return {i: our_id for i, our_id in zip(ids, order, strict=False) if our_id}


def instruments_items(one: Instrument) -> set[str]:
    return {item.id for item in one.items}


def bare(text: str) -> str:
    """Return the words alone: small letters, no punctuation."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


Pair = tuple[str, tuple[str, str]]  # the key, then ours and theirs


def _words(
    one: Instrument, copy: Encoding, theirs: Copy, matched: Mapping[str, str]
) -> Iterator[Pair]:
    text = instruments.wording(one.id)
    for their_id, words in theirs.questions:
        if their_id in matched:
            yield matched[their_id], (text.items[matched[their_id]], words)
    if copy.matching == "words":
        for item in instruments_items(one) - set(matched.values()):
            yield item, (text.items[item], "")
    if theirs.instructions:
        yield "instructions", (text.instructions, theirs.instructions)
    yield from _answers(one, copy, theirs, matched)


def _answers(
    one: Instrument, copy: Encoding, theirs: Copy, matched: Mapping[str, str]
) -> Iterator[Pair]:
    text = instruments.wording(one.id)
    options = copy.options or next((i.options for i in one.items if i.options in text.options), "")
    for value, words in theirs.answers.items():
        yield f"{options} {value}", (text.options[options].get(value, ""), words)
    for (their_id, value), words in theirs.item_answers.items():
        if item := matched.get(their_id):
            ours = text.options.get(one.item(item).options, {})
            yield f"{item} {value}", (ours.get(value, ""), words)
    for (their_id, place), words in theirs.placed_answers.items():
        if item := matched.get(their_id):
            value = dict(enumerate(one.values(item))).get(place, -1)
            ours = text.options.get(one.item(item).options, {})
            yield f"{item} {value}", (ours.get(value, ""), words)


def keys(one: Instrument, theirs: Copy, matched: Mapping[str, str]) -> Iterator[Pair]:
    """Yield the sign of every item that a copy keys, ours and theirs."""
    for their_id, turned in theirs.reversed.items():
        item = matched.get(their_id, "")
        if signs := {sign(one, scale, item) for scale in one.scales if item in scale.items}:
            yield f"key {item}", (shown(min(signs)), shown(-1 if turned else 1))
    for name, key in theirs.scales.items():
        yield from _scale_keys(one, name, {matched[i]: v for i, v in key.items() if i in matched})


def _scale_keys(one: Instrument, name: str, theirs: Mapping[str, int]) -> Iterator[Pair]:
    same = [scale for scale in one.scales if set(scale.items) == set(theirs)]
    if theirs and not same:
        yield f"scale {name}", ("", ", ".join(sorted(theirs)))
    for scale in same:
        for item, value in theirs.items():
            yield f"key {scale.id} {item}", (shown(sign(one, scale, item)), shown(value))


def sign(one: Instrument, scale: Scale, item: str) -> int:
    """Return 1 where a higher value counts more in a scale, -1 where it counts less."""
    values = one.values(item)
    low, high = (scoring.item_points(one, scale, item, end(values)) for end in (min, max))
    return 1 if high > low else -1


def shown(value: int) -> str:
    return "reversed" if value < 0 else "as it is"


def read(file: Path) -> Copy:
    """Return what a copy says, whatever its format."""
    if file.name == "spi_135.dictionary.csv":
        with file.open(encoding="utf-8", newline="") as source:
            rows = [row for row in csv.DictReader(source) if row["item_id"].startswith("q_")]
        return Copy(questions=[(row["item_id"], row["item"]) for row in rows])
    raw = json.loads(file.read_text(encoding="utf-8"))
    if file.name == "spi_135.keys.json":
        return Copy(questions=[], scales={n: _signed(ids) for n, ids in raw.items()})
    readers = {"osd": _osd, "wording": _wording, "fhir": _fhir}
    return readers[file.parent.name](raw)


def _signed(ids: list[str]) -> dict[str, int]:
    return {name.lstrip("-"): -1 if name.startswith("-") else 1 for name in ids}


def _wording(raw: Json) -> Copy:
    items = {str(item["n"]): item for item in raw["items"]}
    return Copy(
        questions=[(n, item["text"]) for n, item in items.items() if item["text"] is not None],
        answers={option["value"]: option["text"] for option in raw["options"]},
        instructions=raw["instructions"] or "",
        reversed={n: i["reversed"] for n, i in items.items() if i["reversed"] is not None},
    )


def _osd(raw: Json) -> Copy:
    words = {key: plain(text) for key, text in raw["translations"]["en"].items()}
    definition = raw["definition"]
    items = [item for item in definition["items"] if item["type"] != "inst"]
    options = definition.get("likert_options", {})
    labels = enumerate(options.get("labels", ()), start=options.get("min", 1))
    keys = {name: _osd_key(part["items"]) for name, part in definition["scoring"].items()}
    return Copy(
        questions=[(item["id"], words[item["text_key"]]) for item in items],
        answers={value: words[label] for value, label in labels if label in words},
        item_answers={
            (item["id"], option["value"]): words[option["text_key"]]
            for item in items
            for option in item.get("options", ())
        },
        instructions=_osd_instructions(definition, words),
        scales=keys,
    )


def _osd_key(items: Any) -> dict[str, int]:
    return dict(items) if isinstance(items, dict) else dict.fromkeys(items, 1)


def _osd_instructions(definition: Json, words: Mapping[str, str]) -> str:
    told = [words[i["text_key"]] for i in definition["items"] if i["type"] == "inst"]
    head = definition.get("likert_options", {}).get("question_head", "")
    return " ".join(told) or words.get(head, "")


def plain(text: str) -> str:
    """Return a text without mark-up and with single spaces."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


def _fhir(raw: Json) -> Copy:
    found = list(_fhir_questions(raw["item"]))
    copy = Copy(questions=[(item["linkId"], _english(item)) for item in found])
    for item in found:
        for place, option in enumerate(item.get("answerOption", ())):
            words = option.get("valueCoding", {}).get("display")
            points = _ordinal(option)
            if words and points is None:
                copy.placed_answers[item["linkId"], place] = words
            elif words and points is not None:
                copy.item_answers[item["linkId"], points] = words
    return copy


def _ordinal(option: Json) -> int | None:
    """Return an answer's points, where the file gives them."""
    given = [e["valueDecimal"] for e in option.get("extension", ()) if "ordinal" in e["url"]]
    return int(given[0]) if given else None


def _fhir_questions(items: list[Any]) -> Iterator[Any]:
    for item in items:
        if item["type"] == "choice":
            yield item
        else:
            yield from _fhir_questions(item.get("item", []))


def _english(item: Json) -> str:
    for extension in item.get("_text", {}).get("extension", ()):
        parts = {part["url"]: part for part in extension.get("extension", ())}
        if parts.get("lang", {}).get("valueCode") == "en":
            return str(parts["content"]["valueString"])
    return str(item["text"])
