"""What this FHIR server can do: read and search definitions and the directory, nothing else."""

from stepwell import __version__
from stepwell.api.fhir import directory_search
from stepwell.api.fhir.directory_search import LONGEST_PAGE as LONGEST_OF_DIRECTORY
from stepwell.api.fhir.directory_search import NEAR, TOLD
from stepwell.api.fhir.directory_shelf import SHELVES
from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.searching import LONGEST_PAGE, PAGE
from stepwell.lib import fhir
from stepwell.lib.fhir import Json

ABOUT = (
    "Definitions of self-tests and the directory of people and services, for reading. There is no "
    "route that takes answers: no QuestionnaireResponse, no Observation and nothing about somebody "
    "who looks for help can be sent here or read from here."
)
DIRECTORY = (
    "What the site shows to everybody on that day: confirmed, with a licence in force where one is "
    "named, and not withdrawn. A redacted place is an area without street and position. Examples "
    "carry the tag HTEST. A comma means or; a parameter that is given twice means and; unknown "
    "parameters as for Questionnaire. Pages hold {page} entries, by _count up to {longest}; follow "
    "the links. _total=accurate gives the number. A search can be posted as a form to _search, so "
    "that it stands in no address; post the same form to the link for the next page."
)
SEARCH = (
    "A comma means or; a parameter that is given twice means and. A parameter that is not known "
    "is ignored and named in an OperationOutcome of the Bundle (handling=lenient, the default); "
    "with the header Prefer: handling=strict the search is refused with status 400. An unknown "
    f"modifier is always refused. Pages hold {PAGE} entries, by _count up to {LONGEST_PAGE}; "
    "follow the links of the Bundle."
)
PARAMETERS = (
    ("_id", "token", "The id of the Questionnaire."),
    ("code", "token", "A LOINC code of the form, of one of its questions or of one of its scores."),
    ("title", "string", "The start of the title; modifiers :contains and :exact."),
    ("url", "uri", "The whole canonical address."),
)


def capability_statement(publisher: Publisher, date: str) -> Json:
    """Return the CapabilityStatement; `date` is the day on which the newest fact was checked."""
    return {
        "resourceType": "CapabilityStatement",
        "id": "stepwell",
        "url": f"{publisher.base}/metadata",
        "version": __version__,
        "name": "Stepwell",
        "title": f"{publisher.name}: self-tests and directory for programs",
        "status": "active",
        "date": date,
        "publisher": publisher.name,
        "description": ABOUT,
        "kind": "instance",
        "software": {"name": "Stepwell", "version": __version__},
        "implementation": {"description": publisher.name, "url": publisher.base},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [{"mode": "server", "documentation": ABOUT, "resource": all_resources()}],
    }


def all_resources() -> list[Json]:
    """Return every kind of resource with what it can be found by."""
    return [*_definitions(), *map(_of_directory, SHELVES)]


def _of_directory(kind: str) -> Json:
    known = {**SHELVES[kind].parameters, **({NEAR: TOLD} if kind == "Location" else {})}
    return {
        "type": kind,
        "profile": f"http://hl7.org/fhir/StructureDefinition/{kind}",
        "documentation": DIRECTORY.format(page=directory_search.PAGE, longest=LONGEST_OF_DIRECTORY),
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "versioning": "no-version",
        "readHistory": False,
        "updateCreate": False,
        "searchParam": [
            {"name": name, "type": one.type, "documentation": one.told}
            for name, one in known.items()
            if ":" not in name
        ],
    }


def _definitions() -> list[Json]:
    kept = {"versioning": "no-version", "readHistory": False, "updateCreate": False}
    read = [{"code": "read"}]
    return [
        {
            "type": "Questionnaire",
            "profile": "http://hl7.org/fhir/StructureDefinition/Questionnaire",
            "supportedProfile": [fhir.BEHAVE],
            "documentation": SEARCH,
            "interaction": [*read, {"code": "search-type"}],
            **kept,
            "searchParam": [
                {"name": name, "type": kind, "documentation": told}
                for name, kind, told in PARAMETERS
            ],
        },
        *(
            {"type": kind, "interaction": read, **kept}
            for kind in ("CodeSystem", "ValueSet", "StructureDefinition")
        ),
    ]
