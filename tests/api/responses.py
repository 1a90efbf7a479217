"""QuestionnaireResponses and random answers, for the tests of calculated scores."""

from random import Random

from stepwell.domain.instrument_schema import NOT_APPLICABLE, Answer, Instrument
from stepwell.lib.fhir import Json


def random_answers(one: Instrument, chance: Random, gaps: float) -> dict[str, Answer]:
    """Return a value for each item, some of them left out, some that do not apply."""
    found: dict[str, Answer] = {}
    for item in one.items:
        if chance.random() < gaps:
            continue
        if item.may_not_apply and chance.random() < 0.3:
            found[item.id] = NOT_APPLICABLE
        else:
            found[item.id] = chance.choice(one.values(item.id))
    return found


def response_to(questionnaire: Json, answers: dict[str, Answer]) -> Json:
    """Return the QuestionnaireResponse with these answers, in the form's own groups."""
    return {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "questionnaire": questionnaire["url"],
        "item": [answered for item in questionnaire["item"] if (answered := _item(item, answers))],
    }


def _item(item: Json, answers: dict[str, Answer]) -> Json | None:
    if item["type"] == "group":
        inner = [answered for part in item["item"] if (answered := _item(part, answers))]
        return {"linkId": item["linkId"], "item": inner} if inner else None
    if item["linkId"] not in answers:
        return None
    value = answers[item["linkId"]]
    if item["type"] == "integer":
        answer: Json = {"valueInteger": value}
    else:
        system = item["answerOption"][0]["valueCoding"]["system"]
        answer = {"valueCoding": {"system": system, "code": str(value)}}
    return {"linkId": item["linkId"], "answer": [answer]}
