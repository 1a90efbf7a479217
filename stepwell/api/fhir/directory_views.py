"""The directory's half of the FHIR door: search by address or by form, and read.

A search says what somebody looks for, so none of these answers may be kept by
anybody, and nothing of a request is logged. A form (`_search`) keeps it out of
addresses, too.
"""

import re

from django.http import HttpRequest
from django.utils import timezone

from stepwell.api.fhir import directory_search
from stepwell.api.fhir.directory_bundle import searchset
from stepwell.api.fhir.directory_shelf import SHELVES, Asked
from stepwell.api.fhir.searching import BadSearch, NotHere
from stepwell.api.fhir.views import answers_in_fhir, publisher
from stepwell.lib.fhir import Json

FORM = "application/x-www-form-urlencoded"


@answers_in_fhir
def search(request: HttpRequest, kind: str) -> Json:
    """One page of the resources that fit."""
    return answer(request, kind, pairs_of(request), posted=False)


@answers_in_fhir
def posted_search(request: HttpRequest, kind: str) -> Json:
    """Do the same for a search that was sent as a form."""
    if request.content_type != FORM:
        raise BadSearch(f"Send the search as a form: Content-Type: {FORM}.")
    sent = [(name, value) for name, values in request.POST.lists() for value in values]
    return answer(request, kind, [*sent, *pairs_of(request)], posted=True)


@answers_in_fhir
def read(request: HttpRequest, kind: str, resource_id: str) -> Json:
    """One resource, where it is shown."""
    shelf, asked = SHELVES[kind], Asked(publisher(), timezone.localdate())
    if shelf.key_form.fullmatch(resource_id):
        for row in shelf.rows(asked.today).filter(pk=resource_id):
            return shelf.resource(row, asked.publisher, asked.today)
    raise NotHere(f"There is no {kind} with this id here. Search for it.")


def pairs_of(request: HttpRequest) -> list[tuple[str, str]]:
    """Return the parameters in the address."""
    return [(name, value) for name, values in request.GET.lists() for value in values]


def answer(request: HttpRequest, kind: str, pairs: list[tuple[str, str]], *, posted: bool) -> Json:
    """Return one page of a search."""
    strict = bool(re.search(r"\bhandling\s*=\s*strict\b", request.headers.get("Prefer", "")))
    shelf, asked = SHELVES[kind], Asked(publisher(), timezone.localdate())
    wanted = directory_search.read_search(pairs, shelf, with_near=kind == "Location", strict=strict)
    page = directory_search.found(shelf, wanted, asked)
    return searchset(kind, shelf, wanted, page, asked, posted=posted)
