"""The one allow-list of rich text: what editors can write, and what an import may bring."""

from typing import Any

import nh3
from wagtail.blocks import RichTextBlock

FEATURES = ("bold", "italic", "ul", "ol", "link")

_TAGS = {"p", "ul", "ol", "li", "strong", "em", "b", "i", "br", "a"}
_ATTRIBUTES = {"a": {"href"}}
_SCHEMES = {"http", "https", "mailto", "tel"}


def text_block(**options: Any) -> RichTextBlock:
    """Return a rich text block that offers the allow-list and nothing else."""
    return RichTextBlock(features=list(FEATURES), **options)


def clean(html: str) -> str:
    """Return `html` with everything removed that an editor could not have written.

    Stored rich text is rendered as it is, so every writer that is not the
    editor itself has to call this first (TRUST I2).
    """
    return nh3.clean(html, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel=None)
