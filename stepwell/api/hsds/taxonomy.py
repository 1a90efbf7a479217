"""taxonomy, taxonomy_term and attribute: how the profile says what HSDS has no field for."""

from stepwell.api.hsds.names import Json, Publisher, without_empty
from stepwell.domain import hsds_profile as profile
from stepwell.domain.hsds_profile import Taxonomy, Term


def taxonomy(one: Taxonomy, publisher: Publisher) -> Json:
    """Return a taxonomy."""
    return {
        "id": str(one.id),
        "name": one.key,
        "description": one.description,
        "uri": publisher.url("taxonomies", one.id),
        "version": profile.VERSION,
    }


def taxonomy_term(one: Term, publisher: Publisher) -> Json:
    """Return a term, with the name and the id of its taxonomy."""
    return {
        "id": str(one.id),
        "code": one.code,
        "name": one.name,
        "description": one.description,
        "taxonomy": one.taxonomy,
        "taxonomy_id": str(profile.taxonomies()[one.taxonomy].id),
        "language": "en",
        "term_uri": publisher.url("taxonomy_terms", one.id),
    }


def attribute(
    holder: str, entity: str, term: Term, publisher: Publisher, value: str = "", group: str = ""
) -> Json:
    """Return an attribute of a row; `group` joins several of them."""
    made_of = (holder, term.taxonomy, term.code, group)
    return without_empty(
        {
            "id": str(profile.identifier("attribute", *made_of)),
            "link_type": group,
            "link_entity": entity,
            "value": value,
            "label": term.name,
            "taxonomy_term": taxonomy_term(term, publisher),
        }
    )
