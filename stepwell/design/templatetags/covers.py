"""Draws cover art in a template."""

from typing import Any

from django import template

from stepwell.design.covers import cover as draw

register = template.Library()


@register.inclusion_tag("design/components/_cover.html")
def cover(seed: str, hue: int, width: int = 640, height: int = 400) -> dict[str, Any]:
    """Draw the cover of `seed` in the section's hue. It is decoration: no alternative text."""
    return {"cover": draw(seed, int(hue), int(width), int(height))}
