"""Opens the CSV files of a folder or a zip as streams, without unpacking anything."""

import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile, ZipInfo

from stepwell.importers.records import ImportRefused

MOST_MEMBERS = 100
MOST_RATIO = 100  # unpacked to packed; real files of registers stay under 30
MOST_BYTES = 200 * 2**30
SAMPLE = 2**20  # bytes at either end of a file that go into its fingerprint
LINK = 0o120000


class Member(NamedTuple):
    """One CSV file: its name, its size unpacked, and how to open and recognise it."""

    name: str
    size: int
    path: Path  # of the file, or of the zip
    inner: str  # its name inside the zip, or ""
    open: Callable[[], BinaryIO]
    fingerprint: Callable[[], str]


@contextmanager
def members_of(path: Path) -> Iterator[list[Member]]:
    """Give the CSV files of a folder, of a zip, or the one file; raise ImportRefused."""
    if path.is_dir():
        yield [member_of_file(one) for one in sorted(path.glob("*.csv")) if one.is_file()]
    elif path.suffix.lower() == ".zip":
        try:
            with ZipFile(path) as archive:
                yield members_of_zip(archive, path)
        except BadZipFile as error:
            raise ImportRefused(
                f"{path.name}: it is damaged or no zip ({error}). Get it again."
            ) from error
    elif path.is_file():
        yield [member_of_file(path)]
    else:
        raise ImportRefused(f"{path.name}: there is nothing there. Check the path.")


def member_of_file(path: Path) -> Member:
    """Return a file that lies open."""
    state = path.stat()
    return Member(
        name=path.name,
        size=state.st_size,
        path=path,
        inner="",
        open=lambda: path.open("rb"),
        fingerprint=lambda: ends_of(path, state.st_size, state.st_mtime_ns),
    )


@contextmanager
def opened(path: Path, inner: str) -> Iterator[BinaryIO]:
    """Open a file, or one in a zip that was looked at before."""
    if not inner:
        with path.open("rb") as file:
            yield file
        return
    with ZipFile(path) as archive, archive.open(inner) as member:
        yield member  # type: ignore[misc]


def ends_of(path: Path, size: int, changed: int) -> str:
    """Return a hash of a file's size, time and both ends: enough to know it again."""
    told = blake2b(f"{size} {changed}".encode(), digest_size=16)
    with path.open("rb") as file:
        told.update(file.read(SAMPLE))
        file.seek(max(0, size - SAMPLE))
        told.update(file.read(SAMPLE))
    return told.hexdigest()


def members_of_zip(archive: ZipFile, path: Path) -> list[Member]:
    """Return the CSV files of a zip that is safe to read."""
    listed = archive.infolist()
    if len(listed) > MOST_MEMBERS:
        raise ImportRefused(f"{path.name}: it holds more than {MOST_MEMBERS} files. Get it again.")
    unpacked = sum(one.file_size for one in listed)
    if unpacked > MOST_BYTES or unpacked > MOST_RATIO * max(path.stat().st_size, 1):
        raise ImportRefused(
            f"{path.name}: unpacked it would be {unpacked // 2**20} MB, more than "
            f"{MOST_RATIO} times its size. Registers do not pack like that: get it again."
        )
    for one in listed:
        check_member(one, path.name)
    return [
        member_of_zip(archive, one, path)
        for one in sorted(listed, key=lambda one: one.filename)
        if one.filename.lower().endswith(".csv")
    ]


def check_member(one: ZipInfo, archive: str) -> None:
    """Raise ImportRefused for a file of a zip that could reach outside it, or cannot be read."""
    name = PurePosixPath(one.filename.replace("\\", "/"))
    drive = ":" in one.filename.split("/")[0]
    if name.is_absolute() or ".." in name.parts or drive:
        raise ImportRefused(f"{archive}: a file in it names a place outside it. Get it again.")
    if stat.S_IFMT(one.external_attr >> 16) == LINK:
        raise ImportRefused(f"{archive}: a file in it is a link. Get it again.")
    if one.flag_bits & 1:
        raise ImportRefused(f"{archive}: a file in it is locked with a password. Unlock it first.")
    if one.file_size > MOST_RATIO * max(one.compress_size, 1) and one.file_size > SAMPLE:
        raise ImportRefused(f"{archive}: a file in it unpacks to far too much. Get it again.")


def member_of_zip(archive: ZipFile, one: ZipInfo, path: Path) -> Member:
    """Return a file inside a zip."""
    return Member(
        name=PurePosixPath(one.filename).name,
        size=one.file_size,
        path=path,
        inner=one.filename,
        open=lambda: archive.open(one),  # type: ignore[arg-type, return-value]
        fingerprint=lambda: f"{one.CRC:08x}-{one.file_size}-{one.compress_size}",
    )
