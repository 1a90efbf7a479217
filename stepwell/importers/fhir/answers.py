"""The answers of a question: their words and points, wherever a FHIR file keeps them.

In the question itself (answerOption), in a ValueSet inside the file, or in a
CodeSystem inside the file that the ValueSet names. Points are the extension of
R4 (ordinalValue), R5 (itemWeight) or STU3, on the answer or on its code.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from stepwell.domain.instrument_schema import NOT_APPLICABLE
from stepwell.importers.fhir.tree import Node
from stepwell.lib import fhir


class Answer(NamedTuple):
    """One answer: its words, and its points where the file gives them."""

    words: str
    points: int | None


class Answers(NamedTuple):
    """The answers of one question, and the words of "does not apply" if it may not."""

    chosen: tuple[Answer, ...]
    not_applicable: str

    @property
    def pointed(self) -> bool:
        """Say whether the file gives points for any of them."""
        return any(answer.points is not None for answer in self.chosen)


def answers_of(question: Node, contained: Mapping[str, Node]) -> Answers:
    """Return the answers of a question; what is wrong with them is noted."""
    options = list(_options(question, contained))
    chosen = [(node, answer) for node, code, answer in options if code != NOT_APPLICABLE]
    absent = [answer.words for _, code, answer in options if code == NOT_APPLICABLE]
    found = Answers(tuple(answer for _, answer in chosen), absent[0] if absent else "")
    if not found.chosen:
        repair = "Write its answers into the file, as answerOption."
        question.problem("", "has no answers to choose from", repair)
    if found.pointed:
        for node, answer in chosen:
            if answer.points is None:
                what = f"has no points, but other answers have ({answer.words!r})"
                node.problem("", what, "Add an ordinalValue, or take this answer out.")
        _refuse_twins(question, found)
    return found


def _refuse_twins(question: Node, found: Answers) -> None:
    points = [answer.points for answer in found.chosen]
    if len(set(points)) < len(points):
        question.problem(
            "answerOption",
            "gives two answers the same points",
            "Give each answer a number of its own; what it counts can be said under recodes.",
        )


Option = tuple[Node, str, Answer]  # where it stands, its code, and what it is


def _options(question: Node, contained: Mapping[str, Node]) -> Iterator[Option]:
    given = question.nodes("answerOption")
    for node in given:
        yield from _option(node)
    named = question.text("answerValueSet")
    if given or not named:
        return
    value_set = contained.get(named.lstrip("#"))
    if value_set is None:
        repair = "Write the answers into the file, as answerOption."
        question.problem("answerValueSet", f"{named!r} is not in this file", repair)
        return
    yield from _of_value_set(value_set, contained)


def _option(node: Node) -> Iterator[Option]:
    coding = node.node("valueCoding")
    if coding:
        words = coding.english("display") or coding.text("code")
        points = _points(node) if _points(node) is not None else _points(coding)
        yield node, coding.text("code"), Answer(words, points)
    elif "valueInteger" in node.value:
        number = node.number("valueInteger")
        yield node, "", Answer(str(number), number)
    elif node.text("valueString"):
        yield node, "", Answer(node.english("valueString"), _points(node))
    else:
        node.problem("", "is an answer of a kind that has no words", "Use valueCoding.")


def _of_value_set(value_set: Node, contained: Mapping[str, Node]) -> Iterator[Option]:
    compose = value_set.node("compose")
    for include in compose.nodes("include") if compose else []:
        if include.nodes("filter") or include.value.get("valueSet"):
            include.problem("", "chooses its codes by a rule", "List them under concept.")
        concepts = include.nodes("concept")
        system = contained.get(include.text("system"))
        if not concepts and system:
            concepts = system.nodes("concept")
        for concept in concepts:
            words = concept.english("display") or concept.text("code")
            yield concept, concept.text("code"), Answer(words, _points(concept))


def _points(node: Node) -> int | None:
    extension = node.extension(*fhir.POINTS)
    if extension is None:
        return None
    for key in ("valueDecimal", "valueInteger"):
        if key in extension.value:
            return extension.number(key)
    extension.problem("", "gives no number of points", "Write valueDecimal.")
    return None


def contained_in(form: Node) -> dict[str, Node]:
    """Return the resources inside the file by their id and by their address."""
    found: dict[str, Node] = {}
    for resource in form.nodes("contained"):
        for name in (resource.text("id"), resource.text("url")):
            if name:
                found[name] = resource
    return found
