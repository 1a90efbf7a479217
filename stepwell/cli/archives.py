"""A backup as one file: a ZIP with a manifest, and every part under the hash of its content.

    manifest.json      what it is, of which version, and the hash of every part
    parts/<sha256>     the database, media, kept pages and tombstones, each content once

Any ZIP program opens it. File names stand in the manifest only, so that no name in an
archive can lead out of a folder.
"""

import hashlib
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Any, Self

from pydantic import ValidationError

from stepwell.domain.sources import Frozen

FORMAT = "stepwell-backup-1"
MANIFEST = "manifest.json"
PIECE = 1024 * 1024
PACKED = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".br", ".gz", ".dump"})
SPARE = 64 * 1024 * 1024  # bytes that stay free on the disk
Told = Callable[[str], None]


class BackupError(Exception):
    """A backup cannot be made or read. The message says why, and the repair."""


class Part(Frozen):
    """One file of the site: where it belongs, and what it holds."""

    path: str  # database/..., media/..., pages/..., tombstones
    sha256: str
    size: int


class Table(Frozen):
    """What a table held."""

    rows: int
    total: str


class Manifest(Frozen):
    """What a backup says of itself."""

    format: str
    made_at: str
    version: str
    database: str  # sqlite or postgresql
    migrations: tuple[str, ...]
    content: str  # the hash over all tables
    tables: dict[str, Table]
    parts: tuple[Part, ...]

    def below(self, folder: str) -> Iterator[Part]:
        """Yield the parts of one folder."""
        return (part for part in self.parts if part.path.startswith(f"{folder}/"))


class Writer:
    """Writes parts into a new file; nothing of it counts before `finish`."""

    def __init__(self, path: Path, told: Told) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.file = os.fdopen(handle, "wb")
        self.zip = zipfile.ZipFile(self.file, "w", allowZip64=True)
        self.told, self.parts, self.known = told, list[Part](), set[str]()

    def add(self, path: str, source: Path) -> None:
        """Add one file under its place in the site; the same content is stored once."""
        with source.open("rb") as file:
            self._add(path, file)

    def _add(self, path: str, file: BufferedReader) -> None:
        self.told(path)
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        if sha256 not in self.known:
            info = zipfile.ZipInfo(f"parts/{sha256}", (1980, 1, 1, 0, 0, 0))
            packed = PurePosixPath(path).suffix in PACKED
            info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            with self.zip.open(info, "w", force_zip64=size > 2**31 - 1) as out:
                shutil.copyfileobj(file, out, PIECE)
            self.known.add(sha256)
        self.parts.append(Part(path=path, sha256=sha256, size=size))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        with suppress(OSError, ValueError):
            self.zip.close()
        with suppress(OSError):
            self.file.close()

    def finish(self, **told: Any) -> Manifest:
        """Write the manifest and wait until the disk holds everything."""
        manifest = Manifest(format=FORMAT, parts=tuple(self.parts), **told)
        self.zip.writestr(MANIFEST, manifest.model_dump_json(indent=1), zipfile.ZIP_DEFLATED)
        self.zip.close()
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()
        return manifest


class Reader:
    """Reads a backup that is whole; says what is wrong with one that is not."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.zip = zipfile.ZipFile(path)
            raw = json.loads(self.zip.read(MANIFEST))
        except FileNotFoundError:
            raise BackupError(f"There is no file {path}.") from None
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError):
            raise BackupError(
                f"{path} is no backup, or its end is missing: the copying was cut short. "
                "Fetch it again, or take an older one."
            ) from None
        if not isinstance(raw, dict) or raw.get("format") != FORMAT:
            raise BackupError(f"{path} has a form that this version does not know. Upgrade first.")
        try:
            self.manifest = Manifest.model_validate(raw)
        except ValidationError:
            raise BackupError(f"{path}: its manifest is damaged. Take an older backup.") from None

    def check(self, told: Told) -> None:
        """Compare every part with its hash; raise BackupError at the first that differs."""
        done = set()
        for part in self.manifest.parts:
            _check_place(part.path)
            if part.sha256 in done:
                continue
            told(part.path)
            if self._hash(part) != (part.sha256, part.size):
                raise BackupError(
                    f"{self.path}: {part.path} is not what was saved. The file is damaged; "
                    "nothing was changed here. Take another copy of it, or an older backup."
                )
            done.add(part.sha256)

    def _hash(self, part: Part) -> tuple[str, int]:
        told, size = hashlib.sha256(), 0
        try:
            with self.zip.open(f"parts/{part.sha256}") as file:
                while piece := file.read(PIECE):
                    told.update(piece)
                    size += len(piece)
        except (zipfile.BadZipFile, KeyError, OSError, EOFError, ValueError, zlib.error):
            return "", 0
        return told.hexdigest(), size

    def extract(self, part: Part, target: Path) -> None:
        """Write one part to a file of its own and wait until the disk holds it."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with self.zip.open(f"parts/{part.sha256}") as file, target.open("wb") as out:
            shutil.copyfileobj(file, out, PIECE)
            out.flush()
            os.fsync(out.fileno())

    def text(self, path: str) -> str:
        """Return a small part as text; nothing where there is none."""
        found = next((part for part in self.manifest.parts if part.path == path), None)
        return self.zip.read(f"parts/{found.sha256}").decode() if found else ""


def _check_place(path: str) -> None:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts or "\\" in path or "\0" in path:
        raise BackupError(
            f"The backup names a file outside of the site ({path!r}). It is not ours."
        )


def check_space(folder: Path, needed: int) -> None:
    """Raise BackupError where the disk has no room for so many bytes."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE:
        raise BackupError(
            f"The disk of {folder} has {free // 2**20} MB free; about "
            f"{(needed + SPARE) // 2**20} MB are needed. Make room, or name another disk."
        )
