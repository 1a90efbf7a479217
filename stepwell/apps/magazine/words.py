"""Text as search folds it, and how long it takes to read."""

import re
import unicodedata
from math import ceil

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = str.maketrans("", "", "'\u2019\u02bc")
_WORDS_A_MINUTE = 200


def folded(text: str) -> list[str]:
    """Return the words of `text` without case, accents and signs: Don't -> dont."""
    plain = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).casefold()
    kept = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _WORD.findall(kept)


def searchable(*texts: str) -> str:
    """Return the folded words of `texts`, a blank before each, so that " anx" finds a beginning."""
    return "".join(f" {word}" for text in texts for word in folded(text))


def minutes_to_read(text: str) -> int:
    """Return the whole minutes that `text` takes to read, at least one."""
    return max(1, ceil(len(text.split()) / _WORDS_A_MINUTE))
