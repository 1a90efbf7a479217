"""How the directory's words read on a page."""

from collections.abc import Iterable, Mapping

from django.conf.locale import LANG_INFO

from stepwell.domain.credentials import Level
from stepwell.domain.offers import Accepting, Access, Cost, Format, Payer

COST: Mapping[str, str] = {
    Cost.FREE: "Free",
    Cost.LOW: "Low cost or a sliding scale",
    Cost.PAID: "Has a price",
    Cost.UNKNOWN: "Ask what it costs",
}
ACCEPTING: Mapping[str, str] = {
    Accepting.YES: "Takes new people",
    Accepting.WAITING_LIST: "Has a waiting list",
    Accepting.NO: "Takes nobody new now",
    Accepting.UNKNOWN: "Ask whether they take new people",
}
FORMATS: Mapping[str, str] = {
    Format.IN_PERSON: "in person",
    Format.VIDEO: "by video",
    Format.PHONE: "by phone",
    Format.TEXT: "by text",
    Format.ONE_TO_ONE: "one to one",
    Format.GROUP: "in a group",
    Format.SELF_GUIDED: "on your own, at your pace",
}
ACCESS: Mapping[str, str] = {
    Access.STEP_FREE: "without steps",
    Access.HEARING_LOOP: "hearing loop",
    Access.SIGN_LANGUAGE: "sign language",
    Access.EASY_READ: "easy words and pictures",
    Access.QUIET_SPACE: "a quiet space",
    Access.HOME_VISITS: "visits at home",
}
PAYERS: Mapping[str, str] = {
    Payer.HEALTH_SERVICE: "the public health service",
    Payer.PUBLIC_INSURANCE: "public health insurance",
    Payer.PRIVATE_INSURANCE: "private insurance",
    Payer.EMPLOYER: "an employer",
}
CHECKS: Mapping[Level, str] = {
    Level.EVIDENCE_SEEN: "A reviewer has seen a document, or more",
    Level.TWO_APPROVED: "Two reviewers have accepted the documents, or more",
    Level.REGISTER_MATCH: "It matches our copy of the register, or more",
    Level.REGISTER_CONFIRMED: "The register itself has confirmed it",
}


def choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return words as choices of a form."""
    return [(str(value), text[:1].upper() + text[1:]) for value, text in words.items()]


def language_name(code: str) -> str:
    """Return the English name of a language, or its code where we know none."""
    return str(LANG_INFO.get(code, {}).get("name", code))


def sentence(words: Mapping[str, str], named: Iterable[str]) -> str:
    """Return the words of what is named, in their own order, as one sentence without a stop."""
    chosen = set(named)
    return ", ".join(text for value, text in words.items() if value in chosen).capitalize()
