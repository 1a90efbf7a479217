"""Addresses for programs. FHIR's have no slash at the end, as its specification has it."""

from django.urls import path, register_converter

from stepwell.api.fhir import directory_views as directory
from stepwell.api.fhir import views as fhir
from stepwell.api.fhir.directory_shelf import SHELVES
from stepwell.api.rest import views as rest

app_name = "api"


class KindConverter:
    """The resources of the directory, by name."""

    regex = "|".join(sorted(SHELVES, key=len, reverse=True))

    def to_python(self, value: str) -> str:
        """Return the name as it stands."""
        return value

    def to_url(self, value: str) -> str:
        """Return the name as it stands."""
        return value


register_converter(KindConverter, "kind")
urlpatterns = [
    path("fhir/metadata", fhir.metadata, name="metadata"),
    path("fhir/Questionnaire", fhir.search, name="questionnaires"),
    path("fhir/Questionnaire/<str:resource_id>", fhir.questionnaire, name="questionnaire"),
    path("fhir/CodeSystem/<str:resource_id>", fhir.code_system, name="code_system"),
    path("fhir/ValueSet/<str:resource_id>", fhir.value_set, name="value_set"),
    path(
        "fhir/StructureDefinition/<str:resource_id>",
        fhir.structure_definition,
        name="structure_definition",
    ),
    path("fhir/<kind:kind>", directory.search, name="directory"),
    path("fhir/<kind:kind>/_search", directory.posted_search, name="directory_search"),
    path("fhir/<kind:kind>/<str:resource_id>", directory.read, name="directory_one"),
    path("fhir/<path:rest>", fhir.nothing_here, name="nothing_here"),
    path("api/v1/instruments/", rest.instruments, name="instruments"),
    path("api/v1/instruments/<str:fact_id>/", rest.instrument, name="instrument"),
]
