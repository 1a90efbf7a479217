"""The site's style and script: our small files joined in a fixed order, named by their hash.

No build: editing a file is all there is. A page asks for one style and one script.
"""

import hashlib
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static" / "design"
STYLES = ("fonts.css", "reset.css", "tokens.css", "base.css", "layout.css")


def style_files() -> list[Path]:
    """Return the style files in the order of their layers."""
    return [STATIC / name for name in STYLES] + sorted((STATIC / "components").glob("*.css"))


def script_files() -> list[Path]:
    """Return the scripts of the site, one custom element each."""
    return sorted(STATIC.glob("*.js"))


@cache
def style() -> bytes:
    """Return the joined style."""
    return _joined(style_files())


@cache
def script() -> bytes:
    """Return the joined script."""
    return _joined(script_files())


@cache
def short_hash(content: bytes) -> str:
    """Return twelve characters that change when the content does."""
    return hashlib.sha256(content).hexdigest()[:12]


def _joined(files: list[Path]) -> bytes:
    return b"\n".join(file.read_bytes() for file in files)
