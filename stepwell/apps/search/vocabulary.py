"""The words that are there: how rare each is, and which one a typing error means."""

from collections.abc import Mapping
from functools import lru_cache

from django.db.models import Q

from stepwell.apps.search.models import SearchWord
from stepwell.apps.search.stems import stem
from stepwell.domain import crisis_words, synonyms
from stepwell.domain.loading import remembered
from stepwell.domain.ranking import rarity
from stepwell.domain.searching import BEGINNING, Clause, Wanted, in_place_of
from stepwell.domain.spelling import Speller

ENDINGS = 8  # words that a beginning may stand for
SHORTEST_BEGINNING = 2


class Known:
    """What the vocabulary says about the words of one search. Costs one query."""

    def __init__(self, wanted: Wanted) -> None:
        self._documents: dict[str, int] = {}
        self._words: set[str] = set()
        self.all = self.changes = 0
        words = [*wanted.typed, SearchWord.ALL, SearchWord.CHANGES]
        asked = SearchWord.objects.filter(Q(stem__in=wanted.stems) | Q(word__in=words))
        for word, its_stem, documents in asked.values_list("word", "stem", "documents"):
            self._note(word, its_stem, documents)

    def _note(self, word: str, its_stem: str, documents: int) -> None:
        if word == SearchWord.ALL:
            self.all = documents
        elif word == SearchWord.CHANGES:
            self.changes = documents
        else:
            self._words.add(word)
            self._documents[its_stem] = self._documents.get(its_stem, 0) + documents

    def rarities(self, wanted: Wanted) -> Mapping[str, float]:
        """Return how much each stem of a search counts."""
        return {one: rarity(self._documents.get(one, 0), self.all) for one in wanted.stems}

    def knows(self, word: str) -> bool:
        """Say whether a word, or another form of it, stands anywhere."""
        return word in self._words or stem(word) in self._documents


@remembered
def lexicon() -> synonyms.Lexicon:
    """Return the lay words, made ready for our stems."""
    return synonyms.lexicon(stem)


def unknown(wanted: Wanted, known: Known) -> list[Clause]:
    """Return the single words that stand nowhere and mean nothing to us."""
    return [
        clause
        for clause in wanted.clauses
        if len(clause.typed) == 1
        and not known.knows(clause.typed[0])
        and clause.typed[0] not in lexicon().words
    ]


def with_beginnings(wanted: Wanted, known: Known) -> Wanted:
    """Return the search with the words that unknown ones are beginnings of."""
    for clause in unknown(wanted, known):
        start = clause.typed[0]
        if len(start) >= SHORTEST_BEGINNING:
            longer = speller(known.changes).beginning(start, ENDINGS)
            wanted = in_place_of(wanted, clause, dict.fromkeys(longer, BEGINNING), stem)
    return wanted


def meant(text_words: list[str], wanted: Wanted, known: Known) -> list[str] | None:
    """Return the words of a text with typing errors put right, or None where there are none.

    A word that is there, or that begins one that is there, means itself.
    """
    instead: dict[str, list[str]] = {}
    for clause in unknown(wanted, known):
        word = clause.typed[0]
        near = None if len(clause.alternatives) > 1 else _nearest(word, known.changes)
        if near:
            instead[word] = near
    if not instead:
        return None
    return [better for word in text_words for better in instead.get(word, [word])]


def _nearest(word: str, changes: int) -> list[str] | None:
    found = speller(changes)
    near = found.nearest(word, crisis_words.is_delicate)
    if near:
        return [near]
    pair = found.in_two(word)
    return list(pair) if pair else None


@lru_cache(maxsize=1)
def speller(changes: int) -> Speller:
    """Return the speller of the vocabulary as it was when it had this number."""
    words = SearchWord.objects.exclude(word__in=SearchWord.NO_WORDS)
    counted = dict(words.values_list("word", "documents"))
    return Speller({**dict.fromkeys(lexicon().words, 1), **counted})
