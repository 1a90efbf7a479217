"""A full service as rows of the tables of HSDS, and the datapackage that describes them."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from stepwell.api.hsds.names import VERSION, Json
from stepwell.domain import hsds_profile as profile

NUMBERS = frozenset({"amount", "available", "latitude", "longitude", "minimum_age", "maximum_age"})
Row = tuple[str, Json]


class Table(NamedTuple):
    """One table: its file, its name in the schemas, and its columns."""

    file: str
    schema: str
    fields: tuple[str, ...]
    needed: tuple[str, ...] = ("id",)


TABLES: Mapping[str, Table] = {
    "organizations": Table(
        "organizations.csv", "organization", ("id", "name", "description", "website"),
        ("id", "name", "description"),
    ),
    "services": Table(
        "services.csv", "service",
        (
            "id", "organization_id", "name", "description", "url", "email", "status",
            "fees_description", "wait_time", "minimum_age", "maximum_age", "assured_date",
            "assurer_email", "alert", "last_modified",
        ),
        ("id", "organization_id", "name", "status"),
    ),
    "locations": Table(
        "locations.csv", "location", ("id", "location_type", "name", "latitude", "longitude"),
        ("id", "location_type"),
    ),
    "service_at_locations": Table(
        "service_at_location.csv", "service_at_location", ("id", "service_id", "location_id"),
        ("id", "service_id", "location_id"),
    ),
    "addresses": Table(
        "addresses.csv", "address",
        (
            "id", "location_id", "address_1", "city", "state_province", "postal_code", "country",
            "address_type",
        ),
    ),
    "phones": Table(
        "phones.csv", "phone", ("id", "service_id", "number", "type"), ("id", "number")
    ),
    "languages": Table("languages.csv", "language", ("id", "service_id", "code")),
    "cost_options": Table(
        "cost_options.csv", "cost_option", ("id", "service_id", "option", "currency", "amount")
    ),
    "capacities": Table(
        "service_capacity.csv", "service_capacity",
        ("id", "service_id", "unit_id", "available", "updated"),
    ),
    "units": Table("units.csv", "unit", ("id", "name"), ("id", "name")),
    "attributes": Table(
        "attributes.csv", "attribute",
        (
            "id", "link_id", "taxonomy_term_id", "link_type", "link_entity", "value", "label",
        ),
        ("id", "link_id", "taxonomy_term_id", "link_entity"),
    ),
    "taxonomy_terms": Table(
        "taxonomy_terms.csv", "taxonomy_term",
        ("id", "code", "name", "description", "taxonomy", "taxonomy_id", "language", "term_uri"),
        ("id", "name", "description"),
    ),
    "taxonomies": Table(
        "taxonomies.csv", "taxonomy", ("id", "name", "description", "version"),
        ("id", "name", "description"),
    ),
    "metadata": Table(
        "metadata.csv", "metadata",
        (
            "id", "resource_id", "resource_type", "last_action_date", "last_action_type",
            "field_name", "previous_value", "replacement_value", "updated_by",
        ),
        ("id", "resource_id", "resource_type"),
    ),
}  # fmt: skip


def rows_of(whole: Json, seen: set[str]) -> Iterator[Row]:
    """Yield the rows of a full service; what services share only where its id is new in `seen`."""
    key, owner = whole["id"], whole["organization"]
    yield from once("organizations", owner, seen)
    yield row("services", whole | {"organization_id": owner["id"]})
    yield from parts(whole, seen)
    for link in whole["service_at_locations"]:
        place = link["location"]
        if place["id"] not in seen:
            yield from (row("addresses", one) for one in place.get("addresses", []))
        yield from once("locations", place, seen)
        both = {"service_id": key, "location_id": place["id"]}
        yield row("service_at_locations", link | both)
    for table in ("phones", "languages", "cost_options"):
        yield from (row(table, one | {"service_id": key}) for one in whole.get(table, []))
    for one in whole.get("capacities", []):
        yield from once("units", one["unit"], seen)
        yield row("capacities", one | {"service_id": key, "unit_id": one["unit"]["id"]})


def once(table: str, said: Json, seen: set[str]) -> Iterator[Row]:
    """Yield a row and its parts where its id is new."""
    if said["id"] not in seen:
        seen.add(said["id"])
        yield row(table, said)
        yield from parts(said, seen)


def parts(holder: Json, seen: set[str]) -> Iterator[Row]:
    """Yield the attributes of a row, their terms and taxonomies, and its metadata."""
    for one in holder.get("attributes", []):
        term = one["taxonomy_term"]
        known = profile.taxonomies()[term["taxonomy"]]
        told = {"id": str(known.id), "name": known.key, "description": known.description}
        yield from once("taxonomies", told | {"version": profile.VERSION}, seen)
        yield from once("taxonomy_terms", term, seen)
        yield row("attributes", one | {"link_id": holder["id"], "taxonomy_term_id": term["id"]})
    yield from (row("metadata", one) for one in holder.get("metadata", []))


def row(table: str, said: Json) -> Row:
    """Return a row with the columns of its table."""
    return table, {name: said[name] for name in TABLES[table].fields if name in said}


def package() -> Json:
    """Return the datapackage: which file is which table, and what its columns are."""
    return {
        "name": "human_services_data",
        "profile": "tabular-data-package",
        "version": VERSION,
        "resources": [resource(table) for table in TABLES.values()],
    }


def resource(table: Table) -> Json:
    """Return the description of one file."""
    return {
        "name": table.schema,
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "profile": "tabular-data-resource",
        "schema": {
            "primaryKey": "id",
            "fields": [field(name, table) for name in table.fields],
            "missingValues": [""],
        },
    }


def field(name: str, table: Table) -> Json:
    """Return the description of one column."""
    told: dict[str, Any] = {"name": name, "type": "number" if name in NUMBERS else "string"}
    if name in table.needed:
        told["constraints"] = {"required": True} | ({"unique": True} if name == "id" else {})
    return told
