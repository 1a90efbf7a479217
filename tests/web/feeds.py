"""What makes a feed valid: what RSS 2.0 and Atom (RFC 4287) require, checked by hand."""

from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"


def is_address(text: str | None) -> bool:
    """Return whether `text` is a whole web address."""
    parts = urlsplit(text or "")
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def problems(content: bytes) -> list[str]:
    """Return what is wrong with a feed; an empty list is a valid one."""
    root = ElementTree.fromstring(content)
    return _rss(root) if root.tag == "rss" else _atom(root)


def titles(content: bytes) -> list[str]:
    """Return the titles of the entries."""
    root = ElementTree.fromstring(content)
    entries = [*root.iter("item"), *root.iter(f"{ATOM}entry")]
    return [one.findtext("title") or one.findtext(f"{ATOM}title") or "" for one in entries]


def _rss(root: Element) -> list[str]:
    found = [] if root.get("version") == "2.0" else ["version"]
    channel = root.find("channel")
    assert channel is not None
    found += [
        f"channel {name}"
        for name in ("title", "link", "description", "language")
        if not channel.findtext(name)
    ]
    found += [] if is_address(channel.findtext("link")) else ["channel link is no address"]
    own = channel.find(f"{ATOM}link")
    found += [] if own is not None and is_address(own.get("href")) else ["no link to itself"]
    found += _moment(channel.findtext("lastBuildDate"), rss=True)
    guids = [item.findtext("guid") for item in channel.iter("item")]
    found += [] if len(set(guids)) == len(guids) and all(guids) else ["guid"]
    for item in channel.iter("item"):
        guid = item.find("guid")
        found += [f"item {n}" for n in ("title", "link", "description") if not item.findtext(n)]
        found += [] if is_address(item.findtext("link")) else ["item link"]
        found += [] if guid is not None and guid.get("isPermaLink") == "false" else ["permalink"]
        found += [] if item.findtext(f"{DC}creator") else ["creator"]
        found += _moment(item.findtext("pubDate"), rss=True)
    return found


def _atom(root: Element) -> list[str]:
    found = [] if root.tag == f"{ATOM}feed" else ["no feed"]
    found += _atom_part(root)
    own = [one.get("href") for one in root.findall(f"{ATOM}link") if one.get("rel") == "self"]
    found += [] if len(own) == 1 and is_address(own[0]) else ["no link to itself"]
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    found += [] if len(set(ids)) == len(ids) else ["ids"]
    newest = max((entry.findtext(f"{ATOM}updated") or "" for entry in entries), default=None)
    found += [] if newest in {None, root.findtext(f"{ATOM}updated")} else ["updated is not newest"]
    for entry in entries:
        found += _atom_part(entry)
        found += [] if entry.findtext(f"{ATOM}author/{ATOM}name") else ["author"]
        found += _moment(entry.findtext(f"{ATOM}published"))
        found += [] if entry.findtext(f"{ATOM}summary") else ["summary"]
    return found


def _atom_part(part: Element) -> list[str]:
    found = [name for name in ("id", "title", "updated") if not part.findtext(f"{ATOM}{name}")]
    links = [one for one in part.findall(f"{ATOM}link") if one.get("rel") == "alternate"]
    found += [] if len(links) == 1 and is_address(links[0].get("href")) else ["link"]
    return found + _moment(part.findtext(f"{ATOM}updated"))


def _moment(text: str | None, *, rss: bool = False) -> list[str]:
    try:
        moment = parsedate_to_datetime(text or "") if rss else datetime.fromisoformat(text or "")
    except ValueError:
        return [f"{text!r} is no moment"]
    return [] if moment.tzinfo else [f"{text!r} has no zone"]
