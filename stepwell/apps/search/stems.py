"""Stems, made by us when a text is indexed and when it is asked for: both databases agree."""

from functools import lru_cache

import snowballstemmer

_english = snowballstemmer.stemmer("english")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the stem of one folded word: worries, worried -> worri."""
    return str(_english.stemWord(word))
