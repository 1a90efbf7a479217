"""FHIR R4 names that several programs share, and plain data as nested extensions.

A complex extension holds either a value or more extensions. `nested` writes any
plain data (tables, lists, text, numbers, dates) in that form and `plain` reads it
back, so that what a resource has no element for can travel inside it, readable
for every FHIR program.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

CORE = "http://hl7.org/fhir/StructureDefinition"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition"

ORDINAL = f"{CORE}/ordinalValue"
POINTS = (  # R4, R5 and STU3: the number of points of an answer
    ORDINAL,
    f"{CORE}/itemWeight",
    f"{CORE}/questionnaire-ordinalValue",
)
MIN_VALUE = f"{CORE}/minValue"
MAX_VALUE = f"{CORE}/maxValue"
UNIT = f"{CORE}/questionnaire-unit"
TRANSLATION = f"{CORE}/translation"
BEHAVE = f"{SDC}/sdc-questionnaire-behave"
CALCULATED = f"{SDC}/sdc-questionnaire-calculatedExpression"
LOINC = "http://loinc.org"

LIST_ITEM = "listItem"  # the name of each entry of a list
EMPTY = {"valueCode": "empty"}  # stands for "": FHIR knows no empty text

Json = dict[str, Any]


def nested(url: str, value: Any) -> Json:
    """Return plain data as one extension. Tables and lists may not be empty."""
    if isinstance(value, Mapping):
        return {"url": url, "extension": [nested(str(key), part) for key, part in value.items()]}
    if isinstance(value, list | tuple):
        return {"url": url, "extension": [nested(LIST_ITEM, entry) for entry in value]}
    return {"url": url, **_typed(value)}


def _typed(value: Any) -> Json:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int):
        return {"valueInteger": value}
    if isinstance(value, float | Decimal):
        return {"valueDecimal": int(value) if value == int(value) else float(value)}
    if isinstance(value, date):
        return {"valueDate": value.isoformat()}
    return {"valueString": str(value)} if value else EMPTY


def plain(extension: Mapping[str, Any]) -> Any:
    """Return what `nested` wrote; dates come back as text. Raises ValueError where it cannot."""
    inner = extension.get("extension")
    if inner is None:
        values = [value for key, value in extension.items() if key.startswith("value")]
        if len(values) != 1:
            raise ValueError(f"{extension.get('url')!r} holds {len(values)} values, not one")
        return "" if extension.items() >= EMPTY.items() else values[0]
    if not isinstance(inner, list) or not all(isinstance(part, Mapping) for part in inner):
        raise ValueError(f"{extension.get('url')!r} is not a list of extensions")
    names = [str(part.get("url")) for part in inner]
    if set(names) == {LIST_ITEM}:
        return [plain(part) for part in inner]
    if "None" in names or len(set(names)) < len(names):
        raise ValueError(f"{extension.get('url')!r} names one part twice, or one has no name")
    return {name: plain(part) for name, part in zip(names, inner, strict=True)}
