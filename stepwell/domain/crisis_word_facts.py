"""Crisis words as their files hold them, and the phrases taken apart into slots.

Every file of facts/search/ whose name starts with `crisis_words.` is read, so a host
adds `crisis_words.ours.toml` in a folder of `FACTS_DIRS` beside the packaged ones.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated

from pydantic import Field, StringConstraints

from stepwell.domain import loading
from stepwell.domain.errors import FactError
from stepwell.domain.sources import Checked, FactId, Frozen, Source, Text

FOLDER = "search"
STARTS = "crisis_words."

Slot = frozenset[str]
Pattern = tuple[Slot, ...]
Word = Annotated[str, StringConstraints(pattern=r"^[^\W_]+$")]
Words = tuple[Word, ...]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]

_SLOT = re.compile(r"(@?[^\W_]+(?:\|@?[^\W_]+)*)(\?)?")


class CrisisGroup(Frozen):
    """Words and phrases for one sort of danger."""

    id: FactId
    offered: bool = False  # whether titles with its words may be offered while somebody is typing
    words: Words = ()
    phrases: tuple[Text, ...] = ()


class CrisisFile(Frozen):
    """One file: its language, its source, its sets of words, its groups, and what is ordinary."""

    language: Language
    source: Source
    sets: Mapping[FactId, Words] = Field(default_factory=dict)
    groups: tuple[CrisisGroup, ...] = ()
    beginnings: tuple[Annotated[Word, StringConstraints(min_length=4)], ...] = ()
    joined_with: Words = ()
    never_offered: Words = ()
    harmless: tuple[Text, ...] = ()
    everyday: Words = ()


@loading.remembered
def files() -> Mapping[str, CrisisFile]:
    """Return every file by its name; raise FactError if any is refused."""
    found = {}
    for path in loading.paths(FOLDER):
        if path.name.startswith(STARTS):
            found[path.name] = one = loading.read(path, CrisisFile)
            for _ in patterns(path.name, one):
                pass
            for _ in harmless(path.name, one):
                pass
    return found


def patterns(name: str, one: CrisisFile) -> Iterator[tuple[str, Pattern]]:
    """Yield every word and phrase of a file with the id of its group."""
    for at, group in enumerate(one.groups):
        yield from ((group.id, (frozenset({word}),)) for word in group.words)
        where = f"{FOLDER}/{name}: groups.{at}.phrases"
        for phrase in group.phrases:
            yield from ((group.id, pattern) for pattern in _taken_apart(phrase, one, where))


def harmless(name: str, one: CrisisFile) -> Iterator[Pattern]:
    """Yield every phrase of a file that is passed over."""
    for phrase in one.harmless:
        yield from _taken_apart(phrase, one, f"{FOLDER}/{name}: harmless")


def check() -> None:
    """Raise FactError at the first file that is refused."""
    files()


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how many crisis words and phrases there are, by how they were checked."""
    marks: Counter[Checked] = Counter()
    for one in files().values():
        marks[one.source.checked] += sum(
            len(group.words) + len(group.phrases) for group in one.groups
        )
    return {"crisis words and phrases": marks}


def _taken_apart(phrase: str, one: CrisisFile, where: str) -> Iterator[Pattern]:
    """Yield a phrase as slots, once for every choice of what may be missing."""
    slots: list[tuple[Slot | None, ...]] = []
    for part in phrase.split():
        form = _SLOT.fullmatch(part)
        if form is None:
            raise FactError(
                f'{where}: {part!r} in {phrase!r} cannot be read. Write words as "a|b", "a?" or '
                '"@set", in small letters and without signs.'
            )
        slot = frozenset(word for name in form[1].split("|") for word in _named(name, one, where))
        slots.append((slot, None) if form[2] else (slot,))
    for chosen in product(*slots):
        pattern = tuple(slot for slot in chosen if slot is not None)
        if len(pattern) < min(2, len(slots)):
            raise FactError(f"{where}: {phrase!r} may come down to one word. Make that one a word.")
        yield pattern


def _named(name: str, one: CrisisFile, where: str) -> Words:
    if not name.startswith("@"):
        return (name,)
    if name[1:] not in one.sets:
        raise FactError(f"{where}: there is no set {name[1:]!r}. Add it under [sets].")
    return one.sets[name[1:]]
