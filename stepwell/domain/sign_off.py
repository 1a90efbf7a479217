"""Sign-off: which clinician of the host's organisation read the rules and the numbers, and when.

A signature holds for what was read: for one version of the rules, and for crisis
numbers up to the day of their newest check. Whatever is changed later is unsigned.
"""

from datetime import date

from stepwell.domain import crisis_facts, loading
from stepwell.domain.guide_rules import rule_set
from stepwell.domain.sources import Frozen, Text

FILE = "sign_off.toml"


class SignOff(Frozen):
    """One signature."""

    version: Text
    by: Text
    registration: Text
    signed_on: date


class SignOffs(Frozen):
    """What was signed; nothing here means that nobody has."""

    guide_rules: SignOff | None = None
    crisis_numbers: SignOff | None = None


@loading.remembered
def sign_offs() -> SignOffs:
    """Return the signatures of the host."""
    return loading.read(loading.path(FILE), SignOffs)


def rules_signed() -> SignOff | None:
    """Return who signed the rules that are in force; None when nobody has."""
    found = sign_offs().guide_rules
    return found if found and found.version == rule_set().version else None


def numbers_version() -> str:
    """Return the day of the newest check of any crisis number, as a version to sign."""
    checked = [
        line.source.checked_on for held in crisis_facts.numbers().values() for line in held.lines
    ]
    return max(checked).isoformat()


def numbers_signed() -> SignOff | None:
    """Return who signed the crisis numbers as they are now; None when nobody has."""
    found = sign_offs().crisis_numbers
    return found if found and found.version == numbers_version() else None


def check() -> None:
    """Raise FactError where the file of signatures cannot be read.

    A signature for another version is no error: what it was for is unsigned now.
    """
    sign_offs()
