"""Every rule of trust has a test that carries its name, or says why not."""

import re

from tests.conftest import ROOT
from tests.house.test_promises import generator
from tests.trust import held_by, register, rules_of


def excepted() -> set[str]:
    """The rules that docs/exceptions.md names."""
    text = (ROOT / "docs/exceptions.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| ([A-Z]\d+b?)\b", text, re.M))


def test_every_rule_has_a_test_of_its_name_or_says_why_not():
    held = held_by(generator().test_names())

    assert [
        rule for rule, tests in held.items() if not tests and rule not in register()["waits"]
    ] == []


def test_every_exception_names_a_rule():
    assert excepted() <= set(register()["rules"])


def test_the_name_of_a_test_says_its_rules():
    assert rules_of("test_P2_X2_titles_say_what") == {"P2", "X2"}
    assert rules_of("test_F4b_a_form_from") == {"F4b"}
    assert rules_of("test_0_every_route") == {"0"}
    assert rules_of("test_a_form_of_A6") == set()
