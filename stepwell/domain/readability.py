"""How hard a text is to read, by figures that only rank: people decide."""

import re

from stepwell.domain.sources import Frozen
from stepwell.domain.wording import sentences

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
LONG = 6  # letters; a word of more counts as long for LIX


class Readability(Frozen):
    """Figures of one text. LIX below 40 is easy, above 50 hard; ARI is about a school year."""

    words: int
    words_per_sentence: float
    lix: float
    ari: float


def of(text: str) -> Readability:
    """Return the figures of a text; all are 0 for one without words."""
    words = _WORD.findall(text)
    count = len(words)
    if not count:
        return Readability(words=0, words_per_sentence=0, lix=0, ari=0)
    spoken = [one for one in sentences(text) if _WORD.search(one)]
    mean = count / len(spoken)
    long = sum(len(word) > LONG for word in words)
    letters = sum(map(len, words))
    return Readability(
        words=count,
        words_per_sentence=round(mean, 1),
        lix=round(mean + 100 * long / count, 1),
        ari=round(4.71 * letters / count + 0.5 * mean - 21.43, 1),
    )
