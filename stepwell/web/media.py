"""Pictures as files: under names that nobody guesses and that never hold anything else."""

from pathlib import PurePosixPath

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest

TYPES = {
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".jpg": "image/jpeg",
    ".png": "image/png",
}
# What the room of pictures wrote, and nothing else: documents have their own door.
PATTERN = r"^media/(?P<name>(?:images|original_images)/[A-Za-z0-9_-][A-Za-z0-9._-]*)$"


def media(request: HttpRequest, name: str) -> FileResponse:
    """Send one picture. A replaced picture has another name, so a copy may be kept for ever."""
    kind = TYPES.get(PurePosixPath(name).suffix.lower())
    if kind is None or not default_storage.exists(name):
        raise Http404
    response = FileResponse(default_storage.open(name), content_type=kind)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
