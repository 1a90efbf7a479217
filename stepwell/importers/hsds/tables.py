"""The tables of HSDS 3.x by name, what each belongs to, and how older versions are known."""

from collections.abc import Collection, Mapping

from stepwell.importers.records import ImportRefused

# Each table that is read, with the keys that say whose row it is.
BELONGS_TO: Mapping[str, tuple[str, ...]] = {
    "organizations": (),
    "services": ("organization_id",),
    "locations": (),
    "service_at_locations": ("service_id", "location_id"),
    "addresses": ("location_id",),
    "accessibility": ("location_id",),
    "contacts": ("service_id", "organization_id", "location_id", "service_at_location_id"),
    "phones": (
        "service_id", "service_at_location_id", "location_id", "organization_id", "contact_id",
    ),
    "languages": ("service_id", "location_id", "phone_id"),
    "schedules": ("service_id", "service_at_location_id", "location_id"),
    "cost_options": ("service_id",),
    "capacities": ("service_id",),
    "units": (),
    "attributes": ("link_id",),
    "taxonomies": (),
    "taxonomy_terms": (),
}  # fmt: skip
# Rows that are nothing without what they belong to.
PARTS = tuple(
    table
    for table, keys in BELONGS_TO.items()
    if keys and table not in {"services", "service_at_locations"}
)
# Tables of the standard that our directory has no room for; their rows are counted and told.
NO_ROOM: Mapping[str, str] = {
    "funding": "who pays for a service",
    "programs": "programmes over services",
    "required_documents": "documents to bring",
    "service_areas": "areas as free text",
    "metadata": "who changed what",
    "meta_table_descriptions": "descriptions of tables",
    "organization_identifiers": "numbers of organisations",
    "urls": "further web addresses",
}
# What else the tables are called: as schemas, as CSV files, in the UK profile.
OTHER_NAMES: Mapping[str, str] = {
    "organization": "organizations",
    "organisation": "organizations",
    "organisations": "organizations",
    "service": "services",
    "location": "locations",
    "service_at_location": "service_at_locations",
    "services_at_locations": "service_at_locations",
    "address": "addresses",
    "contact": "contacts",
    "phone": "phones",
    "language": "languages",
    "schedule": "schedules",
    "cost_option": "cost_options",
    "service_capacity": "capacities",
    "service_capacities": "capacities",
    "unit": "units",
    "attribute": "attributes",
    "taxonomy": "taxonomies",
    "taxonomy_term": "taxonomy_terms",
    "program": "programs",
    "required_document": "required_documents",
    "service_area": "service_areas",
    "meta_table_description": "meta_table_descriptions",
    "organization_identifier": "organization_identifiers",
    "url": "urls",
    "additional_urls": "urls",
    "additional_websites": "urls",
}
# Tables and keys that only HSDS 1.x and 2.x and the first UK standard have.
OLD_TABLES = frozenset({
    "physical_addresses", "postal_addresses", "regular_schedules", "holiday_schedules",
    "service_taxonomy", "services_taxonomy", "service_taxonomies", "eligibility", "eligibilities",
    "payment_accepted", "payments_accepted", "accessibility_for_disabilities",
    "other_attributes",
})  # fmt: skip
OLD_KEYS = frozenset({
    "regular_schedule", "regular_schedules", "holiday_schedule", "holiday_schedules",
    "eligibilitys", "eligibilities", "service_taxonomys", "service_taxonomies",
    "physical_addresses", "physical_address", "postal_address", "deliverable_type",
    "attending_access",
})  # fmt: skip
# Columns that hold numbers; a CSV has only text.
NUMBERS = frozenset({
    "amount", "available", "maximum", "latitude", "longitude", "minimum_age", "maximum_age",
})  # fmt: skip


def table_of(name: str) -> str:
    """Return the table that a file or a key is, or "" for none of the standard."""
    bare = name.rsplit("/", 1)[-1].casefold().removesuffix(".csv").replace("-", "_")
    table = OTHER_NAMES.get(bare, bare)
    return table if table in BELONGS_TO or table in NO_ROOM else ""


def check_version(file: str, names: Collection[str]) -> None:
    """Raise ImportRefused where names of tables or keys show an older version."""
    bare = {name.casefold().removesuffix(".csv") for name in names}
    if old := sorted(bare & (OLD_KEYS | OLD_TABLES)):
        raise ImportRefused(
            f"{file}: it has {old[0]!r}, so it is HSDS 2.x or older; we read 3.x. Ask whoever "
            "publishes it for 3.x, convert it, or import it as CSV with a mapping file "
            "(stepwell import listings)."
        )
