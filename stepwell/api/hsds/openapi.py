"""The addresses of this door as OpenAPI 3.1: what can be asked, and how."""

from stepwell.api.hsds.names import VERSION, Json, Publisher
from stepwell.api.hsds.searching import KNOWN, SENSITIVE

LISTS = ("services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms")
PATHS = ("/", "/profile", *[f"/{name}" for name in LISTS])
WHOLE = {"page": "integer", "per_page": "integer", "proximity": "integer"}
TRUE_OR_FALSE = ("minimal", "full", "full_service", "top_only")


def description(publisher: Publisher) -> Json:
    """Return the description."""
    paths: Json = {"/": {"get": operation("What this feed is.", "getAPIMetaInformation")}}
    for name in LISTS:
        title = f"A page of {name.replace('_', ' ')}."
        paths[f"/{name}"] = {
            "get": operation(title, f"list_{name}") | {"parameters": parameters(name)},
            "post": operation(title, f"search_{name}") | {"requestBody": body(name)},
        }
        one = operation(f"One of the {name.replace('_', ' ')}, whole.", f"get_{name}")
        key = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
        paths[f"/{name}/{{id}}"] = {"get": one | {"parameters": [key]}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{publisher.name}: services",
            "version": VERSION,
            "description": "HSDS 3.1 with the profile at /profile. Search words, postcodes and "
            "distances are taken from the body of a POST only.",
            "contact": {"email": publisher.email},
        },
        "servers": [{"url": publisher.base}],
        "paths": paths,
    }


def operation(title: str, name: str) -> Json:
    """Return what can be done at an address."""
    content = {"application/json": {"schema": {"type": "object"}}}
    told = {"application/problem+json": {"schema": {"type": "object"}}}
    return {
        "summary": title,
        "operationId": name,
        "responses": {
            "200": {"description": title, "content": content},
            "400": {"description": "What cannot be answered, and why.", "content": told},
            "404": {"description": "Nothing is shown there.", "content": told},
        },
    }


def parameters(name: str) -> list[Json]:
    """Return what may stand in the address."""
    return [
        {"name": one, "in": "query", "required": False, "schema": schema_of(one)}
        for one in KNOWN[name]
        if one not in SENSITIVE
    ]


def body(name: str) -> Json:
    """Return what may stand in the body."""
    fields = {one: schema_of(one) for one in KNOWN[name]}
    schema = {"type": "object", "properties": fields, "additionalProperties": False}
    kinds = ("application/json", "application/x-www-form-urlencoded")
    return {"content": {kind: {"schema": schema} for kind in kinds}}


def schema_of(name: str) -> Json:
    """Return the type of a parameter."""
    kind = "boolean" if name in TRUE_OR_FALSE else WHOLE.get(name, "string")
    schema: Json = {"type": kind}
    return schema | ({"enum": ["json", "ndjson"]} if name == "format" else {})
