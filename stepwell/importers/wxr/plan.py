"""What will become of each item: decided in the first pass, before anything is written."""

import hashlib
import re
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.text import slugify
from wagtail.coreutils import string_to_ascii

from stepwell.apps.magazine.models import Fate
from stepwell.importers.wxr import serialized
from stepwell.importers.wxr.index import FoundPicture, Index, Planned
from stepwell.importers.wxr.links import normal, original
from stepwell.importers.wxr.mapping import Sorter
from stepwell.importers.wxr.records import Item

LONGEST_SLUG = 200
OPEN = ""  # no fate yet
_READABLE = {"publish", "draft", "pending", "private", "future", ""}
_LEFT_OUT = {
    "revision": "an older version of a text",
    "nav_menu_item": "menus are proposed in the report, not applied",
    "oembed_cache": "a copy of somebody else's page",
    "custom_css": "the look of the old site",
    "customize_changeset": "the look of the old site",
    "wp_template": "the look of the old site",
    "wp_template_part": "the look of the old site",
    "wp_global_styles": "the look of the old site",
    "wp_navigation": "menus are proposed in the report, not applied",
    "wp_font_family": "the look of the old site",
    "wp_font_face": "the look of the old site",
    "user_request": "a request of a person about their data",
    "elementor_library": "a template of a page builder",
}
_NO_PICTURE = "no article that is imported shows it"


def key_of(item: Item) -> str:
    """Return what identifies an item for ever: its type, id, and a hash of its first address."""
    address = item.guid or normal(item.link) or item.title
    return (
        f"{item.kind[:24]}:{item.post_id[:16]}:{hashlib.sha256(address.encode()).hexdigest()[:24]}"
    )


def digest_of(item: Item) -> str:
    """Return a hash of what an item says, to tell a copy from a different text."""
    told = (item.title, item.content, item.excerpt, item.slug, item.attachment_url)
    return hashlib.sha256("\0".join(told).encode("utf-8", errors="replace")).hexdigest()


class Planner:
    """Plans items in the order of the files."""

    def __init__(self, index: Index, sorter: Sorter) -> None:
        self.index, self.sorter = index, sorter

    def plan(self, item: Item) -> None:
        """Write down what is known of one item after the first pass."""
        item.kind = item.kind or "post"
        key, digest = key_of(item), digest_of(item)
        fate, reason, section, slug = self._decide(item, key, digest)
        self.index.add(
            Planned(
                item.number, key, item.kind[:40], item.post_id, item.parent, fate, reason,
                section, slug, digest, item.file, item.line,
            )
        )  # fmt: skip
        if section and fate == OPEN:
            for address in addresses_of(item):
                self.index.add_address(normal(address), item.number)
        elif item.kind == "attachment" and fate == OPEN:
            self.index.add_picture(picture_of(item))
        elif item.kind == "wp_block" and fate == OPEN:
            self.index.add_reusable(item.post_id, item.number, item.content)

    def _decide(self, item: Item, key: str, digest: str) -> tuple[str, str, str, str]:
        twin = self.index.first_with_key(key)
        if twin is not None:
            return self._twin(twin, digest)
        if item.kind in {"attachment", "wp_block"}:
            return OPEN, "", "", ""
        if why := left_out(item):
            return Fate.SKIPPED, why, "", ""
        return self._place(item, key)

    def _twin(self, twin: Planned, digest: str) -> tuple[str, str, str, str]:
        if twin.digest == digest:
            return Fate.MERGED, f"the same as item {twin.number}", "", ""
        why = f"it has the id and address of item {twin.number} but says something else"
        return Fate.SKIPPED, why, "", ""

    def _place(self, item: Item, key: str) -> tuple[str, str, str, str]:
        self.sorter.count(item.labels)
        known = self.index.known(key)
        if known is not None:
            section, slug, gone = known
            if gone:
                return Fate.SKIPPED, "imported before and deleted by an editor since", "", ""
            return OPEN, "", section, slug
        if item.kind not in {"post", "page"} and item.kind not in self.sorter.map.types:
            why = f"the map names no section for items of type {item.kind[:40]}"
            return Fate.SKIPPED, why, "", ""
        section = self.sorter.section(item.labels, item.kind)
        if not section:
            why = "none of its categories leads to a section; name one in the map, or a fallback"
            return Fate.SKIPPED, why, "", ""
        return OPEN, "", section, self._free_slug(section, item)

    def _free_slug(self, section: str, item: Item) -> str:
        base = slug_of(item)
        slug, count = base, 2
        while not self.index.take(section, slug):
            slug, count = f"{base}-{count}", count + 1
        return slug


def left_out(item: Item) -> str:
    """Return why an item is never an article, or ""."""
    if item.kind in _LEFT_OUT:
        return _LEFT_OUT[item.kind]
    if item.status in {"trash", "auto-draft"}:
        return "in the bin of the old site" if item.status == "trash" else "an empty draft"
    if item.status not in _READABLE:
        return f"its status is {item.status[:40]}"
    has_builder = bool(item.meta.get("_elementor_data"))
    if not item.content.strip() and not item.excerpt.strip() and not has_builder:
        return "it has no text"
    return ""


def slug_of(item: Item) -> str:
    """Return an address of small letters, figures and hyphens; other scripts become ours."""
    for told in (unquote(item.slug), item.title):
        slug: str = slugify(string_to_ascii(told))[:LONGEST_SLUG].strip("-_")
        if slug:
            return slug
    return f"post-{item.post_id}" if item.post_id.isdigit() else f"post-{item.number}"


def addresses_of(item: Item) -> list[str]:
    """Return every address at which the old site answered with this item."""
    found = [item.link] if item.link else []
    if item.post_id.isdigit():
        name = {"page": "page_id", "attachment": "attachment_id"}.get(item.kind, "p")
        found += [f"/?{name}={item.post_id}"]
        found += [f"/?p={item.post_id}"] if name != "p" else []
    if item.guid.startswith(("http://", "https://")) and item.kind != "attachment":
        found.append(item.guid)
    base = urlsplit(item.link).path.rstrip("/") if "?" not in item.link else ""
    for old in item.meta.get("_wp_old_slug", "").split():
        if base:
            found.append(f"{base.rpartition('/')[0]}/{old}/")
    return list(dict.fromkeys(found))


def picture_of(item: Item) -> FoundPicture:
    """Return an attachment as the index keeps it."""
    url = item.attachment_url or item.guid
    return FoundPicture(
        post_id=item.post_id,
        number=item.number,
        path=original(item.meta.get("_wp_attached_file") or url),
        url=url,
        alt=honest_alt(item.meta.get("_wp_attachment_image_alt", ""), url),
        caption=item.excerpt,
        title=item.title,
        parent=item.parent,
        link=item.link,
        used=0,
    )


_EMPTY_ALT = re.compile(
    r"blank|image|img|picture|photo|untitled|null|alt|(?:img|dsc|image|screenshot)[\W_]*\d[\w\W]*",
    re.IGNORECASE,
)


def honest_alt(alt: str, address: str) -> str:
    """Return an alternative text that describes something, or ""."""
    alt = " ".join(alt.split())[:240]
    name = unquote(address.rpartition("/")[2].rpartition(".")[0])
    bare = slugify(alt)
    return "" if _EMPTY_ALT.fullmatch(alt) or bare == slugify(name) else alt


def other_sizes(item: Item) -> list[str]:
    """Return the file names of the resized copies that an attachment's meta lists."""
    try:
        found = serialized.loads(item.meta.get("_wp_attachment_metadata", ""))
    except serialized.NotSerialized:
        return []
    sizes: Any = found.get("sizes") if isinstance(found, dict) else None
    told = sizes.values() if isinstance(sizes, dict) else ()
    return [str(one["file"]) for one in told if isinstance(one, dict) and "file" in one]
