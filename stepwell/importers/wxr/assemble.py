"""Puts the parser's events together into items, terms, authors and what is said of the site."""

import re
from collections.abc import Iterator

from stepwell.importers.records import ImportRefused
from stepwell.importers.wxr.records import Entry, Item, Label, SiteFacts, Term, Writer

MOST_ITEMS = 2_000_000
MOST_META = 2_000  # of one item
LONGEST_META = 8 * 1024 * 1024
EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
# What we make use of. Everything else an item's meta may hold, addresses included, is passed over.
WANTED_META = frozenset({
    "_thumbnail_id", "_wp_attachment_image_alt", "_wp_attached_file", "_wp_old_slug",
    "_wp_attachment_metadata", "_elementor_data", "_elementor_edit_mode",
    "_yoast_wpseo_title", "_yoast_wpseo_metadesc", "_yoast_wpseo_meta-robots-noindex",
    "_yoast_wpseo_canonical", "rank_math_title", "rank_math_description", "rank_math_robots",
    "rank_math_canonical_url", "footnotes", "_menu_item_type", "_menu_item_object_id",
    "_menu_item_object", "_menu_item_url", "_menu_item_menu_item_parent",
})  # fmt: skip
_ITEM_FIELDS = {
    ("", "title"): "title",
    ("", "link"): "link",
    ("", "guid"): "guid",
    ("", "pubDate"): "published",
    ("dc", "creator"): "creator",
    ("excerpt", "encoded"): "excerpt",
    ("wp", "post_id"): "post_id",
    ("wp", "post_date"): "date",
    ("wp", "post_date_gmt"): "date_gmt",
    ("wp", "post_modified"): "modified",
    ("wp", "post_modified_gmt"): "modified_gmt",
    ("wp", "post_name"): "slug",
    ("wp", "status"): "status",
    ("wp", "post_type"): "kind",
    ("wp", "post_parent"): "parent",
    ("wp", "attachment_url"): "attachment_url",
}
_TERM_FIELDS = {
    "category": ("category_nicename", "cat_name", "category_parent"),
    "tag": ("tag_slug", "tag_name", ""),
    "term": ("term_slug", "term_name", "term_parent"),
}


class Assembler:
    """Holds the item that is being read, and what is ready to be taken."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.ready: list[Entry] = []
        self.item: Item | None = None
        self.group = ""  # author, category, tag, term or image: a child of the channel
        self.parts: dict[str, str] = {}
        self.channel: dict[str, str] = {}
        self.label: tuple[str, str] = ("", "")
        self.meta_key = ""
        self.in_comment = False
        self.items = 0
        self.told = False

    def take(self) -> Iterator[Entry]:
        """Yield what is ready and forget it."""
        ready, self.ready = self.ready, []
        return iter(ready)

    def start(self, space: str, local: str, attributes: dict[str, str], line: int) -> None:
        """Take note of an opening tag."""
        if space == "" and local == "item":
            self._tell_site()
            self.items += 1
            if self.items > MOST_ITEMS:
                raise ImportRefused(
                    f"{self.file}: it has more than {MOST_ITEMS:,} items. Split it."
                )
            self.item = Item(line=line, file=self.file)
        elif self.item is not None:
            self._start_in_item(space, local, attributes)
        elif (space == "wp" and local in {"author", *_TERM_FIELDS}) or local == "image":
            self.group, self.parts = local, {}

    def end(self, space: str, local: str, text: str) -> None:
        """Take note of a closing tag and the text before it."""
        if self.item is not None:
            self._end_in_item(self.item, space, local, text)
        elif self.group:
            self._end_in_group(space, local, text)
        elif space in {"", "wp"}:
            if local in {"title", "link", "language"} or space == "wp":
                self.channel.setdefault(local, text.strip()[:2000])
            if local == "channel":
                self._tell_site()

    def _start_in_item(self, space: str, local: str, attributes: dict[str, str]) -> None:
        if space == "wp" and local == "comment":
            self.in_comment = True
        elif space == "wp" and local == "postmeta":
            self.meta_key = ""
        elif space == "" and local in {"category", "tag"}:
            domain = attributes.get("domain", "")
            self.label = (
                domain or ("tag" if local == "tag" else ""),
                attributes.get("nicename", ""),
            )

    def _end_in_item(self, item: Item, space: str, local: str, text: str) -> None:
        if space == "" and local == "item":
            self.ready.append(item)
            self.item = None
        elif self.in_comment:
            if space == "wp" and local == "comment":
                self.in_comment, item.comments = False, item.comments + 1
        elif (space, local) in _ITEM_FIELDS:
            setattr(item, _ITEM_FIELDS[space, local], text.strip())
        elif space == "" and local in {"category", "tag"}:
            add_label(item, Label(*self.label, text.strip()))
        else:
            self._end_detail(item, space, local, text)

    def _end_detail(self, item: Item, space: str, local: str, text: str) -> None:
        if space == "content" and local == "encoded":
            item.content = text  # as it is: blanks and lines mean something
        elif space != "wp":
            return
        elif local == "meta_key":
            self.meta_key = text.strip()
        elif local == "meta_value":
            keep_meta(item, self.meta_key, text)
        elif local == "is_sticky":
            item.sticky = text.strip() == "1"
        elif local == "post_password":
            item.has_password = bool(text.strip())

    def _end_in_group(self, space: str, local: str, text: str) -> None:
        if local != self.group:
            self.parts[local] = text.strip()[:2000]
            return
        if self.group == "author":
            self.ready.append(writer_of(self.parts))
        elif self.group in _TERM_FIELDS:
            self.ready.append(_term_of(self.group, self.parts))
        self.group = ""

    def _tell_site(self) -> None:
        if self.told:
            return
        self.told = True
        said = self.channel
        home = said.get("base_blog_url") or said.get("link") or said.get("base_site_url", "")
        version = said.get("wxr_version", "")
        self.ready.append(SiteFacts(said.get("title", ""), home, version, said.get("language", "")))


def add_label(item: Item, label: Label) -> None:
    """Add a term to an item. In WXR 1.0 each stands there twice, once without a domain."""
    domain = {"": "category", "tag": "post_tag"}.get(label.domain, label.domain)
    twin = next(
        (
            at
            for at, one in enumerate(item.labels)
            if one.domain == domain and label.name.casefold() == one.name.casefold()
        ),
        None,
    )
    if twin is None:
        item.labels.append(Label(domain, label.slug, label.name))
    elif label.slug and not item.labels[twin].slug:
        item.labels[twin] = Label(domain, label.slug, label.name)


def keep_meta(item: Item, key: str, value: str) -> None:
    """Keep one meta value if it is one of those we use; old slugs are kept all, one per line."""
    if key not in WANTED_META or len(item.meta) >= MOST_META or len(value) > LONGEST_META:
        return
    if key == "_wp_old_slug" and key in item.meta:
        value = f"{item.meta[key]}\n{value}"
    item.meta[key] = value


def writer_of(parts: dict[str, str]) -> Writer:
    """Return an author by the best name that is not an e-mail address."""
    login = parts.get("author_login", "")
    first, last = parts.get("author_first_name", ""), parts.get("author_last_name", "")
    for name in (parts.get("author_display_name", ""), f"{first} {last}".strip(), login):
        if name and not EMAIL.search(name):
            return Writer(login, name)
    return Writer(login, "")


def _term_of(group: str, parts: dict[str, str]) -> Term:
    slug, name, parent = _TERM_FIELDS[group]
    domain = {"category": "category", "tag": "post_tag"}.get(group) or parts.get(
        "term_taxonomy", "term"
    )
    return Term(domain, parts.get(slug, ""), parts.get(name, ""), parts.get(parent, ""))
