"""The addresses and ids of what we publish over FHIR.

An id in FHIR may not hold an underscore, ours may; the two never meet in one name.
"""

import hashlib
import json
import re
from decimal import Decimal
from typing import Any, NamedTuple

from pydantic import BaseModel

from stepwell.domain.instrument_schema import Instrument, LicenceKind, Wording

# Ours, for what FHIR has no element for: README.md.
SELF_TEST = "self-test"
SELF_TEST_ITEM = "self-test-item"
SELF_TEST_SCALE = "self-test-scale"
LISTING = "listing"
CREDENTIAL = "credential"


class Publisher(NamedTuple):
    """Who serves the resources: `base` is the address of the FHIR door, without a last slash."""

    base: str
    name: str

    def url(self, kind: str, resource_id: str) -> str:
        """Return the canonical address of one resource."""
        return f"{self.base}/{kind}/{resource_id}"

    def extension(self, name: str) -> str:
        """Return the address of one of our own extensions."""
        return self.url("StructureDefinition", name)


def may_be_passed_on(one: Instrument) -> bool:
    """Say whether the wording may leave this site: not where the licence is this host's alone."""
    return one.licence.kind is not LicenceKind.HOST


def resource_id(one: Instrument) -> str:
    """Return the id of an instrument's Questionnaire."""
    return one.id.replace("_", "-")


def answers_id(one: Instrument, options: str) -> str:
    """Return the id of the CodeSystem and ValueSet of one set of answers."""
    return f"{resource_id(one)}.{options.replace('_', '-')}"


def computer_name(*words: str) -> str:
    """Return a name as FHIR wants it for code: a capital letter, then letters and digits."""
    parts = re.findall(r"[A-Za-z0-9]+", " ".join(words))
    name = "".join(part[0].upper() + part[1:] for part in parts)
    return name if name[:1].isalpha() else f"Test{name}"


def version(one: Instrument, text: Wording) -> str:
    """Return the day of the newest check, and a digest that changes with any word or key."""
    whole = json.dumps([as_data(one), as_data(text)], sort_keys=True, default=_spelt)
    digest = hashlib.sha256(whole.encode()).hexdigest()
    return f"{last_checked(one, text).replace('-', '.')}-{digest[:12]}"


def _spelt(value: Any) -> str:
    """Return a decimal or a date as text, alike for 4 and 4.0."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def last_checked(one: Instrument, text: Wording) -> str:
    """Return the day on which definition or wording was last checked, as FHIR writes it."""
    return max(one.source.checked_on, text.source.checked_on).isoformat()


def as_data(
    value: BaseModel, *, include: set[str] | None = None, exclude: set[str] | None = None
) -> dict[str, Any]:
    """Return a value as plain data with dates and decimals, defaults left out."""
    return value.model_dump(include=include, exclude=exclude, by_alias=True, exclude_defaults=True)
