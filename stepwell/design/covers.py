"""Cover art: the terraces of a stepwell, drawn from a text: the same text, the same picture."""

import colorsys
import hashlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Cover:
    """A picture as SVG parts, in a view box of `width` by `height`."""

    width: int
    height: int
    sky: str
    sun: tuple[int, int, int]
    steps: tuple[tuple[str, str], ...]
    pool: str

    @property
    def view_box(self) -> str:
        """The SVG view box."""
        return f"0 0 {self.width} {self.height}"


def cover(seed: str, hue: int, width: int = 640, height: int = 400) -> Cover:
    """Return the cover of a text in its section's hue (an angle in degrees).

    The digest decides where the well lies, how deep it goes, how its flights
    of stairs run and where the sun stands; the drawing keeps under 1.5 kB.
    """
    digest = hashlib.sha256(seed.encode()).digest()
    count = 5 + digest[0] % 3
    centre = width * (0.25 + 0.5 * digest[1] / 255)
    top = height * (0.26 + 0.2 * digest[2] / 255)
    steps = tuple(
        (
            colour(hue, 0.36 + 0.05 * i / count, 0.78 - 0.5 * i / count),
            _terrace(i, count, centre, top, width, height, digest),
        )
        for i in range(count)
    )
    radius = 20 + digest[3] % 22
    sun = (round(width * (0.12 + 0.76 * digest[4] / 255)), round(top * 0.55), radius)
    return Cover(
        width,
        height,
        colour(hue, 0.34, 0.89),
        sun,
        steps,
        _pool(count, centre, top, width, height),
    )


def _edges(
    i: int, count: int, centre: float, top: float, width: int, height: int
) -> tuple[float, float, float]:
    part = i / count
    left, right = centre * part, width - (width - centre) * part
    return left, right, top + (height - top) * part * 0.92


def _terrace(
    i: int, count: int, centre: float, top: float, width: int, height: int, digest: bytes
) -> str:
    left, right, y = _edges(i, count, centre, top, width, height)
    inner_left, inner_right, lower = _edges(i + 1, count, centre, top, width, height)
    drop, stairs = (lower - y) / 4, ""
    run = min(inner_left - left, right - inner_right) / 4
    if digest[8 + i] % 2:
        stairs = f"v{drop:.0f}h{run:.0f}" * 4
        return f"M{left:.0f} {y:.0f}{stairs}V{height}H{right:.0f}V{y:.0f}Z"
    stairs = f"v{drop:.0f}h-{run:.0f}" * 4
    return f"M{right:.0f} {y:.0f}{stairs}V{height}H{left:.0f}V{y:.0f}Z"


def _pool(count: int, centre: float, top: float, width: int, height: int) -> str:
    left, right, y = _edges(count, count, centre, top, width, height)
    half = max(28, (width / count) / 3)
    return f"M{left - half:.0f} {y - 6:.0f}H{right + half:.0f}V{height}H{left - half:.0f}Z"


def colour(hue: int, saturation: float, lightness: float) -> str:
    """Return a colour of the wheel as hexadecimal."""
    red, green, blue = colorsys.hls_to_rgb(hue / 360, lightness, saturation)
    return f"#{int(red * 255):02x}{int(green * 255):02x}{int(blue * 255):02x}"
