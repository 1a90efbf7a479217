"""MAP.toml: where categories and tags of the old site go. A dry run proposes one."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator

from stepwell.domain import sections, tags
from stepwell.domain.sources import Frozen
from stepwell.importers.cleaning import line
from stepwell.importers.records import ImportRefused
from stepwell.importers.wxr.records import Label, Term

LONGEST_FILE = 4 * 1024 * 1024
UNSORTED = frozenset({"uncategorized", "uncategorised", "sin-categoria", "non-classe", "allgemein"})
_NOT_WORD = re.compile(r"[^\w]+")


class Map(Frozen):
    """What a host decided. Keys are slugs of the old site, as the export has them."""

    zone: str = "UTC"  # for dates that have no GMT value
    fallback: str = ""  # the section of posts whose categories name none; empty: left out
    own_hosts: tuple[str, ...] = ()  # further names of the old site
    sections: dict[str, str] = Field(default_factory=dict)  # category = section, or "" for none
    tags: dict[str, str] = Field(default_factory=dict)  # category or tag = our tag, or "" to drop
    types: dict[str, str] = Field(default_factory=dict)  # post type = section, or "" to leave out

    @field_validator("zone")
    @classmethod
    def zone_is_known(cls, name: str) -> str:
        """Refuse a zone nobody knows."""
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(
                f"there is no time zone {name!r}; write one as Europe/Athens"
            ) from error
        return name

    @field_validator("fallback")
    @classmethod
    def fallback_is_known(cls, section: str) -> str:
        """Refuse a section nobody knows."""
        return _known_section(section)

    @field_validator("sections", "types")
    @classmethod
    def sections_are_known(cls, told: dict[str, str]) -> dict[str, str]:
        """Refuse sections nobody knows."""
        return {key.lower(): _known_section(value) for key, value in told.items()}

    @field_validator("tags")
    @classmethod
    def tags_are_known(cls, told: dict[str, str]) -> dict[str, str]:
        """Refuse tags that are not in the vocabulary."""
        for value in told.values():
            if value and value not in tags.tags():
                tags.tag(value)
        return {key.lower(): value for key, value in told.items()}


def read_map(path: Path) -> Map:
    """Return the map; raise ImportRefused naming file, key and repair."""
    if path.stat().st_size > LONGEST_FILE:
        raise ImportRefused(f"{path.name}: it is larger than 4 MB. A map is a short list.")
    try:
        return Map(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ImportRefused(f"{path.name}: {error}. Nothing was changed.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ImportRefused(
            f"{path.name}: {where}: {first['msg']}. Nothing was changed."
        ) from error
    except KeyError as error:
        raise ImportRefused(f"{path.name}: tags: {error}. Nothing was changed.") from error


def _known_section(section: str) -> str:
    known = {one.id for one in sections.sections()}
    if section and section not in known:
        raise ValueError(f"there is no section {section!r}; use one of {', '.join(sorted(known))}")
    return section


def fold(word: str) -> str:
    """Return what is the same for spellings of one word: case, hyphens, entities, plural."""
    words = _NOT_WORD.sub(" ", line(line(word)).casefold().replace("_", " ")).split()
    return " ".join(_singular(one) for one in words)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 5:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _by_fold(named: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {fold(word): one for one, name in named for word in (one, name)}


class Sorter:
    """Says where an item belongs, by the map first and by equal words after it."""

    def __init__(self, map_: Map, terms: Mapping[str, Term]) -> None:
        self.map, self.terms = map_, terms
        self._sections = _by_fold((one.id, one.name) for one in sections.sections())
        self._tags = _by_fold((one.id, one.name) for one in tags.tags().values())
        self.unplaced: Counter[str] = Counter()  # labels that became nothing
        self.merged: Counter[tuple[str, str]] = Counter()  # label, our tag
        self.seen: Counter[str] = Counter()  # every category

    def section(self, labels: Iterable[Label], kind: str) -> str:
        """Return the section of an item, or "" when nothing names one."""
        if kind in self.map.types:
            return self.map.types[kind]
        for label in labels:
            if label.domain == "category" and (found := self._section_of(label)):
                return found
        return self.map.fallback

    def tags(self, labels: Iterable[Label]) -> list[str]:
        """Return our tags of an item, each once; what becomes none is counted."""
        found: dict[str, None] = {}
        for label in labels:
            if label.domain not in {"category", "post_tag"}:
                continue
            tag = self._tag_of(label)
            if tag:
                found[tag] = None
                self.merged[label.name or label.slug, tag] += 1
            elif label.domain == "post_tag" or not self._section_of(label):
                self.unplaced[label.name or label.slug] += 1
        return list(found)

    def count(self, labels: Iterable[Label]) -> None:
        """Count the categories of an item, for the proposed map."""
        self.seen.update(label.slug or label.name for label in labels if label.domain == "category")

    def _section_of(self, label: Label) -> str:
        """Return the section of a category, by its own word or by one above it."""
        slug, seen = label.slug.lower(), set()
        name = label.name
        while True:
            if slug in self.map.sections:
                return self.map.sections[slug]
            found = self._sections.get(fold(slug)) or self._sections.get(fold(name))
            if found or slug in seen or slug not in self.terms:
                return found or ""
            seen.add(slug)
            slug = self.terms[slug].parent.lower()
            name = self.terms[slug].name if slug in self.terms else ""

    def _tag_of(self, label: Label) -> str:
        slug = label.slug.lower()
        if slug in self.map.tags:
            return self.map.tags[slug]
        return self._tags.get(fold(label.name)) or self._tags.get(fold(slug)) or ""

    def proposal(self) -> str:
        """Return a map to begin with: what was found by itself, the rest for a person to fill."""
        lines = [
            "# Where the categories and tags of the old site go. Fill in, then import with --map.",
            f"# Sections: {', '.join(one.id for one in sections.sections())}",
            'zone = "UTC"  # the time zone of the old site',
            f'fallback = "{self.map.fallback}"  # the section of all other posts; empty: left out',
            "",
            "[types]",
            '# page = "news"  # other kinds of posts to import, and into which section',
            "",
            "[sections]",
        ]
        for slug, count in self.seen.most_common(400):
            found = self._section_of(Label("category", slug, slug))
            lines.append(f"{json.dumps(slug)} = {json.dumps(found)}  # {count}")
        lines += ["", "[tags]", "# left to decide; empty: dropped"]
        for word, count in self.unplaced.most_common(400):
            lines.append(f'# {json.dumps(slug_of(word))} = ""  # {count}')
        return "\n".join(lines) + "\n"

    def as_document(self) -> dict[str, Any]:
        """Return what became of the words, for the report."""
        merged: dict[str, dict[str, int]] = {}
        for (word, tag), count in self.merged.most_common(400):
            merged.setdefault(tag, {})[line(word)[:80]] = count
        dropped = {line(word)[:80]: count for word, count in self.unplaced.most_common(400)}
        return {"into_tags": merged, "dropped": dropped}


def slug_of(word: str) -> str:
    """Return a word as WordPress would write it in an address, near enough for a proposal."""
    return _NOT_WORD.sub("-", line(word).casefold()).strip("-")
