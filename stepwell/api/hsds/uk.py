"""The Open Referral UK profile 3.0: a full service with the fields that profile has.

The profile drops the code of a language, the phones of a contact and the value
of an attribute, which leaves nothing of them. They stay: its schemas allow more
keys than they name, and feeds in use have them.
"""

from stepwell.api.hsds.names import Json, without_empty
from stepwell.domain import hsds_profile as profile

SERVICE = (
    "id", "name", "description", "url", "email", "status", "minimum_age", "maximum_age",
    "assured_date", "assurer_email", "alert", "last_modified", "languages",
)  # fmt: skip
ORGANIZATION = ("id", "name", "description", "website")
LOCATION = ("id", "location_type", "name", "latitude", "longitude", "addresses")


def uk_service(whole: Json) -> Json:
    """Return a full service in the UK profile."""
    links = [
        {"id": link["id"], "location": uk_location(link["location"])}
        for link in whole["service_at_locations"]
    ]
    more = {
        "fees": whole.get("fees_description", ""),
        "service_at_locations": links,
        "organization": uk_organization(whole["organization"]),
        "cost_options": [uk_cost_option(one) for one in whole.get("cost_options", [])],
        "contacts": uk_contacts(whole),
        "attributes": uk_attributes(whole),
    }
    return {key: whole[key] for key in SERVICE if key in whole} | without_empty(more)


def uk_organization(whole: Json) -> Json:
    """Return an organisation in the UK profile."""
    row = {key: whole[key] for key in ORGANIZATION if key in whole}
    return row | without_empty({"attributes": uk_attributes(whole)})


def uk_location(whole: Json) -> Json:
    """Return a location in the UK profile."""
    row = {key: whole[key] for key in LOCATION if key in whole}
    return row | without_empty({"attributes": uk_attributes(whole)})


def uk_cost_option(whole: Json) -> Json:
    """Return a cost option; the profile has no currency, so words say it."""
    currency = whole.get("currency", "")
    row = {key: value for key, value in whole.items() if key != "currency"}
    return row | without_empty({"amount_description": currency})


def uk_contacts(whole: Json) -> list[Json]:
    """Return a contact without a name that holds the phone, where the profile has phones."""
    if not whole.get("phones"):
        return []
    numbers = [{"id": one["id"], "number": one["number"]} for one in whole["phones"]]
    return [{"id": str(profile.identifier("contact", whole["id"])), "phones": numbers}]


def uk_attributes(whole: Json) -> list[Json]:
    """Return attributes whose terms have a `term` in place of a code."""
    kept = ("id", "name", "description", "taxonomy", "taxonomy_id", "term_uri")
    return [
        without_empty({key: one.get(key) for key in ("id", "link_type", "value")})
        | {
            "taxonomy_term": {key: one["taxonomy_term"][key] for key in kept}
            | {"term": one["taxonomy_term"]["code"]}
        }
        for one in whole.get("attributes", [])
    ]
