"""Our extensions, defined as FHIR asks: what they are and where they stand."""

from collections.abc import Mapping
from typing import NamedTuple

from stepwell.api.fhir import names
from stepwell.api.fhir.names import Publisher
from stepwell.lib.fhir import Json


class Extension(NamedTuple):
    """One of our extensions."""

    context: str
    title: str
    told: str


EXTENSIONS: Mapping[str, Extension] = {
    names.SELF_TEST: Extension(
        "Questionnaire",
        "Definition of a self-test",
        "What the definition of a self-test holds and FHIR has no element for: sources, licence "
        "and its evidence, missing answers, alerts, worked examples, comparisons with other "
        "copies. Each part is named by its key; the entries of a list are called listItem.",
    ),
    names.SELF_TEST_ITEM: Extension(
        "Questionnaire.item",
        "Question of a self-test",
        "Which set of answers a question has, and whether it counts.",
    ),
    names.SELF_TEST_SCALE: Extension(
        "Questionnaire.item",
        "Scale of a self-test",
        "How a score is made and what was published about it: items, reversed items, method, "
        "transformation, bands with their population, cut-offs, norms, each with its source. "
        "The calculatedExpression beside it is made from it.",
    ),
    names.LISTING: Extension(
        "HealthcareService",
        "Listing of the directory",
        "What a listing says and FHIR has no element for: whether it is given remotely, cost, "
        "whether new people are taken and when that was said, the day on which the provider last "
        "confirmed it, what privacy rests on, ages. What nobody says is not there.",
    ),
    names.CREDENTIAL: Extension(
        "Practitioner.qualification",
        "State of a licence or title",
        "Whether anybody checked it: claimed or verified, and for a verified one the level from "
        "0 to 5, its words and the day. A claimed one rests on the provider's own word.",
    ),
}


def structure_definition(name: str, date: str, publisher: Publisher) -> Json:
    """Return the StructureDefinition of one of our extensions; raise KeyError for another."""
    extension = EXTENSIONS[name]
    url = publisher.extension(name)
    return {
        "resourceType": "StructureDefinition",
        "id": name,
        "url": url,
        "name": names.computer_name(*name.split("-")),
        "title": extension.title,
        "status": "active",
        "date": date,
        "publisher": publisher.name,
        "description": extension.told,
        "fhirVersion": "4.0.1",
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": extension.context}],
        "type": "Extension",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Extension",
        "derivation": "constraint",
        "differential": {"element": list(_elements(url, extension))},
    }


def _elements(url: str, extension: Extension) -> list[Json]:
    return [
        {
            "id": "Extension",
            "path": "Extension",
            "short": extension.title,
            "definition": extension.told,
            "min": 0,
            "max": "1",
        },
        {"id": "Extension.url", "path": "Extension.url", "fixedUri": url},
        {"id": "Extension.value[x]", "path": "Extension.value[x]", "max": "0"},
    ]
