"""FHIR R4: one pure mapping per resource, and the views that serve them."""
