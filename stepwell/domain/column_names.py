"""What a column of a spreadsheet is, by its name: facts/column_names.toml."""

from collections.abc import Mapping

from stepwell.domain import loading
from stepwell.domain.folding import folded
from stepwell.domain.sources import FactId, Frozen, Source, Text

FILE = "column_names.toml"


class LeaveOut(Frozen):
    """Names of flags that keep a row back."""

    names: tuple[Text, ...]


class Look(Frozen):
    """Words in a name that ask for a look."""

    words: tuple[Text, ...]


class ColumnNames(Frozen):
    """The file facts/column_names.toml."""

    id: FactId
    source: Source
    names: Mapping[FactId, tuple[Text, ...]]
    private: Mapping[FactId, tuple[Text, ...]]
    leave_out: LeaveOut
    look: Look


@loading.remembered
def column_names() -> ColumnNames:
    """Return what is known of names of columns."""
    return loading.read(loading.path(FILE), ColumnNames)


def plain(name: str) -> str:
    """Return a name without case, accents, spaces and signs."""
    return "".join(folded(name))


def field_of(name: str) -> str:
    """Return the field that a name stands for, or ""."""
    return _found(name, column_names().names)


def private_field_of(name: str) -> str:
    """Return the field that a flag keeps back, or ""."""
    return _found(name, column_names().private)


def leaves_out(name: str) -> bool:
    """Say whether a name is that of a flag that keeps a row back."""
    return plain(name) in {plain(one) for one in column_names().leave_out.names}


def asks_for_a_look(name: str) -> bool:
    """Say whether a column may hold what must not be shown, so that nobody may pass it over."""
    known = leaves_out(name) or bool(private_field_of(name))
    return known or any(plain(word) in plain(name) for word in column_names().look.words)


def rank(field: str, name: str) -> int:
    """Return how well a name stands for its field; 0 is best."""
    names = [plain(one) for one in column_names().names.get(field, ())]
    return names.index(plain(name)) if plain(name) in names else len(names)


def _found(name: str, known: Mapping[str, tuple[str, ...]]) -> str:
    said = plain(name)
    fits = (field for field, names in known.items() if said in map(plain, names))
    return next(fits, "") if said else ""
