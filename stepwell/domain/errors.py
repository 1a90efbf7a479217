"""What can go wrong in the domain. Doors turn these into pages, codes and lines."""

from collections.abc import Iterable
from difflib import get_close_matches


class DomainError(Exception):
    """Base of everything the domain raises on purpose."""


class FactError(DomainError):
    """A fact file is wrong. The message names the file, the key and the repair."""


class UnknownFact(DomainError, KeyError):
    """No fact has this id."""

    def __init__(self, family: str, fact_id: str, known: Iterable[str] = ()) -> None:
        near = get_close_matches(fact_id, list(known), n=3)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        super().__init__(f"There is no {family} with the id {fact_id!r}.{hint}")

    def __str__(self) -> str:
        return str(self.args[0])


class BadAnswers(DomainError):
    """Answers that cannot be read. The message names the key, what is wrong and the repair."""
