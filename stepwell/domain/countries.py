"""Countries by ISO 3166-1 code, with the names people know them by."""

from collections.abc import Mapping
from types import MappingProxyType

from stepwell.domain.errors import FactError, UnknownFact
from stepwell.domain.loading import path, read, remembered
from stepwell.domain.sources import Checked, CountryCode, Frozen, Source, Text

FILE = "countries.toml"


class Countries(Frozen):
    """The list as it stands in its file."""

    source: Source
    names: dict[CountryCode, Text]


@remembered
def listed() -> Countries:
    """Return the list with its source."""
    return read(path(FILE), Countries)


@remembered
def names() -> Mapping[str, str]:
    """Return the English name of every country and territory by its code ("GB")."""
    return MappingProxyType(listed().names)


def is_country(code: str) -> bool:
    """Say whether `code` is one of the codes, written in capitals."""
    return code in names()


def name(code: str) -> str:
    """Return one name; raise UnknownFact where no country has this code."""
    try:
        return names()[code]
    except KeyError:
        raise UnknownFact("country", code, names()) from None


def check() -> None:
    """Raise FactError where two codes carry one name: nobody could tell them apart."""
    seen: dict[str, str] = {}
    for code, label in names().items():
        if label in seen:
            raise FactError(
                f"{FILE}: names.{code}: {label!r} is also the name of {seen[label]}. "
                "Give each a name of its own."
            )
        seen[label] = code


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how many countries are listed, by how the list was checked."""
    return {"countries": {listed().source.checked: len(names())}}
