"""Finds pictures in a copy of wp-content/uploads: a folder or a zip. Nothing else is opened.

From an archive nothing is unpacked: single files are read, up to a limit, by
the names in its list. Links, absolute paths, `..`, locked or absurdly packed
files refuse the whole archive (TRUST I3).
"""

import stat
import struct
import zipfile
from pathlib import Path, PurePosixPath

from stepwell.importers.records import ImportRefused

LARGEST_PICTURE = 10 * 1024 * 1024
MOST_FILES = 200_000
LARGEST_LIST = 64 * 1024 * 1024
MOST_RATIO = 100
SMALL = 64 * 1024  # below this a high ratio harms nobody
_END = b"PK\x05\x06"


class Media:
    """Where pictures are looked for. This one has none."""

    def read(self, path: str) -> bytes | None:
        """Return the bytes of the picture at a path below uploads/, or None."""
        return None


class MediaFolder(Media):
    """A folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        inside = self.root / "wp-content" / "uploads"
        self.starts = [one for one in (inside, self.root / "uploads", self.root) if one.is_dir()]

    def read(self, path: str) -> bytes | None:
        """Return the bytes of the picture at a path below uploads/, or None."""
        if not is_plain(path):
            return None
        for start in self.starts:
            found = start / path
            try:
                if not found.resolve().is_relative_to(self.root) or not found.is_file():
                    continue
                if found.stat().st_size <= LARGEST_PICTURE:
                    return found.read_bytes()
            except OSError:
                continue
        return None


class MediaZip(Media):
    """A zip archive."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        check_list(path)
        try:
            self.archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
            raise ImportRefused(f"{path.name}: it is no zip we can read ({error}).") from error
        self.names: dict[str, zipfile.ZipInfo] = {}
        for info in self.archive.infolist():
            self._check(info)
            if not info.is_dir():
                whole = info.filename.replace("\\", "/")
                self.names[whole.partition("uploads/")[2] or whole] = info

    def read(self, path: str) -> bytes | None:
        """Return the bytes of the picture at a path below uploads/, or None."""
        info = self.names.get(path)
        if info is None or info.file_size > LARGEST_PICTURE:
            return None
        try:
            with self.archive.open(info) as stream:
                raw = stream.read(LARGEST_PICTURE + 1)  # whatever its list says
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError):
            return None
        return raw if len(raw) <= LARGEST_PICTURE else None

    def _check(self, info: zipfile.ZipInfo) -> None:
        mode = info.external_attr >> 16
        if not is_plain(info.filename.replace("\\", "/").rstrip("/")):
            raise self._refused("a file in it has an absolute path or climbs out with ..")
        if stat.S_ISLNK(mode) or (mode and stat.S_IFMT(mode) and not _is_file_or_folder(mode)):
            raise self._refused("it holds a link or something else that is no file")
        if info.flag_bits & 1:
            raise self._refused("it is locked with a password")
        if info.file_size > SMALL and info.file_size > MOST_RATIO * max(1, info.compress_size):
            raise self._refused(f"a file in it grows more than {MOST_RATIO} times when unpacked")

    def _refused(self, why: str) -> ImportRefused:
        return ImportRefused(f"{self.name}: {why}. Nothing was changed.")


def _is_file_or_folder(mode: int) -> bool:
    return stat.S_ISREG(mode) or stat.S_ISDIR(mode)


def is_plain(path: str) -> bool:
    """Return whether a path stays inside: relative, without .. and control characters."""
    if not path or path.startswith(("/", "\\")) or "\0" in path or ":" in path[:2]:
        return False
    return ".." not in PurePosixPath(path).parts


def check_list(path: Path) -> None:
    """Refuse an archive whose list of files is too long, before anything reads that list."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 66_000))
        tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 20:
        raise ImportRefused(f"{path.name}: it is no zip we can read. Nothing was changed.")
    count, listed = struct.unpack("<HI", tail[at + 10 : at + 16])
    if count == 0xFFFF or count > MOST_FILES or listed > LARGEST_LIST:
        raise ImportRefused(
            f"{path.name}: it holds too many files. Unpack it and name the folder. "
            "Nothing was changed."
        )


def open_media(path: Path | None) -> Media:
    """Return where pictures are looked for; raise ImportRefused when it is neither of the two."""
    if path is None:
        return Media()
    if path.is_dir():
        return MediaFolder(path)
    if path.is_file():
        return MediaZip(path)
    raise ImportRefused(f"{path.name}: there is no such folder or archive. Check the path.")
