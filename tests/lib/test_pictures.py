"""Uploaded pictures are written anew: pixels and nothing else (TRUST I1)."""

import io
import struct
import zlib

import pytest
from PIL import Image

from stepwell.lib import pictures
from stepwell.lib.pictures import PictureRefused, written_anew

CANARY = b"CANARY-51.5007N-0.1246W"


def made(kind: str, *, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 120 if mode == "L" else (200, 80, 40, 128)[: len(mode)]).save(
        out, kind, **options
    )
    return out.getvalue()


def with_exif(orientation: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()  # ImageDescription
    exif[0x0112] = orientation
    return made("JPEG", exif=exif, comment=CANARY)


@pytest.mark.parametrize(
    ("kind", "ending"),
    [("JPEG", "jpg"), ("PNG", "png"), ("GIF", "png"), ("WEBP", "webp"), ("AVIF", "avif")],
)
def test_a_picture_of_each_kind_is_kept(kind, ending):
    content, name = written_anew(made(kind))

    assert name == ending
    assert Image.open(io.BytesIO(content)).size == (40, 20)


def test_I1_exif_and_comments_are_gone():
    before = with_exif()

    after, _ = written_anew(before)

    assert CANARY in before
    assert CANARY not in after
    assert not Image.open(io.BytesIO(after)).getexif()


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_I1_exif_is_gone_from_every_kind(kind):
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    before = made(kind, exif=exif)

    after, _ = written_anew(before)

    assert CANARY in before
    assert CANARY not in after


def test_a_picture_taken_sideways_stands_upright():
    content, _ = written_anew(with_exif(orientation=6))

    assert Image.open(io.BytesIO(content)).size == (20, 40)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_I1_what_hangs_behind_a_picture_is_gone(kind):
    script = b"<script>alert(1)</script>" + CANARY

    content, _ = written_anew(made(kind) + script)

    assert b"<script>" not in content
    assert CANARY not in content


def test_I1_a_picture_that_begins_as_a_page_is_refused():
    with pytest.raises(PictureRefused, match="no whole"):
        written_anew(b"<html>" + made("PNG"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><title>x</title>",
        b"%PDF-1.7",
        made("JPEG")[:200],
        made("BMP"),
        made("TIFF"),
    ],
)
def test_I1_what_is_no_whole_picture_of_ours_is_refused(content):
    with pytest.raises(PictureRefused, match="no whole"):
        written_anew(content)


@pytest.mark.parametrize("side", [6_400, 9_600, 60_000])
def test_I1_a_pixel_bomb_is_refused_before_it_is_decoded(side):
    with pytest.raises(PictureRefused, match="40 million"):
        written_anew(bomb(side))


def bomb(side: int) -> bytes:
    """Return a small PNG that says it is `side` pixels wide and high."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\x00" * 1_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_I1_more_than_ten_megabytes_are_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 10)

    with pytest.raises(PictureRefused, match="10 MB"):
        written_anew(made("PNG"))


def test_clear_parts_of_a_png_stay_clear():
    content, _ = written_anew(made("PNG", mode="RGBA"))

    assert Image.open(io.BytesIO(content)).getpixel((0, 0))[3] == 128
