"""Opens the files of an export. Nothing is fetched over a network: there is no code for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from stepwell.importers.fetch import PACKED
from stepwell.importers.records import ImportRefused

LARGEST_BYTES = 8 * 1024**3


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open one file; raise ImportRefused naming it, what is wrong and the repair."""
    if not path.is_file():
        raise ImportRefused(f"{path.name}: there is no such file. Check the path.")
    if path.stat().st_size > LARGEST_BYTES:
        raise ImportRefused(f"{path.name}: it is larger than 8 GB. Export it in parts.")
    with path.open("rb") as stream:
        start = stream.read(8)
        if start.startswith(PACKED):
            raise ImportRefused(
                f"{path.name}: it is an archive. Unpack it and import the XML file in it; "
                "pictures go to --media."
            )
        if not start.strip(b"\0 \t\r\n"):
            raise ImportRefused(f"{path.name}: it is empty. Export it from WordPress again.")
        stream.seek(0)
        yield stream
