"""A small reader of FHIRPath: enough for the expressions that our Questionnaires hold.

It knows nothing of instruments or of how the expressions are made, so that their
tests do not ask the code that wrote them.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|'([^']*)'|([%$]?\w+)|(>=|!=|[()|.,=+*/{}-]))")
LEVELS = (("and", "or"), ("in",), ("=", ">="), ("|",), ("+", "-"), ("*", "/", "div"))
Nodes = list[Any]
Scope = dict[str, Nodes]
Step = Callable[[Nodes, Scope], Nodes]


def evaluate(expression: str, resource: dict[str, Any]) -> Nodes:
    """Return the collection that an expression gives over a resource."""
    reader = Reader(expression)
    step = reader.level(0)
    assert reader.peek() is None, f"left over: {reader.tokens[reader.at :]}"
    return step([resource], {"%resource": [resource]})


class Reader:
    """Turns the words of an expression into one function."""

    def __init__(self, expression: str) -> None:
        self.tokens = [match.groups() for match in TOKEN.finditer(expression)]
        read = "".join(match.group() for match in TOKEN.finditer(expression))
        assert read == expression.rstrip(), "a sign that is not known"
        self.at = 0

    def peek(self) -> str | None:
        if self.at == len(self.tokens):
            return None
        _, _, name, sign = self.tokens[self.at]
        return name or sign or "literal"

    def take(self, wanted: str | None = None) -> tuple[str | None, ...]:
        assert wanted is None or self.peek() == wanted, (wanted, self.peek())
        self.at += 1
        return self.tokens[self.at - 1]

    def level(self, depth: int) -> Step:
        """Read operators from the weakest to the strongest."""
        if depth == len(LEVELS):
            return self.path()
        left = self.level(depth + 1)
        while self.peek() in LEVELS[depth]:
            operator = str(self.peek())
            self.take()
            left = joined(operator, left, self.level(depth + 1))
        return left

    def path(self) -> Step:
        step = self.term()
        while self.peek() == ".":
            self.take(".")
            step = chained(step, self.call())
        return step

    def term(self) -> Step:
        if self.peek() == "-":
            self.take("-")
            positive = self.path()
            return lambda nodes, scope: [-value for value in positive(nodes, scope)]
        if self.peek() == "(":
            self.take("(")
            inner = self.level(0)
            self.take(")")
            return inner
        if self.peek() == "{":
            self.take("{")
            self.take("}")
            return lambda nodes, scope: []
        number, text, name, _ = self.tokens[self.at]
        if name is None:
            self.take()
            value = text if number is None else Decimal(number)
            return lambda nodes, scope: [value]
        if name[0] in "%$":
            self.take()
            return lambda nodes, scope: nodes if name == "$this" else scope[name]
        return self.call()

    def call(self) -> Step:
        name = str(self.take()[2])
        if self.peek() != "(":
            return lambda nodes, scope: member(nodes, name)
        self.take("(")
        arguments: list[Step] = []
        while self.peek() != ")":
            arguments.append(self.level(0))
            if self.peek() == ",":
                self.take(",")
        self.take(")")
        return lambda nodes, scope: FUNCTIONS[name](nodes, scope, *arguments)


def chained(first: Step, second: Step) -> Step:
    return lambda nodes, scope: second(first(nodes, scope), scope)


def member(nodes: Nodes, name: str) -> Nodes:
    """Return a member of each node; `value` is a choice of types in FHIR."""
    found: Nodes = []
    for node in nodes:
        keys = [name] if name != "value" else [key for key in node if key.startswith("value")]
        for key in keys:
            value = node.get(key, [])
            found += value if isinstance(value, list) else [value]
    return found


def joined(operator: str, left: Step, right: Step) -> Step:
    return lambda nodes, scope: OPERATORS[operator](left(nodes, scope), right(nodes, scope))


def arithmetic(calculate: Callable[[Decimal, Decimal], Any]) -> Callable[[Nodes, Nodes], Nodes]:
    def of_both(left: Nodes, right: Nodes) -> Nodes:
        return [calculate(Decimal(left[0]), Decimal(right[0]))] if left and right else []

    return of_both


def is_true(nodes: Nodes) -> bool:
    return nodes == [True]


def iif(nodes: Nodes, scope: Scope, condition: Step, then: Step, *otherwise: Step) -> Nodes:
    if is_true(condition(nodes, scope)):
        return then(nodes, scope)
    return otherwise[0](nodes, scope) if otherwise else []


def repeat(nodes: Nodes, scope: Scope, step: Step) -> Nodes:
    found: Nodes = []
    while nodes := [inner for node in nodes for inner in step([node], scope)]:
        found += nodes
    return found


def aggregate(nodes: Nodes, scope: Scope, step: Step, start: Step) -> Nodes:
    total = start(nodes, scope)
    for node in nodes:
        total = step([node], {**scope, "$total": total})
    return total


def to_integer(nodes: Nodes, scope: Scope) -> Nodes:
    return [int(node) for node in nodes if re.fullmatch(r"[+-]?\d+", str(node))]


OPERATORS: dict[str, Callable[[Nodes, Nodes], Nodes]] = {
    "and": lambda left, right: [is_true(left) and is_true(right)],
    "or": lambda left, right: [is_true(left) or is_true(right)],
    "=": lambda left, right: [left == right] if left and right else [],
    "in": lambda left, right: [left[0] in right] if left else [],
    "|": lambda left, right: list(dict.fromkeys(left + right)),
    ">=": arithmetic(lambda left, right: left >= right),
    "+": arithmetic(lambda left, right: left + right),
    "-": arithmetic(lambda left, right: left - right),
    "*": arithmetic(lambda left, right: left * right),
    "/": arithmetic(lambda left, right: left / right),
    "div": arithmetic(lambda left, right: left // right),  # nothing here is below zero
}
FUNCTIONS: dict[str, Callable[..., Nodes]] = {
    "aggregate": aggregate,
    "count": lambda nodes, scope: [len(nodes)],
    "exists": lambda nodes, scope: [bool(nodes)],
    "iif": iif,
    "repeat": repeat,
    "select": lambda nodes, scope, step: [v for node in nodes for v in step([node], scope)],
    "toInteger": to_integer,
    "where": lambda nodes, scope, test: [n for n in nodes if is_true(test([n], scope))],
}
