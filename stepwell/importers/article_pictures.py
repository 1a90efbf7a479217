"""Pictures of an import: written anew as every upload is, and stored once per picture."""

import hashlib
from typing import Any

from django.core.files.storage import default_storage
from wagtail.images import get_image_model

from stepwell.apps.magazine.uploads import CleanPicture
from stepwell.lib.pictures import PictureRefused, written_anew


def rewritten(raw: bytes) -> tuple[bytes, str] | str:
    """Return the picture written anew and its ending, or why it cannot be used (TRUST I1)."""
    try:
        return written_anew(raw)
    except PictureRefused as error:
        return str(error)


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
    image = model(title=title[:255] or name, file=CleanPicture(raw, name=name))
    image.description = description[:255]
    image.file_hash, image.file_size = fingerprint(raw), len(raw)
    image.save()
    return image, True
