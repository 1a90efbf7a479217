"""What the pages of the sign-in need."""

import json
from typing import Any

from django import template

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """Return a value as JSON, for an attribute; the template escapes it."""
    return json.dumps(value)
