"""Describes our FHIR and REST doors as OpenAPI, from what they say of themselves, for schemathesis.

`python -m tests.fuzz.descriptions http://127.0.0.1:8000 > doors.json`
"""

import json
import sys
from typing import Any
from urllib.request import urlopen

ANY = {"type": "string", "maxLength": 60}
KEY = {"name": "key", "in": "path", "required": True, "schema": ANY}
PAGING = ("_count", "_offset", "_id", "_sort", "_summary", "_format", "_lastUpdated", "_unknown")


def parameters(names: list[str]) -> list[dict[str, Any]]:
    """Return parameters of an address that may hold anything."""
    return [{"name": name, "in": "query", "schema": ANY} for name in names]


def described(capability: dict[str, Any]) -> dict[str, Any]:
    """Return the description of every address that a CapabilityStatement and our REST door name."""
    answer = {"responses": {"default": {"description": "anything but a failure"}}}
    paths: dict[str, Any] = {
        "/fhir/metadata": {"get": {"parameters": parameters(["_format"]), **answer}},
        "/fhir/{key}": {"get": {"parameters": [KEY, *parameters(["name"])], **answer}},
        "/api/v1/instruments/": {"get": {"parameters": parameters(["tag", "page"]), **answer}},
        "/api/v1/instruments/{key}/": {"get": {"parameters": [KEY], **answer}},
    }
    for resource in capability["rest"][0]["resource"]:
        names = [one["name"] for one in resource.get("searchParam", [])]
        asked = parameters([*names, *(f"{name}:exact" for name in names), *PAGING])
        kind = f"/fhir/{resource['type']}"
        form = {"type": "object", "properties": dict.fromkeys([*names, *PAGING], ANY)}
        body = {"content": {"application/x-www-form-urlencoded": {"schema": form}}}
        paths[kind] = {"get": {"parameters": asked, **answer}}
        paths[f"{kind}/_search"] = {"post": {"requestBody": body, **answer}}
        paths[f"{kind}/{{key}}"] = {
            "get": {"parameters": [KEY, *parameters(["_format"])], **answer}
        }
    return {"openapi": "3.0.3", "info": {"title": "Doors", "version": "1"}, "paths": paths}


def main() -> None:
    """Write the description."""
    with urlopen(f"{sys.argv[1]}/fhir/metadata") as told:
        json.dump(described(json.load(told)), sys.stdout)


if __name__ == "__main__":
    main()
