"""Text as search sees it: words without case, accents and signs."""

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+|\d+")  # PHQ9, PHQ-9 and phq 9 are the same
_APOSTROPHES = str.maketrans("", "", "'\u2018\u2019\u02bc`\u00b4")
LONGEST_WORD = 40


def folded(text: str) -> list[str]:
    """Return the words of `text` without case, accents and signs: Don't -> dont.

    Any text is welcome: what is no letter and no number, a lone surrogate or a
    null among it, parts words and is gone.
    """
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return [word[:LONGEST_WORD] for word in _WORD.findall(kept)]


def spans(text: str) -> list[tuple[int, int, str]]:
    """Return the words of a shown text where they stand: start, end, and the word folded."""
    found = re.finditer(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|\d+", text)
    return [(each.start(), each.end(), "".join(folded(each[0]))) for each in found]
