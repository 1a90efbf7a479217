"""Stems, made by us when a text is indexed and when it is asked for: both databases agree."""

import re
from functools import lru_cache

import snowballstemmer

_english = snowballstemmer.stemmer("english")


# British and American spelling: behaviour, counsellor, centre, recognise. Applied to what is
# stored and to what is asked alike, so it need not be right for every word.
_ONE_SPELLING = (
    (re.compile(r"(?<=\w{3})our(?=\w*$)"), "or"),
    (re.compile(r"(?<=\w{2})is(?=(?:e|ed|es|er|ing|ation|ations)$)"), "iz"),
    (re.compile(r"(?<=\w)ll(?=(?:or|ors|ing|ings|ed|er|ers)$)"), "l"),
    (re.compile(r"(?<=\w{2})tre(?=s?$)"), "ter"),
)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the stem of one folded word: worries, worried -> worri."""
    for british, one in _ONE_SPELLING:
        word = british.sub(one, word)
    return str(_english.stemWord(word))
