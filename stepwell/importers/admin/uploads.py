"""Uploaded exports: bounded while they arrive, kept apart, deleted as soon as they are used.

An export holds comments, addresses and passwords of other people, so it does not stay.
"""

import secrets
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.utils.text import get_valid_filename

LARGEST_BYTES = 128 * 1024 * 1024  # all files together; what is larger goes the way of the terminal
KEEP_DAYS = 7


class BoundedUpload(TemporaryFileUploadHandler):
    """Writes what arrives to disk and stops at the limit, whatever the header says."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.arrived = 0

    def handle_raw_input(self, input_data: Any, *told: Any, **named: Any) -> None:
        """Refuse at once what says that it is too large."""
        length = told[1] if len(told) > 1 else named["content_length"]
        if length > LARGEST_BYTES:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Count what arrives."""
        self.arrived += len(raw_data)
        if self.arrived > LARGEST_BYTES:
            raise RequestDataTooBig
        super().receive_data_chunk(raw_data, start)
        return None


def root() -> Path:
    """Return where uploads are kept; nothing serves it."""
    return Path(settings.VAR) / "imports"


def keep(files: Iterable[tuple[str, "UploadedFile[Any]"]]) -> str:
    """Store files by their role (export, media, map); return the name of their folder."""
    name = secrets.token_hex(16)
    for at, (role, file) in enumerate(files):
        folder = root() / name / role
        folder.mkdir(parents=True, exist_ok=True)
        plain = get_valid_filename(f"{at}-{(file.name or 'file')[-80:]}")
        with (folder / plain).open("xb") as out:
            for chunk in file.chunks():
                out.write(chunk)
    return name


def files_of(folder: str, role: str) -> list[Path]:
    """Return the stored files of a role."""
    return sorted((root() / folder / role).glob("*")) if folder else []


def forget(folder: str) -> None:
    """Delete the files of one upload."""
    if folder:
        shutil.rmtree(root() / folder, ignore_errors=True)


def forget_old() -> None:
    """Delete every upload that nobody said yes to for a week."""
    for folder in root().glob("*"):
        if time.time() - folder.stat().st_mtime > KEEP_DAYS * 86_400:
            shutil.rmtree(folder, ignore_errors=True)
