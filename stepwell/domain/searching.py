"""From what a person typed to what is looked for. Pure; the stemmer is passed in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from stepwell.domain.folding import folded
from stepwell.domain.synonyms import LONGEST, Lexicon, Stems

LONGEST_TEXT = 1_000  # characters that are read as a search
MOST_CLAUSES = 8
MOST_ALTERNATIVES = 12
PART = 0.35  # what one word of a phrase counts, found alone
BEGINNING = 0.8  # what a word counts that only begins like the one typed

Stem = Callable[[str], str]


@dataclass(frozen=True)
class Phrase:
    """Stems that stand for what was typed, and how much they count (at most 1)."""

    stems: Stems
    weight: float


@dataclass(frozen=True)
class Clause:
    """One thing that was typed, with everything that may stand for it; the typed one first."""

    typed: tuple[str, ...]
    alternatives: tuple[Phrase, ...]


@dataclass(frozen=True)
class Wanted:
    """A search as it is carried out."""

    clauses: tuple[Clause, ...]

    @property
    def stems(self) -> frozenset[str]:
        """Return every stem that is looked for."""
        phrases = (phrase for clause in self.clauses for phrase in clause.alternatives)
        return frozenset(stem for phrase in phrases for stem in phrase.stems)

    @property
    def typed(self) -> tuple[str, ...]:
        """Return the words that were typed, but for those passed over."""
        return tuple(word for clause in self.clauses for word in clause.typed)


def wanted(text: str, stem: Stem, lexicon: Lexicon) -> Wanted:
    """Return what a text looks for: phrases that we know, and the other words one by one.

    Small words ("the", "of") are passed over unless there is nothing else.
    """
    words = folded(text[:LONGEST_TEXT])
    found = list(dict.fromkeys(_clauses(words, stem, lexicon)))
    if not found:
        found = [_clause((word,), stem, lexicon) for word in dict.fromkeys(words)]
    return Wanted(tuple(found[:MOST_CLAUSES]))


def in_place_of(whole: Wanted, clause: Clause, others: Mapping[str, float], stem: Stem) -> Wanted:
    """Return `whole` with more words (and their weights) that may stand for one clause."""
    more = tuple(Phrase((stem(word),), weight) for word, weight in others.items())
    longer = replace(clause, alternatives=_distinct([*clause.alternatives, *more]))
    return Wanted(tuple(longer if each is clause else each for each in whole.clauses))


def _clauses(words: Sequence[str], stem: Stem, lexicon: Lexicon) -> list[Clause]:
    found, at = [], 0
    while at < len(words):
        length = _known_length(words[at : at + LONGEST], stem, lexicon)
        if length > 1 or words[at] not in lexicon.passed_over:
            found.append(_clause(tuple(words[at : at + length]), stem, lexicon))
        at += length
    return found


def _known_length(words: Sequence[str], stem: Stem, lexicon: Lexicon) -> int:
    """Return how many of the first words are a phrase that we know; at least 1."""
    stems = [stem(word) for word in words]
    lengths = (n for n in range(len(stems), 1, -1) if tuple(stems[:n]) in lexicon.others)
    return next(lengths, 1)


def _clause(typed: tuple[str, ...], stem: Stem, lexicon: Lexicon) -> Clause:
    stems = tuple(stem(word) for word in typed)
    phrases = [Phrase(stems, 1.0)]
    others = lexicon.others.get(stems, {})
    phrases += [Phrase(other, weight) for other, weight in others.items()]
    if len(stems) > 1:
        telling = [word for word in typed if word not in lexicon.passed_over]
        phrases += [Phrase((stem(word),), PART) for word in telling]
    phrases.sort(key=lambda phrase: -phrase.weight)
    return Clause(typed, _distinct(phrases))


def _distinct(phrases: Sequence[Phrase]) -> tuple[Phrase, ...]:
    first: dict[Stems, Phrase] = {}
    for phrase in phrases:
        first.setdefault(phrase.stems, phrase)
    return tuple(first.values())[:MOST_ALTERNATIVES]
