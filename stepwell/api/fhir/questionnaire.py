"""An instrument as a FHIR R4 Questionnaire, after the SDC profile for forms that calculate.

What FHIR has elements for stands there: words, questions, answers with their
points, codes, calculated scores. The rest of the definition travels in three
extensions of our own (README.md), so that reading the Questionnaire back gives
the same instrument: importers/fhir/.
"""

from collections.abc import Iterator

from stepwell.api.fhir import names
from stepwell.api.fhir.answer_sets import option
from stepwell.api.fhir.names import Publisher, as_data
from stepwell.api.fhir.score_expression import expression
from stepwell.domain.instrument_schema import Instrument, Item, Scale, Wording
from stepwell.lib import fhir
from stepwell.lib.fhir import Json

# What stands in elements of FHIR, and so not in our extensions.
IN_ELEMENTS = {"measures", "loinc", "options", "numbers", "items", "scales"}
WORDS_ELSEWHERE = {"source", "bands", "standard_scores"}  # the only ones that FHIR cannot hold

LOINC_NOTICE = (
    "This material contains content from LOINC (http://loinc.org). LOINC is copyright "
    "Regenstrief Institute, Inc. and the Logical Observation Identifiers Names and Codes (LOINC) "
    "Committee and is available at no cost under the license at http://loinc.org/license. "
    "LOINC is a registered United States trademark of Regenstrief Institute, Inc."
)
TERMS = "Terms, in our own words: "


def questionnaire(one: Instrument, text: Wording, publisher: Publisher) -> Json:
    """Return the Questionnaire of one instrument, as plain JSON."""
    resource_id = names.resource_id(one)
    return {
        "resourceType": "Questionnaire",
        "id": resource_id,
        "meta": {"profile": [fhir.BEHAVE]},
        "language": text.language,
        "extension": [_definition(one, text, publisher)],
        "url": publisher.url("Questionnaire", resource_id),
        "version": names.version(one, text),
        "name": names.computer_name(one.short_name),
        "title": text.title,
        "status": "retired" if one.retired_on else "active",
        "subjectType": ["Patient"],
        "date": names.last_checked(one, text),
        "publisher": publisher.name,
        "description": one.measures,
        "copyright": copyright_of(one, text),
        **_code(one.loinc),
        "item": list(_items(one, text, publisher)),
    }


def copyright_of(one: Instrument, text: Wording) -> str:
    """Return the line that the licence asks for, its terms, and LOINC's notice where it is due."""
    parts = [text.attribution, f"{TERMS}{one.licence.terms}"]
    if any(loinc_codes(one)):
        parts.append(LOINC_NOTICE)
    return "\n\n".join(parts)


def loinc_codes(one: Instrument) -> Iterator[str]:
    """Yield every LOINC code of a form, its questions and its scores."""
    parts: tuple[Instrument | Item | Scale, ...] = (one, *one.items, *one.scales)
    yield from (part.loinc for part in parts if part.loinc)


def _definition(one: Instrument, text: Wording, publisher: Publisher) -> Json:
    rest = as_data(one, exclude=IN_ELEMENTS)
    rest["wording"] = as_data(text, include=WORDS_ELSEWHERE)
    return fhir.nested(publisher.extension(names.SELF_TEST), rest)


def _code(loinc: str) -> Json:
    return {"code": [{"system": fhir.LOINC, "code": loinc}]} if loinc else {}


def _items(one: Instrument, text: Wording, publisher: Publisher) -> Iterator[Json]:
    """Yield instructions, questions (in a group under each heading), and the scores."""
    yield {"linkId": "form.instructions", "type": "display", "text": text.instructions}
    group: Json | None = None
    for item in one.items:
        if (heading := text.headings.get(item.id)) is not None:
            if group:
                yield group
            group = _group(item, heading) if heading else None
        question = _question(one, item, text, publisher)
        if group:
            group["item"].append(question)
        else:
            yield question
    if group:
        yield group
    for scale in one.scales:
        yield _score(one, scale, text, publisher)


def _group(first: Item, heading: str) -> Json:
    return {"linkId": f"heading.{first.id}", "type": "group", "text": heading, "item": []}


def _question(one: Instrument, item: Item, text: Wording, publisher: Publisher) -> Json:
    rule = as_data(item, exclude={"id", "loinc"})
    words = {"linkId": item.id, **_code(item.loinc), "text": text.items[item.id]}
    condition = _enabled(one, item, publisher)
    if item.options in one.numbers:
        if item.may_not_apply:
            rule["not_applicable"] = text.not_applicable[item.id]
        own = fhir.nested(publisher.extension(names.SELF_TEST_ITEM), rule)
        limits = _limits(one, item, text)
        return {**words, "type": "integer", "extension": [own, *limits], **condition}
    own = fhir.nested(publisher.extension(names.SELF_TEST_ITEM), rule)
    answers = [option(one, item, value, text, publisher) for value in one.values(item.id)]
    if item.may_not_apply:
        answers.append(option(one, item, None, text, publisher))
    return {**words, "type": "choice", "extension": [own], "answerOption": answers, **condition}


def _limits(one: Instrument, item: Item, text: Wording) -> list[Json]:
    allowed = one.numbers[item.options]
    return [
        {"url": fhir.MIN_VALUE, "valueInteger": allowed.lowest},
        {"url": fhir.MAX_VALUE, "valueInteger": allowed.highest},
        {"url": fhir.UNIT, "valueCoding": {"display": text.numbers[item.options]}},
    ]


def _enabled(one: Instrument, item: Item, publisher: Publisher) -> Json:
    """Return the condition of a question that a first question can end."""
    gate = one.gate
    if gate is None or item.id == gate.item or not item.scored:
        return {}
    first = one.item(gate.item)
    if first.options in one.numbers:
        ending: Json = {"answerInteger": gate.stops_at}
    else:
        url = publisher.url("CodeSystem", names.answers_id(one, first.options))
        ending = {"answerCoding": {"system": url, "code": str(gate.stops_at)}}
    return {"enableWhen": [{"question": gate.item, "operator": "!=", **ending}]}


def _score(one: Instrument, scale: Scale, text: Wording, publisher: Publisher) -> Json:
    rule = as_data(scale, exclude={"id", "loinc"})
    extensions = [fhir.nested(publisher.extension(names.SELF_TEST_SCALE), rule)]
    if calculated := expression(one, scale):
        told = {"language": "text/fhirpath", "expression": calculated}
        extensions.append({"url": fhir.CALCULATED, "valueExpression": told})
    return {
        "linkId": f"score.{scale.id}",
        **_code(scale.loinc),
        "text": text.scales[scale.id],
        "type": "decimal" if scale.digits else "integer",
        "readOnly": True,
        "extension": extensions,
    }
