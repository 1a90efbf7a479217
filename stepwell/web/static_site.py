"""The public site as a folder of plain files, for a web server that knows nothing of Stepwell."""

import shutil
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from stepwell.apps.crisis.static_pages import write_pages
from stepwell.apps.pages.folder import store
from stepwell.domain.errors import DomainError

MARK = ".stepwell-published"  # a folder without it is somebody else's, and is not written over
PICTURES = ("images", "original_images")


class NotOurs(DomainError):
    """A folder holds something that a publish did not put there."""


def check_can_write(folder: Path) -> None:
    """Raise NotOurs unless a folder is missing, empty, or an earlier publish."""
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise NotOurs(
            f"{folder} holds files that no publish wrote. Name an empty folder or another one."
        )


def write(folder: Path) -> int:
    """Write every kept page, help now, styles and pictures; return how many files.

    The new folder is complete before it takes the place of the old one.
    """
    check_can_write(folder)
    kept = store()
    draft = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    if kept is None:
        draft.mkdir(parents=True)
    else:
        shutil.copytree(kept.files, draft, ignore=shutil.ignore_patterns(".*"))
    write_pages(draft, timezone.localdate())
    if settings.STATIC_ROOT.exists():
        shutil.copytree(settings.STATIC_ROOT, draft / "static")
    for part in PICTURES:
        _copy_pictures(part, draft / "media" / part)
    (draft / MARK).touch()
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    return sum(file.is_file() for file in folder.rglob("*"))


def _copy_pictures(part: str, to: Path) -> None:
    if not default_storage.exists(part):
        return
    to.mkdir(parents=True)
    for name in default_storage.listdir(part)[1]:
        with default_storage.open(f"{part}/{name}") as picture:
            (to / name).write_bytes(picture.read())
