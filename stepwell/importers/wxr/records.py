"""What a WordPress export is read into. Plain values; nothing here knows our pages."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Term:
    """One category, tag or other term that the export declares."""

    domain: str  # category, post_tag, or another taxonomy
    slug: str
    name: str
    parent: str = ""  # the slug of the category above


@dataclass(frozen=True, slots=True)
class Writer:
    """One author. The e-mail address in the file is never read into it."""

    login: str
    name: str


@dataclass(frozen=True, slots=True)
class Label:
    """One taxonomy term on an item."""

    domain: str
    slug: str
    name: str


@dataclass(slots=True)
class Item:
    """One <item> as the file has it. Comments, addresses and passwords are counted, not kept."""

    line: int
    file: str = ""
    number: int = 0  # its place in all the files together, from 1
    title: str = ""
    link: str = ""
    guid: str = ""
    creator: str = ""
    content: str = ""
    excerpt: str = ""
    post_id: str = ""
    date: str = ""
    date_gmt: str = ""
    modified: str = ""
    modified_gmt: str = ""
    published: str = ""  # pubDate, as written
    slug: str = ""
    status: str = ""
    kind: str = ""  # post_type
    parent: str = ""
    sticky: bool = False
    has_password: bool = False
    attachment_url: str = ""
    labels: list[Label] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)
    comments: int = 0


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What the channel says of the site it was exported from."""

    title: str = ""
    home: str = ""  # base_blog_url, or link
    version: str = ""
    language: str = ""


Entry = Item | Term | Writer | SiteFacts
Counts = Counter[str]
