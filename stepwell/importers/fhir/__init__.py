"""FHIR Questionnaires as instruments: read, complete, write."""
