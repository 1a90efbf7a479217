"""From one item to a draft of an article: all that is written, and what was changed on the way."""

import html
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from stepwell.importers.cleaning import line
from stepwell.importers.wxr.assemble import EMAIL
from stepwell.importers.wxr.flatten import Flattener, before_more, elementor_html
from stepwell.importers.wxr.index import Index, Planned
from stepwell.importers.wxr.links import LinkRule
from stepwell.importers.wxr.moments import moment, not_later
from stepwell.importers.wxr.notes import Notes
from stepwell.importers.wxr.plan import addresses_of
from stepwell.importers.wxr.records import Item, Writer
from stepwell.importers.wxr.shape import shape
from stepwell.importers.wxr.shaped import RichPart, Shaped, cut, text_of
from stepwell.importers.wxr.trackers import list_active

LONGEST_STANDFIRST = 220
_ENTITY_TWICE = re.compile(r"&(?:amp;)+")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")
_SEO = (
    "_yoast_wpseo_metadesc", "rank_math_description",
)  # fmt: skip


@dataclass(slots=True)
class Draft:
    """An article as it will be written."""

    key: str
    number: int
    section: str
    slug: str
    title: str
    standfirst: str
    tags: list[str]
    writers: list[Writer]
    blocks: list[Shaped]
    cover: str  # the id of an attachment, or ""
    published_at: datetime | None
    changed_at: datetime | None
    addresses: list[str]
    notes: Notes = field(default_factory=Notes)


class Drafter:
    """Makes drafts. Pure but for the index it reads."""

    def __init__(
        self, index: Index, links: LinkRule, writers: dict[str, Writer], zone: str, now: datetime
    ) -> None:
        self.index, self.links, self.writers = index, links, writers
        self.zone, self.now = ZoneInfo(zone), now

    def draft(self, item: Item, planned: Planned, tags: list[str]) -> Draft:
        """Return the draft of one item."""
        notes = Notes()
        flat = self._flat(item, notes)
        list_active(flat, notes)
        first, whole = before_more(flat)
        blocks = shape(whole, notes, self.links)
        published, changed = self._dates(item, notes)
        self._note_state(item, notes)
        return Draft(
            key=planned.key,
            number=planned.number,
            section=planned.section,
            slug=planned.slug,
            title=self._title(item, notes),
            standfirst=standfirst(item, first, blocks, notes),
            tags=tags,
            writers=self._writers(item, notes),
            blocks=[*blocks, *footnotes(item, notes)],
            cover=item.meta.get("_thumbnail_id", "").strip(),
            published_at=published,
            changed_at=changed,
            addresses=addresses_of(item),
            notes=notes,
        )

    def _flat(self, item: Item, notes: Notes) -> str:
        attached = self.index.pictures_of(item.post_id) if "[gallery" in item.content else {}
        flat = Flattener(notes, self.index.reusable, attached).run(item.content)
        builder = item.meta.get("_elementor_data", "")
        if not builder or len(text_of(flat)) > 200:
            return flat
        try:
            told = elementor_html(json.loads(builder))
        except (ValueError, RecursionError):
            notes.changed["page builder data that cannot be read"] += 1
            return flat
        notes.changed["text taken from a page builder (Elementor)"] += 1
        return told if text_of(told) else flat

    def _title(self, item: Item, notes: Notes) -> str:
        title = unescaped(item.title)
        if not title:
            notes.changed["titles added to texts without one"] += 1
        return cut(title, 250) or f"Without a title ({item.post_id or item.number})"

    def _writers(self, item: Item, notes: Notes) -> list[Writer]:
        """Return who wrote it: co-authors where they are named, else the creator."""
        found = [
            Writer(f"author:{one.slug or one.name}", one.name)
            for one in item.labels
            if one.domain == "author" and one.name and not EMAIL.search(one.name)
        ]
        if found:
            return found[:8]
        login = item.creator
        known = self.writers.get(login) or Writer(login, login)
        if not known.name or EMAIL.search(known.name):
            notes.changed["names that are e-mail addresses, or missing, left out"] += 1
            return []
        return [Writer(known.login, cut(unescaped(known.name), 120))]

    def _dates(self, item: Item, notes: Notes) -> tuple[datetime | None, datetime | None]:
        published, zoned = moment(item.date_gmt, item.date, item.published, self.zone)
        changed, _ = moment(item.modified_gmt, item.modified, "", self.zone)
        if zoned:
            notes.changed[f"dates without a zone read as {self.zone.key}"] += 1
        if item.status not in {"publish", "private"}:
            return None, None
        if published is None:
            notes.changed["texts without a date"] += 1
        published = not_later(published, self.now)
        changed = not_later(changed, self.now)
        if published and (changed is None or changed < published):
            changed = published
        return published, changed

    def _note_state(self, item: Item, notes: Notes) -> None:
        """Note what has no place here and why it matters."""
        for told, words in (
            (item.status == "private", "private texts, now drafts"),
            (item.status == "pending", "texts that waited for a review, now drafts"),
            (item.status == "future", "texts with a date to come, now drafts"),
            (item.has_password, "texts behind a password, now drafts; the password is dropped"),
            (item.sticky, "texts that were pinned to the top; pin them by hand"),
            (any(one.domain == "post_format" for one in item.labels), "post formats dropped"),
            (noindex(item), "texts hidden from search engines on the old site"),
            (bool(item.meta.get("_yoast_wpseo_canonical")), "canonical addresses dropped"),
        ):
            if told:
                notes.changed[words] += 1


def noindex(item: Item) -> bool:
    """Say whether the old site asked search engines to leave this out."""
    yoast = item.meta.get("_yoast_wpseo_meta-robots-noindex", "").strip() == "1"
    return yoast or "noindex" in item.meta.get("rank_math_robots", "")


def standfirst(item: Item, first: str, blocks: list[Shaped], notes: Notes) -> str:
    """Return the summary: the excerpt, the words for search engines, or the first sentences."""
    told = [
        item.excerpt,
        *(item.meta.get(name, "") for name in _SEO if "%" not in item.meta.get(name, "")),
    ]
    for words in told:
        if plain := text_of(unescaped(words)):
            return whole_sentences(plain, notes)
    lead = text_of(first)
    if not lead:
        part = next((one for one in blocks if isinstance(one, RichPart) and one.text), None)
        lead = text_of(part.text) if part else ""
        notes.changed["summaries taken from the first sentences"] += 1
    return whole_sentences(lead, notes)


def whole_sentences(words: str, notes: Notes) -> str:
    """Return as many whole sentences as fit, or the first words where none does."""
    if len(words) <= LONGEST_STANDFIRST:
        return words
    notes.changed["summaries shortened to 220 characters"] += 1
    kept = ""
    for sentence in _SENTENCE.split(words):
        if len(kept) + len(sentence) + 1 > LONGEST_STANDFIRST:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or cut(words, LONGEST_STANDFIRST)


def footnotes(item: Item, notes: Notes) -> list[Shaped]:
    """Return the footnotes of the block editor as a last part."""
    raw = item.meta.get("footnotes", "")
    if not raw:
        return []
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        return []
    texts = [text_of(str(one.get("content", ""))) for one in told if isinstance(one, dict)]
    items = "".join(f"<li>{html.escape(one, quote=False)}</li>" for one in texts if one)
    if not items:
        return []
    notes.changed["footnotes set as a last part"] += 1
    return [RichPart("Notes", f"<ol>{items}</ol>")]


def unescaped(text: str) -> str:
    """Return one line of text without markup; entities coded twice or thrice are read once."""
    return line(html.unescape(_ENTITY_TWICE.sub("&", text)), 4000)
