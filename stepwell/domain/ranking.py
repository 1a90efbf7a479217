"""How well a document answers a search: our own sum, so that every database gives one order.

A form of BM25 over three fields. A word counts more in the title than in summary
or tags and more there than in the text; a rare word more than a common one; words
that stand side by side as typed more than scattered ones.
"""

from collections.abc import Mapping
from itertools import pairwise
from math import log
from typing import NamedTuple

from stepwell.domain.searching import Clause, Phrase, Wanted

TITLE, HEAD = 6.0, 3.0  # beside 1 for the text
SATURATION = 3.0  # how soon one more occurrence stops to matter
MIDDLING = 500  # words of a text of middling length
SHORTNESS = 0.5  # how much the length of a text counts, 0 to 1
SIDE_BY_SIDE = 0.2
COVERED = 0.35  # for a title that says nothing but what was typed
SCATTERED = 0.3  # what a phrase counts whose words do not stand together


class Words(NamedTuple):
    """The stems of one document, each with a blank before and after it, in their order."""

    title: str
    head: str
    body: str


def rarity(documents: int, of_all: int) -> float:
    """Return how much a word counts that stands in so many documents of all."""
    return log(1 + (max(of_all, documents) - documents + 0.5) / (documents + 0.5))


def score(wanted: Wanted, rarities: Mapping[str, float], words: Words) -> float:
    """Return how well `words` answer a search; 0 where nothing of it is there."""
    whole = sum(_of_clause(clause, rarities, words) for clause in wanted.clauses)
    if not whole:
        return 0.0
    bonus = COVERED * _covered(wanted, words.title)
    bonus += SIDE_BY_SIDE * _side_by_side(wanted, words)
    return round(whole * (1 + bonus), 6)


def _of_clause(clause: Clause, rarities: Mapping[str, float], words: Words) -> float:
    return max(_of_phrase(phrase, rarities, words) for phrase in clause.alternatives)


def _of_phrase(phrase: Phrase, rarities: Mapping[str, float], words: Words) -> float:
    often = TITLE * _times(phrase, words.title) + HEAD * _times(phrase, words.head)
    in_body = _times(phrase, words.body)
    if in_body:
        length = words.body.count(" ") / MIDDLING
        often += in_body / (1 - SHORTNESS + SHORTNESS * length)
    if not often:
        return 0.0
    rare = max(rarities.get(stem, 0.0) for stem in phrase.stems)
    return phrase.weight * rare * often / (often + SATURATION)


def _times(phrase: Phrase, text: str) -> float:
    """Return how often a phrase stands in a text; scattered words count as part of once."""
    together = text.count(f" {' '.join(phrase.stems)} ")
    if together or len(phrase.stems) == 1:
        return together
    return SCATTERED * all(f" {stem} " in text for stem in phrase.stems)


def _covered(wanted: Wanted, title: str) -> float:
    """Return which part of the title's words was looked for, 0 to 1."""
    stems = title.split()
    typed = {stem for clause in wanted.clauses for stem in clause.alternatives[0].stems}
    return sum(stem in typed for stem in stems) / len(stems) if stems else 0.0


def _side_by_side(wanted: Wanted, words: Words) -> float:
    """Return which part of the neighbours typed are neighbours in the document, 0 to 1."""
    typed = [clause.alternatives[0].stems for clause in wanted.clauses]
    pairs = [f" {one[-1]} {two[0]} " for one, two in pairwise(typed)]
    near = sum(any(pair in text for text in words) for pair in pairs)
    return near / len(pairs) if pairs else 0.0
