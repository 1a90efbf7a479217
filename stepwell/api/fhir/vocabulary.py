"""The words of the directory as FHIR CodeSystems: kinds of support, approaches, needs ..."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from stepwell.api.fhir import names
from stepwell.api.fhir.names import Publisher
from stepwell.apps.directory import words
from stepwell.domain import support
from stepwell.domain.approaches import approaches
from stepwell.domain.guide_facts import goals, needs
from stepwell.domain.registers import registers
from stepwell.lib.fhir import Json

KIND, FAMILY, APPROACH = "kind-of-support", "family-of-support", "approach"
NEED, GOAL, FORMAT, ACCESS, PAYER = "need", "goal", "format", "access", "payer"
COUNTRY, REGISTER = "country-served", "register"

# Each by the end of its address: what it is, and its codes with their words.
VOCABULARIES: Mapping[str, tuple[str, Callable[[], Mapping[str, str]]]] = MappingProxyType(
    {
        KIND: ("Kinds of support", lambda: {k: v.name for k, v in support.kinds().items()}),
        FAMILY: (
            "Families of kinds of support",
            lambda: {one.value: plainly(one.value) for one in support.Family},
        ),
        APPROACH: ("Approaches", lambda: {k: v.name for k, v in approaches().items()}),
        NEED: ("Needs", lambda: {k: v.label for k, v in needs().items()}),
        GOAL: ("Goals", lambda: {k: v.label for k, v in goals().items()}),
        FORMAT: ("Formats", lambda: words.FORMATS),
        ACCESS: ("Access", lambda: words.ACCESS),
        PAYER: ("Who pays", lambda: words.PAYERS),
        REGISTER: ("Registers", lambda: {k: v.name for k, v in registers().items()}),
    }
)


def display(vocabulary: str, code: str) -> str:
    """Return the words of a code; the code itself where a host has taken the fact away."""
    return VOCABULARIES[vocabulary][1]().get(code) or plainly(code)


def kinds_of(family: str) -> list[str]:
    """Return the kinds of support of one family."""
    return [key for key, kind in support.kinds().items() if kind.family.value == family]


def plainly(code: str) -> str:
    """Return a code as words."""
    return code.replace("_", " ").capitalize()


def code_system(vocabulary: str, date: str, publisher: Publisher) -> Json:
    """Return one vocabulary as a CodeSystem; raise KeyError for another."""
    title, known = VOCABULARIES[vocabulary]
    concepts = [{"code": str(code), "display": told} for code, told in known().items()]
    return {
        "resourceType": "CodeSystem",
        "id": vocabulary,
        "url": publisher.url("CodeSystem", vocabulary),
        "name": names.computer_name(*vocabulary.split("-")),
        "title": title,
        "status": "active",
        "date": date,
        "publisher": publisher.name,
        "caseSensitive": True,
        "content": "complete",
        "count": len(concepts),
        "concept": concepts,
    }
