"""From plain HTML to the blocks of an article: parts, pictures, quotations, content notes.

First nh3 keeps only what has a meaning here; then one walk shapes it; every rich
text passes the editors' own allow-list at the end (TRUST I2).
"""

import re

import nh3

from stepwell.importers.wxr.boxes import Walk
from stepwell.importers.wxr.links import LinkRule
from stepwell.importers.wxr.notes import Notes
from stepwell.importers.wxr.shaped import Shaped

_TAGS = {
    "p", "ul", "ol", "li", "strong", "em", "b", "i", "br", "a", "h1", "h2", "h3", "h4", "h5", "h6",
    "blockquote", "cite", "table", "tr", "td", "th", "caption", "figure", "figcaption", "img",
    "details", "summary", "pre", "div", "section", "article", "aside", "header", "footer", "main",
    "iframe", "video", "audio", "source", "sup", "dl", "dt", "dd", "hr", "address", "center",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "class", "width", "height"},
    "iframe": {"src"},
    "video": {"src"},
    "audio": {"src"},
    "source": {"src"},
}
_HEADING = re.compile(r"<h([1-6])\b")


def shape(flat: str, notes: Notes, links: LinkRule) -> list[Shaped]:
    """Return the blocks of an article, in order. What was changed or removed is in `notes`."""
    safe = nh3.clean(
        flat,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel=None,
        strip_comments=True,
    )
    levels = [int(level) for level in _HEADING.findall(safe)]
    walk = Walk(notes, links, top=max(2, min(levels, default=2)))
    walk.feed(safe)
    walk.close()
    return walk.finished()
