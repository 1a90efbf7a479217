"""Made articles: words of syllables, as unevenly spread as words are (Zipf), always the same."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate, islice, product
from uuid import UUID

from stepwell.apps.search.documents import Document

SEED = 20
WORDS = 20_000
IN_TITLE, IN_SUMMARY, IN_TEXT = 6, 15, 300
LISTINGS = 500
FIRST_DAY = date(2012, 1, 1)
SECTIONS = ("news", "growth-psychology", "love-psychology", "workplace-psychology")


def vocabulary() -> list[str]:
    """Return the words, the most used first: three or four syllables each, none of them English."""
    chance = random.Random(SEED)  # noqa: S311
    syllables = [a + b for a, b in product("bdfgklmnprtvz", "aeiou")]
    words = ("".join(chance.choices(syllables, k=chance.choice((3, 4)))) for _ in iter(int, 1))
    return list(islice(dict.fromkeys(islice(words, 2 * WORDS)), WORDS))


def documents(articles: int) -> Iterator[Document]:
    """Yield so many articles, and listings beside them that the directory does not know."""
    chance = random.Random(SEED + 1)  # noqa: S311
    words = vocabulary()
    weights = list(accumulate(1 / rank for rank in range(1, WORDS + 1)))

    def text(length: int) -> str:
        return " ".join(chance.choices(words, cum_weights=weights, k=length))

    for number in range(articles):
        yield Document(
            family="article",
            key=str(number),
            title=text(IN_TITLE),
            summary=text(IN_SUMMARY),
            body=text(IN_TEXT),
            section=chance.choice(SECTIONS),
            url=f"/news/{number}/",
            published_on=FIRST_DAY + timedelta(days=number * 5000 // articles),
        )
    for _ in range(LISTINGS):
        key = UUID(int=chance.getrandbits(128), version=4)
        yield Document(
            family="listing", key=str(key), title=text(3), summary=text(10), url=f"/find/{key}/"
        )
