"""Which rules of trust a test holds: its name begins with their ids (`test_P2_P8_...`)."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("trust_rules.toml")
RULE = re.compile(r"[A-Z]\d{1,2}b?|0|13")


@cache
def register() -> dict[str, Any]:
    """Return the file of rules: `rules` with their words, `fast`, and what `waits`."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def rules_of(test: str) -> set[str]:
    """Return the ids at the beginning of a test's name."""
    found = set()
    for part in test.removeprefix("test_").split("_"):
        if not RULE.fullmatch(part):
            break
        found.add(part)
    return found


def is_fast(test: str) -> bool:
    """Say whether a test belongs to the fast set, which every change runs."""
    return bool(rules_of(test) & set(register()["fast"]))


def held_by(tests: set[str]) -> dict[str, list[str]]:
    """Return of every rule the tests that hold it."""
    rules: dict[str, list[str]] = {rule: [] for rule in register()["rules"]}
    for test in sorted(tests):
        for rule in rules_of(test) & set(rules):
            rules[rule].append(test)
    return rules
