"""The published magazine as plain values, for programs: one per article, and their schema."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from wagtail.images import get_image_model

from stepwell.apps.magazine.models import ArticlePage, ArticleRow

FORMAT = "stepwell-magazine-1"
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}
_DAY = {"type": ["string", "null"], "format": "date"}
_PICTURE = {
    "type": "object",
    "required": ["file", "alt", "decorative"],
    "properties": {"file": _TEXT, "alt": _TEXT, "decorative": {"type": "boolean"}},
}


def articles() -> Iterator[dict[str, Any]]:
    """Yield every published article, in the order of its address."""
    rows = ArticleRow.objects.order_by("section", "slug").select_related("text")
    for row in rows.iterator(chunk_size=200):
        page = ArticlePage.objects.select_related("cover_image").get(pk=row.page_id)
        yield article(row, page)


def article(row: ArticleRow, page: ArticlePage) -> dict[str, Any]:
    """Return one article as readers see it."""
    return {
        "url": row.url,
        "section": row.section,
        "title": row.title,
        "summary": row.standfirst,
        "authors": row.authors,
        "tags": list(row.tags),
        "first_published_at": row.published_at.isoformat(),
        "changed_on": row.changed_on.isoformat(),
        "review": {
            "state": row.review_state,
            "reviewer": row.reviewer,
            "reviewed_on": row.reviewed_on.isoformat() if row.reviewed_on else None,
            "due": row.review_due.isoformat() if row.review_due else None,
        },
        "heavy": row.heavy,
        "content_note": row.text.content_note,
        "cover": _picture(page.cover_image, page.cover_alt, page.cover_decorative),
        "blocks": [_block(one) for one in page.body],
        "references": row.text.references,
    }


def pictures() -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield the name of every stored picture that an article shows, and how to open it."""
    wanted: set[int] = set()
    for page in ArticlePage.objects.filter(row__isnull=False).iterator(chunk_size=200):
        shown = [one.value["picture"] for one in page.body if one.block_type == "figure"]
        wanted.update(one.pk for one in [page.cover_image, *shown] if one)
    for image in get_image_model().objects.filter(pk__in=wanted).order_by("pk").iterator():
        if image.file.storage.exists(image.file.name):
            yield file_of(image), partial(image.file.storage.open, image.file.name)


def file_of(image: Any) -> str:
    """Return the name under which a picture is exported."""
    return PurePosixPath(image.file.name).name


def _picture(image: Any, alt: str, decorative: bool) -> dict[str, Any] | None:
    if image is None:
        return None
    return {"file": f"pictures/{file_of(image)}", "alt": alt, "decorative": decorative}


def _block(block: Any) -> dict[str, Any]:
    value = block.value
    if block.block_type == "figure":
        shown = value["picture"]
        alt = getattr(shown, "contextual_alt_text", "") or ""
        picture = _picture(shown, alt, bool(getattr(shown, "decorative", False)))
        return {"type": "figure", "picture": picture, "caption": value["caption"]}
    return {"type": block.block_type, **block.block.get_prep_value(value)}


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the whole file."""
    review = {
        "type": "object",
        "required": ["state", "reviewer", "reviewed_on", "due"],
        "properties": {
            "state": {"enum": ["none", "current", "changed", "due"]},
            "reviewer": _TEXT,
            "reviewed_on": _DAY,
            "due": _DAY,
        },
    }
    properties: dict[str, Any] = {
        "url": _TEXT,
        "section": _TEXT,
        "title": _TEXT,
        "summary": _TEXT,
        "authors": {"type": "array", "items": {"type": "object", "required": ["name", "slug"]}},
        "tags": _TEXTS,
        "first_published_at": {"type": "string", "format": "date-time"},
        "changed_on": _DAY,
        "review": review,
        "heavy": {"type": "boolean"},
        "content_note": _TEXT,
        "cover": {"anyOf": [_PICTURE, {"type": "null"}]},
        "blocks": {"type": "array", "items": {"type": "object", "required": ["type"]}},
        "references": {"type": "array", "items": {"type": "object", "required": ["title"]}},
    }
    one = {
        "type": "object",
        "additionalProperties": False,
        "required": sorted(properties),
        "properties": properties,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "The published articles of a magazine",
        "type": "object",
        "required": ["format", "site", "address", "articles"],
        "properties": {
            "format": {"const": FORMAT},
            "site": _TEXT,
            "address": _TEXT,
            "articles": {"type": "array", "items": one},
        },
    }
