"""Tags that every template may use without loading them."""

import marshal
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from stepwell.design import bundle
from stepwell.design.cards import Card
from stepwell.domain import promises

register = template.Library()


@register.simple_tag
def site_style() -> str:
    """Return the address of the site's style."""
    return reverse("design:style", args=[bundle.short_hash(bundle.style())])


@register.simple_tag
def site_script() -> str:
    """Return the address of the site's script."""
    return reverse("design:script", args=[bundle.short_hash(bundle.script())])


@register.simple_tag
def site_card() -> str:
    """Return the address of the social card that pages without their own have."""
    return _card_of(settings.SITE_NAME)


@cache
def _card_of(site: str) -> str:
    return reverse("design:card", args=[Card(site).version])


_SITE = ("site_name", "strapline", "contact_email", "year", "sections", "short_menu")
_KEPT_MOST = 64
_DRAWN_MOST = 1_000
_kept: dict[str, SafeString] = {}
_drawn: dict[tuple[str, bytes], SafeString] = {}


@register.simple_tag(takes_context=True)
def kept(context: Context, name: str, current_section: str = "") -> SafeString:
    """Render a part that shows the site's own words and nothing else, once per process.

    Masthead and foot stand on every page and are the same on thousands of them.
    """
    told = {key: context.get(key) for key in _SITE}
    key = repr((name, current_section, told))
    if key not in _kept:
        if len(_kept) >= _KEPT_MOST:
            _kept.clear()
        shown = {**told, "current_section": current_section}
        _kept[key] = SafeString(render_to_string(name, shown).strip())
    return _kept[key]


@register.simple_tag
def drawn(name: str, **told: Any) -> SafeString:
    """Render a part that shows the values told here and nothing else: the same values, once.

    A front page shows the same lists and topics whenever it is made again. Only plain
    values make a key (`marshal` takes no others, nor text marked as safe): with any other the
    part is rendered every time.
    """
    try:
        key = name, marshal.dumps(told, 2)
    except ValueError:
        return SafeString(render_to_string(name, told))
    if key not in _drawn:
        if len(_drawn) >= _DRAWN_MOST:
            _drawn.clear()
        _drawn[key] = SafeString(render_to_string(name, told))
    return _drawn[key]


@register.simple_block_tag
def said(content: str) -> SafeString:
    """Keep what stands inside under a name, so that a block can be shown more than once.

    What a template writes as text may hold quotation marks; inside an attribute they
    would end it.
    """
    return SafeString(" ".join(content.split()).replace('"', "&quot;"))


@register.filter
def without(title: str, site_name: str) -> SafeString:
    """Return a page's title without the name of the site at its end."""
    return SafeString(str(title).removesuffix(f" · {escape(site_name)}"))


@register.simple_tag
def promise(promise_id: str) -> str:
    """Return the sentence of a promise, or nothing in a release without its tests."""
    return promises.sentence(promise_id).replace("{keep_days}", str(settings.CONTACT_KEEP_DAYS))
