"""Finds the services in HSDS JSON of any shape, each with its organisation and its places.

Full services, one or a list or NDJSON; pages with `contents`; an organisation
with services; a service at a location; and bundles and tabular files, whose
tables are joined by ids.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from stepwell.importers.hsds.json_stream import Part, Text, documents
from stepwell.importers.hsds.shelf import Shelf
from stepwell.importers.hsds.tables import BELONGS_TO, NO_ROOM, check_version, table_of
from stepwell.importers.records import ImportRefused, Reject, Remark

Json = Mapping[str, Any]
MOST_HELD = 2_000  # rows of one document that are held in memory; more are laid aside on disk
DEEPEST = 40
OF_ITS_OWN = frozenset({"services", "service_at_locations", "locations"})
NOT_SERVICES = (
    "It holds no services. Give a list of full services, a page with `contents`, an "
    "organisation with `services`, or a bundle with `organizations`, `services` and `locations`."
)


class Service(NamedTuple):
    """One service with all that belongs to it, and its number in the file."""

    row: int
    said: Json


Found = Service | Reject | Remark


def find(pieces: Iterator[str], file: str) -> Iterator[Found]:
    """Yield the services of a file and what is wrong around them.

    Raises ImportRefused, naming the file, when it is no HSDS 3.x at all.
    """
    yield from find_in_all([(pieces, file)], file)


def find_in_all(texts: Iterable[tuple[Iterator[str], str]], whole: str) -> Iterator[Found]:
    """Yield the services of several files, numbered through; `whole` is what they are called."""
    number = 0
    for pieces, file in texts:
        for document in documents(Text(pieces, file)):
            for found in _in_document(document, file):
                if isinstance(found, Service):
                    number += 1
                    yield Service(number, found.said)
                else:
                    yield found
    if not number:
        raise ImportRefused(f"{whole}: {NOT_SERVICES}")


def _in_document(parts: Iterator[Part], file: str) -> Iterator[Found]:
    """Yield what one document holds; its lists are not held in memory when they are long."""
    held = Held(file)
    for part in parts:
        if part.is_member and part.key in {"", "contents"}:
            yield from _in_value(part.value, file, 1)
        else:
            held.add(part)
    if held.tables is not None:
        yield from held.tables.found()
    elif "" in held.said:
        yield from _in_value(held.said[""], file, 1)
    elif held.said.get("contents") != []:
        yield from _in_value(held.said, file, 1)


class Held:
    """What a document says, in memory until it is too much, then laid aside on disk."""

    def __init__(self, file: str) -> None:
        self.file, self.count = file, 0
        self.said: dict[str, Any] = {}
        self.tables: Tables | None = None

    def add(self, part: Part) -> None:
        """Keep one part."""
        if not part.is_member or not table_of(part.key):
            self.said[part.key] = part.value
        elif self.tables is not None:
            self.tables.put(part.key, part.value)
        else:
            self.said.setdefault(part.key, []).append(part.value)
            self.count += 1
            if self.count > MOST_HELD:
                self.tables = Tables(self.file, self.said)


def _in_value(value: Any, file: str, depth: int) -> Iterator[Found]:
    """Yield what a value holds that is in memory."""
    if depth > DEEPEST:
        raise ImportRefused(f"{file}: it is nested too deeply. Export it flat.")
    if isinstance(value, list):
        for one in value:
            yield from _in_value(one, file, depth + 1)
    elif isinstance(value, dict) and "contents" in value:
        yield from _in_value(value["contents"], file, depth + 1)
    elif isinstance(value, dict):
        check_version(file, value)
        yield from _in_object(value, file)


def _in_object(value: dict[str, Any], file: str) -> Iterator[Found]:
    """Yield what an object holds that is no page."""
    if is_bundle(value):
        yield from Tables(file, value).found()
    elif isinstance(value.get("service"), dict):
        check_version(file, value["service"])
        yield Service(0, {**value["service"], "service_at_locations": [value]})
    elif all(value.get(key) for key in ("id", "name", "status")):
        yield Service(0, value)


def is_bundle(value: Json) -> bool:
    """Say whether tables lie side by side in it, or services in an organisation."""
    tables = {table_of(key) for key, rows in value.items() if isinstance(rows, list)}
    return bool(tables & {"services", "organizations"})


class Tables:
    """Tables whose rows belong together by id."""

    def __init__(self, file: str, held: Json) -> None:
        self.file, self.shelf = file, Shelf()
        self.lines: dict[str, int] = {}
        self.rejects: list[Reject] = []
        check_version(file, held)
        self.owner = organisation_around(held)
        for key in [key for key, rows in held.items() if isinstance(rows, list) and table_of(key)]:
            for row in held[key]:
                self.put(key, row)

    def put(self, key: str, row: Any, line: int = 0) -> None:
        """Lay a row of one table aside; a list of services in an organisation becomes rows."""
        table = table_of(key)
        self.lines[table] = self.lines.get(table, 0) + 1
        if table in NO_ROOM or not table or (self.owner and table not in OF_ITS_OWN):
            return  # what lies in an organisation belongs to it
        if not isinstance(row, dict):
            self.rejects.append(not_a_row(table, line or self.lines[table]))
            return
        check_version(self.file, row)
        nested = row.get("services") if table == "organizations" else None
        if isinstance(nested, list):
            row = {name: value for name, value in row.items() if name != "services"}
            for service in nested:
                owned = isinstance(service, dict)
                self.put("services", {"organization": row, **service} if owned else service)
        self.shelf.put(table, row, line or self.lines[table])

    def found(self) -> Iterator[Found]:
        """Yield the joined services, then the rows that belong to nothing, then what was left."""
        with self.shelf as shelf:
            for line, service in shelf.all("services"):
                yield Service(line, joined(shelf, {**self.owner, **service}))
            yield from self.rejects
            yield from broken_links(shelf)
            for orphan in shelf.orphans():
                yield Reject(
                    row=orphan.line,
                    source_id=f"{orphan.table}/{orphan.id}"[:120],
                    column=f"{orphan.table}: {' or '.join(BELONGS_TO[orphan.table])}",
                    reason="it belongs to nothing in this file",
                    repair="Correct the id, or give the row it names.",
                    part=True,
                )
        for table in sorted(set(self.lines) & set(NO_ROOM)):
            yield remark(table, self.lines[table])


def not_a_row(table: str, line: int) -> Reject:
    """Return the reject for something in a table that is no row."""
    return Reject(
        row=line, source_id=f"{table}/{line}", column=table, reason="it is no object",
        repair="Write an object with an id and its fields.", part=True,
    )  # fmt: skip


def remark(table: str, count: int) -> Remark:
    """Return what is told of a table that the directory has no room for."""
    rows = "1 row" if count == 1 else f"{count} rows"
    return Remark(column=table, reason=f"{rows} left out: we have no field for {NO_ROOM[table]}")


def organisation_around(held: Json) -> dict[str, Any]:
    """Return the organisation that a document is, as its services carry it, or nothing."""
    if not held.get("name") or any(table_of(key) == "organizations" for key in held):
        return {}
    return {"organization": {key: value for key, value in held.items() if key != "services"}}


def broken_links(shelf: Shelf) -> Iterator[Reject]:
    """Yield the services at locations of which one of the two is missing."""
    for line, link in shelf.all("service_at_locations"):
        for key, table in (("service_id", "services"), ("location_id", "locations")):
            nested = isinstance(link.get(key.removesuffix("_id")), dict)
            if not nested and shelf.get(table, link, key) is None:
                yield Reject(
                    row=line,
                    source_id=f"service_at_locations/{link.get('id') or line}"[:120],
                    column=f"service_at_locations: {key}",
                    reason=f"it names none of the {table} in this file",
                    repair="Correct the id, or give the row it names.",
                    part=True,
                )


def joined(shelf: Shelf, service: dict[str, Any]) -> Json:
    """Return a service with everything in other tables that belongs to it."""
    organisation = service.get("organization")
    if not isinstance(organisation, dict):
        organisation = shelf.get("organizations", service, "organization_id")
        if organisation is None and service.get("organization_id"):
            service["organization_is_missing"] = True
    links = [*of(service, "service_at_locations"), *shelf.of("service_at_locations", service)]
    whole = with_parts(
        shelf, service, "phones", "contacts", "languages", "schedules", "cost_options",
        "capacities", "attributes",
    )  # fmt: skip
    whole["organization"] = organisation and with_parts(
        shelf, organisation, "phones", "contacts", "attributes"
    )
    whole["service_at_locations"] = [link_with_place(shelf, link) for link in links]
    for capacity in of(whole, "capacities"):
        capacity.setdefault("unit", shelf.get("units", capacity, "unit_id"))
    return whole


def link_with_place(shelf: Shelf, link: dict[str, Any]) -> Json:
    """Return a service at a location with the location and all that belongs to both."""
    location = link.get("location")
    if not isinstance(location, dict):
        location = shelf.get("locations", link, "location_id")
    whole = with_parts(shelf, link, "phones", "contacts", "schedules", "attributes")
    whole["location"] = location and with_parts(
        shelf, location, "addresses", "accessibility", "phones", "languages", "schedules",
        "attributes",
    )  # fmt: skip
    return whole


def with_parts(shelf: Shelf, row: dict[str, Any], *tables: str) -> dict[str, Any]:
    """Return a row with its rows in these tables, those in it first."""
    whole = dict(row)
    for table in tables:
        parts = [*of(row, table), *shelf.of(table, row)]
        if table == "attributes":
            parts = [with_term(shelf, one) for one in parts]
        if table == "contacts":
            parts = [with_parts(shelf, one, "phones") for one in parts]
        if parts:
            whole[table] = parts
    return whole


def with_term(shelf: Shelf, attribute: dict[str, Any]) -> dict[str, Any]:
    """Return an attribute with its term, and the term with the name of its taxonomy."""
    term = attribute.get("taxonomy_term")
    if not isinstance(term, dict):
        term = shelf.get("taxonomy_terms", attribute, "taxonomy_term_id")
    if term is not None and not term.get("taxonomy"):
        taxonomy = shelf.get("taxonomies", term, "taxonomy_id") or {}
        term = {**term, "taxonomy": taxonomy.get("name", "")}
    return {**attribute, "taxonomy_term": term}


def of(row: Json, key: str) -> list[dict[str, Any]]:
    """Return the objects in a list of a row, whatever else may stand there."""
    value = row.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
