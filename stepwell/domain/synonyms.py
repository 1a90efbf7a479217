"""Lay words: what people call the same thing. Facts, one file or more for each language.

Every file of facts/search/ whose name starts with `synonyms.` is read, so a host
adds `synonyms.ours.toml` in a folder of `FACTS_DIRS` beside the packaged ones.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints

from stepwell.domain import loading
from stepwell.domain.errors import FactError
from stepwell.domain.folding import folded
from stepwell.domain.sources import Checked, Frozen, Source, Text

FOLDER = "search"
STARTS = "synonyms."
SAME = 0.7  # what another word for the same counts, beside the word itself
LEADS = 0.4  # what a wider word counts, to which this one leads
LONGEST = 5  # words of a phrase

Stems = tuple[str, ...]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]


class Group(Frozen):
    """Words and phrases for the same thing, and wider ones to which each of them leads.

    `leads_to` goes one way: who looks for nightmares also finds texts about sleep,
    but who looks for sleep is not sent to nightmares.
    """

    words: Annotated[tuple[Text, ...], Field(min_length=1)]
    leads_to: tuple[Text, ...] = ()
    source: Source | None = None  # where it differs from the file's


class SynonymFile(Frozen):
    """One file: its language, its source, the words passed over, the groups."""

    language: Language
    source: Source
    passed_over: tuple[Text, ...] = ()
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Lexicon:
    """The groups made ready for a stemmer: other names by the stems of each phrase."""

    others: Mapping[Stems, Mapping[Stems, float]]
    words: frozenset[str]  # every word that stands alone in a group, unstemmed
    passed_over: frozenset[str]


@loading.remembered
def files() -> Mapping[str, SynonymFile]:
    """Return every file by its name; raise FactError if any is refused."""
    found = {}
    for path in loading.paths(FOLDER):
        if path.name.startswith(STARTS):
            found[path.name] = one = loading.read(path, SynonymFile)
            _check(path.name, one)
    return found


def lexicon(stem: Callable[[str], str]) -> Lexicon:
    """Return all groups of all files, with phrases as the stems of their words."""
    others: dict[Stems, dict[Stems, float]] = {}
    for group in _groups():
        same = [_stems(words, stem) for words in group.words]
        wider = [_stems(words, stem) for words in group.leads_to]
        for phrase in same:
            known = others.setdefault(phrase, {})
            known.update({other: LEADS for other in wider if other not in known})
            known.update({other: SAME for other in same if other != phrase})
    every = [*_groups()]
    phrases = [folded(words) for group in every for words in group.words]
    singles = {words[0] for words in phrases if len(words) == 1}
    passed_over = {"".join(folded(word)) for one in files().values() for word in one.passed_over}
    return Lexicon(others, frozenset(singles), frozenset(passed_over))


def check() -> None:
    """Raise FactError at the first file that is refused."""
    files()


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how many groups there are, by how they were checked."""
    marks = Counter(
        (group.source or one.source).checked for one in files().values() for group in one.groups
    )
    return {"groups of lay words": marks}


def _groups() -> Iterator[Group]:
    for one in files().values():
        yield from one.groups


def _stems(words: str, stem: Callable[[str], str]) -> Stems:
    return tuple(stem(word) for word in folded(words))


def _check(name: str, one: SynonymFile) -> None:
    for at, group in enumerate(one.groups):
        where = f"{FOLDER}/{name}: groups.{at}"
        if len(group.words) + len(group.leads_to) < 2:
            raise FactError(f"{where}: says nothing of {group.words[0]!r}. Add another word.")
        seen = set()
        for words in (*group.words, *group.leads_to):
            plain = tuple(folded(words))
            if not 1 <= len(plain) <= LONGEST:
                raise FactError(f"{where}: {words!r} is not one to {LONGEST} words. Shorten it.")
            if plain in seen:
                raise FactError(f"{where}: {words!r} stands there twice. Remove one.")
            seen.add(plain)
