"""Names and licence numbers folded, so that unlike spellings of the same one meet.

Folding is for looking up only; what is shown is what was written. Two names that
fold to the same are possibly the same person, never surely.
"""

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

# Words at the end of an organisation's name that tell its legal form only.
LEGAL_FORMS = frozenset(
    {"INC", "INCORPORATED", "LLC", "LLP", "LP", "LTD", "LIMITED", "PC", "PLLC", "PLC", "PA",
     "CORP", "CORPORATION", "CO", "COMPANY"}
)  # fmt: skip

# Registers write a state as its code or its name. Codes are those of the US postal service.
STATE_CODES: Mapping[str, str] = MappingProxyType(
    {
        "ALABAMA": "AL", "ALASKA": "AK", "AMERICANSAMOA": "AS", "ARIZONA": "AZ",
        "ARKANSAS": "AR", "CALIFORNIA": "CA", "COLORADO": "CO", "CONNECTICUT": "CT",
        "DELAWARE": "DE", "DISTRICTOFCOLUMBIA": "DC", "FLORIDA": "FL", "GEORGIA": "GA",
        "GUAM": "GU", "HAWAII": "HI", "IDAHO": "ID", "ILLINOIS": "IL", "INDIANA": "IN",
        "IOWA": "IA", "KANSAS": "KS", "KENTUCKY": "KY", "LOUISIANA": "LA", "MAINE": "ME",
        "MARYLAND": "MD", "MASSACHUSETTS": "MA", "MICHIGAN": "MI", "MINNESOTA": "MN",
        "MISSISSIPPI": "MS", "MISSOURI": "MO", "MONTANA": "MT", "NEBRASKA": "NE",
        "NEVADA": "NV", "NEWHAMPSHIRE": "NH", "NEWJERSEY": "NJ", "NEWMEXICO": "NM",
        "NEWYORK": "NY", "NORTHCAROLINA": "NC", "NORTHDAKOTA": "ND",
        "NORTHERNMARIANAISLANDS": "MP", "OHIO": "OH", "OKLAHOMA": "OK", "OREGON": "OR",
        "PENNSYLVANIA": "PA", "PUERTORICO": "PR", "RHODEISLAND": "RI", "SOUTHCAROLINA": "SC",
        "SOUTHDAKOTA": "SD", "TENNESSEE": "TN", "TEXAS": "TX", "UTAH": "UT", "VERMONT": "VT",
        "VIRGINIA": "VA", "VIRGINISLANDS": "VI", "WASHINGTON": "WA", "WESTVIRGINIA": "WV",
        "WISCONSIN": "WI", "WYOMING": "WY",
    }
)  # fmt: skip


def fold(text: str) -> str:
    """Return a name in capitals without accents, spaces and punctuation."""
    if text.isascii():
        if text.isalpha():
            return text.upper()
        return "".join(filter(str.isalnum, text.upper()))
    bare = unicodedata.normalize("NFKD", text.upper())
    return "".join(character for character in bare if character.isalnum())


def fold_organisation(text: str) -> str:
    """Return an organisation's name folded, without its legal form at the end."""
    words = [fold(word) for word in text.replace(".", "").split()]
    words = [word for word in words if word]
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return "".join(words)


def fold_licence(text: str) -> str:
    """Return a licence number without punctuation, padding zeros and the word for licence.

    `psy-01234`, `PSY 1234` and `PSY1234.LIC` are the same; letters before and
    after the number count, for boards give them a meaning.
    """
    bare = re.sub(r"(?<=[0-9])LIC(ENSE)?$", "", fold(text))
    return re.sub(r"^([A-Z]*)0+(?=[0-9])", r"\1", bare)


def state_code(text: str) -> str:
    """Return a US state's two-letter code, or what was written when it is none we know."""
    if len(text) == 2:
        return text.upper()
    return STATE_CODES.get(fold(text), " ".join(text.split()))
