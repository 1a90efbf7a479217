"""The JSON catalogue of self-tests. Plain views: two addresses that only give.

A framework for APIs would bring pages of its own, scripts from other hosts for
them and more routes to declare, and would check input that there is none of.
"""

from typing import TypeGuard

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel

from stepwell.api.fhir import names
from stepwell.api.rest.schemas import Card, Catalogue, Detail, wording_state
from stepwell.domain import instruments as facts
from stepwell.domain.errors import UnknownFact
from stepwell.domain.instrument_schema import Described, Instrument


@csrf_exempt  # nothing here could be changed; whoever posts is told 405
def instruments(request: HttpRequest) -> HttpResponse:
    """Every test, with its licence and where to find it."""
    cards = tuple(card(one) for one in _known().values())
    return respond(Catalogue(count=len(cards), instruments=cards))


@csrf_exempt
def instrument(request: HttpRequest, fact_id: str) -> HttpResponse:
    """One test: its key, its figures and its words, where they may be given out."""
    known = _known()
    if fact_id not in known:
        return respond(NotHere(error=str(UnknownFact("self-test", fact_id, known))), status=404)
    one = known[fact_id]
    if not is_given_out(one):
        return respond(Detail(card=card(one)))
    text = facts.wording(fact_id)
    return respond(Detail(card=card(one), definition=one, wording=text))


class NotHere(BaseModel):
    """There is no such test; `error` names the nearest."""

    error: str


def card(one: Described) -> Card:
    """Return what the catalogue says of a test."""
    own = {name: getattr(one, name) for name in Card.model_fields if hasattr(one, name)}
    if isinstance(one, Instrument):
        own["questions"] = len(one.items)
        own["page"] = _address("selftests:intro", one.id)
    if given := is_given_out(one):
        own["questionnaire"] = _address("api:questionnaire", names.resource_id(one))
    return Card(
        **own,
        wording=wording_state(one, passed_on=given),
        address=_address("api:instrument", one.id),
    )


def respond(value: BaseModel, status: int = 200) -> HttpResponse:
    """Return a value as JSON."""
    body = value.model_dump_json(by_alias=True)
    return HttpResponse(body, content_type="application/json", status=status)


def _known() -> dict[str, Described]:
    return {**facts.instruments(), **facts.pending()}


def is_given_out(one: Described) -> TypeGuard[Instrument]:
    """Say whether a test's words are here and may be passed on."""
    return isinstance(one, Instrument) and names.may_be_passed_on(one)


def _address(name: str, fact_id: str) -> str:
    return settings.SITE_URL.rstrip("/") + reverse(name, args=[fact_id])
