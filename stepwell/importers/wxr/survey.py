"""The first pass: every file is read to its end, checked, and what later steps need is noted.

Nothing is written to the site before every file was read to its end, so a broken
one leaves nothing half imported.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from stepwell.importers.wxr.fetch import opened
from stepwell.importers.wxr.links import host_of
from stepwell.importers.wxr.read import read
from stepwell.importers.wxr.records import Entry, Item, SiteFacts, Term, Writer
from stepwell.importers.wxr.repair import Repaired

MOST_TERMS = 500_000


class Survey:
    """What all files together say of the site, apart from their items."""

    def __init__(self) -> None:
        self.site = SiteFacts()
        self.versions: set[str] = set()
        self.hosts: set[str] = set()
        self.terms: dict[str, Term] = {}
        self.writers: dict[str, Writer] = {}
        self.repairs: Counter[str] = Counter()
        self.first_lines: dict[str, str] = {}
        self.left_out: Counter[str] = Counter()  # comments, passwords, e-mail addresses
        self.menus: dict[str, list[str]] = {}
        self.items = 0
        self.digest = hashlib.sha256()

    @property
    def source(self) -> str:
        """Return the address that names the old site, the same for every export of it."""
        host = host_of(self.site.home)
        path = self.site.home.partition("://")[2].partition("/")[2].strip("/")
        return "/".join(filter(None, (host, path)))[:200] or "a site without an address"

    def note(self, entry: Entry) -> None:
        """Take note of anything that is not an item."""
        if isinstance(entry, SiteFacts):
            self.site = self.site if self.site.home else entry
            self.versions.add(entry.version)
            self.hosts.add(host_of(entry.home))
        elif isinstance(entry, Term) and len(self.terms) < MOST_TERMS:
            self.terms.setdefault(entry.slug.lower(), entry)
        elif isinstance(entry, Writer):
            self.writers.setdefault(entry.login, entry)

    def note_item(self, item: Item) -> None:
        """Count what an item holds that is never imported."""
        self.items += 1
        self.left_out["comments"] += item.comments
        self.left_out["passwords"] += item.has_password
        if item.kind == "nav_menu_item":
            self._note_menu(item)

    def _note_menu(self, item: Item) -> None:
        menu = next((one.name for one in item.labels if one.domain == "nav_menu"), "menu")
        told = item.title or item.meta.get("_menu_item_url") or item.meta.get("_menu_item_object")
        if len(self.menus.setdefault(menu, [])) < 200 and told:
            self.menus[menu].append(told[:120])

    def note_repairs(self, file: str, repaired: Repaired) -> None:
        """Add what had to be mended in one file."""
        self.repairs.update(repaired.counts)
        for what, line in repaired.first_line.items():
            self.first_lines.setdefault(what, f"{file}: line {line}")


class Hashed:
    """A stream that keeps a fingerprint of what went through it."""

    def __init__(self, stream: BinaryIO, digest: Any, told: Callable[[int], None]) -> None:
        self.stream, self.digest, self.told = stream, digest, told

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        raw = self.stream.read(size)
        self.digest.update(raw)
        self.told(len(raw))
        return raw


def entries(
    paths: list[Path], survey: Survey | None, told: Callable[[int], None]
) -> Iterator[Entry]:
    """Yield what all files hold, as one; with a survey, note repairs and fingerprint there."""
    number = 0
    for path in paths:
        with opened(path) as stream:
            digest = survey.digest if survey else hashlib.sha256()
            repaired = Repaired(Hashed(stream, digest, told))  # type: ignore[arg-type]
            for entry in read(stream, path.name, repaired):
                if isinstance(entry, Item):
                    number += 1
                    entry.number = number
                yield entry
        if survey:
            survey.note_repairs(path.name, repaired)
