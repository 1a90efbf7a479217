"""Reads HSDS 3.x JSON: full services, a page of them, an organisation with its services, a bundle.

One listing per service and location; one more where a service is also given
remotely. What a shape leaves to ids is joined here.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stepwell.importers.hsds.services import objects, rows_of
from stepwell.importers.records import ImportRefused, Row

Json = Mapping[str, Any]
NOT_SERVICES = (
    "It holds no services. Give a list of full services, a page with `contents`, an "
    "organisation with `services`, or a bundle with `organizations`, `services` and `locations`."
)


def read(text: str, file: str) -> Iterator[Row]:
    """Yield what becomes of each service in the file, in its order.

    Raises ImportRefused, naming the file, when it is no HSDS at all.
    """
    try:
        services = find_services(parse(text, file))
    except RecursionError as error:
        raise ImportRefused(f"{file}: it is nested too deeply. Export it flat.") from error
    if not services:
        raise ImportRefused(f"{file}: {NOT_SERVICES}")
    for row, service in enumerate(services, start=1):
        yield from rows_of(row, service)


def parse(text: str, file: str) -> Any:
    """Return the JSON of the file; raise ImportRefused with line and column where it breaks."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ImportRefused(
            f"{file}: line {error.lineno}, column {error.colno}: {error.msg}. "
            "Correct the JSON there."
        ) from error


def find_services(document: Any) -> list[Json]:
    """Return the services in any of the shapes, each with its organisation and locations."""
    if isinstance(document, list):
        return [service for item in document for service in find_services(item)]
    if not isinstance(document, dict):
        return []
    if "contents" in document:
        return find_services(document["contents"])
    if "organizations" in document or isinstance(document.get("services"), list):
        return from_bundle(document)
    if isinstance(document.get("service"), dict):
        return [from_service_at_location(document)]
    return [document] if is_service(document) else []


def is_service(document: Json) -> bool:
    """Say whether it has what HSDS asks of every service."""
    return all(document.get(key) for key in ("id", "name", "status"))


def from_service_at_location(document: Json) -> Json:
    """Return the service of a service_at_location, with that one location."""
    return {**document["service"], "service_at_locations": [document]}


def from_bundle(document: Json) -> list[Json]:
    """Return the services of a bundle, or of one organisation, joined by their ids."""
    organisations = objects(document, "organizations") or [document]
    by_id = with_ids(organisations)
    places = with_ids(objects(document, "locations"))
    links = objects(document, "service_at_locations")
    joined: list[Json] = []
    nested = [
        {**service, "organization": own(organisation)}
        for organisation in organisations
        for service in objects(organisation, "services")
    ]
    loose = objects(document, "services") if organisations != [document] else []
    for service in [*nested, *loose]:
        organisation = service.get("organization") or by_id.get(
            named(service, "organization_id"), {}
        )
        joined.append(
            {
                **service,
                "organization": organisation,
                "service_at_locations": locations_of(service, links, places),
            }
        )
    return joined


def locations_of(service: Json, links: Sequence[Json], places: Mapping[str, Json]) -> list[Json]:
    """Return the service's links to locations, its own and the bundle's, with the locations."""
    key = named(service, "id")
    mine = [link for link in links if key and named(link, "service_id") == key]
    return [
        {**link, "location": link.get("location") or places.get(named(link, "location_id"), {})}
        for link in [*objects(service, "service_at_locations"), *mine]
    ]


def own(organisation: Json) -> Json:
    """Return an organisation without the services in it."""
    return {key: value for key, value in organisation.items() if key != "services"}


def named(holder: Json, key: str) -> str:
    """Return the id that stands at a key, or "" for what is no id."""
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def with_ids(rows: Sequence[Json]) -> dict[str, Json]:
    """Return the rows that have an id, by it."""
    return {named(row, "id"): row for row in rows if named(row, "id")}
