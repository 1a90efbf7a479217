"""What a program asks for: parameters of HSDS 3.1, read once and refused with a reason.

Free text, a postcode and a distance say what a person looks for. They are read
from the body of a POST only, never from an address, which others may keep.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, QueryDict

from stepwell.domain.errors import DomainError

MOST_PER_PAGE = 100
MOST_MINIMAL = 1_000
USUAL_PER_PAGE = 50
LARGEST_BODY = 16 * 1024
LONGEST_VALUE = 200
FARTHEST_METRES = 200_000
SENSITIVE = frozenset({"search", "postcode", "proximity"})
PAGED = ("page", "per_page", "format", "search")
TERMS = ("taxonomy_term_id", "taxonomy_id")
KNOWN: Mapping[str, tuple[str, ...]] = {
    "services": (*PAGED, *TERMS, "organization_id", "modified_after", "minimal", "full"),
    "service_at_locations": (
        *PAGED, *TERMS, "organization_id", "modified_after", "full", "postcode", "proximity",
    ),
    "organizations": (*PAGED, *TERMS, "full", "full_service"),
    "taxonomies": PAGED,
    "taxonomy_terms": (*PAGED, "taxonomy_id", "top_only", "parent_id"),
    "organization": ("full_service",),
    "one": (),
}  # fmt: skip


class BadRequest(DomainError):
    """The request cannot be answered. Says which parameter, what is wrong and the repair."""


class Wanted(NamedTuple):
    """What is asked for."""

    page: int = 1
    per_page: int = USUAL_PER_PAGE
    lines: bool = False  # NDJSON, all of it
    search: str = ""
    taxonomy_term_id: str = ""
    taxonomy_id: str = ""
    organization_id: UUID | None = None
    modified_after: datetime | None = None
    minimal: bool = False
    full: bool = False
    full_service: bool = False
    postcode: str = ""
    metres: int | None = None
    parent_id: str = ""


def read_request(request: HttpRequest, kind: str) -> Wanted:
    """Return what a request asks for; raise BadRequest."""
    said = single(request.GET.lists())
    if hidden := sorted(SENSITIVE & set(said)):
        raise BadRequest(
            f"{hidden[0]}: send it by POST, in the body. Addresses are kept by others: in logs, "
            "in histories, by proxies."
        )
    if request.method == "POST":
        said |= body_of(request)
    return read(said, kind)


def read(said: Mapping[str, str], kind: str) -> Wanted:
    """Return what named values ask for; raise BadRequest."""
    if unknown := sorted(set(said) - set(KNOWN[kind])):
        names = ", ".join(KNOWN[kind]) or "none"
        raise BadRequest(f"{unknown[0][:40]!r}: there is no such parameter here. Use: {names}.")
    minimal = yes(said, "minimal")
    most = MOST_MINIMAL if minimal else MOST_PER_PAGE
    return Wanted(
        page=number(said, "page", 1, 1, 10**6),
        per_page=number(said, "per_page", most if minimal else USUAL_PER_PAGE, 1, most),
        lines=form_of(said),
        search=said.get("search", "").strip(),
        taxonomy_term_id=said.get("taxonomy_term_id", ""),
        taxonomy_id=said.get("taxonomy_id", ""),
        organization_id=key(said, "organization_id"),
        modified_after=moment(said, "modified_after"),
        minimal=minimal,
        full=yes(said, "full"),
        full_service=yes(said, "full_service"),
        postcode=said.get("postcode", "").strip(),
        metres=number(said, "proximity", 0, 1, FARTHEST_METRES) or None,
        parent_id=said.get("parent_id", ""),
    )


def single(pairs: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    """Return values by name; raise BadRequest where one is given twice or is too long."""
    said = {}
    for name, values in pairs:
        if len(values) != 1 or len(values[0]) > LONGEST_VALUE:
            raise BadRequest(f"{name[:40]!r}: give it once, in at most {LONGEST_VALUE} characters.")
        said[name] = values[0]
    return said


def body_of(request: HttpRequest) -> dict[str, str]:
    """Return what stands in the body: an object of JSON, or a form."""
    raw = request.META.get("CONTENT_LENGTH") or "0"
    if not raw.isdigit() or int(raw) > LARGEST_BODY:
        raise BadRequest(f"The body is longer than {LARGEST_BODY // 1024} kB. Ask for less.")
    if request.content_type == "multipart/form-data":
        return single(request.POST.lists())
    body = request.body
    if request.content_type != "application/json":
        return single(QueryDict(body, encoding="utf-8").lists())
    try:
        said = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise BadRequest("The body is no JSON. Send an object with the parameters.") from error
    if not isinstance(said, dict):
        raise BadRequest("The body is no object. Send an object with the parameters.")
    return single((name, [as_text(value)]) for name, value in said.items())


def as_text(value: object) -> str:
    """Return a value of JSON as it would stand in a form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int | float):
        raise BadRequest("Each parameter is a text, a number, true or false.")
    return str(value)


def number(said: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    """Return a whole number between two ends."""
    value = said.get(name, "")
    if not value:
        return usual
    if not re.fullmatch("[0-9]{1,9}", value, re.ASCII) or not least <= int(value) <= most:
        raise BadRequest(f"{name}: give a whole number from {least} to {most}.")
    return int(value)


def yes(said: Mapping[str, str], name: str) -> bool:
    """Return what true or false says."""
    value = said.get(name, "").casefold()
    if value not in {"", "true", "false", "1", "0"}:
        raise BadRequest(f"{name}: write true or false.")
    return value in {"true", "1"}


def form_of(said: Mapping[str, str]) -> bool:
    """Return whether lines of JSON are asked for."""
    value = said.get("format", "json").casefold()
    if value not in {"", "json", "ndjson"}:
        raise BadRequest("format: write json or ndjson.")
    return value == "ndjson"


def key(said: Mapping[str, str], name: str) -> UUID | None:
    """Return an id."""
    value = said.get(name, "")
    try:
        return UUID(value) if value else None
    except ValueError as error:
        raise BadRequest(f"{name}: it is no UUID.") from error


def moment(said: Mapping[str, str], name: str) -> datetime | None:
    """Return a moment; without a zone it is UTC."""
    value = said.get(name, "").replace(" ", "+").replace("Z", "+00:00")
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadRequest(f"{name}: write 2026-11-24T09:00:00Z.") from error
