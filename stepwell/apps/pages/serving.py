"""The thin layer before Django: a kept page is answered from memory or disk, nothing else runs.

What it cannot answer exactly it leaves alone: another method, a query, another host, plain
http where https is due. A page whose files do not have the hashes of its head is not served,
and none where changes of other processes and hosts were not followed just now.
"""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from time import time
from typing import Any, NamedTuple

from stepwell.apps.pages import files

DAY = 86_400
MOST_IN_MEMORY = 64 * 1024 * 1024  # bytes of bodies
UNFOLLOWED = 3.0  # seconds after which nobody is believed to follow changes here
RESTS = 10.0  # seconds until the database is asked again where it did not answer
Headers = list[tuple[str, str]]


class Answer(NamedTuple):
    """A response: the route it stands for, its status line, headers and body."""

    route: str
    status: str
    headers: Headers
    body: bytes


@dataclass(frozen=True)
class Page:
    """A page in memory."""

    sign: tuple[int, int]  # of the head's file, so that a newer one is seen
    route: str
    until: float  # seconds since 1970 at which it ends
    headers: Headers
    forms: dict[str, tuple[str, bytes]]  # by encoding: ETag and body


class Shelf:
    """The kept pages of one folder, as this process serves them."""

    def __init__(
        self, root: Path, *, hosts: Iterable[str], https: bool, look: Callable[[], bool]
    ) -> None:
        self.files, self.heads = root / "files", root / "heads"
        self._watched, self._look, self._sure_until = root / "watched", look, 0.0
        self.hosts, self.https = frozenset(hosts), https
        self._pages: dict[str, Page] = {}
        self._bytes = 0

    def answer(self, environ: dict[str, Any]) -> Answer | None:
        """Return the answer to a request, or None where Django has to give it."""
        if environ.get("QUERY_STRING") or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return None
        if not self._is_ours(environ) or not self._is_followed():
            return None
        page = self._page(environ["PATH_INFO"])
        if page is None or time() >= page.until:
            return None
        etag, encoding, body = _form(page, environ.get("HTTP_ACCEPT_ENCODING", ""))
        if _knows(environ.get("HTTP_IF_NONE_MATCH", ""), etag):
            return Answer(page.route, "304 Not Modified", [*page.headers, ("ETag", etag)], b"")
        told = [*page.headers, ("ETag", etag), ("Content-Length", str(len(body)))]
        if encoding:
            told.append(("Content-Encoding", encoding))
        return Answer(
            page.route, "200 OK", told, b"" if environ["REQUEST_METHOD"] == "HEAD" else body
        )

    def _is_ours(self, environ: dict[str, Any]) -> bool:
        if self.https and environ.get("HTTP_X_FORWARDED_PROTO") != "https":
            return False
        return environ.get("HTTP_HOST", "") in self.hosts

    def _is_followed(self) -> bool:
        """Say whether changes were followed just now; where they were not, follow them."""
        now = time()
        if now < self._sure_until:
            return True
        last = self._last_followed()
        if now >= last + UNFOLLOWED:
            self._sure_until = now + RESTS  # for the others, meanwhile and if nobody answers
            if not self._look():
                self._sure_until = 0.0
                return False
            last = self._last_followed()
        if now < last + UNFOLLOWED:
            self._sure_until = min(last, now) + UNFOLLOWED
        return True

    def _last_followed(self) -> float:
        try:
            return os.stat(self._watched).st_mtime
        except OSError:
            return 0.0

    def _page(self, path: str) -> Page | None:
        if "/." in path or "\\" in path or "\0" in path or not path.startswith("/"):
            return None
        head = f"{self.heads}/{files.file_of(path)}"
        try:
            found = os.stat(head)
        except OSError:
            return None
        sign = (found.st_mtime_ns, found.st_ino)
        page = self._pages.get(path)
        if page is None or page.sign != sign:
            page = self._load(path, head, sign)
        return page

    def _load(self, path: str, head: str, sign: tuple[int, int]) -> Page | None:
        file = self.files / files.file_of(path)
        try:
            told = json.loads(Path(head).read_bytes())
            bodies = {
                form: file.with_name(file.name + files.SUFFIXES.get(form, "")).read_bytes()
                for form in told["forms"]
            }
        except OSError:
            return None
        if any(sha256(bodies[form]).hexdigest() != told["forms"][form] for form in bodies):
            return None
        forms = {form: (f'"{told["forms"][form][:32]}"', body) for form, body in bodies.items()}
        headers = [(name, value) for name, value in told["headers"]]
        page = Page(sign, told["route"], _end_of(date.fromisoformat(told["until"])), headers, forms)
        self._remember(path, page)
        return page

    def _remember(self, path: str, page: Page) -> None:
        self._bytes += sum(len(body) for _, body in page.forms.values())
        if self._bytes > MOST_IN_MEMORY:
            self._pages, self._bytes = {}, 0
        self._pages[path] = page


def _form(page: Page, accepted: str) -> tuple[str, str, bytes]:
    """Return ETag, encoding and body of the form a browser takes: it weighs, we choose."""
    taken = {one.partition(";")[0].strip() for one in accepted.split(",") if not _refused(one)}
    for encoding in files.SUFFIXES:
        if encoding in taken and encoding in page.forms:
            return page.forms[encoding][0], encoding, page.forms[encoding][1]
    return page.forms[""][0], "", page.forms[""][1]


def _refused(one: str) -> bool:
    weight = one.partition(";")[2].replace(" ", "")
    return weight in {"q=0", "q=0.0", "q=0.00", "q=0.000"}


def _knows(told: str, etag: str) -> bool:
    return bool(told) and (
        told.strip() == "*" or etag in {one.strip().removeprefix("W/") for one in told.split(",")}
    )


def _end_of(day: date) -> float:
    """Return the moment (UTC, seconds) at which a day is over."""
    return (day.toordinal() - date(1970, 1, 1).toordinal() + 1) * float(DAY)
