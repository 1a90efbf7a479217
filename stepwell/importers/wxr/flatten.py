"""From content as WordPress stores it (blocks, classic, shortcodes) to one plain HTML text.

What comes out is HTML that a reader's browser would have been sent, without
what our blocks have no word for. It is not safe yet: `shape` cleans it.
"""

import html
import re
from collections.abc import Callable, Mapping
from typing import Any

from stepwell.importers.wxr import blocks, shortcodes
from stepwell.importers.wxr.autop import autop
from stepwell.importers.wxr.blocks import Block
from stepwell.importers.wxr.notes import Notes
from stepwell.importers.wxr.shortcodes import Shortcode

FindReusable = Callable[[str], str]
_OWN_LINE = re.compile(r"(?m)^[ \t]*(?:<p>)?(https?://[^\s<>\"']{4,500})(?:</p>)?[ \t]*$")
_COMMENT = re.compile(r"<!--(?:(?!-->).){0,2000}-->", re.DOTALL)
MOST_REUSED = 8  # reusable blocks inside reusable blocks

# Blocks whose HTML says it all; ours are made of it.
AS_THEY_ARE = frozenset({
    "core/paragraph", "core/heading", "core/list", "core/list-item", "core/quote",
    "core/pullquote", "core/table", "core/image", "core/gallery", "core/media-text", "core/cover",
    "core/columns", "core/column", "core/group", "core/row", "core/stack", "core/buttons",
    "core/button", "core/file", "core/code", "core/preformatted", "core/verse", "core/details",
    "core/separator", "core/spacer", "core/html", "core/footnotes", "core/audio", "core/video",
    "core/text-columns", "core/subhead", "core/missing",
})  # fmt: skip
# Blocks that WordPress fills when a page is shown: an export holds nothing of them.
FILLED_LATER = frozenset({
    "core/latest-posts", "core/latest-comments", "core/archives", "core/categories",
    "core/tag-cloud", "core/calendar", "core/rss", "core/search", "core/query", "core/post-title",
    "core/post-content", "core/post-excerpt", "core/post-featured-image", "core/post-date",
    "core/post-author", "core/post-terms", "core/navigation", "core/page-list", "core/site-title",
    "core/site-logo", "core/social-links", "core/social-link", "core/loginout", "core/comments",
    "core/template-part", "core/pattern", "core/avatar", "core/read-more",
    "core/table-of-contents",
})  # fmt: skip


class Flattener:
    """Flattens one content; `notes` collects what was met on the way."""

    def __init__(self, notes: Notes, reusable: FindReusable, attached: Mapping[str, str]) -> None:
        self.notes, self.reusable, self.attached = notes, reusable, attached
        self.reused = 0

    def run(self, content: str) -> str:
        """Return the content as HTML."""
        if not blocks.has_blocks(content):
            return self._classic(content)
        return "".join(self._piece(piece, top=True) for piece in blocks.parse(content))

    def _piece(self, piece: str | Block, *, top: bool) -> str:
        if isinstance(piece, str):
            return self._classic(piece) if top else piece
        return self._block(piece)

    def _block(self, block: Block) -> str:
        short = block.name.removeprefix("core/")
        special = getattr(self, f"_block_{short.replace('-', '_')}", None)
        if block.name.startswith("core/") and special is not None:
            found: str = special(block)
            return found
        if block.name in FILLED_LATER:
            self.notes.blocks[f"{block.name} (filled when shown; nothing to keep)"] += 1
            return ""
        inner = self._inner(block)
        if block.name not in AS_THEY_ARE:
            self.notes.blocks[block.name] += 1
        return self._shortcodes(inner)

    def _inner(self, block: Block) -> str:
        return "".join(self._piece(piece, top=False) for piece in block.inner)

    def _block_freeform(self, block: Block) -> str:
        return self._classic(self._inner(block))

    _block_classic = _block_freeform

    def _block_shortcode(self, block: Block) -> str:
        return autop(self._shortcodes(self._inner(block)))

    def _block_more(self, block: Block) -> str:
        return "<!--more-->"

    def _block_nextpage(self, block: Block) -> str:
        self.notes.changed["pages of one post joined"] += 1
        return ""

    def _block_embed(self, block: Block) -> str:
        return f"{link(str(block.said.get('url', '')))}{caption_of(self._inner(block))}"

    def _block_block(self, block: Block) -> str:
        """Put in a reusable block, unless it is missing or holds itself."""
        reference = str(block.said.get("ref", ""))
        content = self.reusable(reference) if self.reused < MOST_REUSED else ""
        if not content:
            self.notes.blocks["core/block (reusable, not in the export)"] += 1
            return ""
        self.reused += 1
        found = self.run(content)
        self.reused -= 1
        return found

    def _classic(self, text: str) -> str:
        if not text.strip():
            return ""
        pages = text.split("<!--nextpage-->")
        self.notes.changed["pages of one post joined"] += len(pages) - 1
        whole = _OWN_LINE.sub(lambda found: f"\n\n{link(found[1])}\n\n", "\n\n".join(pages))
        return autop(self._shortcodes(whole))

    def _shortcodes(self, text: str) -> str:
        if "[" not in text:
            return text
        return self._nodes(shortcodes.parse(text))

    def _nodes(self, nodes: list[shortcodes.Node]) -> str:
        return "".join(one if isinstance(one, str) else self._shortcode(one) for one in nodes)

    def _shortcode(self, one: Shortcode) -> str:
        inner = self._nodes(one.inner)
        handler = {
            "caption": self._caption,
            "wp_caption": self._caption,
            "gallery": self._gallery,
            "embed": lambda one, inner: link(inner.strip() or one.attributes.get("src", "")),
            "audio": self._file,
            "video": self._file,
            "playlist": self._playlist,
        }.get(one.name)
        if handler is not None:
            return handler(one, inner)
        if shortcodes.is_builder(one.name):
            self.notes.changed["wrappers of a page builder removed, text kept"] += 1
            heading = one.attributes.get("title") or one.attributes.get("heading") or ""
            told = f"\n\n<h3>{html.escape(heading)}</h3>\n\n" if inner and heading else ""
            return f"{told}\n\n{inner}\n\n"
        self.notes.shortcodes[one.name] += 1
        return inner

    def _caption(self, one: Shortcode, inner: str) -> str:
        picture, _, words = inner.partition(">") if "</a>" not in inner else inner.partition("</a>")
        tail = ">" if "</a>" not in inner else "</a>"
        words = one.attributes.get("caption") or words
        mark = one.attributes.get("id", "").replace("attachment_", "wp-image-")
        if mark and "wp-image-" not in picture:
            picture = picture.replace("<img", f'<img class="{html.escape(mark)}"', 1)
        return f"\n\n<figure>{picture}{tail}<figcaption>{words.strip()}</figcaption></figure>\n\n"

    def _gallery(self, one: Shortcode, inner: str) -> str:
        ids = [part.strip() for part in one.attributes.get("ids", "").split(",") if part.strip()]
        if not ids:
            ids = list(self.attached)
            self.notes.changed["gallery without a list: the post's own pictures taken"] += 1
        pictures = "".join(f'<img class="wp-image-{html.escape(one)}" src="">' for one in ids[:200])
        return f"\n\n<figure>{pictures}</figure>\n\n"

    def _file(self, one: Shortcode, inner: str) -> str:
        names = ("src", "mp4", "mp3", "webm", "ogg", "m4a", "wav")
        address = next((one.attributes[name] for name in names if name in one.attributes), "")
        return link(address) if address else inner

    def _playlist(self, one: Shortcode, inner: str) -> str:
        self.notes.shortcodes["playlist (no player here; nothing to keep)"] += 1
        return ""


def link(address: str) -> str:
    """Return a paragraph with a link to what would have been embedded."""
    address = html.unescape(address).strip()
    if not address.startswith(("http://", "https://")):
        return ""
    shown = html.escape(address)
    return f'<p><a href="{shown}">{shown}</a></p>'


def caption_of(inner: str) -> str:
    """Return the caption of an embed as a paragraph."""
    _, mark, rest = inner.partition("<figcaption")
    words = rest.partition(">")[2].partition("</figcaption>")[0] if mark else ""
    return f"<p>{words}</p>" if words.strip() else ""


def before_more(flat: str) -> tuple[str, str]:
    """Return the text before the "more" mark, if there is one, and the whole without comments."""
    first, mark, _ = flat.partition("<!--more")
    return (first if mark else ""), without_comments(flat)


def without_comments(text: str) -> str:
    """Return the text without HTML comments."""
    return _COMMENT.sub("", text) if "<!--" in text else text


def elementor_html(data: Any, depth: int = 0) -> str:
    """Return the text of an Elementor tree: headings, editors, quotes, buttons, in order."""
    if depth > 40:
        return ""
    if isinstance(data, list):
        return "".join(elementor_html(one, depth + 1) for one in data)
    if not isinstance(data, dict):
        return ""
    said = data.get("settings") if isinstance(data.get("settings"), dict) else {}
    return _widget(said or {}) + elementor_html(data.get("elements", []), depth + 1)


def _widget(said: Mapping[str, Any]) -> str:
    """Return what one widget shows. Its text stands in one of a few places."""
    told: list[str] = []
    for key, tag in (("title", "h2"), ("title_text", "h3"), ("editor", "div"),
                     ("description_text", "p"), ("testimonial_content", "p"), ("html", "div"),
                     ("text", "p")):  # fmt: skip
        value = said.get(key)
        if isinstance(value, str) and value.strip():
            told.append(f"<{tag}>{value}</{tag}>")
    picture = said.get("image")
    if isinstance(picture, dict) and isinstance(picture.get("url"), str):
        number = html.escape(str(picture.get("id", "")))
        told.append(f'<img class="wp-image-{number}" src="{html.escape(picture["url"])}">')
    for key in ("tabs", "icon_list"):
        rows = said.get(key)
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict):
                parts = (row.get("tab_title"), row.get("tab_content"), row.get("text"))
                told += [f"<p>{part}</p>" for part in parts if isinstance(part, str)]
    return "".join(told)
