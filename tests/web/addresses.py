"""One working address for every route that visitors reach, by view name."""

from django.urls import reverse

from stepwell.design import bundle

# What each route's parts are filled with. A route that is missing here fails the tests.
PARTS: dict[str, list[dict[str, object]]] = {
    "support:kind": [{"slug": "psychotherapy"}],
    "support:kind_in": [{"slug": "counselling", "cc": "gb"}],
    "support:compare": [{"a": "psychotherapy", "b": "life_coaching"}],
    "support:compare_in": [{"a": "counsellor", "b": "clinical_psychologist", "cc": "gb"}],
    "support:profession": [{"slug": "counsellor"}],
    "support:profession_in": [{"slug": "counsellor", "cc": "ie"}],
    "support:approach": [{"slug": "cbt"}],
    "crisis:country": [{"cc": "gb"}],
    "selftests:intro": [{"slug": "phq-9"}],
    "selftests:paper": [{"slug": "phq-9"}],
    "design:style": [{"version": bundle.short_hash(bundle.style())}],
    "design:script": [{"version": bundle.short_hash(bundle.script())}],
}


def example(view_name: str, parts: dict[str, object] | None = None) -> str:
    """Return an address of the route."""
    return reverse(view_name, kwargs=parts or {})
