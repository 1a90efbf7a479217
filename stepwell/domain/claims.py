"""What a listing promises beyond what stands behind it.

Every finding names its rule, the words, the reason, the source and the repair.
Where the law decides and we hold no checked rule for the country, the answer is
"cannot determine": never another country's rule, and never "in order".
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from stepwell.domain.claim_facts import (
    Advertised,
    ClaimRule,
    Exclusion,
    Licence,
    Look,
    rules,
    title_words,
    titles_beneath,
)
from stepwell.domain.credentials import Form, Held, State, form_of, get_format, state_on
from stepwell.domain.jurisdictions import Protection, pack_of
from stepwell.domain.matching import CONFIRM_DAYS, is_recent
from stepwell.domain.registers import Standing, registers
from stepwell.domain.sources import Checked, Frozen, Source

QUOTE = 120  # characters of a listing that a finding repeats at most
NEAR = 7  # words before a promise in which a denial is looked for
_SENTENCE = re.compile(r"[^.!?;\n\r•|]+")
_SETTLED = frozenset({Standing.STATUTORY, Standing.ACCREDITED})


class Verdict(StrEnum):
    """What a rule found."""

    FLAGGED = "flagged"
    CANNOT_DETERMINE = "cannot determine"


class Finding(Frozen):
    """One thing that a steward has to look at."""

    rule: str
    name: str
    verdict: Verdict
    field: str = ""
    quote: str = ""
    because: str
    repair: str
    source: Source


class Sentence(Frozen):
    """One sentence of one field of a listing."""

    field: str
    text: str


Found = tuple[Verdict, Sentence]
Judge = Callable[[ClaimRule, Advertised, date], Iterator[Found]]


def findings(listing: Advertised, today: date) -> tuple[Finding, ...]:
    """Return what is to be looked at, in the order of the rules; nothing for a listing in order."""
    return tuple(
        _finding(rule, verdict, sentence)
        for rule in rules().rules
        for verdict, sentence in JUDGES[rule.look](rule, listing, today)
    )


def _finding(rule: ClaimRule, verdict: Verdict, sentence: Sentence) -> Finding:
    return Finding(
        rule=rule.id,
        name=rule.name,
        verdict=verdict,
        field=sentence.field,
        quote=" ".join(sentence.text.split())[:QUOTE],
        because=rule.because,
        repair=rule.repair,
        source=rules().sources[rule.source_id],
    )


def sentences(listing: Advertised) -> Iterator[Sentence]:
    """Yield the sentences of a listing, field by field."""
    for field, text in listing.texts.items():
        for match in _SENTENCE.finditer(text):
            yield Sentence(field=field, text=match[0].strip())


def promised(rule: ClaimRule, listing: Advertised) -> Iterator[Sentence]:
    """Yield the sentences that say what the rule is about and are not turned around."""
    for sentence in sentences(listing):
        if rule.spared and rule.spared.search(sentence.text):
            continue
        if any(not _denied(sentence.text, match) for match in _matches(rule, sentence.text)):
            yield sentence


def _matches(rule: ClaimRule, text: str) -> Iterator[re.Match[str]]:
    return rule.pattern.finditer(text) if rule.pattern else iter(())


def _denied(text: str, match: re.Match[str]) -> bool:
    return rules().denial.search(_shortly_before(text, match)) is not None


def _shortly_before(text: str, match: re.Match[str]) -> str:
    return " ".join(text[: match.start()].split()[-NEAR:])


def in_words(rule: ClaimRule, listing: Advertised, today: date) -> Iterator[Found]:
    """Flag words that nobody may use of their own work."""
    for sentence in promised(rule, listing):
        yield Verdict.FLAGGED, sentence


def by_no_clinician(rule: ClaimRule, listing: Advertised, today: date) -> Iterator[Found]:
    """Flag a promise of treatment by a kind that gives none, without a register behind it."""
    if not _gives_no_treatment(listing) or _is_settled(listing, today):
        return
    for sentence in promised(rule, listing):
        yield Verdict.FLAGGED, sentence


def by_no_prescriber(rule: ClaimRule, listing: Advertised, today: date) -> Iterator[Found]:
    """Flag a promise to prescribe; where the kind is another treatment, the law decides."""
    if listing.kind in rules().kinds_that_prescribe:
        return
    if any(_holds(listing, profession, today) for profession in rules().prescribers):
        return
    without = _gives_no_treatment(listing)
    for sentence in promised(rule, listing):
        yield (Verdict.FLAGGED if without else Verdict.CANNOT_DETERMINE), sentence


def by_title(rule: ClaimRule, listing: Advertised, today: date) -> Iterator[Found]:
    """Flag a title that the law of the country protects and no register here stands behind."""
    told: set[str] = set()
    for sentence in sentences(listing):
        for profession in _titles_in(sentence.text, listing.country):
            verdict = _verdict_on_title(profession, listing, today)
            if verdict and profession not in told:
                told.add(profession)
                yield verdict, sentence


def by_form(rule: ClaimRule, listing: Advertised, today: date) -> Iterator[Found]:
    """Flag a number that the register cannot have given out; a recalled form decides nothing."""
    for licence in listing.licences:
        if licence.number and form_of(licence.register_id, licence.number) is Form.INVALID:
            recalled = get_format(licence.register_id).source.checked is Checked.RECALLED
            verdict = Verdict.CANNOT_DETERMINE if recalled else Verdict.FLAGGED
            yield verdict, Sentence(field="number", text=licence.number)


def by_expiry(rule: ClaimRule, listing: Advertised, today: date) -> Iterator[Found]:
    """Flag a licence past its end."""
    for licence in listing.licences:
        if _state(licence, today) is State.EXPIRED:
            ended = f"{licence.expires_on:%Y-%m-%d}" if licence.expires_on else ""
            yield Verdict.FLAGGED, Sentence(field="expires_on", text=ended)


def by_confirmation(rule: ClaimRule, listing: Advertised, today: date) -> Iterator[Found]:
    """Flag a listing that nobody confirmed in the last 90 days."""
    if listing.asks_freshness and not is_recent(listing.confirmed_on, today, CONFIRM_DAYS):
        said = f"{listing.confirmed_on:%Y-%m-%d}" if listing.confirmed_on else ""
        yield Verdict.FLAGGED, Sentence(field="confirmed_on", text=said)


def by_exclusion(rule: ClaimRule, listing: Advertised, today: date) -> Iterator[Found]:
    """Flag an excluded provider; a name alone has to be settled by a person."""
    if listing.excluded is Exclusion.YES:
        yield Verdict.FLAGGED, Sentence(field="", text="")
    if listing.excluded is Exclusion.POSSIBLE:
        yield Verdict.CANNOT_DETERMINE, Sentence(field="", text="")


JUDGES: Mapping[Look, Judge] = MappingProxyType(
    {
        Look.WORDS: in_words,
        Look.NOT_CLINICAL: by_no_clinician,
        Look.NO_PRESCRIBER: by_no_prescriber,
        Look.TITLE: by_title,
        Look.FORM: by_form,
        Look.EXPIRED: by_expiry,
        Look.UNCONFIRMED: by_confirmation,
        Look.EXCLUDED: by_exclusion,
    }
)


def _gives_no_treatment(listing: Advertised) -> bool:
    """Say whether the kind gives no treatment; without a kind, the words for the role tell."""
    if listing.kind:
        return listing.kind in rules().kinds_without_treatment
    return any(rules().role.search(text) for text in listing.texts.values())


def _titles_in(text: str, country: str) -> Iterator[str]:
    """Yield the professions whose titles a sentence uses for whoever wrote it."""
    known = title_words().get(country) or title_words()[""]
    for match in known.pattern.finditer(text):
        if not _denied(text, match) and not _is_of_another(text, match):
            profession = known.profession_of(match[0])
            if profession:
                yield profession


def _is_of_another(text: str, match: re.Match[str]) -> bool:
    """Say whether a title is somebody else's: what follows "I am a" is the writer's own."""
    if text[match.end() :].startswith(("'s", "’s")):
        return True
    before = _shortly_before(text, match)
    own = list(rules().own.finditer(before))
    return rules().other.search(before[own[-1].start() :] if own else before) is not None


def _verdict_on_title(profession: str, listing: Advertised, today: date) -> Verdict | None:
    """Return what using this title here means, or None where it is in order."""
    law = _law_on_title(profession, listing.country)
    if law in {Protection.NO, Protection.NOT_A_TITLE}:
        return None
    if _holds(listing, profession, today, by_law=law is Protection.YES):
        return None
    return Verdict.FLAGGED if law is Protection.YES else Verdict.CANNOT_DETERMINE


def _law_on_title(profession: str, country: str) -> Protection | None:
    """Return what we checked of the law on a title there, or None where we hold nothing checked."""
    pack = pack_of(country)
    rule = pack.titles.get(profession) if pack else None
    if pack is None or rule is None or pack.source_of(rule).checked is Checked.RECALLED:
        return None
    return rule.protected


def _holds(listing: Advertised, profession: str, today: date, *, by_law: bool = False) -> bool:
    """Say whether a licence in force, from a register of this country, stands behind a title.

    `by_law` asks for a register that the law keeps. A number that only tells
    providers apart, and a register that is not open, stand behind nothing.
    """
    enough = {Standing.STATUTORY} if by_law else _SETTLED | {Standing.VOLUNTARY}
    professions = {profession, *titles_beneath(profession, listing.country)}
    for licence in listing.licences:
        found = registers().get(licence.register_id)
        if found is None or listing.country not in {found.country, ""}:
            continue
        fits = found.standing in enough and not professions.isdisjoint(found.professions)
        if fits and _stands(licence, today):
            return True
    return False


def _is_settled(listing: Advertised, today: date) -> bool:
    """Say whether a licence in force, from a statutory or accredited register, is named."""
    found = (
        registers().get(licence.register_id)
        for licence in listing.licences
        if _stands(licence, today)
    )
    return any(one is not None and one.standing in _SETTLED for one in found)


def _stands(licence: Licence, today: date) -> bool:
    return _state(licence, today) in {State.CLAIMED, State.VERIFIED}


def _state(licence: Licence, today: date) -> State:
    return state_on(Held(state=licence.state, expires_on=licence.expires_on), today)
