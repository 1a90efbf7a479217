"""From a stored picture to what a row keeps of it: files made at publish, never at a page view."""

from typing import Any

from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import AbstractImage, AbstractRendition, Filter, SourceImageIOError

WIDTHS = (320, 640, 1280)
# The best first: browsers take the first that they know. JPEG is what the img element names.
_FORMATS = {
    "image/avif": "format-avif",
    "image/webp": "format-webp",
    "image/jpeg": "format-jpeg",
}


def picture(image: AbstractImage | None, *, alt: str, decorative: bool) -> dict[str, Any]:
    """Return what `design/components/_picture.html` needs; empty where there is no picture.

    Makes the files that are missing. A picture whose file was lost counts as none.
    """
    if image is None:
        return {}
    widths = _widths(image.width)
    specs = {kind: [f"width-{width}|{rest}" for width in widths] for kind, rest in _FORMATS.items()}
    try:
        made = _made(image, [spec for some in specs.values() for spec in some])
    except (SourceImageIOError, InvalidFilterSpecError):
        return {}
    sets = {kind: [made[spec] for spec in some] for kind, some in specs.items()}
    fallback = sets.pop("image/jpeg")
    return {
        "alt": "" if decorative else alt,
        "decorative": decorative,
        "url": fallback[-1].url,
        "width": fallback[-1].width,
        "height": fallback[-1].height,
        "srcset": _srcset(fallback),
        "sources": [{"type": kind, "srcset": _srcset(some)} for kind, some in sets.items()],
    }


def cover(page: Any) -> dict[str, Any]:
    """Return the cover of an article, or nothing: then cover art is drawn."""
    return picture(page.cover_image, alt=page.cover_alt, decorative=page.cover_decorative)


def _made(image: AbstractImage, specs: list[str]) -> dict[str, AbstractRendition]:
    """Return the renditions, those that are missing made now and their temporary files closed."""
    filters = [Filter(spec) for spec in specs]
    found = {one.spec: known for one, known in image.find_existing_renditions(*filters).items()}
    for one in filters:
        if one.spec not in found:
            file = image.generate_rendition_file(one)
            found[one.spec], _ = image.renditions.get_or_create(
                filter_spec=one.spec,
                focal_point_key=one.get_cache_key(image),
                defaults={"file": file},
            )
            file.close()
    return found


def _widths(own: int) -> list[int]:
    """Return the widths worth making: no picture is blown up, none is made twice."""
    return [*(width for width in WIDTHS if width < own), *([own] if own <= WIDTHS[-1] else [])]


def _srcset(some: list[AbstractRendition]) -> str:
    return ", ".join(f"{one.url} {one.width}w" for one in some)
