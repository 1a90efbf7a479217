"""Our profile of the Human Services Data Specification: the taxonomies that its attributes use.

HSDS has no field for kinds of support, confidentiality, how far a licence was
checked or whether new people are taken. An attribute says it: its term is of
one of these taxonomies and the term's code is the value, or the attribute's
`value` is. Both doors, in and out, take the names from here. Ids are made from
names, so they are the same on every host and after every restore.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID, uuid5

from stepwell.domain import countries, loading, registers, support
from stepwell.domain.approaches import approaches
from stepwell.domain.credentials import LEVEL_WORDS
from stepwell.domain.dimensions import BASIS_WORDS
from stepwell.domain.guide_facts import goals, needs
from stepwell.domain.offers import Accepting, Access, Cost, Format, Payer, SafeContact

NAMESPACE = UUID("8a2f7a3e-5b11-4d0c-9f0e-6d0b6a3c51d4")  # ours; never change it
VERSION = "1"
EXAMPLE = "This is a made-up example, not a real service."

KIND = "stepwell_kind"
REACH = "stepwell_reach"
FORMAT = "stepwell_format"
NEED = "stepwell_need"
GOAL = "stepwell_goal"
APPROACH = "stepwell_approach"
ACCESS = "stepwell_access"
PAYER = "stepwell_payer"
COUNTRY = "stepwell_country"
COST = "stepwell_cost"
ACCEPTING = "stepwell_accepting"
PRIVACY = "stepwell_confidentiality"
SAFE_CONTACT = "stepwell_safe_contact"
SLIDING = "stepwell_sliding_scale"
WAIT = "stepwell_wait"
CHECKED = "stepwell_checked"
FICTIONAL = "stepwell_fictional"
REDACTED = "stepwell_redacted"
PROVIDER = "stepwell_provider"
REGISTER = "stepwell_register"
CREDENTIAL = "stepwell_credential"

PLACE_UNIT = "Place in a group"  # what is counted where seats are open
REACH_WORDS = {
    "in_person": "At its place.",
    "remote": "By video, phone or text, without a place to go to.",
    "both": "At its place, and also by video, phone or text.",
}
CREDENTIAL_WORDS = {
    "jurisdiction": "Where it is valid: a country, or a country and a part of it.",
    "state": "Claimed, or verified.",
    "level": "How far it was checked, as one of the codes of stepwell_checked.",
    "conditions": "What its holder may only do under conditions.",
    "expires_on": "The last day on which it is valid.",
    "checked_on": "The day on which it was checked.",
    "look_up": "Where anybody can look it up.",
}


class Term(NamedTuple):
    """One code of a taxonomy."""

    taxonomy: str
    code: str
    name: str
    description: str

    @property
    def id(self) -> UUID:
        """Return its id."""
        return identifier("term", self.taxonomy, self.code)


class Taxonomy(NamedTuple):
    """A set of codes."""

    key: str
    description: str
    terms: tuple[Term, ...]

    @property
    def id(self) -> UUID:
        """Return its id."""
        return identifier("taxonomy", self.key)


def identifier(*parts: str) -> UUID:
    """Return the id of a thing that has none of its own."""
    return uuid5(NAMESPACE, "/".join(parts))


@loading.remembered
def taxonomies() -> Mapping[str, Taxonomy]:
    """Return every taxonomy by its key."""
    return MappingProxyType({one.key: one for one in [*_of_facts(), *_of_words()]})


@loading.remembered
def terms() -> Mapping[str, Term]:
    """Return every term by its id, taxonomy after taxonomy."""
    return MappingProxyType(
        {str(term.id): term for one in taxonomies().values() for term in one.terms}
    )


def find_term(taxonomy: str, code: str) -> Term | None:
    """Return one term, or None where we do not publish such a code."""
    return terms().get(str(identifier("term", taxonomy, code)))


def _taxonomy(key: str, description: str, terms: Iterable[tuple[str, str, str]]) -> Taxonomy:
    return Taxonomy(key, description, tuple(Term(key, *term) for term in terms))


def _of_facts() -> Iterator[Taxonomy]:
    kinds = [(one.id, one.name, one.one_line) for one in support.kinds().values()]
    yield _taxonomy(KIND, "The kind of support that a service gives.", kinds)
    troubles = [(one.id, one.label, one.hint or one.label) for one in needs().values()]
    yield _taxonomy(NEED, "What troubles the people whom a service sees most.", troubles)
    wanted = [(one.id, one.label, one.hint or one.label) for one in goals().values()]
    yield _taxonomy(GOAL, "What people want to be different.", wanted)
    methods = [(one.id, one.name, one.one_line) for one in approaches().values()]
    yield _taxonomy(APPROACH, "The methods that a service works with.", methods)
    places = [(code, name, name) for code, name in countries.names().items()]
    yield _taxonomy(COUNTRY, "The countries whose people a service helps remotely.", places)
    known = [
        (one.id, one.name, "A register; the attribute's value is the number in it.")
        for one in registers.registers().values()
    ]
    yield _taxonomy(REGISTER, "Registers in which the provider says it is listed.", known)


def _of_words() -> Iterator[Taxonomy]:
    yield _plain(REACH, "Whether help is given at a place, remotely, or both.", REACH_WORDS)
    yield _plain(FORMAT, "How and with whom help is given.", _named(Format))
    yield _plain(ACCESS, "What makes it possible to come and take part.", _named(Access))
    yield _plain(PAYER, "Who pays, where it is not the person alone.", _named(Payer))
    known = [word for word in Cost if word is not Cost.UNKNOWN]
    yield _plain(COST, "What it costs, as far as the provider says.", _named(known))
    said = [word for word in Accepting if word is not Accepting.UNKNOWN]
    yield _plain(ACCEPTING, "Whether new people are taken; the value is the day.", _named(said))
    basis = {word.value: text for word, text in BASIS_WORDS.items()}
    yield _plain(PRIVACY, "What a promise of confidentiality rests on.", basis)
    yield _plain(SAFE_CONTACT, "What is promised about getting in touch.", _named(SafeContact))
    scale = {"yes": "Who has less pays less.", "no": "Everybody pays the same."}
    yield _plain(SLIDING, "Whether the price depends on what somebody has.", scale)
    yield _plain(WAIT, "How long people wait; the value is the number.", {"weeks": "Weeks."})
    levels = {level.name.lower(): text for level, text in LEVEL_WORDS.items()}
    yield _plain(CHECKED, "How far the best credential in force was checked.", levels)
    made_up = {"yes": "A made-up example, not a real service."}
    yield _plain(FICTIONAL, "Whether a service is made up.", made_up)
    hidden = {"yes": "Its street is not published; the point is the middle of a wide area."}
    yield _plain(REDACTED, "Whether only the area of a location is published.", hidden)
    people = {"person": "One person.", "organisation": "An organisation."}
    yield _plain(PROVIDER, "Who stands behind an organization of this feed.", people)
    yield _plain(CREDENTIAL, "What is known of a credential; the value says it.", CREDENTIAL_WORDS)


def _plain(key: str, description: str, words: Mapping[str, str]) -> Taxonomy:
    named = ((code, code.replace("_", " ").capitalize(), text) for code, text in words.items())
    return _taxonomy(key, description, named)


def _named(words: Iterable[str]) -> dict[str, str]:
    return {str(word): str(word).replace("_", " ").capitalize() + "." for word in words}
