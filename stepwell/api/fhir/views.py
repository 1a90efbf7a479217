"""The FHIR door: each view returns a resource, and one decorator turns it into an answer.

Everything here is read only: definitions of tests, and what the directory shows to
everybody (directory_views.py). Nothing is about those who read. An error is an
OperationOutcome, as FHIR programs expect.
"""

import json
import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from stepwell.api.fhir import searching, shelf, vocabulary
from stepwell.api.fhir.answer_sets import code_system as code_system_of
from stepwell.api.fhir.answer_sets import value_set as value_set_of
from stepwell.api.fhir.bundle import searchset
from stepwell.api.fhir.capability_statement import all_resources, capability_statement
from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.outcome import outcome
from stepwell.api.fhir.questionnaire import questionnaire as questionnaire_of
from stepwell.api.fhir.searching import BadSearch, NotHere
from stepwell.api.fhir.structure_definition import EXTENSIONS
from stepwell.api.fhir.structure_definition import structure_definition as definition_of
from stepwell.domain.errors import UnknownFact
from stepwell.lib.fhir import Json

Rest = ParamSpec("Rest")
JSON_FORMATS = {"json", "application/json", "application/fhir+json", "text/json"}


def answers_in_fhir(
    view: Callable[Concatenate[HttpRequest, Rest], Json],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """Answer with what a view returns as FHIR JSON, or with what went wrong.

    Exempt from the check against forged forms: there is nothing that a request could change,
    and a program that posts is told 405, not that it lacks a cookie.
    """

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        # A plus sign in an address stands for a space, which many programs forget.
        asked = request.GET.get("_format", "json").replace(" ", "+").partition(";")[0]
        if asked not in JSON_FORMATS:
            return respond(outcome("not-supported", "Only JSON is given. Use _format=json."), 406)
        try:
            return respond(view(request, *args, **kwargs), 200)
        except (UnknownFact, NotHere) as error:
            return respond(outcome("not-found", str(error)), 404)
        except BadSearch as error:
            return respond(outcome("invalid", str(error)), 400)

    return answered


def respond(resource: Json, status: int) -> HttpResponse:
    """Return a resource as an answer."""
    body = json.dumps(resource, ensure_ascii=False)
    kind = "application/fhir+json; charset=utf-8"
    response = HttpResponse(body, content_type=kind, status=status)
    patch_vary_headers(response, ["Prefer"])
    return response


def publisher() -> Publisher:
    """Return this site as the publisher of its resources."""
    return Publisher(f"{settings.SITE_URL.rstrip('/')}/fhir", settings.SITE_NAME)


@answers_in_fhir
def metadata(request: HttpRequest) -> Json:
    """What this server can do."""
    return capability_statement(publisher(), shelf.last_checked())


@answers_in_fhir
def search(request: HttpRequest) -> Json:
    """One page of the Questionnaires that fit."""
    strict = bool(re.search(r"\bhandling\s*=\s*strict\b", request.headers.get("Prefer", "")))
    pairs = [(name, value) for name, values in request.GET.lists() for value in values]
    asked = searching.read_search(pairs, strict=strict)
    found = searching.found(shelf.index(publisher()), asked)
    start = (asked.page - 1) * asked.size
    ids = [one.resource_id for one in found[start : start + asked.size]]
    resources = [questionnaire_of(*shelf.get_test(one), publisher()) for one in ids]
    return searchset(publisher().url("Questionnaire", "").rstrip("/"), asked, len(found), resources)


@answers_in_fhir
def questionnaire(request: HttpRequest, resource_id: str) -> Json:
    """One self-test."""
    return questionnaire_of(*shelf.get_test(resource_id), publisher())


@answers_in_fhir
def code_system(request: HttpRequest, resource_id: str) -> Json:
    """One set of answers, or one vocabulary of the directory, as codes."""
    if resource_id in vocabulary.VOCABULARIES:
        return vocabulary.code_system(resource_id, shelf.last_checked(), publisher())
    return code_system_of(*shelf.get_answer_set(resource_id), publisher())


@answers_in_fhir
def value_set(request: HttpRequest, resource_id: str) -> Json:
    """One set of answers, as a choice."""
    return value_set_of(*shelf.get_answer_set(resource_id), publisher())


@answers_in_fhir
def structure_definition(request: HttpRequest, resource_id: str) -> Json:
    """One of our own extensions."""
    if resource_id not in EXTENSIONS:
        raise UnknownFact("StructureDefinition", resource_id, EXTENSIONS)
    return definition_of(resource_id, shelf.last_checked(), publisher())


@answers_in_fhir
def nothing_here(request: HttpRequest, rest: str) -> Json:
    """Whatever else a FHIR program asks for: say that it is not here."""
    raise UnknownFact("resource", rest, ["metadata", *(one["type"] for one in all_resources())])
