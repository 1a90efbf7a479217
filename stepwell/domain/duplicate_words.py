"""Names, numbers and addresses as they are compared: what does not count is taken out."""

import re
from difflib import SequenceMatcher
from functools import lru_cache
from urllib.parse import urlsplit

from stepwell.domain.folding import folded


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Legal forms, titles and letters after a name; small words between others.
NOT_COUNTED = _words(
    """ltd limited llc llp inc incorporated plc cic cio corp corporation co company pc pllc pa
    gmbh ggmbh ev ug ag kg gbr sarl sas srl bv pty charity
    dr mr mrs ms miss mx prof professor herr frau dipl psych phd psyd md ma msc bsc ba mbacp lcsw
    lmft lpc lpcc lmhc licsw rn ncc cpsych hcpc ukcp reg
    the and of for in at an und der die das des fuer fur im am zu de la"""
)
GENERIC = _words(
    """counselling therapy therapies therapist therapists psychotherapy psychology psychological
    psychologist centre clinic service services practice group groups support health mental
    wellbeing wellness community care help association foundation trust project network online
    praxis psychotherapie beratung beratungsstelle zentrum example beispiel"""
)
ONE_SPELLING = {
    "center": "centre", "counseling": "counselling", "counsellor": "counselling",
    "counselor": "counselling", "behavioral": "behavioural", "saint": "st",
    "psycholog": "psychologist", "grp": "group", "svcs": "services", "assoc": "associates",
}  # fmt: skip
STREETS = {
    "street": "st", "str": "st", "strasse": "st", "road": "rd", "avenue": "ave", "lane": "ln",
    "drive": "dr", "boulevard": "blvd", "square": "sq", "place": "pl", "court": "ct",
    "suite": "ste", "north": "n", "south": "s", "east": "e", "west": "w",
}  # fmt: skip
FREE_MAIL = _words(
    """gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk live.com icloud.com me.com
    yahoo.com yahoo.co.uk aol.com gmx.de gmx.net web.de t-online.de protonmail.com proton.me
    btinternet.com comcast.net mail.com"""
)
SHARED_HOSTS = _words(
    """facebook.com instagram.com linkedin.com twitter.com x.com youtube.com linktr.ee
    psychologytoday.com counselling-directory.org.uk google.com sites.google.com wordpress.com
    wixsite.com nhs.uk jameda.de therapie.de doctolib.de"""
)


@lru_cache(maxsize=50_000)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name that count, in their order, each in one spelling."""
    plain = re.sub(r"\([^)]*\)", " ", name.split(",")[0] if is_lettered(name) else name)
    plain = re.sub(r"(?<=\w)\s+e\.\s?v\.?\s*$", " ev", plain, flags=re.IGNORECASE)
    words = [ONE_SPELLING.get(word, word) for word in folded(plain)]
    kept = tuple(umlauts(word) for word in words if word not in NOT_COUNTED)
    return kept or tuple(umlauts(word) for word in words)


def is_lettered(name: str) -> bool:
    """Say whether what follows a comma is letters after a name, such as LCSW, NCC."""
    _, comma, rest = name.partition(",")
    return bool(comma) and bool(re.fullmatch(r"[\sA-Z.,()-]{2,30}", rest))


def umlauts(word: str) -> str:
    """Return a word in which ae and a, oe and o, ue and u are the same."""
    return re.sub(r"([aou])e", r"\1", word)


def alike(one: str, two: str) -> bool:
    """Say whether two words are the same but for a slip; short ones have to be the same."""
    if one == two or (len(one) > 3 and sorted(one) == sorted(two)):
        return True
    if min(len(one), len(two)) < 5 or abs(len(one) - len(two)) > 2:
        return False
    return SequenceMatcher(None, one, two, autojunk=False).ratio() >= 0.87


def is_initial(short: str, long: str) -> bool:
    """Say whether a word is the first letter of another."""
    return len(short) == 1 and long.startswith(short)


def phone_key(phone: str) -> tuple[str, str]:
    """Return the last nine digits of a number and its extension; too few digits give nothing."""
    main, *end = re.split(r"\s*(?:x|ext\.?|extension|durchwahl)\s*", phone.casefold(), maxsplit=1)
    digits = re.sub(r"[^0-9]", "", main)
    extension = re.sub(r"[^0-9]", "", end[0]) if end else ""
    return (digits[-9:] if len(digits) >= 7 else "", extension)


def email_key(email: str, *, domain: bool = False) -> str:
    """Return an e-mail address in small letters, or its domain if that is somebody's own."""
    said = email.strip().casefold()
    name, at, host = said.rpartition("@")
    if not at or not name or "." not in host:
        return ""
    if domain:
        return "" if host in FREE_MAIL else host
    return said


def web_key(web: str) -> str:
    """Return host and path of a web address; a page on a shared host needs its path."""
    said = web.strip().casefold()
    try:
        parts = urlsplit(said if "//" in said else f"//{said}")
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    path = re.sub(r"/(index\.\w+)?$", "", parts.path)
    if "." not in host or (host in SHARED_HOSTS and not path):
        return ""
    return f"{host}{path}" if host in SHARED_HOSTS else host + path


def street_key(street: str) -> str:
    """Return number and name of a street in one spelling; without a number there is none."""
    spelt = re.sub(r"(?<=\w{3})(str\.?|strasse|straße)(?=[\s\d]|$)", " strasse", street.casefold())
    words = [STREETS.get(word, word) for word in folded(spelt)]
    numbers = [word for word in words if word.isdigit()]
    names = [umlauts(word) for word in words if not word.isdigit() and len(word) > 1]
    if not numbers or not names:
        return ""
    return f"{' '.join(sorted(names)[:3])} {numbers[0]}"
