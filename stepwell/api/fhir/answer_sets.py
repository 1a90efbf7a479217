"""The sets of answers of a form as FHIR CodeSystem and ValueSet.

The code of an answer is its published value, written out; the ordinalValue
extension says the same number. "n/a" stands for "does not apply" and has none.
"""

from collections.abc import Iterator

from stepwell.api.fhir import names
from stepwell.api.fhir.names import Publisher
from stepwell.domain.instrument_schema import NOT_APPLICABLE, Instrument, Item, Wording
from stepwell.lib import fhir
from stepwell.lib.fhir import Json


def option(
    one: Instrument, item: Item, value: int | None, text: Wording, publisher: Publisher
) -> Json:
    """Return one answer of a question; `value` is None for "does not apply"."""
    system = publisher.url("CodeSystem", names.answers_id(one, item.options))
    if value is None:
        words = text.not_applicable[item.id]
        return {"valueCoding": {"system": system, "code": NOT_APPLICABLE, "display": words}}
    words = text.options[item.options][value]
    coding = {"system": system, "code": str(value), "display": words}
    return {"extension": [_ordinal(value)], "valueCoding": coding}


def code_system(one: Instrument, options: str, text: Wording, publisher: Publisher) -> Json:
    """Return the CodeSystem of one set of answers."""
    concepts = list(_concepts(one, options, text))
    resource_id = names.answers_id(one, options)
    return {
        "resourceType": "CodeSystem",
        "id": resource_id,
        **_head(one, options, text, publisher, "CodeSystem"),
        "caseSensitive": True,
        "valueSet": publisher.url("ValueSet", resource_id),
        "content": "complete",
        "count": len(concepts),
        "concept": concepts,
    }


def value_set(one: Instrument, options: str, text: Wording, publisher: Publisher) -> Json:
    """Return the ValueSet of one set of answers: all of its CodeSystem, in the form's order."""
    resource_id = names.answers_id(one, options)
    system = publisher.url("CodeSystem", resource_id)
    return {
        "resourceType": "ValueSet",
        "id": resource_id,
        **_head(one, options, text, publisher, "ValueSet"),
        "compose": {
            "include": [{"system": system, "concept": list(_concepts(one, options, text))}]
        },
    }


def _head(one: Instrument, options: str, text: Wording, publisher: Publisher, kind: str) -> Json:
    return {
        "language": text.language,
        "url": publisher.url(kind, names.answers_id(one, options)),
        "version": names.version(one, text),
        "name": names.computer_name(one.short_name, options, "answers"),
        "title": f"{text.title}: answers",
        "status": "retired" if one.retired_on else "active",
        "date": names.last_checked(one, text),
        "publisher": publisher.name,
        "copyright": text.attribution,
    }


def _concepts(one: Instrument, options: str, text: Wording) -> Iterator[Json]:
    for value in one.options[options]:
        words = text.options[options][value]
        yield {"extension": [_ordinal(value)], "code": str(value), "display": words}
    absent = [item for item in one.items if item.options == options and item.may_not_apply]
    if absent:
        yield {"code": NOT_APPLICABLE, "display": text.not_applicable[absent[0].id]}


def _ordinal(value: int) -> Json:
    return {"url": fhir.ORDINAL, "valueDecimal": value}
