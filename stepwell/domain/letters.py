"""Letters to the editors: what they are about, and what may become of them."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from stepwell.domain.errors import DomainError


class Kind(StrEnum):
    """What a letter is about."""

    CORRECTION = "correction"
    QUESTION = "question"
    SERVICE = "service"


class State(StrEnum):
    """What became of a letter."""

    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"


KIND_WORDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.CORRECTION: "Something is wrong in an article, a fact or a listing",
        Kind.QUESTION: "A question to the editors",
        Kind.SERVICE: "A service that should be listed",
    }
)
SHORT_WORDS: Mapping[Kind, str] = MappingProxyType(
    {Kind.CORRECTION: "Correction", Kind.QUESTION: "Question", Kind.SERVICE: "Service"}
)
NEXT_STATES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.WAITING: frozenset({State.ANSWERED, State.CLOSED}),
        State.ANSWERED: frozenset({State.CLOSED}),
        State.CLOSED: frozenset(),
    }
)


class LetterIsSettled(DomainError):
    """A letter cannot become what it was asked to become."""


def check_can_become(now: State, wanted: State) -> None:
    """Raise LetterIsSettled unless a letter may go from one state to the other."""
    if wanted not in NEXT_STATES[now]:
        raise LetterIsSettled(f"A letter that is {now} cannot become {wanted}.")
