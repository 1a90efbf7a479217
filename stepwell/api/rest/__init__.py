"""JSON for programs that do not speak FHIR."""
