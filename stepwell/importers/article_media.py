"""Puts the pictures of an article where they are shown, each stored once."""

import hashlib
from collections import OrderedDict
from typing import Any, NamedTuple

from stepwell.apps.magazine.models import ArticleImport, Fate, ImportedItem
from stepwell.importers import article_pictures
from stepwell.importers.cleaning import line
from stepwell.importers.wxr.draft import Draft
from stepwell.importers.wxr.index import FoundPicture, Index
from stepwell.importers.wxr.links import host_of, original
from stepwell.importers.wxr.media import Media, is_plain
from stepwell.importers.wxr.plan import honest_alt
from stepwell.importers.wxr.shaped import LONGEST_CAPTION, Picture, cut

MOST_REMEMBERED = 5_000
_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif")


class Placed(NamedTuple):
    """One picture of an article: what it became, or why it is missing."""

    key: str  # of the picture in its source; "" when it is missing
    image_id: int | None
    alt: str
    caption: str
    addresses: tuple[str, ...] = ()  # of its own page on the old site
    missing: str = ""

    def value(self) -> dict[str, Any] | None:
        """Return the value of a picture block, or None when there is nothing to show."""
        if not self.key:
            return None
        picture = {"image": self.image_id, "alt_text": self.alt, "decorative": False}
        return {"picture": picture, "caption": self.caption}


NOTHING = Placed("", None, "", "")


class Got(NamedTuple):
    """What is known of a picture's file."""

    image_id: int | None
    fate: Fate
    reason: str


class Shelf:
    """Finds and stores pictures for one run; without a run it only looks (a dry run)."""

    def __init__(
        self,
        index: Index,
        media: Media,
        source: str,
        hosts: frozenset[str],
        run: ArticleImport | None,
    ) -> None:
        self.index, self.media, self.source, self.run = index, media, source, run
        self.hosts = hosts
        self.remembered: OrderedDict[str, Got] = OrderedDict()
        self.seen: set[str] = set()  # fingerprints, in a dry run

    def forget(self) -> None:
        """Forget what was stored: it was taken back with the article that shows it."""
        self.remembered.clear()

    def place(self, draft: Draft) -> list[Placed]:
        """Return the cover and the pictures of a draft in their order; note what is missing."""
        cover = Picture(draft.cover, "", "", "") if draft.cover.isdigit() else None
        shown = [one for one in draft.blocks if isinstance(one, Picture)]
        placed = [self._place(cover) if cover else NOTHING]
        placed += [self._place(one) for one in shown]
        for one in placed[not cover :]:
            if one.missing:
                draft.notes.media[one.missing] += 1
            elif not one.alt:
                draft.notes.changed["pictures without an alternative text"] += 1
        return placed

    def _place(self, picture: Picture) -> Placed:
        path = original(picture.src) if self._is_ours(picture.src) else ""
        found = self.index.picture(picture.post_id, path)
        if found is None and not path:
            return missing(f"picture of another site: {host_of(picture.src)}", picture)
        if found is not None:
            self.index.use_picture(found.post_id)
        key = self.index.planned(found.number).key if found else path_key(path)
        got = self._get(key, found, path, picture.src)
        if found is not None and got.fate != "":
            self.index.settle(found.number, got.fate, got.reason)
        if got.image_id is None and got.fate == Fate.SKIPPED:
            return missing(f"{(found.path if found else path)[-60:]}: {got.reason}", picture)
        alt = honest_alt(picture.alt, picture.src) or (found.alt if found else "")
        caption = picture.caption or (line(found.caption) if found else "")
        addresses = pages_of(found) if found else ()
        return Placed(key, got.image_id, alt, cut(caption, LONGEST_CAPTION), addresses)

    def _is_ours(self, src: str) -> bool:
        host = host_of(src)
        return bool(src) and (not host or host in self.hosts or host.endswith(".wp.com"))

    def _get(self, key: str, found: FoundPicture | None, path: str, src: str) -> Got:
        if key in self.remembered:
            self.remembered.move_to_end(key)
            return self.remembered[key]
        got = self._known(key) or self._read(key, found, path, src)
        self.remembered[key] = got
        if len(self.remembered) > MOST_REMEMBERED:
            self.remembered.popitem(last=False)
        return got

    def _known(self, key: str) -> Got | None:
        item = ImportedItem.objects.filter(source=self.source, key=key).first()
        if item is None:
            return None
        if item.image_id is None:
            return Got(None, Fate.SKIPPED, "imported before and deleted by an editor since")
        if self.run is not None and item.made_by_id == self.run.pk:
            return Got(item.image_id, Fate.IMPORTED, "")
        return Got(item.image_id, Fate.MERGED, f"imported before (import {item.made_by_id})")

    def _read(self, key: str, found: FoundPicture | None, path: str, src: str) -> Got:
        if not (found.path if found else path).lower().endswith(_ENDINGS):
            return Got(None, Fate.SKIPPED, "it is no picture, and documents are not imported")
        raw = next(
            (raw for one in names_of(found, path, src) if (raw := self.media.read(one))), None
        )
        if raw is None:
            return Got(None, Fate.SKIPPED, "its file is not in the media folder")
        written = article_pictures.rewritten(raw)
        if isinstance(written, str):
            return Got(None, Fate.SKIPPED, f"its file cannot be used: {written}")
        if self.run is None:
            return self._as_if(written[0])
        image, new = article_pictures.stored(
            *written, line(found.title) if found else path, found.alt if found else ""
        )
        if not new:
            return Got(image.pk, Fate.MERGED, "the same picture is there already")
        ImportedItem.objects.create(
            source=self.source, key=key, made_by=self.run, image=image, content_hash=image.file_hash
        )
        return Got(image.pk, Fate.IMPORTED, "")

    def _as_if(self, raw: bytes) -> Got:
        """Return what would become of a picture."""
        fingerprint = article_pictures.fingerprint(raw)
        if article_pictures.find(raw) or fingerprint in self.seen:
            return Got(None, Fate.MERGED, "the same picture is there already")
        self.seen.add(fingerprint)
        return Got(None, Fate.IMPORTED, "")


def missing(why: str, picture: Picture) -> Placed:
    """Return what stands for a picture that is not there."""
    return Placed("", None, picture.alt, picture.caption, missing=why)


def path_key(path: str) -> str:
    """Return the key of a picture that no attachment of the export names."""
    return f"file:{hashlib.sha256(path.encode()).hexdigest()[:40]}"


def names_of(found: FoundPicture | None, path: str, src: str) -> list[str]:
    """Return the paths below uploads/ to look at: the original, then the copies that may remain."""
    names: list[str] = []
    for one in (found.path if found else "", path):
        stem, dot, ending = one.rpartition(".")
        if one:
            names += [one, f"{stem}-scaled{dot}{ending}", f"{stem}-1024x768{dot}{ending}"]
    if src:
        names.append(src.partition("wp-content/uploads/")[2].split("?")[0])
    return [one for one in dict.fromkeys(names) if is_plain(one)]


def pages_of(found: FoundPicture) -> tuple[str, ...]:
    """Return the addresses at which the old site showed an attachment alone."""
    told = [found.link] if found.link else []
    return (*told, f"/?attachment_id={found.post_id}") if found.post_id.isdigit() else tuple(told)
