"""The magazine as files: every page a reader finds by links, with what it needs, offline.

Pages are asked for in process, as a visitor without a cookie would. Links between
exported pages become relative; links to the rest of the site become whole
addresses; nothing else is changed.
"""

import html
import posixpath
import re
from collections import deque
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from stepwell.cli.exporting import Told

ROOMS = frozenset({"magazine", "crisis"})
PAGES = frozenset({"web:about", "web:what_this_is", "web:privacy", "web:disclaimer", "web:sitemap"})
NEEDED = ("/static/", "/media/", "/design/")
_ADDRESS = re.compile(r'(<[a-z][^<>]*?\s(?:href|src|action)=")([^"]*)(")')
_SRCSET = re.compile(r'(\ssrcset=")([^"]*)(")')
_IN_STYLE = re.compile(r"""(url\(\s*["']?)([^"')]+)(["']?\s*\))""")
_WHOLE = re.compile(r'<link rel="canonical"|<form\b|<meta ')


class Got(NamedTuple):
    """One answer of the site."""

    kind: str
    content: bytes


class Site:
    """Answers requests in process."""

    def __init__(self) -> None:
        self.handler = BaseHandler()
        self.handler.load_middleware()
        where = urlsplit(settings.SITE_URL)
        self.scheme, self.host = where.scheme, where.netloc

    def get(self, path: str) -> Got | None:
        """Return what stands at a path, or None where nothing does."""
        response = self.handler.get_response(WSGIRequest(self._environment(path)))
        content = _content(response)
        request_finished.disconnect(close_old_connections)  # one connection for all pages
        response.close()
        request_finished.connect(close_old_connections)
        if response.status_code != 200:
            return None
        return Got(response.headers.get("Content-Type", "").split(";")[0], content)

    def _environment(self, path: str) -> dict[str, object]:
        name, _, port = self.host.partition(":")
        return {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote(path),
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": name,
            "SERVER_PORT": port or {"https": "443"}.get(self.scheme, "80"),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": self.host,
            "wsgi.url_scheme": self.scheme,
            "wsgi.input": BytesIO(),
        }


def write(folder: Path, told: Told) -> int:
    """Write every page and file below `folder`; return how many there are."""
    site = Site()
    waiting, seen, count = deque(["/"]), {"/"}, 0
    while waiting:
        path = waiting.popleft()
        got = site.get(path)
        if got is None:
            continue
        told(path)
        content, links = rewritten(got, path)
        target = folder / file_of(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        count += 1
        for link in links:
            if link not in seen:
                seen.add(link)
                waiting.append(link)
    return count


def rewritten(got: Got, path: str) -> tuple[bytes, list[str]]:
    """Return a file with its addresses made relative, and the paths it needs or links to."""
    links: list[str] = []

    def one(before: str, address: str, after: str) -> str:
        return f"{before}{html.escape(_address(html.unescape(address), path, links))}{after}"

    def in_tag(found: re.Match[str]) -> str:
        if _WHOLE.match(found[1]):
            return f"{found[1]}{whole(found[2])}{found[3]}"
        return one(found[1], found[2], found[3])

    def in_set(found: re.Match[str]) -> str:
        told = (part.split() for part in found[2].split(","))
        parts = [" ".join([one("", words[0], ""), *words[1:]]) for words in told if words]
        return f"{found[1]}{', '.join(parts)}{found[3]}"

    def in_style(found: re.Match[str]) -> str:
        return f"{found[1]}{_address(found[2], path, links)}{found[3]}"

    if got.kind == "text/html":
        text = got.content.decode("utf-8")
        return _SRCSET.sub(in_set, _ADDRESS.sub(in_tag, text)).encode(), links
    if got.kind == "text/css":
        return _IN_STYLE.sub(in_style, got.content.decode("utf-8")).encode(), links
    return got.content, links


def _address(address: str, path: str, links: list[str]) -> str:
    """Return an address as the exported file at `path` should have it; note what to fetch."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not (parts.path or parts.query):
        return address
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path) or "/", parts.path))
    target = f"{target}/" if parts.path.endswith("/") and target != "/" else target
    if not is_exported(target) or parts.query:
        return whole(target + (f"?{parts.query}" if parts.query else ""))
    links.append(target)
    here = posixpath.dirname(file_of(path)) or "."
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return posixpath.relpath(file_of(target), here) + fragment


def whole(address: str) -> str:
    """Return a path of the site as a whole address."""
    return f"{settings.SITE_URL.rstrip('/')}{address}" if address.startswith("/") else address


def is_exported(path: str) -> bool:
    """Return whether a path belongs to the magazine, or to what its pages need."""
    if path.startswith(NEEDED):
        return True
    try:
        found = resolve(unquote(path))
    except Resolver404:
        return False
    return found.namespace in ROOMS or found.view_name in PAGES


def file_of(path: str) -> str:
    """Return the file in which a path is kept."""
    inside = unquote(path).lstrip("/")
    return f"{inside}index.html" if not inside or inside.endswith("/") else inside


def _content(response: HttpResponseBase) -> bytes:
    if getattr(response, "streaming", False):
        return b"".join(response)  # type: ignore[attr-defined]
    return bytes(getattr(response, "content", b""))
