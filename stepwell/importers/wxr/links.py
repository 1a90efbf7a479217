"""What becomes of addresses in a text: own pages, tracking words, everything else."""

import html
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

from stepwell.importers.wxr.notes import Notes

FindPage = Callable[[str], str]  # an old address on the site: our path, or ""
_TRACKING = re.compile(
    r"utm_\w+|fbclid|gclid|gclsrc|dclid|msclkid|mc_[ce]id|igshid|_ga|_gl|yclid|twclid|ttclid|"
    r"wbraid|gbraid|mkt_tok|oly_\w+|_hs\w+|vero_\w+|ref_src",
    re.IGNORECASE,
)
_TRACKERS = (
    "facebook.com/tr", "google-analytics.com", "doubleclick.net", "googletagmanager.com",
    "pixel.wp.com", "stats.wordpress.com", "feeds.wordpress.com", "b.wordpress.com",
    "scorecardresearch.com", "quantserve.com", "amazon-adsystem.com", "bat.bing.com",
    "px.ads.linkedin.com", "ct.pinterest.com", "vg08.met.vgwort.de", "t.co/i/adsct",
)  # fmt: skip
_VG_WORT = re.compile(r"//[\w.]*met\.vgwort\.de/")
_NOT_SHOWN = {"0", "1", "2", "0px", "1px", "2px"}
_PROXY = re.compile(r"^//i[0-3]\.wp\.com/")
_RESIZED = re.compile(r"-(?:\d{2,5}x\d{2,5}|scaled|rotated|e\d{9,14})(?=\.[A-Za-z]{3,4}$)")


class LinkRule:
    """Rewrites what a link says. `hosts` are the names of the site that was exported."""

    def __init__(self, hosts: frozenset[str], find_page: FindPage) -> None:
        self.hosts, self.find_page = hosts, find_page

    def rewrite(self, address: str, notes: Notes) -> str:
        """Return the address to link to, or "" where there should be no link."""
        address = address.strip()
        if not address or address.startswith("#"):
            return ""
        if address.startswith(("mailto:", "tel:")):
            return address
        try:
            parts = urlsplit(address)
            host = (parts.hostname or "").lower()
        except ValueError:
            return ""
        if not host or bare(host) in self.hosts:
            return self._own(address, host, notes)
        return without_tracking(address, notes) if parts.scheme in {"http", "https"} else ""

    def _own(self, address: str, host: str, notes: Notes) -> str:
        found = self.find_page(address)
        if found:
            notes.changed["links to pages of the old site, now ours"] += 1
            return found
        notes.changed["links to pages of the old site that were not imported"] += 1
        return without_tracking(address, notes) if host else ""


def without_tracking(address: str, notes: Notes) -> str:
    """Return the address without the words that follow people."""
    parts = urlsplit(address)
    if not parts.query:
        return address
    told = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in told if not _TRACKING.fullmatch(name)]
    if len(kept) == len(told):
        return address
    notes.removed["tracking words in links"] += len(told) - len(kept)
    return urlunsplit(parts._replace(query=urlencode(kept)))


def is_pixel(src: str, width: str, height: str) -> bool:
    """Return whether a picture is there to follow people and not to be seen."""
    if width.strip() in _NOT_SHOWN and height.strip() in _NOT_SHOWN:
        return True
    return any(tracker in src for tracker in _TRACKERS) or bool(_VG_WORT.search(src))


def bare(host: str) -> str:
    """Return the host without www."""
    return host.lower().removeprefix("www.")


def host_of(address: str) -> str:
    """Return the bare host of an address, or ""."""
    try:
        return bare(urlsplit(address).hostname or "")
    except ValueError:
        return ""


def normal(address: str) -> str:
    """Return what identifies a page of the old site: its path, and the number it is asked by.

    http and https, www and not, with and without the last slash are the same.
    """
    try:
        parts = urlsplit(html.unescape(address.strip()))
    except ValueError:
        return ""
    asked = dict(parse_qsl(parts.query))
    for name in ("p", "page_id", "attachment_id"):
        if asked.get(name, "").isdigit():
            return f"/?{name}={int(asked[name])}"
    path = unquote(parts.path).rstrip("/").casefold()
    return path or "/"


def original(address: str) -> str:
    """Return the address of the picture that a resized copy was made from, without its host."""
    found = re.sub(r"^https?:", "", html.unescape(address.strip())).split("?")[0].split("#")[0]
    found = _PROXY.sub("//", found)
    path = unquote(found.partition("//")[2].partition("/")[2] if found.startswith("//") else found)
    path = path.lstrip("/")
    inside = path.partition("wp-content/uploads/")[2] or path.partition("/files/")[2] or path
    return without_size(inside)


def without_size(path: str) -> str:
    """Return the path without the size and the marks that WordPress adds to a name."""
    before = ""
    while before != path:
        before, path = path, _RESIZED.sub("", path)
    return path


def address_path(address: str) -> str:
    """Return the path and query of an old address, as a browser would ask for them."""
    try:
        parts = urlsplit(html.unescape(address.strip()))
    except ValueError:
        return ""
    path = quote(unquote(parts.path), safe="/-._~!$&'()*+,;=:@") or "/"
    return f"{path}?{parts.query}" if parts.query else path
