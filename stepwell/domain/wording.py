"""Words that editors are asked to look at: safe messaging and plain language, as rules in files.

A rule is a list of phrases, not a regular expression, so that a clinician can
read it and no phrase can make the search slow. In a phrase

    die*         stands for any ending,
    (a|b)        for one of these words,
    word?        for a word that may be missing,
    ...          for at most four words between,
    #            for a number.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Annotated

from pydantic import Field, model_validator

from stepwell.domain import loading
from stepwell.domain.errors import FactError
from stepwell.domain.sources import Checked, FactId, Frozen, Source, Text

FOLDER = "editorial"
LANGUAGE = "en"
FAMILIES = ("safe_messaging", "plain_language")
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+|\n+")
_BETWEEN = r"[^\w.!?]+"
_GAP = rf"(?:{_BETWEEN}[\w'’-]+){{0,4}}?"


class Level(StrEnum):
    """What a finding means: publishing is refused, or the editor is asked to look."""

    BLOCKING = "blocking"
    ADVISORY = "advisory"


class Where(StrEnum):
    """Which words a rule reads."""

    ANYWHERE = "anywhere"
    TITLE = "title"  # title and summary: what lists, feeds and search results show alone


class Rule(Frozen):
    """One rule, with a sentence that breaks it and one that says the same and does not."""

    id: FactId
    level: Level
    phrases: Annotated[tuple[Text, ...], Field(min_length=1)]
    unless: tuple[Text, ...] = ()  # a sentence with one of these is about the words themselves
    about: tuple[Text, ...] = ()  # only in a text that has one of these
    where: Where = Where.ANYWHERE
    because: Text
    repair: Text
    offends: Annotated[tuple[Text, ...], Field(min_length=1)]
    passes: Annotated[tuple[Text, ...], Field(min_length=1)]
    source: FactId


class RuleFile(Frozen):
    """One file: rules, and the publications they rest on by name."""

    id: FactId
    sources: Mapping[FactId, Source]
    rules: tuple[Rule, ...]

    @model_validator(mode="after")
    def _whole(self) -> "RuleFile":
        ids = [rule.id for rule in self.rules]
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            raise ValueError(f"rules: {twice[0]!r} is there twice; rename one")
        for rule in self.rules:
            if rule.source not in self.sources:
                raise ValueError(f"rules: {rule.id}: no source {rule.source!r}; add it, or correct")
            for phrase in (*rule.phrases, *rule.unless, *rule.about):
                pattern(phrase)
        return self


class Hit(Frozen):
    """A sentence in which a rule found something."""

    rule: Rule
    sentence: str


@loading.remembered
def rule_files() -> Mapping[str, RuleFile]:
    """Return the files of rules by family."""
    found = {}
    for family in FAMILIES:
        path = loading.path(f"{FOLDER}/{family}.{LANGUAGE}.toml")
        file = loading.read(path, RuleFile)
        if file.id != family:
            raise FactError(f'{path.name}: id: is {file.id!r}. Write id = "{family}".')
        found[family] = file
    return found


def rules(family: str) -> tuple[Rule, ...]:
    """Return the rules of one family."""
    return rule_files()[family].rules


def look(
    family: str, text: str, *, where: Where = Where.ANYWHERE, whole: str | None = None
) -> list[Hit]:
    """Return every sentence of `text` that a rule asks to look at, each rule once a sentence.

    `whole` is the article that the text belongs to, for rules about some topics only.
    """
    everything = text if whole is None else whole
    at_work = [rule for rule in rules(family) if _concerns(rule, where, everything)]
    return [
        Hit(rule=rule, sentence=sentence)
        for sentence in sentences(text)
        for rule in at_work
        if breaks(rule, sentence)
    ]


def breaks(rule: Rule, sentence: str) -> bool:
    """Return whether a sentence has one of the rule's phrases and speaks not about the words."""
    return _any(rule.phrases, sentence) and not _any(rule.unless, sentence)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text. A line is a sentence too."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def pattern(phrase: str) -> re.Pattern[str]:
    """Return what finds a phrase; raise ValueError for signs that mean nothing."""
    return _compiled((phrase,))


def _concerns(rule: Rule, where: Where, everything: str) -> bool:
    if rule.where is Where.TITLE and where is not Where.TITLE:
        return False
    return not rule.about or _any(rule.about, everything)


def _any(phrases: tuple[str, ...], text: str) -> bool:
    return bool(phrases) and _compiled(phrases).search(text) is not None


@cache
def _compiled(phrases: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(_one(phrase) for phrase in phrases), re.IGNORECASE)


def _one(phrase: str) -> str:
    if phrase.count("(") != phrase.count(")"):
        raise ValueError(f"phrase {phrase!r}: brackets do not match")
    return rf"(?<!\w)(?:{_sequence(phrase, phrase)})(?!\w)"


def _sequence(words: str, phrase: str) -> str:
    built, glue, pieces = "", "", _split(words, " ")
    if all(piece.endswith("?") or piece == "..." for piece in pieces):
        raise ValueError(f"phrase {phrase!r}: {words!r} may be empty")
    for piece in pieces:
        if piece == "...":
            glue = _GAP + _BETWEEN
            continue
        word, optional = _word(piece.removesuffix("?"), phrase), piece.endswith("?")
        if not built and optional:
            built = f"(?:{word}{_BETWEEN})?"
            continue
        built += f"(?:{glue}{word})?" if optional else glue + word
        glue = _BETWEEN
    return built


def _word(piece: str, phrase: str) -> str:
    if piece.startswith("("):
        inner = _split(piece.removeprefix("(").removesuffix(")"), "|")
        return "(?:" + "|".join(_sequence(one, phrase) for one in inner) + ")"
    return _plain(piece, phrase)


def _split(words: str, at: str) -> list[str]:
    """Return the parts of `words` between the signs `at` that stand in no brackets."""
    parts, depth = [""], 0
    for sign in words:
        depth += (sign == "(") - (sign == ")")
        if sign == at and not depth:
            parts.append("")
        else:
            parts[-1] += sign
    return [part for part in parts if part]


def _plain(word: str, phrase: str) -> str:
    if word == "#":
        return r"\d[\d.,]*"
    if not re.fullmatch(r"[\w'’%-]+\*?", word):
        raise ValueError(f"phrase {phrase!r}: {word!r} means nothing here")
    stem = re.escape(word.removesuffix("*")).replace("'", "['’]")
    return stem + (r"[\w'’-]*" if word.endswith("*") else "")


def check() -> None:
    """Raise FactError unless every rule finds its offending sentences and passes the others."""
    for family, file in rule_files().items():
        for rule in file.rules:
            for problem in _broken(rule):
                raise FactError(f"{family}.{LANGUAGE}.toml: {rule.id}: {problem}")


def _broken(rule: Rule) -> Iterator[str]:
    for sentence in rule.offends:
        if not breaks(rule, sentence):
            yield f"offends: does not find {sentence!r}. Correct the phrases or the sentence."
    for sentence in rule.passes:
        if breaks(rule, sentence):
            yield f"passes: finds {sentence!r}. Correct the phrases or the sentence."


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how many rules of each family rest on a source checked in which way."""
    return {family: _by_mark(file) for family, file in rule_files().items()}


def _by_mark(file: RuleFile) -> dict[Checked, int]:
    marks: Iterable[Checked] = [file.sources[rule.source].checked for rule in file.rules]
    found: dict[Checked, int] = {}
    for mark in marks:
        found[mark] = found.get(mark, 0) + 1
    return found
