"""Colours that carry text: 4.5:1 everywhere, 7:1 where help, exit and guide are (TRUST W1)."""

import re

import pytest

from tests.conftest import ROOT

TOKENS = (ROOT / "stepwell/design/static/design/tokens.css").read_text(encoding="utf-8")
LIGHT, DARK = TOKENS.split("@media (prefers-color-scheme: dark)")[:2]
PAIRS = [  # text, ground, ratio
    ("ink", "paper", 7),
    ("ink", "stone", 7),
    ("ink", "stone-2", 7),
    ("ink-2", "paper", 7),
    ("ink-2", "stone", 4.5),
    ("ink-2", "tide-2", 4.5),
    ("ink", "tide", 7),
    ("ink", "tide-2", 7),
    ("ink", "clay-soft", 7),
    ("water", "paper", 7),
    ("water", "stone", 4.5),
    ("water", "tide-2", 4.5),
    ("on-water", "water", 7),
    ("on-clay", "clay", 7),
    ("clay", "paper", 4.5),
    ("moss", "moss-soft", 4.5),
    ("on-deep", "water-deep", 7),
]


def colours(scheme: str) -> dict[str, str]:
    """Return the tokens of one scheme; what dark does not change stays as it is in light."""
    found = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", LIGHT))
    if scheme == "dark":
        found |= dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", DARK))
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb (WCAG 2.2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "wanted"), PAIRS)
def test_W1_text_stands_out_from_its_ground(scheme: str, text: str, ground: str, wanted: float):
    known = colours(scheme)
    light, dark = sorted((luminance(known[text]), luminance(known[ground])), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= wanted
