"""What this FHIR server can do: read and search definitions, and nothing else."""

from stepwell import __version__
from stepwell.api.fhir.names import Publisher
from stepwell.api.fhir.searching import LONGEST_PAGE, PAGE
from stepwell.lib import fhir
from stepwell.lib.fhir import Json

ABOUT = (
    "Definitions of self-tests, for reading. There is no route that takes answers: no "
    "QuestionnaireResponse, no Observation and nothing about a person can be sent here or read "
    "from here."
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
        "title": f"{publisher.name}: self-tests for programs",
        "status": "active",
        "date": date,
        "publisher": publisher.name,
        "description": ABOUT,
        "kind": "instance",
        "software": {"name": "Stepwell", "version": __version__},
        "implementation": {"description": publisher.name, "url": publisher.base},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [{"mode": "server", "documentation": ABOUT, "resource": list(_resources())}],
    }


def _resources() -> list[Json]:
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
