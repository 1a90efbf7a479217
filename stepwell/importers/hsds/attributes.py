"""What attributes say: of our own profile, and of other taxonomies through a mapping file."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from stepwell.domain import hsds_profile as profile
from stepwell.domain import loading, support
from stepwell.domain.approaches import approaches
from stepwell.domain.errors import FactError
from stepwell.domain.guide_facts import goals, needs
from stepwell.domain.offers import Access, Format, Payer
from stepwell.domain.sources import Frozen, Text
from stepwell.importers import cleaning

Json = Mapping[str, Any]
Word = TypeVar("Word", bound=StrEnum)
SAID = "attributes as read"


class Said(NamedTuple):
    """One attribute."""

    taxonomy: str
    code: str
    name: str
    value: str
    group: str  # what joins several of them, its link_type


class TermRule(Frozen):
    """What one term of another taxonomy means here."""

    taxonomy: str = ""  # empty: of any taxonomy
    term: Text  # its code or its name
    kind: str = ""
    needs: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    approaches: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    payers: tuple[str, ...] = ()
    leave_out: bool = False  # such services are not for this network

    def fits(self, said: Said) -> bool:
        """Say whether an attribute has this term."""
        right = not self.taxonomy or said.taxonomy.casefold() == self.taxonomy.casefold()
        return right and self.term.casefold() in {said.code.casefold(), said.name.casefold()}


class TermMap(Frozen):
    """A mapping file: what the terms of a feed mean here, and what is meant where none fits."""

    kind: str = ""
    terms: tuple[TermRule, ...] = ()

    def rules_for(self, attributes: list[Said]) -> list[TermRule]:
        """Return the rules that fit, in the order of the file."""
        return [rule for rule in self.terms if any(rule.fits(said) for said in attributes)]


NO_MAP = TermMap()


def read_map(path: Path) -> TermMap:
    """Return a mapping file; raise FactError naming file, key and repair."""
    read = loading.read(path, TermMap)
    known = {
        "kind": set(support.kinds()), "needs": set(needs()), "goals": set(goals()),
        "approaches": set(approaches()), "formats": set(map(str, Format)),
        "access": set(map(str, Access)), "payers": set(map(str, Payer)),
    }  # fmt: skip
    said = [("kind", "kind", (read.kind,))]
    for number, rule in enumerate(read.terms):
        for field in known:
            value = getattr(rule, field)
            said.append((f"terms.{number}.{field}", field, (value,) if field == "kind" else value))
    for where, field, values in said:
        if unknown := sorted({*values} - known[field] - {""}):
            ours = ", ".join(sorted(known[field])[:60])
            raise FactError(f"{path.name}: {where}: we do not know {unknown[0]!r}. Use: {ours}.")
    return read


def attributes(holder: Json) -> Iterator[Said]:
    """Yield each attribute. The UK profile has no codes: its `term` or name stands for one."""
    if isinstance(holder.get(SAID), tuple):  # JSON has no tuples
        yield from holder[SAID]
        return
    for attribute in objects(holder, "attributes"):
        term = attribute.get("taxonomy_term")
        if isinstance(term, dict):
            code = term.get("code") or term.get("term")
            yield Said(
                cleaning.line(term.get("taxonomy")), cleaning.line(code),
                cleaning.line(term.get("name")), cleaning.line(attribute.get("value")),
                cleaning.line(attribute.get("link_type")),
            )  # fmt: skip


def with_said(holder: Json) -> Json:
    """Return a holder with its attributes read once for all."""
    return {**holder, SAID: tuple(attributes(holder))}


def codes(holder: Json, taxonomy: str) -> set[str]:
    """Return the codes that a holder has of one taxonomy."""
    return {said.code for said in attributes(holder) if said.taxonomy == taxonomy and said.code}


def words_of(service: Json, taxonomy: str, words: type[StrEnum]) -> frozenset[str]:
    """Return those of `words` that the service has of a taxonomy."""
    return frozenset(codes(service, taxonomy) & {word.value for word in words})


def word_of(service: Json, taxonomy: str, words: type[Word], otherwise: Word) -> Word:
    """Return the one of `words` that the service has of a taxonomy."""
    said = sorted(codes(service, taxonomy) & {word.value for word in words})
    return words(said[0]) if said else otherwise


def is_ours(service: Json) -> bool:
    """Say whether a service came out of a network like this: then nothing in it is guessed."""
    return bool(codes(service, profile.REACH) & set(profile.REACH_WORDS))


def kind_of(service: Json, meant: TermMap) -> str:
    """Return the kind: of our own taxonomy, of the mapping, by a name that says it, or ""."""
    kinds = support.kinds()
    if ours := sorted(codes(service, profile.KIND) & set(kinds)):
        return ours[0]
    said = list(attributes(service))
    mapped = [rule.kind for rule in meant.rules_for(said) if rule.kind]
    if mapped:
        return mapped[0]
    names = [one.name for one in said] + [cleaning.line(service.get("name"))]
    text = " ".join(names).casefold().replace("counseling", "counselling")
    named = [kind for kind in kinds.values() if kind.name.casefold() in text]
    return max(named, key=lambda kind: len(kind.name)).id if named else meant.kind


def objects(holder: Json, key: str) -> list[Json]:
    """Return the objects in a list, whatever else may stand there."""
    value = holder.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
