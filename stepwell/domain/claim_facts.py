"""What a listing must not promise, as rules, and the words by which professions call themselves.

`facts/claims/rules.toml` holds the rules, each with its reason, its source, an
example that it flags and a near miss that it leaves alone.
`facts/claims/titles.toml` holds the titles. Both are data that a clinician can
review; `claims` judges by them.
"""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, StringConstraints

from stepwell.domain import loading, professions, registers, support
from stepwell.domain.credentials import State
from stepwell.domain.errors import FactError
from stepwell.domain.sources import Checked, CountryCode, FactId, Frozen, Source, Text

RULES_FILE = "claims/rules.toml"
TITLES_FILE = "claims/titles.toml"
AnyCountry = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")]


class Look(StrEnum):
    """How a rule looks at a listing."""

    WORDS = "words"  # its words, whoever says them
    NOT_CLINICAL = "not_clinical"  # its words, said by a kind that gives no treatment
    NO_PRESCRIBER = "no_prescriber"  # its words, said by who may not prescribe
    TITLE = "title"  # a title of a profession, and whether the law protects it there
    FORM = "form"  # a number that its register cannot have given out
    EXPIRED = "expired"  # a licence past its end
    UNCONFIRMED = "unconfirmed"  # nobody confirmed the listing for 90 days
    EXCLUDED = "excluded"  # the provider stands on a list of the excluded


class Exclusion(StrEnum):
    """What a list of excluded providers says of this one."""

    NO = "no"
    YES = "yes"
    POSSIBLE = "possible"  # the name alone agrees: a person has to settle it
    UNKNOWN = "unknown"  # no list was looked at


class Licence(Frozen):
    """One credential that the listing names, as far as claims need it."""

    register_id: str
    number: str = ""
    state: State = State.CLAIMED
    expires_on: date | None = None


class Advertised(Frozen):
    """One listing, as it stands: what it says of itself, and what stands behind it.

    `texts` are its words by the name of their field. An empty `country` or
    `kind` is unknown. `confirmed_on` is asked about only where `asks_freshness`.
    """

    id: str = ""
    texts: Mapping[str, str]
    kind: str = ""
    country: AnyCountry = ""
    licences: tuple[Licence, ...] = ()
    asks_freshness: bool = False
    confirmed_on: date | None = None
    excluded: Exclusion = Exclusion.UNKNOWN


class ClaimRule(Frozen):
    """One rule. `words` are patterns; those of `unless` in the same sentence spare it."""

    id: FactId
    name: Text
    look: Look
    words: tuple[Text, ...] = ()
    unless: tuple[Text, ...] = ()
    because: Text
    repair: Text
    source_id: FactId
    flagged: Advertised
    passes: Advertised

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Return the words as one pattern, or None for a rule that reads no words."""
        return _one_of(self.words)

    @cached_property
    def spared(self) -> re.Pattern[str] | None:
        """Return the words that spare a sentence, as one pattern."""
        return _one_of(self.unless)


class Rules(Frozen):
    """The file claims/rules.toml."""

    id: FactId
    sources: Mapping[FactId, Source]
    kinds_without_treatment: tuple[FactId, ...]
    kinds_that_prescribe: tuple[FactId, ...]
    prescribers: tuple[FactId, ...]
    # How those call themselves who give no treatment, for listings that name no kind.
    roles_without_treatment: Annotated[tuple[Text, ...], Field(min_length=1)]
    # What stands shortly before a word and turns it around.
    denials: Annotated[tuple[Text, ...], Field(min_length=1)]
    # What stands before a title that somebody else holds.
    others: Annotated[tuple[Text, ...], Field(min_length=1)]
    # What stands before a title that the writer holds, whatever was said earlier in the sentence.
    owners: Annotated[tuple[Text, ...], Field(min_length=1)]
    rules: Annotated[tuple[ClaimRule, ...], Field(min_length=1)]

    @cached_property
    def role(self) -> re.Pattern[str]:
        """Return the names of those who give no treatment, as one pattern."""
        return _pattern(self.roles_without_treatment)

    @cached_property
    def denial(self) -> re.Pattern[str]:
        """Return what turns a promise around, as one pattern."""
        return _pattern(self.denials)

    @cached_property
    def other(self) -> re.Pattern[str]:
        """Return what gives a title to somebody else, as one pattern."""
        return _pattern(self.others)

    @cached_property
    def own(self) -> re.Pattern[str]:
        """Return what gives a title to the writer, as one pattern."""
        return _pattern(self.owners)


class Title(Frozen):
    """Words that name a profession; without `countries` they do so everywhere."""

    profession: FactId
    words: Annotated[tuple[Text, ...], Field(min_length=1)]
    countries: tuple[CountryCode, ...] = ()


class Beneath(Frozen):
    """The professions whose licence stands beneath a word that is no licensed title of its own."""

    profession: FactId
    countries: Annotated[tuple[CountryCode, ...], Field(min_length=1)]
    licences_of: Annotated[tuple[FactId, ...], Field(min_length=1)]


class Titles(Frozen):
    """The file claims/titles.toml."""

    id: FactId
    source: Source
    titles: Annotated[tuple[Title, ...], Field(min_length=1)]
    beneath: tuple[Beneath, ...] = ()


@loading.remembered
def rules() -> Rules:
    """Return the rules with their lists of words."""
    return loading.read(loading.path(RULES_FILE), Rules)


@loading.remembered
def titles() -> tuple[Title, ...]:
    """Return the titles of every profession."""
    return loading.read(loading.path(TITLES_FILE), Titles).titles


@loading.remembered
def _beneath() -> Mapping[tuple[str, str], tuple[FactId, ...]]:
    found = loading.read(loading.path(TITLES_FILE), Titles).beneath
    return MappingProxyType(
        {(one.profession, code): one.licences_of for one in found for code in one.countries}
    )


def titles_beneath(profession: str, country: str) -> tuple[FactId, ...]:
    """Return the professions whose licence stands beneath this one's title in a country."""
    return _beneath().get((profession, country), ())


class TitleWords(Frozen):
    """The titles of one country: the profession each names, and all as one pattern."""

    professions: Mapping[str, FactId]
    pattern: re.Pattern[str]

    def profession_of(self, title: str) -> FactId | None:
        """Return which profession a title names, however it is spaced, hyphened or made plural."""
        plain = _plain(title)
        return self.professions.get(plain) or self.professions.get(plain.removesuffix("s"))


def _plain(title: str) -> str:
    return " ".join(re.split(r"[\s-]+", title.casefold()))


@loading.remembered
def title_words() -> Mapping[str, TitleWords]:
    """Return the titles by country; those under "" are for countries that we hold no rules for."""
    codes = ("", *professions.jurisdictions())
    return MappingProxyType({code: _words_in(code) for code in codes})


def _words_in(country: str) -> TitleWords:
    """Return the titles of a country; without one, every word that names a profession somewhere."""
    found = {
        _plain(word): title.profession
        for title in titles()
        if not country or not title.countries or country in title.countries
        for word in title.words
    }
    longest_first = sorted(found, key=lambda word: (-len(word), word))
    words = tuple(re.escape(word).replace(r"\ ", " ") for word in longest_first)
    return TitleWords(professions=found, pattern=_pattern(words, "s?"))


def check() -> None:
    """Raise FactError at the first thing that the schemas cannot see."""
    found = rules()
    for rule in found.rules:
        _check_rule(rule, found)
    kinds = (*found.kinds_without_treatment, *found.kinds_that_prescribe)
    loading.check_known(RULES_FILE, "kinds", kinds, support.kinds())
    known = professions.professions()
    loading.check_known(RULES_FILE, "prescribers", found.prescribers, known)
    named = [title.profession for title in titles()]
    for (profession, _), licences in _beneath().items():
        named += [profession, *licences]
    loading.check_known(TITLES_FILE, "titles", named, known)


def _check_rule(rule: ClaimRule, found: Rules) -> None:
    where = f"{RULES_FILE}: rules.{rule.id}"
    if rule.source_id not in found.sources:
        raise FactError(
            f"{where}.source_id: there is no source {rule.source_id!r} in this file. "
            f"Use one of {', '.join(sorted(found.sources))}."
        )
    reads_words = rule.look in {Look.WORDS, Look.NOT_CLINICAL, Look.NO_PRESCRIBER}
    if reads_words is not bool(rule.words):
        raise FactError(f"{where}.words: a rule of this look {_wants(reads_words)}.")
    try:
        _ = rule.pattern, rule.spared
    except re.error as error:
        raise FactError(f"{where}: a pattern cannot be read ({error}). Correct it.") from error
    for example in (rule.flagged, rule.passes):
        named = [licence.register_id for licence in example.licences]
        loading.check_known(where, "licences", named, registers.registers())


def _wants(words: bool) -> str:
    return "needs some. Add them" if words else "reads none. Remove them"


def counts() -> Mapping[str, Mapping[Checked, int]]:
    """Return how many claim rules and titles there are, by how their source was checked."""
    found = rules()
    titled = loading.read(loading.path(TITLES_FILE), Titles)
    return {
        "claim rules": Counter(found.sources[rule.source_id].checked for rule in found.rules),
        "titles in listings": Counter({titled.source.checked: len(titled.titles)}),
    }


def _one_of(patterns: tuple[str, ...]) -> re.Pattern[str] | None:
    return _pattern(patterns) if patterns else None


def _pattern(patterns: tuple[str, ...], ending: str = "") -> re.Pattern[str]:
    """Return one pattern for any of these as whole words; a blank stands for space or hyphen."""
    joined = "|".join(patterns).replace(" ?", r"[\s-]*").replace(" ", r"[\s-]+")
    return re.compile(rf"(?<!\w)(?:{joined}){ending}(?!\w)", re.IGNORECASE)
