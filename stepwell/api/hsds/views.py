"""The HSDS door: reads, and searches by GET or POST. Nothing of a request is kept or logged."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt

from stepwell.api.hsds import openapi, paging, shelf
from stepwell.api.hsds.names import VERSION, Json, publisher
from stepwell.api.hsds.paging import as_json
from stepwell.api.hsds.searching import BadRequest, read_request
from stepwell.api.hsds.service import full_service, full_service_at_location
from stepwell.api.hsds.shelf import Asked
from stepwell.api.hsds.taxonomy import taxonomy as taxonomy_of
from stepwell.api.hsds.taxonomy import taxonomy_term as term_of
from stepwell.domain import hsds_profile as profile
from stepwell.domain.errors import UnknownFact

Rest = ParamSpec("Rest")
Answer = Json | HttpResponse | StreamingHttpResponse
PROBLEM = "application/problem+json"


def answers(
    view: Callable[Concatenate[HttpRequest, Rest], Answer],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse | StreamingHttpResponse]:
    """Answer with what a view returns, or with a problem in JSON.

    Exempt from the check against forged forms: there is nothing that a request could change.
    """

    @csrf_exempt
    @wraps(view)
    def answered(
        request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponse | StreamingHttpResponse:
        try:
            said = view(request, *args, **kwargs)
        except UnknownFact as error:
            return problem(404, "Not found", str(error))
        except BadRequest as error:
            return problem(400, "Bad request", str(error))
        return marked(request, as_json(said)) if isinstance(said, dict) else said

    return answered


def problem(status: int, title: str, detail: str) -> HttpResponse:
    """Return what is wrong, as a program reads it."""
    told = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return as_json(told, status, PROBLEM)


def marked(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return an answer with a mark of its content; none again to a program that has it."""
    mark = f'"{sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = mark
    found = get_conditional_response(request, etag=mark, response=response)
    return found if isinstance(found, HttpResponse) else response


def asked_by(request: HttpRequest, kind: str) -> Asked:
    """Return what a request asks for, today."""
    return Asked(read_request(request, kind), publisher(), timezone.localdate())


@answers
def base(request: HttpRequest) -> Answer:
    """What this feed is."""
    read_request(request, "one")
    here = publisher()
    return {
        "version": VERSION,
        "profile": here.url("profile"),
        "openapi_url": here.url("openapi.json"),
    }


@answers
def description(request: HttpRequest) -> Answer:
    """The addresses of this door as OpenAPI."""
    return openapi.description(publisher())


@answers
def our_profile(request: HttpRequest) -> Answer:
    """What our profile adds to HSDS: its taxonomies with their terms."""
    here = publisher()
    return {
        "name": "stepwell",
        "version": profile.VERSION,
        "extends": VERSION,
        "taxonomies": [taxonomy_of(one, here) for one in profile.taxonomies().values()],
    }


@answers
def services(request: HttpRequest) -> Answer:
    """One page of the services that fit."""
    asked = asked_by(request, "services")
    return paging.answer_rows(shelf.listings(asked), shelf.services, asked)


@answers
def service(request: HttpRequest, key: UUID) -> Answer:
    """One service with everything that belongs to it."""
    return shelf.get_listing(asked_by(request, "one"), key, full_service)


@answers
def service_at_locations(request: HttpRequest) -> Answer:
    """One page of the services at locations that fit."""
    asked = asked_by(request, "service_at_locations")
    return paging.answer_rows(shelf.listings(asked), shelf.service_at_locations, asked)


@answers
def service_at_location(request: HttpRequest, key: UUID) -> Answer:
    """One service at one location."""
    return shelf.get_listing(asked_by(request, "one"), key, full_service_at_location)


@answers
def organizations(request: HttpRequest) -> Answer:
    """One page of the organisations and people of whom something is shown."""
    asked = asked_by(request, "organizations")
    return paging.answer_rows(shelf.providers(asked), shelf.organizations, asked)


@answers
def organization(request: HttpRequest, key: UUID) -> Answer:
    """One organisation with its services."""
    return shelf.get_organization(asked_by(request, "organization"), key)


@answers
def taxonomies(request: HttpRequest) -> Answer:
    """The taxonomies of our profile."""
    asked = asked_by(request, "taxonomies")
    return paging.answer_list(shelf.taxonomies(asked), asked)


@answers
def taxonomy(request: HttpRequest, key: UUID) -> Answer:
    """One taxonomy."""
    read_request(request, "one")
    for one in profile.taxonomies().values():
        if one.id == key:
            return taxonomy_of(one, publisher())
    raise UnknownFact("taxonomy", str(key))


@answers
def taxonomy_terms(request: HttpRequest) -> Answer:
    """The terms of our profile."""
    asked = asked_by(request, "taxonomy_terms")
    return paging.answer_list(shelf.taxonomy_terms(asked), asked)


@answers
def taxonomy_term(request: HttpRequest, key: UUID) -> Answer:
    """One term."""
    read_request(request, "one")
    if str(key) not in profile.terms():
        raise UnknownFact("taxonomy term", str(key))
    return term_of(profile.terms()[str(key)], publisher())


@answers
def nothing_here(request: HttpRequest, rest: str) -> Answer:
    """Whatever else is asked for: say that it is not here."""
    raise UnknownFact("address", rest, openapi.PATHS)
