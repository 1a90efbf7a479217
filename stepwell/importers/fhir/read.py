"""A FHIR Questionnaire as the two files of an instrument, as far as it tells them.

Pure: a file becomes a draft, or everything that is wrong with it. What we wrote
ourselves (api/fhir/) tells all. Other files tell words, answers and points; how
they are scored, who owns them and what they measure, the host has to say
(complete.py). Nothing is guessed: a score that is guessed is another test.
"""

import re
from typing import Any, NamedTuple

from stepwell.importers.fhir.answers import Answers, answers_of, contained_in
from stepwell.importers.fhir.tree import Node
from stepwell.lib import fhir

DEEPEST = 6  # groups within groups
MOST_NUMBERS = 10_000  # that a question answered by a number may have
TERMS = "\n\nTerms, in our own words: "  # parts our copyright line: api/fhir/questionnaire.py
CONDITIONS = f"{fhir.SDC}/sdc-questionnaire-enableWhenExpression"
TAKE_OUT = "Take it out of the file."

Data = dict[str, Any]


class Draft(NamedTuple):
    """The keys of both files that a Questionnaire tells, and what it does not decide."""

    file: str
    definition: Data
    wording: Data
    conditions: tuple[str, ...]  # questions that are asked only sometimes
    notes: tuple[str, ...]  # what was left out, or understood in one of several ways


def read(form: Node) -> Draft:
    """Return what a Questionnaire tells; raise ImportRefused with all that is wrong with it."""
    told = _own_data(form)
    draft = _Reading(form, ours=told is not None)
    draft.walk(form.nodes("item"), depth=0)
    draft.finish()
    words = _words_of(form, told or {})
    definition = {**(told or _names(form)), **draft.definition, "loinc": form.loinc()}
    if told is not None:
        definition["measures"] = form.text("description")
    title = {"title": form.english("title") or form.text("name")}
    line = {"attribution": form.text("copyright").partition(TERMS)[0]}
    known = {key: value for key, value in (title | line).items() if value}
    wording = {"language": "en", **known, **draft.wording, **words}
    form.problems.refuse()
    return Draft(
        form.problems.file, definition, wording, tuple(draft.conditions), tuple(draft.notes)
    )


def _own_data(form: Node) -> Data | None:
    extension = form.own("self-test")
    if extension is None:
        return None
    told = _plain(extension)
    told.setdefault("examples", [])
    return told


def _words_of(form: Node, told: Data) -> Data:
    words = told.pop("wording", {})
    if isinstance(words, dict):
        return words
    form.problem("extension", "wording names no parts", "Restore it as it was published.")
    return {}


def _plain(extension: Node) -> Data:
    try:
        told = fhir.plain(extension.value)
    except (ValueError, RecursionError) as error:
        extension.problem("extension", str(error), "Restore it as it was published.")
        return {}
    if not isinstance(told, dict):
        extension.problem("extension", "names no parts", "Restore it as it was published.")
        return {}
    return told


def _names(form: Node) -> Data:
    """Return what a file that is not ours tells about itself."""
    title = form.english("title") or form.text("name")
    slug = re.sub(r"[^a-z0-9]+", "-", (form.text("id") or title).lower()).strip("-")
    names = {"id": slug, "name": title, "short_name": title}
    return {key: value for key, value in names.items() if value}


class _Reading:
    """One pass over the items of a form."""

    def __init__(self, form: Node, *, ours: bool) -> None:
        self.form = form
        self.ours = ours
        self.contained = contained_in(form)
        self.items: list[Data] = []
        self.options: dict[str, dict[int, str]] = {}
        self.numbers: dict[str, Data] = {}
        self.scales: list[Data] = []
        self.wording: dict[str, Any] = {
            "headings": {}, "items": {}, "numbers": {}, "not_applicable": {}, "scales": {},
        }  # fmt: skip
        self.instructions: list[str] = []
        self.heading: str | None = None  # waits for its first question
        self.printed = ""  # the heading over the last question
        self.over = ""  # the heading of the group that is being read
        self.conditions: list[str] = []
        self.notes: list[str] = []
        self.pointed = False
        self.seen: set[str] = set()
        self.definition: Data = {}

    def walk(self, items: list[Node], depth: int) -> None:
        """Read items in the order in which they are asked."""
        for item in items:
            link = item.text("linkId")
            if not link or link in self.seen:
                what = f"{link!r} stands twice" if link else "is missing"
                item.problem("linkId", what, "Give each item an id of its own.")
            self.seen.add(link)
            self._read_item(item, link, depth)

    def _read_item(self, item: Node, link: str, depth: int) -> None:
        kind = item.text("type")
        if kind == "group":
            self._read_group(item, depth)
        elif kind == "display":
            self._read_text(item)
        elif _is_score(item):
            self._read_score(item, link)
        else:
            self._read_question(item, link, kind)

    def _read_group(self, item: Node, depth: int) -> None:
        if depth == DEEPEST:
            item.problem("", "groups lie too deep in one another", "Use fewer levels.")
            return
        if item.value.get("repeats") is True:
            item.problem("repeats", "a group can be answered several times", TAKE_OUT)
        self._condition(item)
        outer = self.over
        if item.text("text"):
            self.over = self.heading = self._words(item, "text")
        self.walk(item.nodes("item"), depth + 1)
        if self.over != outer:
            self.over = outer
            self.heading = outer if outer != self.printed else None

    def _read_text(self, item: Node) -> None:
        words = self._words(item, "text")
        control = f"{fhir.CORE}/questionnaire-itemControl"
        if item.extension(control):
            self.notes.append(f"{item.path}: a help text was left out: {words!r}")
        elif not self.items and not self.scales:
            self.instructions.append(words)
        else:
            self.notes.append(f"{item.path}: was taken as the heading of what follows: {words!r}")
            self.heading = words

    def _read_score(self, item: Node, link: str) -> None:
        own = item.own("self-test-scale")
        if own is None:
            self.notes.append(
                f"{item.path}: a score was left out ({link!r}). How it is made has to be said "
                "under scales."
            )
            return
        scale_id = link.removeprefix("score.")
        self.scales.append({**_plain(own), "id": scale_id, "loinc": item.loinc()})
        self.wording["scales"][scale_id] = item.text("text")

    def _read_question(self, item: Node, link: str, kind: str) -> None:
        fact_id = link if self.ours else re.sub(r"[^a-z0-9]+", "_", link.lower()).strip("_")
        if fact_id in self.wording["items"]:
            item.problem("linkId", f"{link!r} is too like another", "Give it another id.")
        own = item.own("self-test-item")
        rule = _plain(own) if own else {}
        if own and not isinstance(rule.get("options"), str):
            own.problem("options", "names no set of answers", "Restore it as it was published.")
            rule.pop("options", None)
        self._condition(item)
        self._refuse_more(item)
        self.wording["items"][fact_id] = self._words(item, "text")
        self._place_heading(fact_id)
        question = {**rule, "id": fact_id, "loinc": item.loinc()}
        if kind == "choice":
            self._read_choice(item, question)
        elif kind == "integer":
            self._read_number(item, question)
        else:
            what = f"is {kind!r}, to which nobody can give points"
            item.problem("type", what, f"If it is a score, mark it readOnly. If not: {TAKE_OUT}")
        self.items.append(question)

    def _place_heading(self, fact_id: str) -> None:
        if self.heading is not None:
            self.wording["headings"][fact_id] = self.printed = self.heading
            self.heading = None

    def _read_choice(self, item: Node, question: Data) -> None:
        found = answers_of(item, self.contained)
        if found.not_applicable:
            question["may_not_apply"] = True
            self.wording["not_applicable"][question["id"]] = found.not_applicable
        self.pointed |= found.pointed
        if not found.pointed:
            question["scored"] = False
            self.notes.append(
                f"{item.path}: its answers have no points, so it is asked and does not count."
            )
        words = _by_value(found)
        name = question.setdefault("options", self._set_name(words))
        known = self.options.setdefault(name, words)
        if list(known.items()) != list(words.items()):
            what = f"its answers are not those of the set {name!r} above"
            item.problem("answerOption", what, "Give them a set of their own.")

    def _set_name(self, words: dict[int, str]) -> str:
        for name, known in self.options.items():
            if list(known.items()) == list(words.items()):
                return name
        return f"answers_{len(self.options) + 1}"

    def _read_number(self, item: Node, question: Data) -> None:
        if absent := question.pop("not_applicable", ""):
            self.wording["not_applicable"][question["id"]] = absent
        ends = [item.extension(url) for url in (fhir.MIN_VALUE, fhir.MAX_VALUE)]
        low, high = (end.number("valueInteger") if end else None for end in ends)
        if low is None or high is None:
            item.problem("", "a written number without both ends", "Add minValue and maxValue.")
            return
        if not 0 <= high - low <= MOST_NUMBERS:
            item.problem("", f"goes from {low} to {high}", "Give it two ends that make sense.")
            return
        unit = item.extension(fhir.UNIT)
        coding = unit.node("valueCoding") if unit else None
        name = question.setdefault("options", f"number_{question['id']}")
        self.numbers[name] = {"lowest": low, "highest": high}
        words = coding.text("display") or coding.text("code") if coding else ""
        self.wording["numbers"][name] = words or "number"

    def _condition(self, item: Node) -> None:
        if item.nodes("enableWhen") or item.extension(CONDITIONS):
            self.conditions.append(item.path)

    def _refuse_more(self, item: Node) -> None:
        if item.value.get("repeats") is True:
            item.problem("repeats", "several answers to one question cannot be scored", TAKE_OUT)
        for inner in item.nodes("item"):
            if inner.text("type") == "display":
                self.notes.append(f"{inner.path}: a help text was left out.")
            else:
                inner.problem("", "a question within a question", "Put it after the other.")

    def _words(self, item: Node, key: str) -> str:
        """Return the English words of an item; note where there are none."""
        words = item.english(key)
        language = self.form.text("language") or "en"
        if not words:
            what = "has no words (mark-up beside it is not read)"
            item.problem(key, what, "Write them as they stand on the form.")
        elif not language.startswith("en") and words == item.text(key):
            what = f"is in {language!r}, and no English translation stands beside it"
            item.problem(key, what, "Add the published English words; do not translate them.")
        return words

    def finish(self) -> None:
        """Put together what was read; note what a form as a whole lacks."""
        if not self.items:
            self.form.problem("item", "there is no question", "Give a form that asks something.")
        elif not self.pointed and not self.numbers:
            what = "no answer of any question has points"
            self.form.problem("item", what, "Add ordinalValue to the answers.")
        if self.heading:
            self.notes.append(f"The last text was left out: {self.heading!r}")
        headings = self.wording["headings"]
        if not self.instructions and list(headings) == [item["id"] for item in self.items[:1]]:
            self.instructions = list(headings.values())
            headings.clear()
        if self.instructions:
            self.wording["instructions"] = "\n".join(self.instructions)
        self.wording["options"] = self.options
        self.definition = {
            "items": self.items,
            "options": {name: list(words) for name, words in self.options.items()},
            "numbers": self.numbers,
        }
        if self.scales:
            self.definition["scales"] = self.scales


def _is_score(item: Node) -> bool:
    calculated = item.extension(fhir.CALCULATED) or item.own("self-test-scale")
    return item.value.get("readOnly") is True or calculated is not None


def _by_value(found: Answers) -> dict[int, str]:
    """Return the answers' words by their points, or by their place where they have none."""
    if found.pointed:
        return {one.points: one.words for one in found.chosen if one.points is not None}
    return dict(enumerate(one.words for one in found.chosen))
