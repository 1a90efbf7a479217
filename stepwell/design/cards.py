"""Social cards: the picture another site shows beside a link. The same words, the same picture.

Drawn with the site's colours, terraces and font. A card without a title is for pages
whose words nobody should find in a stranger's timeline.
"""

import hashlib
import io
from dataclasses import astuple, dataclass
from functools import cache, lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from stepwell.design.covers import colour

WIDTH, HEIGHT = 1200, 630
MOST_BYTES = 90_000  # what one card may weigh; other sites stop reading at far more
_DRAWING = 1  # raise it when the drawing changes: cards then get new addresses
_FONTS = Path(__file__).parent / "static" / "design" / "vendor"
_FONT = _FONTS / "atkinson-hyperlegible-next-latin-wght-normal.woff2"
_PAPER, _INK, _QUIET, _DEEP, _SUN = "#fbf8f3", "#1d2a33", "#46525c", "#0b3a47", "#e8a33d"
_WATER_HUE = 191
_LEFT, _TOP, _TEXT_WIDTH, _MOST_LINES = 72, 150, 660, 5


@dataclass(frozen=True)
class Card:
    """What a card says. Without a hue it wears the site's own."""

    site: str
    title: str = ""
    kicker: str = ""
    hue: int = _WATER_HUE

    @property
    def version(self) -> str:
        """Return a short name of exactly this picture."""
        told = repr((_DRAWING, *astuple(self)))
        return hashlib.sha256(told.encode()).hexdigest()[:16]


@lru_cache(maxsize=32)
def png(card: Card) -> bytes:
    """Return the card as a PNG."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(image)
    _terraces(draw, card.hue)
    _words(draw, card)
    kept = io.BytesIO()
    image.save(kept, "PNG", compress_level=6)
    return kept.getvalue()


def _terraces(draw: ImageDraw.ImageDraw, hue: int) -> None:
    """Draw steps that go down to the water at the right, and the sun above them."""
    draw.ellipse((1010, 60, 1090, 140), fill=_SUN)
    count, left, top = 6, 770, 236
    for step in range(count):
        x, y = left + step * 60, top + step * 58
        fill = colour(hue, 0.36 + 0.05 * step / count, 0.80 - 0.46 * step / count)
        draw.rectangle((x, y, WIDTH, HEIGHT), fill=fill)
    draw.rectangle((0, HEIGHT - 62, WIDTH, HEIGHT), fill=_DEEP)


def _words(draw: ImageDraw.ImageDraw, card: Card) -> None:
    if card.kicker:
        draw.text((_LEFT, 84), card.kicker, font=_font(30, 500), fill=_QUIET)
    size, lines = _fitted(draw, card.title or card.site)
    y = _TOP
    for line in lines:
        draw.text((_LEFT, y), line, font=_font(size, 700), fill=_INK)
        y += round(size * 1.22)
    if card.title:
        draw.text((_LEFT, HEIGHT - 52), card.site, font=_font(30, 600), fill=_PAPER)


def _fitted(draw: ImageDraw.ImageDraw, text: str) -> tuple[int, list[str]]:
    """Return the largest size at which `text` fits, and its lines; a longer one is cut."""
    for size in (68, 56, 46):
        lines = _lines(draw, text, size)
        if len(lines) <= _MOST_LINES:
            return size, lines
    return size, [*lines[: _MOST_LINES - 1], f"{lines[_MOST_LINES - 1]} …"]


def _lines(draw: ImageDraw.ImageDraw, text: str, size: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        wider = f"{lines[-1]} {word}" if lines else word
        if lines and draw.textlength(wider, font=_font(size, 700)) <= _TEXT_WIDTH:
            lines[-1] = wider
        else:
            lines.append(word)
    return lines


@cache
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(_FONT, size)
    font.set_variation_by_axes([weight])
    return font
