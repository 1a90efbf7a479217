"""Pictures of an import: decoded, turned upright, written anew without anything else in them."""

import hashlib
import warnings
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError
from wagtail.images import get_image_model

MOST_PIXELS = 40_000_000
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}


def rewritten(raw: bytes) -> tuple[bytes, str] | str:
    """Return the picture written anew and its ending, or why it cannot be used (TRUST I1)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            picture = Pillow.open(BytesIO(raw), formats=list(FORMATS))
            if picture.width * picture.height > MOST_PIXELS:
                return "it has more than 40 million pixels"
            name = str(picture.format)
            picture.load()
            upright = ImageOps.exif_transpose(picture)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        return "it is no JPEG, PNG, WebP, GIF or AVIF, or it is damaged"
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning):
        return "it has more than 40 million pixels"
    ending = "png" if name == "GIF" else FORMATS[name]
    return _written(upright, ending), ending


def _written(picture: Any, ending: str) -> bytes:
    bare = Pillow.new(picture.mode, picture.size)
    bare.paste(picture)
    if picture.mode == "P":
        bare = picture.convert("RGBA")
    if ending == "jpg" and bare.mode not in {"RGB", "L"}:
        bare = bare.convert("RGB")
    kind = {"jpg": "JPEG"}.get(ending, ending.upper())
    out = BytesIO()
    bare.save(out, kind, **({"quality": 90} if kind in {"JPEG", "WEBP", "AVIF"} else {}))
    return out.getvalue()


def fingerprint(raw: bytes) -> str:
    """Return what Wagtail calls the hash of a file."""
    return hashlib.sha1(raw, usedforsecurity=False).hexdigest()


def find(raw: bytes) -> Any:
    """Return the image that holds exactly these bytes, or None."""
    return get_image_model().objects.filter(file_hash=fingerprint(raw)).order_by("pk").first()


def stored(raw: bytes, ending: str, title: str, description: str) -> tuple[Any, bool]:
    """Return the image of these bytes, and whether it is new. The same bytes are stored once."""
    model, known = get_image_model(), find(raw)
    if known is not None:
        return known, False
    name = f"{hashlib.sha256(raw).hexdigest()[:32]}.{ending}"
    left_behind = f"original_images/{name}"  # by a run that was stopped before it wrote the row
    if default_storage.exists(left_behind):
        default_storage.delete(left_behind)
    image = model(title=title[:255] or name, file=ContentFile(raw, name=name))
    image.description = description[:255]
    image.save()
    return image, True
