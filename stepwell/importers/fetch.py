"""Opens a local file for an import. Nothing is fetched over a network."""

from pathlib import Path

from stepwell.importers.records import ImportRefused

LARGEST_BYTES = 64 * 1024 * 1024
# How packed files begin: zip, gzip, bzip2, xz, zstandard, 7-Zip.
PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf")


def fetch(path: Path, encoding: str = "utf-8") -> str:
    """Return the text of a file; raise ImportRefused naming it, what is wrong and the repair."""
    if not path.is_file():
        raise ImportRefused(f"{path.name}: there is no such file. Check the path.")
    if path.stat().st_size > LARGEST_BYTES:
        raise ImportRefused(
            f"{path.name}: it is larger than {LARGEST_BYTES // 2**20} MB. Split it."
        )
    raw = path.read_bytes()
    if raw.startswith(PACKED):
        raise ImportRefused(f"{path.name}: it is an archive. Unpack it and import what is in it.")
    text = decode(raw, path.name, encoding)
    if text.lstrip().startswith("<"):
        raise ImportRefused(f"{path.name}: it is XML or HTML. Export it as JSON or CSV.")
    return text


def decode(raw: bytes, file: str, encoding: str) -> str:
    """Return the text without a byte-order mark; raise ImportRefused with the line it breaks."""
    try:
        text = raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ImportRefused(
            f"{file}: line {line}: a character is not {encoding}. Save the file as UTF-8, or "
            "name its encoding in the mapping file."
        ) from error
    if "\0" in text:
        raise ImportRefused(f"{file}: it holds zero bytes, so it is not text. Export it again.")
    return text
