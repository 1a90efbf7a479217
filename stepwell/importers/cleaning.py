"""Turns what a source holds into plain, safe values.

Text is stored as plain text: markup is taken out, and whatever is left is
escaped again by every template that shows it.
"""

import html
import re
import unicodedata
from datetime import date
from urllib.parse import urlsplit

import nh3
from django.conf.locale import LANG_INFO

from stepwell.domain.places import Point, is_on_the_globe

WEB_ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
EMAIL_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
PHONE_NUMBER = re.compile(r"\+?[0-9][0-9 ().\-/]{4,}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?", re.IGNORECASE)

YES = frozenset({"yes", "y", "true", "1", "x", "on"})
NO = frozenset({"no", "n", "false", "0", "off", ""})

LANGUAGE_CODES = {
    str(info["name"]).casefold(): code
    for code, info in LANG_INFO.items()
    if "name" in info and len(code) == 2
}
# Three-letter codes that appear in service directories, with their two-letter twins.
LONG_CODES = {
    "ara": "ar", "ben": "bn", "cym": "cy", "deu": "de", "eng": "en", "fas": "fa", "fra": "fr",
    "fre": "fr", "ger": "de", "gle": "ga", "hin": "hi", "ita": "it", "pol": "pl", "por": "pt",
    "rus": "ru", "spa": "es", "tur": "tr", "ukr": "uk", "urd": "ur", "vie": "vi", "wel": "cy",
    "zho": "zh",
}  # fmt: skip


def plain(value: object, longest: int = 4000) -> str:
    """Return text without markup, control characters and runs of spaces, cut at `longest`."""
    raw = "" if value is None else str(value)
    bare = html.unescape(nh3.clean(raw, tags=set()))
    kept = "".join(
        character if character in "\n\t" or unicodedata.category(character)[0] != "C" else " "
        for character in bare
    )
    lines = (" ".join(line.split()) for line in kept.splitlines())
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def line(value: object, longest: int = 200) -> str:
    """Return text as `plain` does, in one line."""
    return " ".join(plain(value, longest).split())


def web_address(value: object) -> str:
    """Return an http(s) address without name and password in it, or ""."""
    text = line(value)
    if not WEB_ADDRESS.fullmatch(text):
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.hostname and "@" not in parts.netloc else ""


def email_address(value: object) -> str:
    """Return an e-mail address, or ""."""
    text = line(value)
    return text if EMAIL_ADDRESS.fullmatch(text) else ""


def phone_number(value: object) -> str:
    """Return a phone number as written, without quotes around it, or ""."""
    text = line(value, 40).strip("\"'` ")
    return text if PHONE_NUMBER.fullmatch(text) else ""


def yes_or_no(value: object) -> bool | None:
    """Return what a flag says, or None when it is neither a yes nor a no."""
    word = line(value).casefold()
    if word in YES:
        return True
    return False if word in NO else None


def day(value: object) -> date | None:
    """Return a date written as 2026-11-24 (a time after it is cut off), or None."""
    try:
        return date.fromisoformat(line(value)[:10])
    except ValueError:
        return None


def whole_number(value: object) -> int | None:
    """Return a whole number from 0 to 150, as ages are, or None."""
    text = line(value).removesuffix(".0")
    return int(text) if text.isascii() and text.isdigit() and int(text) <= 150 else None


def point(lat: object, lon: object) -> Point | None:
    """Return a place on the globe, or None when the two are not one. 0, 0 stands for "unknown"."""
    try:
        found = Point(float(line(lat)), float(line(lon)))
    except ValueError:
        return None
    return found if is_on_the_globe(*found) and found != (0, 0) else None


def language(value: object) -> str:
    """Return a two-letter language code for a code or an English name, or ""."""
    word = line(value).casefold().replace("_", "-")
    start = word.split("-")[0]
    if start in LANG_INFO and len(start) == 2:
        return start
    return LONG_CODES.get(start) or LANGUAGE_CODES.get(word, "")
