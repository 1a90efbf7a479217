"""A question to the full-text index, and how it is written down for a database."""

from typing import NamedTuple

from stepwell.apps.search.numbers import Span

Alternative = tuple[str, ...]
Clause = tuple[Alternative, ...]


class Ask(NamedTuple):
    """A question: every clause is met by one of its alternatives, that by all of its marks.

    A mark that ends in `*` stands for everything that begins so. Asked for are
    the highest numbers within `span`, at most `most` of them.
    """

    clauses: tuple[Clause, ...]
    span: Span
    most: int
    titles: bool = False  # ask the words of titles instead of the marks


class Dialect(NamedTuple):
    """How a database writes AND, OR, a mark and a beginning. Marks hold no quotes."""

    both: str
    either: str
    quote: str
    beginning: str


def expression(ask: Ask, dialect: Dialect) -> str:
    """Return the clauses of a question in a database's own words."""

    def one(mark: str) -> str:
        plain = f"{dialect.quote}{mark.removesuffix('*')}{dialect.quote}"
        return f"{plain}{dialect.beginning}" if mark.endswith("*") else plain

    def joined(parts: list[str], sign: str) -> str:
        return parts[0] if len(parts) == 1 else f"({sign.join(parts)})"

    def clause(alternatives: Clause) -> str:
        every = [joined([one(mark) for mark in each], dialect.both) for each in alternatives]
        return joined(every, dialect.either)

    return joined([clause(alternatives) for alternatives in ask.clauses], dialect.both)
