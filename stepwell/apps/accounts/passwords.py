"""Which passwords we take: long enough, on no list, made of more than our own words (TRUST A2)."""

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError

SHORTEST, LONGEST = 12, 128
FEWEST_KINDS = 5  # different characters
# What somebody tries first on a site like this one; with the words of its name and address.
OWN_WORDS = [
    "stepwell",
    "password",
    "passwort",
    "secret",
    "geheim",
    "welcome",
    "admin",
    "administrator",
    "editor",
    "editors",
    "login",
    "clinician",
    "steward",
    "moderator",
    "mental",
    "health",
    "network",
    "wellbeing",
    "therapy",
    "support",
    "magazine",
    "help",
    "qwertyuiop",
    "qwerty",
    "qwertz",
    "asdfgh",
    "letmein",
    "iloveyou",
    "changeme",
    "hello",
    "sunshine",
    "princess",
    "football",
]
RUNS = ("abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890")


class Length:
    """At least 12 characters of any kind, at most 128."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse what is too short or too long."""
        if len(password) < SHORTEST:
            raise ValidationError(
                f"Use at least {SHORTEST} characters. A few words in a row are easy to remember."
            )
        if len(password) > LONGEST:
            raise ValidationError(f"Use at most {LONGEST} characters.")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return f"{SHORTEST} to {LONGEST} characters of any kind; you can paste it."


class MoreThanOurWords:
    """Something must be left when our own words, names, digits and simple runs are taken away."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse what somebody would try first."""
        rest = password.casefold()
        for word in sorted(_words(user), key=len, reverse=True):
            rest = rest.replace(word, "")
        rest = _without_runs(re.sub(r"[\d\W_]", "", rest))
        plain = len(set(password)) < FEWEST_KINDS or _repeats(password)
        if plain or (len(rest) < 4 and _has_letters(password)) or _digits_in_a_row(password):
            raise ValidationError(
                "This is one of the passwords that are tried first here. Put other words in it."
            )

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return "Not the name of this site or of your account, nor one character over and over."


def _words(user: Any) -> set[str]:
    said = f"{settings.SITE_NAME} {urlsplit(settings.SITE_URL).hostname} {settings.STRAPLINE}"
    for name in ("username", "first_name", "last_name", "email"):
        said += f" {getattr(user, name, '') or ''}"
    found = re.findall(r"\w{3,}", said.casefold())
    return {*OWN_WORDS, *found}


def _without_runs(text: str) -> str:
    """Return the text without pieces of the alphabet or of a keyboard's row."""
    for run in (*RUNS, *(one[::-1] for one in RUNS)):
        for length in range(len(run), 3, -1):
            for start in range(len(run) - length + 1):
                text = text.replace(run[start : start + length], "")
    return text


def _repeats(password: str) -> bool:
    """Say whether it is one short piece over and over."""
    return re.fullmatch(r"(.{1,4})\1{2,}.{0,3}", password, re.S) is not None


def _has_letters(password: str) -> bool:
    return re.search(r"[^\W\d_]", password) is not None


def _digits_in_a_row(password: str) -> bool:
    digits = re.sub(r"\D", "", password)
    return not _has_letters(password) and len(digits) > 3 and len(_without_runs(digits)) < 4
