"""Tags that every template may use without loading them."""

from django import template
from django.urls import reverse

from stepwell.design import bundle

register = template.Library()


@register.simple_tag
def site_style() -> str:
    """Return the address of the site's style."""
    return reverse("design:style", args=[bundle.short_hash(bundle.style())])


@register.simple_tag
def site_script() -> str:
    """Return the address of the site's script."""
    return reverse("design:script", args=[bundle.short_hash(bundle.script())])
