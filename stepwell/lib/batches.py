"""Many things, a few at a time."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

Thing = TypeVar("Thing")


def batches(things: Iterable[Thing], size: int) -> Iterator[list[Thing]]:
    """Yield the things in lists of `size`, the last one shorter."""
    waiting = iter(things)
    while some := list(islice(waiting, size)):
        yield some
