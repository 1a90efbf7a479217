"""Does a text speak of danger? Then help stands first. A miss is worse than a false alarm.

A text is read as people write in distress: misspelt, joined, taken apart, with
signs for letters. The words of all languages are looked for at once.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from stepwell.domain import crisis_word_facts as facts
from stepwell.domain.crisis_word_facts import Pattern
from stepwell.domain.folding import LONGEST_WORD, folded
from stepwell.domain.loading import remembered
from stepwell.domain.spelling import errors

LONGEST_TEXT = 10_000  # characters that are looked at
GAP = 2  # words that may stand between two words of a phrase
SHORTEST_GUESS = 4  # letters of a word that may be a misspelling of ours
LETTERS_OF_TWO_ERRORS = 7
SHORTEST_JOINED = 6
LETTERS_APART = 3  # single letters in a row that are read as one word

_SIGNS = str.maketrans("013457@$!|", "oieastasii")
_CHUNK = re.compile(r"[\w@$!|*]+")
_ODD_LETTERS = re.compile(r"[@$!|*\d]")
_RUN = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True)
class Ear:
    """Everything that is listened for, made ready."""

    starts: Mapping[str, Sequence[tuple[str, Pattern]]]  # group and phrase by its first words
    harmless: Mapping[str, Sequence[tuple[str, Pattern]]]
    alone: frozenset[str]  # words that are enough
    words: frozenset[str]  # every word of every phrase
    by_letter: Mapping[str, Sequence[str]]
    by_bones: Mapping[str, Sequence[str]]  # by what is left without vowels
    beginnings: tuple[str, ...]  # a word that begins so is enough
    everyday: frozenset[str]
    joined_with: frozenset[str]
    never_offered: frozenset[str]
    offered: frozenset[str]  # groups


@remembered
def ear() -> Ear:
    """Return what is listened for, from all files."""
    every = facts.files()
    pairs = [pair for name, one in every.items() for pair in facts.patterns(name, one)]
    passed = [("", pattern) for name, one in every.items() for pattern in facts.harmless(name, one)]
    words = frozenset(word for _, pattern in pairs for slot in pattern for word in slot)
    for remembering in (_readings, _guesses, _taken_apart):
        remembering.cache_clear()
    return Ear(
        starts=_by_first_word(pairs),
        harmless=_by_first_word(passed),
        alone=frozenset(word for _, pattern in pairs if len(pattern) == 1 for word in pattern[0]),
        words=words,
        by_letter=_by(lambda word: word[0] if len(word) >= SHORTEST_GUESS else "", words),
        by_bones=_by(lambda word: bones if len(bones := _bones(word)) > 1 else "", words),
        beginnings=tuple(start for one in every.values() for start in one.beginnings),
        everyday=frozenset(word for one in every.values() for word in one.everyday),
        joined_with=frozenset(word for one in every.values() for word in one.joined_with),
        never_offered=frozenset(word for one in every.values() for word in one.never_offered),
        offered=frozenset(g.id for one in every.values() for g in one.groups if g.offered),
    )


def _by_first_word(
    pairs: Iterable[tuple[str, Pattern]],
) -> Mapping[str, Sequence[tuple[str, Pattern]]]:
    found: dict[str, list[tuple[str, Pattern]]] = defaultdict(list)
    for group, pattern in pairs:
        for word in pattern[0]:
            found[word].append((group, pattern))
    return found


def _by(key: Callable[[str], str], words: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Return words by a key; those without one are left out."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        if key(word):
            found[key(word)].append(word)
    return found


def help_first(text: str) -> bool:
    """Say whether help has to stand before everything else."""
    return next(_heard(text), None) is not None


def may_be_offered(text: str) -> bool:
    """Say whether a title may be offered to somebody who is still typing something else."""
    if not ear().never_offered.isdisjoint(folded(text)):
        return False
    return all(group in ear().offered for group in _heard(text))


def is_delicate(word: str) -> bool:
    """Say whether a word must not be put into anybody's mouth by a completion or a correction."""
    return not may_be_offered(word) or help_first(word)


def _heard(text: str) -> Iterator[str]:
    """Yield the group of every word and phrase that is heard."""
    cut = text[:LONGEST_TEXT]
    yield from _heard_in(_pieces(folded(cut)))
    if _ODD_LETTERS.search(cut):
        yield from _heard_in(_pieces(folded(_CHUNK.sub(_plainly, cut.casefold()))))


def _heard_in(words: Sequence[str]) -> Iterator[str]:
    yield from _phrases_in(words)
    yield from _alone_in(words)
    whole = [piece for word in words for piece in _taken_apart(word)]
    if len(whole) > len(words):
        yield from _phrases_in(whole)


def _phrases_in(words: Sequence[str]) -> Iterator[str]:
    readings = _without_harmless(words)
    for at, these in enumerate(readings):
        for word in these:
            for group, pattern in ear().starts.get(word, ()):
                if _follows(pattern, 1, readings, at + 1, GAP):
                    yield group


def _alone_in(words: Sequence[str]) -> Iterator[str]:
    """Yield for words that begin like one of ours, and for two that make one together."""
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        if word.startswith(ear().beginnings):
            yield "beginning"
        both = f"{word}{following}"
        known = len(both) >= SHORTEST_JOINED and not ear().alone.isdisjoint(_guesses(both, 1))
        if following and (known or (len(both) == len("sh") and both in ear().alone)):
            yield "joined"


def _without_harmless(words: Sequence[str]) -> list[frozenset[str]]:
    """Return the readings of each word; a word of a harmless phrase has none."""
    readings = [_readings(word) for word in words]
    exact = [frozenset({word}) for word in words]
    for at, word in enumerate(words):
        for _, pattern in ear().harmless.get(word, ()):
            if _follows(pattern, 1, exact, at + 1, 0):
                readings[at : at + len(pattern)] = [frozenset()] * len(pattern)
    return readings


def _follows(
    pattern: Pattern, slot: int, readings: Sequence[frozenset[str]], at: int, gap: int
) -> bool:
    """Say whether the rest of a phrase stands from `at` on, with small gaps."""
    if slot == len(pattern):
        return True
    return any(
        not pattern[slot].isdisjoint(readings[here])
        and _follows(pattern, slot + 1, readings, here + 1, gap)
        for here in range(at, min(at + gap + 1, len(readings)))
    )


@lru_cache(maxsize=50_000)
def _readings(word: str) -> frozenset[str]:
    """Return every word of ours that a typed word may be, and the word itself."""
    found = {word}
    for shorter in {_RUN.sub(r"\1", word), _RUN.sub(r"\1\1", word)}:
        found.add(shorter)
        if shorter not in ear().words:
            found |= _guesses(shorter, 1 + (len(shorter) >= LETTERS_OF_TWO_ERRORS))
            found.update(ear().by_bones.get(shorter, ()))
    return frozenset(found)


@lru_cache(maxsize=50_000)
def _guesses(word: str, most: int) -> frozenset[str]:
    """Return our words within so many errors that begin with the same letter, or swap the first."""
    if word in ear().everyday or len(word) < SHORTEST_GUESS:
        return frozenset()
    swapped = [other for other in ear().by_letter.get(word[1], ()) if other[1] == word[0]]
    return frozenset(
        other
        for other in (*ear().by_letter.get(word[0], ()), *swapped)
        if errors(word, other, _allowed(other, most)) <= _allowed(other, most)
    )


def _allowed(ours: str, most: int) -> int:
    return 1 if len(ours) < LETTERS_OF_TWO_ERRORS else most


def _pieces(words: Sequence[str]) -> list[str]:
    """Return the words, with letters that were written apart put together."""
    found: list[str] = []
    letters = ""
    for word in [*words, ""]:
        if len(word) == 1:
            letters += word
            continue
        together = LETTERS_APART <= len(letters) <= LONGEST_WORD
        found += [letters] if together else list(letters)
        letters = ""
        found.append(word)
    return found[:-1]


@lru_cache(maxsize=10_000)
def _taken_apart(word: str) -> Sequence[str]:
    """Return the words of ours that were written as one, or the word itself."""
    known = ear().words | ear().joined_with
    if len(word) < SHORTEST_JOINED or word in known or word in ear().everyday:
        return (word,)
    best: dict[int, list[str]] = {0: []}
    for end in range(1, len(word) + 1):
        for start in range(end):
            if start in best and word[start:end] in known:
                shorter = [*best[start], word[start:end]]
                if end not in best or len(shorter) < len(best[end]):
                    best[end] = shorter
    return best.get(len(word), [word])


def _bones(word: str) -> str:
    """Return a word without its vowels, as in "wnt" and "hrt"."""
    return "".join(letter for letter in word if letter not in "aeiou")


def _plainly(found: re.Match[str]) -> str:
    """Return a word with letters for the signs that stand for them: k!ll, s3lf, su*cide."""
    word = found[0].translate(_SIGNS)
    if "*" not in word[1:] or len(word) > LONGEST_WORD:
        return word
    form = re.compile("".join(".?" if sign == "*" else re.escape(sign) for sign in word))
    return next((ours for ours in sorted(ear().words) if form.fullmatch(ours)), word)
