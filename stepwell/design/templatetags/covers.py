"""Draws cover art in a template."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from stepwell.design.covers import cover as draw

register = template.Library()


@register.simple_tag
@lru_cache(maxsize=2000)
def cover(seed: str, hue: int, width: int = 640, height: int = 400) -> SafeString:
    """Draw the cover of `seed` in the section's hue. It is decoration: no alternative text.

    Kept, because a page of lists draws dozens and the same text gives the same picture.
    """
    context = {"cover": draw(seed, hue, width, height)}
    return SafeString(render_to_string("design/components/_cover.html", context).strip())
