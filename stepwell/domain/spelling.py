"""Help with typing errors: the nearest word that is there, or none.

Every word is kept under the words that are left when one or two of its first
letters are taken away; two words within two errors of each other share such a
rest. So one look-up finds all near words, however many there are. The rests are
kept as numbers in one sorted array: twenty thousand words take a few megabytes.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from zlib import crc32

HEAD = 7  # letters of a word that are varied
SHORT, MIDDLING = 4, 7  # below: no help; below: one error; from there on: two
MOST_WORDS = 40_000
_LOW = 2**32


class Speller:
    """The words that are there, with how often each is used."""

    def __init__(self, words: Mapping[str, int]) -> None:
        often = sorted(words, key=lambda word: (-words[word], word))
        self.words = sorted(word for word in often[:MOST_WORDS] if word.isalpha())
        self._times = {word: words[word] for word in self.words}
        rests = (
            crc32(rest.encode()) * _LOW + at
            for at, word in enumerate(self.words)
            for rest in _rests(word)
        )
        self._rests = array("Q", sorted(rests))

    def beginning(self, start: str, most: int) -> list[str]:
        """Return at most so many words that begin so, the most used first."""
        at = bisect_left(self.words, start)
        found = []
        while at < len(self.words) and self.words[at].startswith(start):
            found.append(self.words[at])
            at += 1
        return sorted(found, key=lambda word: (-self._times[word], word))[:most]

    def nearest(self, word: str, refused: Callable[[str], bool]) -> str | None:
        """Return the word most likely meant, or None; never one that is refused.

        A word that is there means itself. The fewest errors come first, then the
        same first letter, then the most used word.
        """
        most = errors_allowed(word)
        if word in self._times or not most or not word.isalpha():
            return None
        near = ((errors(word, other, most), other) for other in self._sharing(word))
        ranked = sorted(
            (distance, other[0] != word[0], -self._times[other], other)
            for distance, other in near
            if distance <= most
        )
        return next((other for *_, other in ranked if not refused(other)), None)

    def in_two(self, word: str) -> tuple[str, str] | None:
        """Return the two words that were written as one, or None."""
        splits = ((word[:at], word[at:]) for at in range(3, len(word) - 2))
        known = [pair for pair in splits if pair[0] in self._times and pair[1] in self._times]
        return max(known, key=lambda pair: min(map(self._times.__getitem__, pair)), default=None)

    def _sharing(self, word: str) -> Iterable[str]:
        found = set()
        for rest in _rests(word):
            low = crc32(rest.encode()) * _LOW
            at = bisect_left(self._rests, low)
            while at < len(self._rests) and self._rests[at] < low + _LOW:
                found.add(self.words[self._rests[at] - low])
                at += 1
        return found


def errors_allowed(word: str) -> int:
    """Return how many errors we look past in a word of this length."""
    return (len(word) >= SHORT) + (len(word) >= MIDDLING)


def errors(one: str, other: str, most: int) -> int:
    """Return how many letters were left out, put in, changed or swapped; above `most`: most + 1."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]


def _rests(word: str) -> Iterator[str]:
    head = word[:HEAD]
    yield head
    for gone in range(1, errors_allowed(word) + 1):
        for places in combinations(range(len(head)), gone):
            yield "".join(letter for at, letter in enumerate(head) if at not in places)
